import Synchronization

/// The one timer of a process for all its jobs: stops the runs whose time is over.
final class DeadlineWatch: Sendable {
    private let inHand: JobsInHand
    private let next = Mutex(ContinuousClock.now)
    private let flag = WakeFlag()

    /// It looks at least so often, whether or not something is due.
    private static let pauseMaximum = Duration.seconds(60)

    init(inHand: JobsInHand) {
        self.inHand = inHand
    }

    /// A run began. Only one that ends before all others wakes the timer.
    func add(_ deadline: ContinuousClock.Instant) {
        let isSooner = next.withLock { next in
            guard deadline < next else { return false }
            next = deadline
            return true
        }
        if isSooner { flag.raise() }
    }

    /// Until cancelled.
    func keep() async {
        while !Task.isCancelled {
            let now = ContinuousClock.now
            // From before the look: a run that begins meanwhile is either seen or sooner.
            next.withLock { $0 = now + Self.pauseMaximum }
            var soonest = now + Self.pauseMaximum
            for job in inHand.all {
                guard let deadline = job.deadline else { continue }
                if deadline <= now { job.stop(.timedOut) } else { soonest = min(soonest, deadline) }
            }
            let until = next.withLock { next in
                next = min(next, soonest)
                return next
            }
            await flag.wait(atMost: max(until - ContinuousClock.now, .zero))
        }
    }
}
