import EventLoop
import Metrics
import Synchronization

/// A bounded number of connections, handed out in the order they are asked for.
final class ConnectionPool: Sendable {
    private typealias Grant = PoolState<Connection>.Grant
    private typealias Handover = PoolState<Connection>.Handover

    private struct State {
        var pool: PoolState<Connection>
        var nextWaiter: UInt64 = 1
        var continuations: [UInt64: CheckedContinuation<Grant, any Error>] = [:]
        /// Who waits until when. All wait equally long, so the first to come is the first to give up.
        var deadlines: [(waiter: UInt64, nanoseconds: Int64)] = []
        var isTimerSet = false
        var absence = Absence()
        var connectAttempts = 0
        /// Everything that is open, checked out or not.
        var all: [ObjectIdentifier: Connection] = [:]
    }

    private let state: Mutex<State>
    private let checkoutTimeoutNanoseconds: Int64
    private let loop: EventLoop
    private let open: @Sendable (_ onEnd: @escaping @Sendable (Connection) -> Void) async throws -> Connection
    private let waiting = Gauge(label: "database_pool_waiting")
    private let opened = Gauge(label: "database_pool_connections")

    init(
        size: Int, checkoutTimeoutSeconds: Double, on loop: EventLoop,
        open: @escaping @Sendable (_ onEnd: @escaping @Sendable (Connection) -> Void) async throws -> Connection
    ) {
        state = Mutex(State(pool: PoolState(size: size)))
        checkoutTimeoutNanoseconds = Int64(max(0, min(checkoutTimeoutSeconds, 86_400)) * 1e9)
        self.loop = loop
        self.open = open
    }

    var waiterCount: Int { state.withLock { $0.pool.waiterCount } }
    var connectAttempts: Int { state.withLock { $0.connectAttempts } }

    /// - Throws: `PostgresError` `poolExhausted`, `unreachable`, `closed`; `CancellationError`.
    func checkOut() async throws -> Connection {
        try Task.checkCancellation()
        switch state.withLock({ $0.pool.checkOut(waiter: nil) }) {
        case .closed: throw Self.closed
        case .granted(let grant): return try await redeem(grant)
        case .wait: return try await redeem(try await waitForGrant())
        }
    }

    /// Takes a connection back. One that broke or was left in the middle of something is replaced.
    func checkIn(_ connection: Connection) {
        let handover = state.withLock { state -> Handover? in
            // Read under the lock: `ended` either sees it idle, or it is seen here that it has ended.
            guard connection.isReusable, !state.pool.isClosed else {
                connection.closeSoon()
                state.all[ObjectIdentifier(connection)] = nil
                return state.pool.lost()
            }
            return state.pool.checkIn(connection)
        }
        hand(over: handover)
    }

    /// Refuses who waits, ends every connection, and returns when all have ended.
    func close() async {
        let (continuations, connections) = state.withLock { state in
            let waiters = state.pool.close()
            defer { state.all = [:] }
            return (waiters.compactMap { state.continuations.removeValue(forKey: $0) }, Array(state.all.values))
        }
        for continuation in continuations { continuation.resume(throwing: Self.closed) }
        for connection in connections { connection.closeSoon() }
        for connection in connections { await connection.untilEnded() }
    }

    // MARK: granting

    private func redeem(_ grant: Grant) async throws -> Connection {
        switch grant {
        case .use(let connection):
            return connection
        case .open:
            do {
                return try await openNew()
            } catch {
                hand(over: state.withLock { $0.pool.lost() })
                throw error
            }
        }
    }

