import Kernel
import Logging
import Postgres
import Synchronization

/// The working side of one process: its hands, and the lanes that fill them. Nothing is claimed ahead, so a process that
/// dies strands only what it was working on.
///
/// One lane does where a claim may take all hands. With more hands than one claim takes there are two, so that one
/// works on its batch while the other's transaction is on its way to the disk.
final class JobWorker: Sendable {
    private struct State {
        var isWorking = false
        var isDraining = false
    }

    let inHand: JobsInHand
    private let hands: Mutex<Hands>
    private let lanes: [JobLane]
    private let flag: WakeFlag
    /// Raised when the loop and the last job have ended.
    private let ended = WakeFlag()
    private let state = Mutex(State())

    /// What every lane needs.
    struct Ground: Sendable {
        let database: Database
        let settings: JobSettings
        let claimer: ClaimStorage.Claimer
        let registrations: [JobKind: JobRegistration]
        let inHand: JobsInHand
        let run: JobRun
        let circuits: CircuitBoard
        let faults: FaultPoints
        let metrics: JobMetrics
        let logger: Logger
    }

    /// - Parameter flag: raised by others when there is work.
    init(_ ground: Ground, flag: WakeFlag) {
        inHand = ground.inHand
        self.flag = flag
        let settings = ground.settings
        hands = Mutex(Hands(total: settings.concurrency, limits: settings.queueConcurrency))
        let flags = settings.concurrency > settings.claimBatch ? [flag, WakeFlag()] : [flag]
        lanes = flags.map { own in
            JobLane(ground, isLeading: own === flag, flag: own, others: flags.filter { $0 !== own })
        }
    }

    func reserve(atMost maximum: Int) -> Hands.Reservation? {
        hands.withLock { $0.reserve(atMost: maximum) }
    }

    func land(_ reservation: Hands.Reservation, queues: [String]) {
        hands.withLock { $0.land(reservation, queues: queues) }
    }

    func release(_ queues: [String]) {
        hands.withLock { hands in
            for queue in queues { hands.release(queue) }
        }
    }

    var hasFreeHands: Bool { hands.withLock { $0.free > 0 } }
    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// Claims nothing more; the lanes end when the jobs in hand have.
    func beginDraining() {
        state.withLock { $0.isDraining = true }
        for lane in lanes { lane.wake() }
    }

    /// False when it still works at the deadline. True when it never began.
    func waitUntilEnded(deadline: ContinuousClock.Instant) async -> Bool {
        while state.withLock({ $0.isWorking }) {
            let rest = deadline - ContinuousClock.now
            guard rest > .zero, !Task.isCancelled else { return false }
            await ended.wait(atMost: rest)
        }
        return true
    }

    /// Until drained or cancelled, and every job in hand has ended.
    func work() async {
        state.withLock { $0.isWorking = true }
        defer {
            state.withLock { $0.isWorking = false }
            ended.raise()
        }
        await withDiscardingTaskGroup { group in
            for lane in lanes {
                group.addTask { await lane.work(for: self) }
            }
        }
    }
}
