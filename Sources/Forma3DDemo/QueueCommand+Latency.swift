import ArgumentParser
import FoundationEssentials
import Jobs
import Kernel
import Postgres
import Processes

extension QueueCommand {
    /// Puts jobs into the queue one by one; prints the microseconds from before each INSERT to its start when it is
    /// this process that works, too, and those of each enqueue's own transaction.
    struct Enqueue: AsyncParsableCommand {
        @OptionGroup var place: Place
        @Option var jobs: Int
        @Option(help: "Milliseconds between two.") var pause: Int
        @Flag(help: "Work in this process as well.") var works = false

        func run() async throws {
            let database = place.open()
            let wakeUps = WakeUps()
            let outbox = Outbox(wakeUps: wakeUps)
            let system = QueueCommand.system(database, JobSettings(), wakeUps: wakeUps) { job in
                QueueCommand.tell(job)
                return nil
            }
            // Without hands for it a second process does the work, and this one's notifier tells it.
            let other = JobSystem(
                database: database, settings: JobSettings(), wakeUps: wakeUps, registrations: [], schedules: [],
                effects: Effects(
                    database: database, settings: JobSettings(), vendorLagSeconds: 0, logger: QueueCommand.quiet),
                logger: QueueCommand.quiet)
            let runs = works ? system : other
            async let running: Void = runs.run()
            try await Task.sleep(for: .seconds(1))
            for _ in 0..<jobs {
                let start = QueueCommand.nowMicroseconds
                try await database.transaction { transaction in
                    try await outbox.enqueue(
                        NewJob(QueueCommand.kind, payload: #"{"at": \#(start)}"#), in: transaction)
                }
                Terminal.line("commit \(QueueCommand.nowMicroseconds - start)")
                try await Task.sleep(for: .milliseconds(pause))
            }
            try await Task.sleep(for: .seconds(1))
            await runs.drain(within: .seconds(5))
            try await running
            await database.close()
        }
    }

    /// Works until it is told to end; prints what starts.
    struct Work: AsyncParsableCommand {
        @OptionGroup var place: Place
        @Option(help: "Milliseconds a job takes.") var takes = 0
        @Option var leaseSeconds = 30.0

        func run() async throws {
            let database = place.open()
            var settings = JobSettings()
            settings.leaseSeconds = leaseSeconds
            let takes = takes
            let system = QueueCommand.system(database, settings, wakeUps: WakeUps()) { job in
                QueueCommand.tell(job)
                if takes > 0 { try await Task.sleep(for: .milliseconds(takes)) }
                return nil
            }
            try await system.run()
        }
    }

    /// Fires one schedule until it is killed; several of them share its ticks.
    struct Tick: AsyncParsableCommand {
        @OptionGroup var place: Place
        @Option var everySeconds = 0.05

        func run() async throws {
            let database = place.open(poolSize: 4)
            let system = QueueCommand.system(
                database, JobSettings(), wakeUps: WakeUps(),
                schedules: [Schedule("bench.tick", QueueCommand.kind, everySeconds: everySeconds)],
                handle: { _ in nil })
            try await system.run()
        }
    }

    /// `start ID CLAIMS NOW ENQUEUED`, microseconds.
    static func tell(_ job: Job) {
        struct Payload: Decodable { let at: Int64? }
        let at = (try? job.decode(Payload.self))?.at ?? 0
        Terminal.line("start \(job.id) \(job.claims) \(nowMicroseconds) \(at)")
    }
}
