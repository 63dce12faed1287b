import FoundationEssentials
import Kernel
package import Logging
package import Postgres

/// The running side of the queue: claims, heartbeats, runs, completes, rescues, prunes, fires schedules, notifies.
package final class JobSystem: Sendable {
    /// The kinds this binary can do, with what it knows of them.
    package let kinds: [JobKind: JobKindFacts]
    private let inHand: JobsInHand
    private let flag: WakeFlag
    private let wakeUps: WakeUps
    private let worker: JobWorker
    private let leaseKeeper: LeaseKeeper
    private let housekeeper: Housekeeper
    private let deadlines: DeadlineWatch
    private let notifier: Notifier
    private let listener: NewsListener

    /// How long jobs may take to let go once they were told to.
    private static let letGoSeconds = 2.0

    /// - Parameters:
    ///   - registrations: the kinds this process can do; others are left in the queue for those that can.
    ///   - schedules: must name kinds that are registered.
    ///   - notifications: the way to the same database that LISTEN and NOTIFY take, past a connection pooler that would
    ///     lose them; nil: `database`.
    package init(
        database: Database, settings: JobSettings, wakeUps: WakeUps, registrations: [JobRegistration],
        schedules: [Schedule],
        effects: Effects, logger: Logger, faults: FaultPoints = .none, notifications: Database? = nil
    ) {
        let pruning = JobPruning(database: database, cleanupDays: settings.cleanupDays)
        let all = registrations + [pruning.registration] + effects.registrations
        let byKind = Dictionary(all.map { ($0.kind, $0) }, uniquingKeysWith: { first, _ in first })
        precondition(byKind.count == all.count, "each kind of job has one handler")
        kinds = byKind.mapValues { JobKindFacts(queue: $0.queue, vendor: $0.vendor, category: $0.category?.rawValue) }
        let outbox = Outbox(wakeUps: wakeUps)
        let metrics = JobMetrics(byKind.values)
        let burial = JobBurial(database: database, outbox: outbox, metrics: metrics, logger: logger)
        // A new one for each start: a name that is used again would make a dead worker look alive.
        let identity = UUID()
        let flag = WakeFlag()
        let inHand = JobsInHand()
        let deadlines = DeadlineWatch(inHand: inHand)
        let circuits = CircuitBoard(
            database: database, registrations: byKind.values, probeSeconds: settings.leaseSeconds * 2,
            openSeconds: settings.circuitOpenSeconds, metrics: metrics, logger: logger, released: { flag.raise() })
        self.flag = flag
        self.wakeUps = wakeUps
        self.inHand = inHand
        self.deadlines = deadlines
        worker = JobWorker(
            JobWorker.Ground(
                database: database, settings: settings,
                claimer: .init(
                    worker: identity, kinds: byKind.keys.map(\.name).sorted(), leaseSeconds: settings.leaseSeconds),
                registrations: byKind, inHand: inHand,
                run: JobRun(
                    database: database, policy: RetryPolicy(settings), burial: burial,
                    leftovers: effects.leftovers, circuits: circuits,
                    deadlines: deadlines, faults: faults, metrics: metrics, lookAgain: { flag.raise() },
                    logger: logger),
                circuits: circuits, faults: faults, metrics: metrics, logger: logger), flag: flag)
        leaseKeeper = LeaseKeeper(
            database: database, settings: settings, inHand: inHand, metrics: metrics, logger: logger,
            faults: faults)
        housekeeper = Housekeeper(
            database: database, settings: settings, registrations: byKind,
            schedules: schedules + [pruning.schedule] + effects.schedules, burial: burial, circuits: circuits,
            wakeUps: wakeUps, metrics: metrics, logger: logger)
        let news = notifications ?? database
        notifier = Notifier(database: news, wakeUps: wakeUps, worker: identity, logger: logger)
        listener = NewsListener(database: news, worker: identity, wakeUps: wakeUps, logger: logger)
    }

    /// Runs until cancelled or drained; the jobs in hand have ended then. A database that is away is waited for.
    package func run() async throws {
        wakeUps.add(flag, to: .work)
        defer { wakeUps.remove(flag, from: .work) }
        await withTaskGroup(of: Bool.self) { group in
            func add(isWorker: Bool = false, _ service: @escaping @Sendable () async -> Void) {
                group.addTask {
                    await service()
                    return isWorker
                }
            }
            add(isWorker: true) { await self.worker.work() }
            add { await self.leaseKeeper.keep() }
            add { await self.housekeeper.keep() }
            add { await self.deadlines.keep() }
            add { await self.notifier.keep() }
            add { await self.listener.keep() }
            // The others are kept up until the last job has ended.
            for await isWorker in group where isWorker { group.cancelAll() }
        }
    }

    /// Instead of `run()` in a process that does no jobs: tells those that do of the work it brings, until cancelled.
    package func tellOthers() async {
        await notifier.keep()
    }

    /// This process works on that claim.
    package func hasInHand(fence: Int64) -> Bool { inHand.all.contains { $0.claimed.job.fence == fence } }

    /// Stops claiming; waits for the jobs in hand up to the deadline, then gives their leases back.
    package func drain(within limit: Duration) async {
        worker.beginDraining()
        if await worker.waitUntilEnded(deadline: .now + limit) { return }
        for job in inHand.all { job.stop(.givenBack) }
        _ = await worker.waitUntilEnded(deadline: .now + .seconds(Self.letGoSeconds))
    }

    /// Frees the leases of every worker. Only for the sole owner of a private database.
    package static func freeAllLeases(in database: Database) async throws {
        try await LeaseStorage.freeAll(in: database)
    }
}
