import CPlatform
import Logging
import Metrics

/// What the loop's thread owns: the epoll set, the watched descriptors, the timers and the work at hand.
final class LoopCore {
    private struct Watch {
        let generation: UInt32
        var interest: Readiness
        let onReady: @Sendable (Readiness) -> Void
    }

    private static let eventsPerTurnMaximum = 256
    private static let restNanoseconds: Int64 = 50_000_000
    private static let wakeKey = UInt64.max

    var timers = TimerHeap()
    var pending: [LoopWork] = []
    var endOfTurn: [@Sendable () -> Void] = []
    private var endOfTurnRunning: [@Sendable () -> Void] = []
    /// This turn's wait was ended by somebody who has put something into the inbox.
    private(set) var wasWoken = false
    /// `EventLoop.runAtOnce`: the next job that becomes ready is to be run at once.
    var isTakingNextJob = false
    var jobTaken: UnownedJob?
    private(set) var turnStartNanoseconds: Int64 = forma3d_monotonic_nanoseconds()
    private(set) var recentLagNanoseconds: Int64 = 0

    private let name: String
    private let logger: Logger
    private let lagGauge: Gauge
    private let epoll: Int32
    private let wakeDescriptor: Int32
    private var watches: [Watch?] = []
    private var generation: UInt32 = 0
    private var events: [forma3d_event]
    private var worstTurnNanoseconds: Int64 = 0
    private var lastReportNanoseconds: Int64 = 0
    private var turnEndNanoseconds: Int64 = forma3d_monotonic_nanoseconds()

    init(name: String, logger: Logger) {
        self.name = name
        self.logger = logger
        lagGauge = Gauge(label: "event_loop_lag_seconds", dimensions: [("loop", name)])
        events = Array(repeating: forma3d_event(key: 0, readiness: 0), count: Self.eventsPerTurnMaximum)
        epoll = forma3d_epoll_create()
        wakeDescriptor = forma3d_eventfd_create()
        // At start-up only, and without them there is no server: the message names the usual cause.
        precondition(epoll >= 0 && wakeDescriptor >= 0, "no descriptors left for the event loop \(name)")
        let failure = forma3d_epoll_add(epoll, wakeDescriptor, FORMA3D_READABLE, Self.wakeKey)
        precondition(failure == 0, "epoll refuses the wake-up descriptor: error \(-failure)")
    }

    deinit {
        _ = forma3d_close(epoll)
        _ = forma3d_close(wakeDescriptor)
    }

    /// Ends the current or next wait. The one member that other threads may call: it writes to an eventfd.
    func wake() {
        forma3d_eventfd_signal(wakeDescriptor)
    }

    // MARK: Descriptors

    func register(
        _ descriptor: Int32, for interest: Readiness, onReady: @escaping @Sendable (Readiness) -> Void
    ) throws(EventLoopError) -> Registration {
        guard descriptor >= 0 else { throw EventLoopError(operation: "watch a descriptor", errorNumber: 9) }
        generation &+= 1
        let registration = Registration(descriptor: descriptor, generation: generation)
        let failure = forma3d_epoll_add(epoll, descriptor, interest.rawValue, registration.key)
        guard failure == 0 else { throw EventLoopError(operation: "watch a descriptor", errorNumber: -failure) }
        let index = Int(descriptor)
        while watches.count <= index { watches.append(nil) }
        watches[index] = Watch(generation: generation, interest: interest, onReady: onReady)
        return registration
    }

    func change(_ registration: Registration, to interest: Readiness) {
        guard let watch = watch(registration), watch.interest != interest else { return }
        watches[Int(registration.descriptor)]?.interest = interest
        let failure = forma3d_epoll_change(epoll, registration.descriptor, interest.rawValue, registration.key)
        if failure != 0 {
            logger.error("epoll refuses a change", metadata: ["reason": "\(SystemError.text(-failure))"])
        }
    }

    func deregister(_ registration: Registration) {
        guard watch(registration) != nil else { return }
        watches[Int(registration.descriptor)] = nil
        _ = forma3d_epoll_remove(epoll, registration.descriptor)
    }

    private func watch(_ registration: Registration) -> Watch? {
        let index = Int(registration.descriptor)
        guard watches.indices.contains(index), let watch = watches[index],
            watch.generation == registration.generation
        else { return nil }
        return watch
    }

