import ArgumentParser
import FoundationEssentials
import Glibc
import Jobs
import Kernel
import Logging
import Migrations
import Postgres
import Synchronization

/// `forma3d-demo queue`, behind `scripts/bench queue`: one process of the queue, doing nothing with its jobs.
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "One process of the queue, to be measured; see scripts/bench queue.",
        shouldDisplay: false,
        subcommands: [Migrate.self, Statements.self, Drain.self, Work.self, Enqueue.self, Tick.self])

    struct Place: ParsableArguments {
        @Option(help: "A PostgreSQL connection URI.")
        var database: String

        func open(poolSize: Int = 6) -> Database {
            Database(DatabaseConfiguration(url: database, poolSize: poolSize), logger: QueueCommand.quiet)
        }
    }

    static let kind: JobKind = "bench.job"
    static let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    /// The same clock for every process of one machine.
    static var nowMicroseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    static func system(
        _ database: Database, _ settings: JobSettings, wakeUps: WakeUps, schedules: [Schedule] = [],
        handle: @escaping JobHandler
    ) -> JobSystem {
        JobSystem(
            database: database, settings: settings, wakeUps: wakeUps,
            registrations: [JobRegistration(kind, handle: handle)], schedules: schedules,
            effects: Effects(database: database, settings: settings, vendorLagSeconds: 0, logger: quiet),
            logger: quiet)
    }

    /// Brings the schema.
    struct Migrate: AsyncParsableCommand {
        @OptionGroup var place: Place

        func run() async throws {
            let database = place.open()
            try await Migrator(database: database, logger: QueueCommand.quiet).migrate()
            await database.close()
        }
    }

    /// Writes the statements of one flight into a folder, for the plain loop in C.
    struct Statements: AsyncParsableCommand {
        @Option var folder: String

        func run() async throws {
            let claimer = ClaimStorage.Claimer(worker: UUID(), kinds: [QueueCommand.kind.name], leaseSeconds: 30)
            let job = Job(
                id: 1, kind: QueueCommand.kind, payload: "{}", subject: nil, fence: 1, claims: 1,
                correlationID: .make(.system))
            for (name, query) in [
                ("complete", SettlementStorage.completeQuery([job])), ("time", ClaimStorage.limitTime),
                ("claim", ClaimStorage.claimQuery(1, for: claimer)),
            ] {
                let path = "\(folder)/\(name).sql"
                try Data(query.sql.utf8).write(to: URL(filePath: path))
            }
        }
    }

    /// Empties the queue; prints the seconds that took.
    struct Drain: AsyncParsableCommand {
        @OptionGroup var place: Place
        @Option var jobs: Int
        @Option(help: "Jobs of one claim.") var batch: Int
        @Option(help: "Jobs in hand at most.") var hands: Int

        func run() async throws {
            let database = place.open()
            _ = try await database.query("SELECT 1 AS one")
            var settings = JobSettings()
            settings.concurrency = hands
            settings.claimBatch = batch
            let done = Atomic<Int>(0)
            let finished = AsyncStream<Void>.makeStream()
            let count = jobs
            let system = QueueCommand.system(database, settings, wakeUps: WakeUps()) { _ in
                if done.add(1, ordering: .relaxed).newValue == count { finished.continuation.yield() }
                return nil
            }
            let start = QueueCommand.nowMicroseconds
            async let running: Void = system.run()
            for await _ in finished.stream { break }
            await system.drain(within: .seconds(60))
            let seconds = Double(QueueCommand.nowMicroseconds - start) / 1e6
            try await running
            let left: Int = try await database.query(
                "SELECT count(*) AS left FROM jobs.job WHERE kind = \(QueueCommand.kind.name) AND state <> 'done'"
            )[0]("left")
            await database.close()
            guard left == 0 else { throw ValidationError("\(left) jobs are not done") }
            Terminal.line("\(seconds)")
        }
    }
}
