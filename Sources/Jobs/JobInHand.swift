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
        var deadline: ContinuousClock.Instant?
        /// Ends the handler; there while it runs.
        var cancel: (@Sendable () -> Void)?
    }

    let claimed: ClaimedJob
    let queue: String
    /// Its vendor's circuit let this one through to try it.
    let probe: CircuitBoard.Probe?
    private let state: Mutex<State>

    init(
        _ claimed: ClaimedJob, queue: String, leaseHeldUntil: ContinuousClock.Instant, probe: CircuitBoard.Probe? = nil
    ) {
        self.claimed = claimed
        self.queue = queue
        self.probe = probe
        state = Mutex(State(leaseHeldUntil: leaseHeldUntil))
    }

    var stopReason: StopReason? { state.withLock { $0.stopReason } }
    var leaseHeldUntil: ContinuousClock.Instant { state.withLock { $0.leaseHeldUntil } }
    /// When the run is stopped; nil before it began and after its handler ended.
    var deadline: ContinuousClock.Instant? { state.withLock { $0.cancel == nil ? nil : $0.deadline } }

    func holdLease(until instant: ContinuousClock.Instant) {
        state.withLock { $0.leaseHeldUntil = max($0.leaseHeldUntil, instant) }
    }

    /// The handler runs from now on; one that was stopped before is cancelled at once.
    func begin(deadline: ContinuousClock.Instant, cancel: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            state.deadline = deadline
            state.cancel = cancel
            return state.stopReason != nil
        }
        if isStopped { cancel() }
    }

    /// The handler has ended.
    func end() {
        state.withLock { $0.cancel = nil }
    }

    /// Stops the run, unless it is already writing down its end: that is decided by the fence alone. True when it was
    /// this call that stopped it.
    @discardableResult
    func stop(_ reason: StopReason) -> Bool {
        let (isNew, cancel) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard state.stopReason == nil, !state.isCompleting else { return (false, nil) }
            state.stopReason = reason
            return (true, state.cancel)
        }
        cancel?()
        return isNew
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

    var all: [JobInHand] { jobs.withLock { Array($0.values) } }

    func add(_ job: JobInHand) {
        jobs.withLock { $0[job.claimed.job.fence] = job }
    }

    func remove(_ job: JobInHand) {
        jobs.withLock { $0[job.claimed.job.fence] = nil }
    }
}
