import Synchronization

/// Tells work on a thread that it is not wanted any more: the thread has no task that could be cancelled.
package final class StopSign: Sendable {
    /// Why the work ended early.
    package struct Raised: Error, Hashable, Sendable {
        package let isTimeUp: Bool
    }

    private let raised = Atomic(false)
    private let seconds: Double
    /// However late the work began.
    private let deadline: ContinuousClock.Instant?
    /// Of the work; nil until it began.
    private let end = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameters:
    ///   - seconds: the work may take from its `start`.
    ///   - deadline: when it has to be over at the latest.
    package init(seconds: Double, deadline: ContinuousClock.Instant? = nil) {
        self.seconds = seconds
        self.deadline = deadline
    }

    /// The work begins, once.
    package func start() {
        let end = ContinuousClock.now + .seconds(seconds)
        self.end.withLock { $0 = min(end, deadline ?? end) }
    }

    package func raise() { raised.store(true, ordering: .releasing) }

    /// Asked between two steps.
    package func check() throws(Raised) {
        if raised.load(ordering: .acquiring) { throw Raised(isTimeUp: false) }
        guard let end = end.withLock({ $0 }) ?? deadline else { return }
        if ContinuousClock.now >= end { throw Raised(isTimeUp: true) }
    }
}
