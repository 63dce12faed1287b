import Synchronization

/// Tells work on a thread that it is not wanted any more: the thread has no task that could be cancelled.
package final class StopSign: Sendable {
    /// Why the work ended early.
    package struct Raised: Error, Hashable, Sendable {
        package let isTimeUp: Bool
    }

    private let raised = Atomic(false)
    private let deadline: ContinuousClock.Instant

    package init(deadline: ContinuousClock.Instant) {
        self.deadline = deadline
    }

    package func raise() { raised.store(true, ordering: .releasing) }

    /// Asked between two steps.
    package func check() throws(Raised) {
        if raised.load(ordering: .acquiring) { throw Raised(isTimeUp: false) }
        if ContinuousClock.now >= deadline { throw Raised(isTimeUp: true) }
    }
}
