import Synchronization

/// One piece of work for a connection's thread.
struct Work: Sendable {
    let id: UInt64
    /// Runs on the thread; gives the closure that resumes the caller, called when the connection's state is published.
    let run: @Sendable (Link) -> @Sendable () -> Void
    /// The thread will never run it.
    let refuse: @Sendable (any Error) -> Void
}

/// Why a statement in hand is to be stopped.
enum Interruption: Sendable {
    case cancelled
    case closing
}

/// Between the async callers of one connection and its thread: work in order, cancellation, closing, the end.
final class Mailbox: Sendable {
    let wakeUp: WakeUp

    private struct State {
        var queue: [Work] = []
        var nextID: UInt64 = 1
        var running: UInt64?
        var isRunningCancelled = false
        var isClosing = false
        var hasEnded = false
        var isReusable = true
        var endWatchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    init() throws(PostgresError) {
        wakeUp = try WakeUp()
    }

    /// Alive, not closing, in no transaction and with no cancel request under way that could hit the next statement.
    var isReusable: Bool { state.withLock { $0.isReusable && !$0.isClosing && !$0.hasEnded } }

    func makeID() -> UInt64 {
        state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
    }

    func post(_ work: Work) {
        let refusal = state.withLock { state -> PostgresError? in
            if let refusal = Self.refusal(state) { return refusal }
            state.queue.append(work)
            return nil
        }
        if let refusal { work.refuse(refusal) } else { wakeUp.signal() }
    }

    /// Takes work back that has not begun, asks the thread to stop what has; finished work is left alone.
    func cancel(_ id: UInt64) {
        let unstarted = state.withLock { state -> Work? in
            if state.running == id { state.isRunningCancelled = true }
            guard let position = state.queue.firstIndex(where: { $0.id == id }) else { return nil }
            return state.queue.remove(at: position)
        }
        if let unstarted { unstarted.refuse(CancellationError()) } else { wakeUp.signal() }
    }

    /// Asks the thread to stop what it does and end.
    func close() {
        state.withLock { $0.isClosing = true }
        wakeUp.signal()
    }

    /// Returns when the thread has given its connection back.
    func untilEnded() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.endWatchers.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: the thread's side

    func take() -> Work? {
        state.withLock { state in
            guard !state.isClosing, !state.queue.isEmpty else { return nil }
            let work = state.queue.removeFirst()
            state.running = work.id
            state.isRunningCancelled = false
            return work
        }
    }

    func finishRunning(isReusable: Bool) {
        state.withLock { state in
            state.running = nil
            state.isRunningCancelled = false
            state.isReusable = isReusable
        }
    }

    var interruption: Interruption? {
        state.withLock { $0.isRunningCancelled ? .cancelled : $0.isClosing ? .closing : nil }
    }

    var isClosing: Bool { state.withLock { $0.isClosing } }

    /// Refuses what still waits and wakes who waits for the end.
    func end() {
        let (queue, watchers, refusal) = state.withLock { state in
            state.hasEnded = true
            defer {
                state.queue = []
                state.endWatchers = []
            }
            return (state.queue, state.endWatchers, Self.refusal(state))
        }
        for work in queue { work.refuse(refusal ?? CancellationError()) }
        for watcher in watchers { watcher.resume() }
    }

    private static func refusal(_ state: State) -> PostgresError? {
        if state.isClosing { return PostgresError(kind: .closed, message: "the connection was closed") }
        if state.hasEnded {
            return PostgresError(
                kind: .connectionLost, isUnsent: true, message: "the link had broken before the statement was sent")
        }
        return nil
    }
}
