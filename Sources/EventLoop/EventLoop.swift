import CPlatform
package import Logging
import Synchronization

/// One thread with an epoll set, timers and an inbox; a `TaskExecutor`, so that async code can stay on it.
///
/// Everything it runs shares the one thread, so nothing may block or compute for more than about a millisecond
/// (DESIGN §4). The thread keeps the loop alive until `shutDown()`.
package final class EventLoop: TaskExecutor, Sendable {
    /// Jobs and closures run between two looks at the sockets: a flood of either cannot starve the other.
    package static let jobsPerTurnMaximum = 256
    /// A turn longer than this is logged: something blocks or computes on the loop.
    package static let slowTurnSeconds = 0.050

    package let name: String
    private let inbox = Mutex(Inbox())
    private let thread = Mutex<UInt64?>(nil)
    private let afterlife = Mutex(())
    // SAFETY: `core` is touched only while `isCurrent` holds: on the loop's thread, or, when that has ended, by
    // `runAfterStop`, whose lock lets one thread at a time stand in for it.
    private nonisolated(unsafe) let core: LoopCore

    package init(name: String, logger: Logger) {
        self.name = name
        core = LoopCore(name: name, logger: logger)
        // SAFETY: the retained reference is given back by the thread's body when it ends.
        let context = Unmanaged.passRetained(self).toOpaque()
        var started: UInt64 = 0
        let failure = forma3d_thread_start(name, { EventLoop.threadBody($0) }, context, &started)
        precondition(failure == 0, "no thread for the event loop \(name): error \(-failure)")
        let handle = started
        thread.withLock { $0 = handle }
    }

    /// Whether the caller runs on this loop.
    package var isCurrent: Bool {
        // SAFETY: the pointers are compared, never followed.
        forma3d_current_loop() == Unmanaged.passUnretained(self).toOpaque()
    }

    package func preconditionCurrent(_ function: StaticString = #function) {
        precondition(isCurrent, "\(function) must be called on the loop \(name)")
    }

    // MARK: Work

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent, core.takeAtOnce(job) { return }
        accept(.job(job))
    }

    /// Runs the job that the closure makes ready, by resuming a task of this loop, before this call returns: for who
    /// hands work to a task many times a turn. Must not be called from inside a job.
    package func runAtOnce(_ resume: () -> Void) {
        preconditionCurrent()
        core.isTakingNextJob = true
        resume()
        core.isTakingNextJob = false
        guard let job = core.jobTaken else { return }
        core.jobTaken = nil
        job.runSynchronously(on: asUnownedTaskExecutor())
    }

    /// Runs the closure at the end of this turn (or of the next, when it is set in the end of one), before the loop
    /// waits again. To be called on the loop.
    package func atEndOfTurn(_ work: @escaping @Sendable () -> Void) {
        preconditionCurrent()
        core.endOfTurn.append(work)
    }

    /// Runs the closure on the loop: at once when already there, else in the loop's next turn.
    package func execute(_ work: @escaping @Sendable () -> Void) {
        if isCurrent { work() } else { accept(.closure(work)) }
    }

    /// Runs the closure in one of the loop's next turns, never inside this call.
    package func submit(_ work: @escaping @Sendable () -> Void) {
        accept(.closure(work))
    }

    /// Runs the closure once after that many seconds, on the loop. May be called from anywhere.
    @discardableResult
    package func schedule(afterSeconds seconds: Double, _ work: @escaping @Sendable () -> Void) -> LoopTimer {
        let timer = LoopTimer(work)
        let deadline = Self.monotonicNanoseconds + Self.nanoseconds(seconds)
        execute { self.core.timers.insert(timer, atNanoseconds: deadline) }
        return timer
    }

    /// Nanoseconds of the clock that timers go by; only differences mean something.
    package static var monotonicNanoseconds: Int64 { forma3d_monotonic_nanoseconds() }

    /// That clock as it stood when this turn began: exact enough for deadlines, and free. To be called on the loop.
    package var turnNanoseconds: Int64 { core.turnStartNanoseconds }

    /// How long turns take at present: what a new event has to wait. To be called on the loop.
    package var lagNanoseconds: Int64 { core.recentLagNanoseconds }

    // MARK: Descriptors (to be called on the loop)

    /// Watches a descriptor, level-triggered: `onReady` runs in each turn in which it is ready.
    ///
    /// The descriptor stays the caller's: deregister it before closing it. `broken` is always reported.
    /// - Throws: `EventLoopError` when the kernel refuses.
    package func register(
        _ descriptor: Int32, for interest: Readiness, onReady: @escaping @Sendable (Readiness) -> Void
    ) throws(EventLoopError) -> Registration {
        preconditionCurrent()
        return try core.register(descriptor, for: interest, onReady: onReady)
    }

    /// Changes what a registered descriptor is watched for.
    package func change(_ registration: Registration, to interest: Readiness) {
        preconditionCurrent()
        core.change(registration, to: interest)
    }

    /// Ends the watch; events of this turn that are still to be handed out are dropped.
    package func deregister(_ registration: Registration) {
        preconditionCurrent()
        core.deregister(registration)
    }

    // MARK: Ending

    /// Stops the thread after what is queued has run, and waits for it unless called on the loop itself.
    ///
    /// What arrives later still runs, so that nobody waits for ever: jobs on the global pool, closures on the caller's
    /// thread one at a time. Timers and descriptors are dead.
    package func shutDown() {
        let isAsleep = inbox.withLock { inbox in
            inbox.isStopping = true
            return inbox.wakes()
        }
        if isAsleep { core.wake() }
        guard !isCurrent, let handle = thread.withLock({ $0.take() }) else { return }
        forma3d_thread_join(handle)
    }

    private func accept(_ work: LoopWork) {
        let isCurrent = isCurrent
        let verdict = inbox.withLock { inbox -> Inbox.Verdict in
            if inbox.isStopped { return .tooLate }
            if isCurrent { return .local }
            inbox.work.append(work)
            return inbox.wakes() ? .wake : .queued
        }
        switch verdict {
        case .queued: break
        case .wake: core.wake()
        case .local: core.pending.append(work)
        case .tooLate: runAfterStop(work, isCurrent: isCurrent)
        }
    }

    private func runAfterStop(_ work: LoopWork, isCurrent: Bool) {
        switch work {
        case .job(let job): globalConcurrentExecutor.enqueue(ExecutorJob(job))
        case .closure(let closure):
            if isCurrent { return closure() }
            afterlife.withLock { _ in
                let before = forma3d_current_loop()
                // SAFETY: the pointer is an identity; nobody follows it.
                forma3d_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
                closure()
                forma3d_set_current_loop(before)
            }
        }
    }

    // MARK: The thread

    private static func threadBody(_ context: UnsafeMutableRawPointer?) {
        guard let context else { return }
        // SAFETY: the counterpart of `passRetained` in `init`.
        let loop = Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue()
        forma3d_set_current_loop(context)
        loop.run()
        forma3d_set_current_loop(nil)
    }

    private func run() {
        let executor = asUnownedTaskExecutor()
        while true {
            let mayStop = takeInbox(beforeWaiting: true)
            if mayStop { break }
            core.waitAndDispatch()
            // Else there is nothing in it, or what has just come is taken before the next wait.
            if core.wasWoken { _ = takeInbox(beforeWaiting: false) }
            core.runPending(countMaximum: Self.jobsPerTurnMaximum, on: executor)
            core.runEndOfTurn()
            core.noteTurn()
        }
    }

    /// - Returns: whether the loop has stopped: asked to, and nothing is left to run.
    private func takeInbox(beforeWaiting: Bool) -> Bool {
        inbox.withLock { inbox in
            if !inbox.work.isEmpty {
                core.pending.append(contentsOf: inbox.work)
                inbox.work.removeAll(keepingCapacity: true)
            }
            guard beforeWaiting else {
                inbox.isAsleep = false
                return false
            }
            inbox.isAsleep = core.hasNothingToRun && !inbox.isStopping
            inbox.isStopped = core.hasNothingToRun && inbox.isStopping
            return inbox.isStopped
        }
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 {
        // A century is as good as never, and far from overflow.
        Int64(max(0, min(seconds, 3_153_600_000)) * 1_000_000_000)
    }

    private struct Inbox {
        enum Verdict { case queued, wake, local, tooLate }

        var work: [LoopWork] = []
        var isAsleep = false
        var isStopping = false
        var isStopped = false

        /// True once for each sleep: only the first to arrive pays for the wake-up.
        mutating func wakes() -> Bool {
            defer { isAsleep = false }
            return isAsleep
        }
    }
}

/// Something for the loop to run.
enum LoopWork: Sendable {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
}
