import EventLoop
import Logging
import Synchronization

/// One connection for async callers: work on its link runs on the loop, in the order it was given.
final class Connection: Sendable {
    private struct State {
        var isClosing = false
        var hasEnded = false
        var isReusable = true
        var endWatchers: [CheckedContinuation<Void, Never>] = []
    }

    private struct Turn {
        let id: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }

    /// What only the loop touches.
    private final class OnLoop {
        var link: Link?
        var running: UInt64?
        var isBusy = false
        var queue: [Turn] = []
        var onEnd: (@Sendable (Connection) -> Void)?
    }

    private let loop: EventLoop
    private let state = Mutex(State())
    private let nextID = Atomic<UInt64>(1)
    // SAFETY: touched only on the loop's thread; `loop.preconditionCurrent` stands at each entrance.
    private nonisolated(unsafe) let onLoop = OnLoop()

    private init(on loop: EventLoop) {
        self.loop = loop
    }

    /// Opens a connection within the connect time-out.
    /// - Parameters:
    ///   - onNotification: called on the loop for each NOTIFY on a channel it listens to.
    ///   - onEnd: called on the loop when the connection is no more, for whatever reason.
    /// - Throws: `PostgresError`; `CancellationError` when the task was cancelled meanwhile.
    static func open(
        _ settings: ConnectionSettings, on loop: EventLoop, logger: Logger,
        onNotification: (@Sendable (_ channel: String, _ payload: String) -> Void)? = nil,
        onEnd: @escaping @Sendable (Connection) -> Void = { _ in }
    ) async throws -> Connection {
        let opening = try LinkOpening(settings)
        do {
            let opened = try await withTaskCancellationHandler {
                try await opening.open()
            } onCancel: {
                opening.giveUp()
            }
            let connection = Connection(on: loop)
            try await withTaskExecutorPreference(loop) {
                try await connection.adopt(opened, settings, logger, onNotification, onEnd)
            }
            return connection
        } catch {
            throw Task.isCancelled ? CancellationError() : error
        }
    }

    /// Alive, not closing, in no transaction and with no cancel request under way that could hit the next statement.
    var isReusable: Bool { state.withLock { $0.isReusable && !$0.isClosing && !$0.hasEnded } }

    /// Runs `body` on the loop, after everything that was given before it.
    /// - Parameter isCancellable: false for COMMIT and ROLLBACK, which run to their end.
    /// - Throws: what `body` throws; `CancellationError`; `PostgresError` when the link is gone.
    func perform<Value: Sendable>(
        isCancellable: Bool = true, _ body: @escaping @Sendable (Link) async throws -> Value
    ) async throws -> Value {
        let id = nextID.wrappingAdd(1, ordering: .relaxed).oldValue
        return try await withTaskCancellationHandler {
            try await withTaskExecutorPreference(loop) {
                try await performOnLoop(id, isCancellable: isCancellable, body)
            }
        } onCancel: {
            if isCancellable { loop.execute { self.cancel(id) } }
        }
    }

    /// Stops what runs and ends the connection; returns when it has ended.
    func close() async {
        closeSoon()
        await untilEnded()
    }

    /// Ends the connection without waiting for it.
    func closeSoon() {
        state.withLock { $0.isClosing = true }
        loop.execute { [self] in
            if onLoop.running == nil { end() } else { onLoop.link?.interrupt(.closing) }
        }
    }

    func untilEnded() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.endWatchers.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: the loop

    @concurrent private func adopt(
        _ opened: LinkOpening.Opened, _ settings: ConnectionSettings, _ logger: Logger,
        _ onNotification: (@Sendable (String, String) -> Void)?, _ onEnd: @escaping @Sendable (Connection) -> Void
    ) async throws {
        loop.preconditionCurrent()
        let link = Link(
            adopting: opened, settings: settings, on: loop, notices: NoticeSink(logger: logger),
            onNotification: onNotification)
        do {
            try await link.start(settings) { [weak self] in self?.idleInput() }
        } catch {
            link.end()
            throw error
        }
        onLoop.link = link
        onLoop.onEnd = onEnd
        if link.isBroken { end() }
    }

    @concurrent private func performOnLoop<Value: Sendable>(
        _ id: UInt64, isCancellable: Bool, _ body: @Sendable (Link) async throws -> Value
    ) async throws -> Value {
        loop.preconditionCurrent()
        if onLoop.isBusy {
            try await withCheckedThrowingContinuation { onLoop.queue.append(Turn(id: id, continuation: $0)) }
        }
        onLoop.isBusy = true
        defer { nextTurn() }
        // Cancelled before there was anything to cancel, or while it waited for its turn.
        if isCancellable { try Task.checkCancellation() }
        guard let link = onLoop.link else { throw refusal }
        onLoop.running = id
        defer { finished(link) }
        return try await body(link)
    }

    private func finished(_ link: Link) {
        onLoop.running = nil
        link.interrupt(nil)
        let isClosing = state.withLock { state in
            state.isReusable = link.isReusable
            return state.isClosing
        }
        if link.isBroken || isClosing { end() }
    }

    private func nextTurn() {
        onLoop.isBusy = false
        guard !onLoop.queue.isEmpty else { return }
        onLoop.isBusy = true
        onLoop.queue.removeFirst().continuation.resume()
    }

    /// Takes work back that has not begun, asks the link to stop what has; finished work is left alone.
    private func cancel(_ id: UInt64) {
        if onLoop.running == id { onLoop.link?.interrupt(.cancelled) }
        guard let position = onLoop.queue.firstIndex(where: { $0.id == id }) else { return }
        onLoop.queue.remove(at: position).continuation.resume(throwing: CancellationError())
    }

    private func idleInput() {
        guard let link = onLoop.link else { return }
        link.consumeIdleInput()
        if link.isBroken, onLoop.running == nil { end() }
    }

    private func end() {
        loop.preconditionCurrent()
        guard let link = onLoop.link else { return }
        onLoop.link = nil
        link.end()
        let watchers = state.withLock { state in
            state.hasEnded = true
            defer { state.endWatchers = [] }
            return state.endWatchers
        }
        for watcher in watchers { watcher.resume() }
        let onEnd = onLoop.onEnd
        onLoop.onEnd = nil
        onEnd?(self)
    }

    private var refusal: PostgresError {
        guard !state.withLock({ $0.isClosing }) else {
            return PostgresError(kind: .closed, message: "the connection was closed")
        }
        return PostgresError(
            kind: .connectionLost, isUnsent: true, message: "the link had broken before the statement was sent")
    }
}