    // MARK: One turn

    /// Waits for sockets, timers or a wake-up, then hands out what is ready.
    func waitAndDispatch() {
        wasWoken = false
        let count = forma3d_epoll_wait(epoll, &events, Int32(events.count), waitNanoseconds())
        turnStartNanoseconds = forma3d_monotonic_nanoseconds()
        // The loop had nothing to do for a while: whatever was slow before is over.
        if turnStartNanoseconds - turnEndNanoseconds > Self.restNanoseconds { recentLagNanoseconds = 0 }
        if count > 0 {
            for event in events.prefix(Int(count)) { dispatch(event) }
        } else if count < 0 {
            logger.critical("epoll_wait failed", metadata: ["reason": "\(SystemError.text(-count))"])
        }
        while let timer = timers.popDue(nowNanoseconds: turnStartNanoseconds) { timer.fire() }
    }

    private func waitNanoseconds() -> Int64 {
        guard hasNothingToRun else { return 0 }
        guard let deadline = timers.nextDeadlineNanoseconds else { return -1 }
        // The clock as the last turn left it: nothing but the wait lies between.
        return max(0, deadline - turnEndNanoseconds)
    }

    private func dispatch(_ event: forma3d_event) {
        if event.key == Self.wakeKey {
            wasWoken = true
            return forma3d_eventfd_clear(wakeDescriptor)
        }
        let descriptor = Int32(truncatingIfNeeded: event.key)
        let registration = Registration(
            descriptor: descriptor, generation: UInt32(truncatingIfNeeded: event.key >> 32))
        // Gone when an earlier callback of this turn deregistered it.
        guard let watch = watch(registration) else { return }
        watch.onReady(Readiness(rawValue: event.readiness))
    }

    /// Runs what was at hand at the beginning, up to the budget; what that adds waits for the next turn.
    func runPending(countMaximum: Int, on executor: UnownedTaskExecutor) {
        let count = min(pending.count, countMaximum)
        guard count > 0 else { return }
        var batch: [LoopWork] = []
        if count == pending.count {
            swap(&batch, &pending)
        } else {
            batch = Array(pending.prefix(count))
            pending.removeFirst(count)
        }
        for work in batch {
            switch work {
            case .job(let job): job.runSynchronously(on: executor)
            case .closure(let closure): closure()
            }
        }
        if pending.isEmpty {
            // Keeps the storage for the next turn instead of allocating one.
            batch.removeAll(keepingCapacity: true)
            swap(&batch, &pending)
        }
    }

    var hasNothingToRun: Bool { pending.isEmpty && endOfTurn.isEmpty }

    /// - Returns: false when nobody waits for a job to take; it goes the usual way then.
    func takeAtOnce(_ job: UnownedJob) -> Bool {
        guard isTakingNextJob, jobTaken == nil else { return false }
        jobTaken = job
        return true
    }

    /// What is set meanwhile belongs to the next turn's end.
    func runEndOfTurn() {
        guard !endOfTurn.isEmpty else { return }
        swap(&endOfTurn, &endOfTurnRunning)
        for work in endOfTurnRunning { work() }
        // Keeps its storage for the next turn.
        endOfTurnRunning.removeAll(keepingCapacity: true)
    }

    func noteTurn() {
        let now = forma3d_monotonic_nanoseconds()
        let turn = now - turnStartNanoseconds
        turnEndNanoseconds = now
        worstTurnNanoseconds = max(worstTurnNanoseconds, turn)
        // A moving average over about eight turns: one turn in which the machine did something else is no overload.
        recentLagNanoseconds += (turn - recentLagNanoseconds) / 8
        guard now - lastReportNanoseconds >= 1_000_000_000 else { return }
        let seconds = Double(worstTurnNanoseconds) / 1_000_000_000
        lagGauge.record(seconds)
        if seconds > EventLoop.slowTurnSeconds {
            logger.warning(
                "a turn of the event loop was slow: something blocks or computes on it",
                metadata: ["loop": "\(name)", "milliseconds": "\(Int(seconds * 1000))"])
        }
        lastReportNanoseconds = now
        worstTurnNanoseconds = 0
    }
}
