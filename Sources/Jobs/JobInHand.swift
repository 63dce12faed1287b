import Kernel
import Synchronization

/// One claim that this process is working on.
final class JobInHand: Sendable {
    enum StopReason: Hashable, Sendable {
        /// The heartbeat found the claim gone, or could not be sent in time.
        case leaseLost
        case timedOut
        /// The process is stopping.
        case givenBack
    }

    private struct State {
        var stopReason: StopReason?
        var isCompleting = false
        var leaseHeldUntil: ContinuousClock.Instant
    }

    let claimed: ClaimedJob
    /// Raised when the run has to stop.
    let stopFlag = WakeFlag()
    private let state: Mutex<State>

    init(_ claimed: ClaimedJob, leaseHeldUntil: ContinuousClock.Instant) {
        self.claimed = claimed
        state = Mutex(State(leaseHeldUntil: leaseHeldUntil))
    }

    var stopReason: StopReason? { state.withLock { $0.stopReason } }
    var leaseHeldUntil: ContinuousClock.Instant { state.withLock { $0.leaseHeldUntil } }

    func holdLease(until instant: ContinuousClock.Instant) {
        state.withLock { $0.leaseHeldUntil = max($0.leaseHeldUntil, instant) }
    }

    /// Stops the run, unless it is already writing down its end: that is decided by the fence alone.
    func stop(_ reason: StopReason) {
        let isNew = state.withLock { state in
            guard state.stopReason == nil, !state.isCompleting else { return false }
            state.stopReason = reason
            return true
        }
        if isNew { stopFlag.raise() }
    }

    /// From here on it cannot be stopped any more.
    /// - Throws: `JobStopped` when it was stopped before.
    func beginCompleting() throws {
        try state.withLock { state in
            if let reason = state.stopReason { throw JobStopped(reason: reason) }
            state.isCompleting = true
        }
    }
}

/// The run was ended from outside.
struct JobStopped: Error, Hashable {
    let reason: JobInHand.StopReason
}

/// The claim is no longer ours: nothing of this run may be written down.
struct LeaseLost: Error, Hashable {}

/// Another owner has the work this job was for; the job ends without a word.
struct JobSuperseded: Error, Hashable {}

/// Every claim of this process, by its fence: a job that was rescued and claimed again is in hand twice.
final class JobsInHand: Sendable {
    private let jobs = Mutex<[Int64: JobInHand]>([:])

    var count: Int { jobs.withLock { $0.count } }
    var all: [JobInHand] { jobs.withLock { Array($0.values) } }

    func add(_ job: JobInHand) {
        jobs.withLock { $0[job.claimed.job.fence] = job }
    }

    func remove(_ job: JobInHand) {
        jobs.withLock { $0[job.claimed.job.fence] = nil }
    }
}
