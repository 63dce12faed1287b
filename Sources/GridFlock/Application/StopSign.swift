import Synchronization

/// Tells work on a thread that it is not wanted any more: the thread has no task that could be cancelled.
package final class StopSign: Sendable {
    /// Why the work ended early.
    package struct Raised: Error, Hashable, Sendable {
        package let isTimeUp: Bool
    }

    private struct Time: Sendable {
        var worked = Duration.zero
        /// Of the stretch of work at hand; nil in between.
        var end: ContinuousClock.Instant?
    }

    private let raised = Atomic(false)
    private let allowed: Duration
    /// However late the work began.
    private let deadline: ContinuousClock.Instant?
    private let time = Mutex(Time())

    /// - Parameters:
    ///   - seconds: the work may take in all its stretches.
    ///   - deadline: when it has to be over at the latest.
    package init(seconds: Double, deadline: ContinuousClock.Instant? = nil) {
        allowed = .seconds(seconds)
        self.deadline = deadline
    }

    /// A stretch of the work: what passes between two of them, waiting for a thread or for the database, is no work.
    package func working<Value>(_ body: () throws -> Value) throws -> Value {
        let start = ContinuousClock.now
        time.withLock { time in
            let end = start + (allowed - time.worked)
            time.end = min(end, deadline ?? end)
        }
        defer {
            time.withLock { time in
                time.worked += ContinuousClock.now - start
                time.end = nil
            }
        }
        return try body()
    }

    package var worked: Duration { time.withLock { $0.worked } }

    package func raise() { raised.store(true, ordering: .releasing) }

    /// Asked between two steps.
    package func check() throws(Raised) {
        if raised.load(ordering: .acquiring) { throw Raised(isTimeUp: false) }
        guard let end = time.withLock({ $0.end }) ?? deadline else { return }
        if ContinuousClock.now >= end { throw Raised(isTimeUp: true) }
    }
}
