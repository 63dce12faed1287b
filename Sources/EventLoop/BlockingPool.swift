import CPlatform
package import Logging
import Synchronization

/// A few named threads for calls that block: getaddrinfo, files, `PQcancel`. Never the loop, never the global pool.
///
/// Threads start when needed. Work waits in a bounded queue; beyond it `run` fails at once instead of piling up.
package final class BlockingPool: Sendable {
    package enum Failure: Error, Hashable, Sendable {
        /// So many closures are waiting already.
        case queueFull(limit: Int)
        case shutDown
    }

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var threads: [UInt64] = []
        var idleCount = 0
        var isStopping = false
    }

    private let name: String
    private let threadsMaximum: Int
    private let queueMaximum: Int
    private let logger: Logger
    private let state = Mutex(State())
    private let signal = WakeCounter()

    /// - Parameter name: of the threads, at most 15 bytes.
    package init(name: String, threadsMaximum: Int = 4, queueMaximum: Int = 1_024, logger: Logger) {
        self.name = name
        self.threadsMaximum = max(1, threadsMaximum)
        self.queueMaximum = queueMaximum
        self.logger = logger
    }

    /// Runs a blocking closure on one of the threads and gives its result.
    ///
    /// Cancelling the task before the closure has started throws `CancellationError`; a started one is waited for.
    /// - Throws: `Failure`, `CancellationError`, or what the closure throws.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let cancelled = SharedFlag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                admit {
                    if cancelled.isSet {
                        continuation.resume(throwing: CancellationError())
                    } else {
                        continuation.resume(with: Result { try body() })
                    }
                } onRefusal: {
                    continuation.resume(throwing: $0)
                }
            }
        } onCancel: {
            cancelled.set()
        }
    }

    /// Runs what is queued, then ends the threads and waits for them.
    package func shutDown() {
        let threads = state.withLock { state in
            state.isStopping = true
            defer { state.threads = [] }
            return state.threads
        }
        for _ in threads { signal.add() }
        for thread in threads { forma3d_thread_join(thread) }
    }

    private func admit(_ work: @escaping @Sendable () -> Void, onRefusal: (Failure) -> Void) {
        let refusal = state.withLock { state -> Failure? in
            if state.isStopping { return .shutDown }
            if state.waiting.count >= queueMaximum { return .queueFull(limit: queueMaximum) }
            state.waiting.append(work)
            if state.waiting.count > state.idleCount, state.threads.count < threadsMaximum { startThread(&state) }
            return nil
        }
        if let refusal { onRefusal(refusal) } else { signal.add() }
    }

    private func startThread(_ state: inout State) {
        var thread: UInt64 = 0
        // SAFETY: the retained reference is given back by the thread's body when it ends.
        let context = Unmanaged.passRetained(self).toOpaque()
        let failure = forma3d_thread_start(name, { BlockingPool.threadBody($0) }, context, &thread)
        guard failure == 0 else {
            // SAFETY: no thread has started, so nobody else gives the reference back.
            Unmanaged<BlockingPool>.fromOpaque(context).release()
            precondition(!state.threads.isEmpty, "no thread for the blocking pool \(name): error \(-failure)")
            return logger.warning("no further thread for a blocking pool", metadata: ["pool": "\(name)"])
        }
        state.threads.append(thread)
    }

    private static func threadBody(_ context: UnsafeMutableRawPointer?) {
        guard let context else { return }
        // SAFETY: the counterpart of `passRetained` in `startThread`.
        let pool = Unmanaged<BlockingPool>.fromOpaque(context).takeRetainedValue()
        while true {
            let (work, isStopping) = pool.state.withLock { state -> ((@Sendable () -> Void)?, Bool) in
                if !state.waiting.isEmpty { return (state.waiting.removeFirst(), false) }
                if !state.isStopping { state.idleCount += 1 }
                return (nil, state.isStopping)
            }
            if let work {
                work()
            } else if isStopping {
                return
            } else {
                pool.signal.wait()
                pool.state.withLock { $0.idleCount -= 1 }
            }
        }
    }
}

private final class SharedFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}