    private func openNew() async throws -> Connection {
        let randomness = Double.random(in: 0...1)
        let refusal = state.withLock {
            $0.absence.refusal(nowNanoseconds: EventLoop.monotonicNanoseconds, randomness: randomness)
        }
        if let refusal { throw refusal }
        state.withLock { $0.connectAttempts += 1 }
        let connection: Connection
        do {
            connection = try await open { [weak self] connection in self?.ended(connection) }
        } catch let error as PostgresError where error.kind == .unreachable {
            state.withLock {
                $0.absence.failed(error, nowNanoseconds: EventLoop.monotonicNanoseconds, randomness: randomness)
            }
            throw error
        }
        let isClosed = state.withLock { state in
            state.absence.succeeded()
            if !state.pool.isClosed { state.all[ObjectIdentifier(connection)] = connection }
            return state.pool.isClosed
        }
        report()
        guard !isClosed else {
            await connection.close()
            throw Self.closed
        }
        return connection
    }

    private func waitForGrant() async throws -> Grant {
        let waiter = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        defer { report() }
        return try await queueUp(waiter)
    }

    private func queueUp(_ waiter: UInt64) async throws -> Grant {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Grant, any Error>) in
                let answer = state.withLock { state in
                    let answer = state.pool.checkOut(waiter: waiter)
                    guard case .wait = answer else { return answer }
                    state.continuations[waiter] = continuation
                    let deadline = EventLoop.monotonicNanoseconds + checkoutTimeoutNanoseconds
                    state.deadlines.append((waiter, deadline))
                    return answer
                }
                switch answer {
                case .granted(let grant): continuation.resume(returning: grant)
                case .closed: continuation.resume(throwing: Self.closed)
                case .wait:
                    report()
                    setTimer()
                    // The handler below may have run before there was a place in the queue to leave.
                    if Task.isCancelled { giveUp(waiter, CancellationError()) }
                }
            }
        } onCancel: {
            giveUp(waiter, CancellationError())
        }
    }

    /// One timer for all who wait: for the first of them; when it fires, for the first of those who are left.
    private func setTimer() {
        let deadline = state.withLock { state -> Int64? in
            let waiting = state.deadlines.firstIndex { state.continuations[$0.waiter] != nil }
            state.deadlines.removeFirst(waiting ?? state.deadlines.count)
            guard !state.isTimerSet, let first = state.deadlines.first else { return nil }
            state.isTimerSet = true
            return first.nanoseconds
        }
        guard let deadline else { return }
        let seconds = Double(max(0, deadline - EventLoop.monotonicNanoseconds)) / 1e9
        loop.schedule(afterSeconds: seconds) { [weak self] in self?.timeHasCome() }
    }

    private func timeHasCome() {
        let now = EventLoop.monotonicNanoseconds
        let late = state.withLock { state in
            state.isTimerSet = false
            return state.deadlines.prefix { $0.nanoseconds <= now }.map(\.waiter)
        }
        for waiter in late {
            giveUp(waiter, PostgresError(kind: .poolExhausted, message: "no connection became free in time"))
        }
        setTimer()
    }

    private func giveUp(_ waiter: UInt64, _ error: any Error) {
        let continuation = state.withLock { state in
            state.pool.abandon(waiter: waiter) ? state.continuations.removeValue(forKey: waiter) : nil
        }
        continuation?.resume(throwing: error)
    }

    private func hand(over handover: Handover?) {
        guard let handover else { return }
        let continuation = state.withLock { $0.continuations.removeValue(forKey: handover.waiter) }
        continuation?.resume(returning: handover.grant)
    }

    /// Called on the loop. One that is checked out is noticed when it comes back.
    private func ended(_ connection: Connection) {
        let handover = state.withLock { state -> Handover? in
            guard state.pool.removeIdle(where: { $0 === connection }) else { return nil }
            state.all[ObjectIdentifier(connection)] = nil
            return state.pool.lost()
        }
        hand(over: handover)
    }

    private func report() {
        let (waiters, connections) = state.withLock { ($0.pool.waiterCount, $0.pool.openCount) }
        waiting.record(waiters)
        opened.record(connections)
    }

    private static let closed = PostgresError(kind: .closed, message: "the pool was closed")
}
