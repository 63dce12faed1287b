import Contracts
import FoundationEssentials
import Jobs
import Kernel
import Postgres
import Printing
import SimplyPrint
import TestKit
import Testing

/// Printing against a real database and a farm on a real socket.
@Suite struct PrintRoomTests {
    @Test func aWrongFileIDIsReplacedWhenItsMappingIsMended() async throws {
        try await PrintRoom.with { room in
            room.farm.change { $0.knownFiles = ["good"] }
            try await room.want(1, file: "wrong")
            let first = try await room.job()
            await #expect(throws: VendorFailure.self) { try await room.submit(first) }
            try await room.bury("printing.submit", room.reference(first))
            #expect(try await room.job().attention?.code == "print-not-queued")
            #expect(try await room.job().state == .intent)
            try await room.want(1, file: "good")
            let jobs = try await room.jobs()
            #expect(jobs.map(\.state) == [.cancelled, .planned])
            #expect(jobs.allSatisfy { $0.attention == nil })
            // An operator's retry of the old step does nothing any more; the new one prints.
            try await room.submit(first)
            try await room.submit(jobs[1])
            #expect(room.farm.now.added == ["good"])
            #expect(try await room.jobs().map(\.state) == [.cancelled, .queued])
            #expect(try await room.events("printjob.cancelled") == 1)
        }
    }

    @Test func theSameFileIDIsSentAgainByTheSamePrintJob() async throws {
        try await PrintRoom.with { room in
            room.farm.change { $0.knownFiles = [] }
            try await room.want(1)
            let job = try await room.job()
            await #expect(throws: VendorFailure.self) { try await room.submit(job) }
            try await room.want(1)
            room.farm.change { $0.knownFiles = nil }
            try await room.submit(job)
            #expect(try await room.jobs().map(\.state) == [.queued])
        }
    }

    @Test(arguments: [("job.cancelled", "cancelled"), ("job.failed", "failed")])
    func aPrintPutBackIntoTheQueueIsStillTheSamePrint(event: String, status: String) async throws {
        try await PrintRoom.with { room in
            let item = try #require(try await room.queued().queueItemID)
            try await room.farmSays("ongoing", of: item)
            try await room.poll()
            #expect(try await room.job().state == .printing)
            try await room.farmSays(status, of: item)
            room.farm.change { $0.queue[item] = 1 }
            try await room.webhook(event)
            #expect(try await room.ready(PrintPoll.kind) == 1)
            try await room.poll()
            #expect(try await room.job().state == .queued)
            #expect(try await room.events("printjob.failed") == 0)
            try await room.farmSays("finished", of: item, uid: "uid-2")
            try await room.poll()
            #expect(try await room.job().state == .done)
        }
    }

    @Test(arguments: [("job.cancelled", "cancelled", PrintJobState.cancelled), ("job.failed", "failed", .failed)])
    func aPrintThatEndedForGoodIsSaidToHaveFailed(event: String, status: String, state: PrintJobState) async throws {
        try await PrintRoom.with { room in
            let item = try #require(try await room.queued().queueItemID)
            try await room.farmSays("ongoing", of: item)
            try await room.poll()
            try await room.farmSays(status, of: item)
            try await room.webhook(event)
            #expect(try await room.job().state == .printing)
            try await room.poll()
            #expect(try await room.job().state == state)
            #expect(try await room.events("printjob.failed") == 1)
        }
    }

    @Test func aReprintTakesTheEarlierItemOffTheQueueFirst() async throws {
        try await PrintRoom.with { room in
            let item = try #require(try await room.queued().queueItemID)
            try await room.farmSays("failed", of: item)
            room.farm.change { $0.queue = [:] }
            try await room.poll()
            // Somebody at the farm puts it back after it was given up.
            room.farm.change { $0.queue[item] = 1 }
            let answers = try #require(room.printing.contract as? PrintJobAnswers)
            try await room.submit(try await answers.retry(try await room.job().id))
            #expect(room.farm.now.deleted == [item])
            #expect(Array(room.farm.now.queue.keys) == [item + 1])
            #expect(try await room.job().state == .queued)
        }
    }

    @Test func anItemThatIsSeenAgainIsNotMissedAnyMore() async throws {
        try await PrintRoom.with { room in
            let item = try #require(try await room.queued().queueItemID)
            room.farm.change { $0.queue = [:] }
            try await room.poll()
            #expect(try await Self.isMissed(room))
            room.farm.change { $0.queue = [item: 1] }
            try await room.poll()
            #expect(try await !Self.isMissed(room))
        }
    }

    private static func isMissed(_ room: PrintRoom) async throws -> Bool {
        try await room.database.query("SELECT missing_since IS NOT NULL AS missed FROM printing.attempt")[0]("missed")
    }

    @Test(arguments: ["printing.submit", "printing.withdraw"])
    func aWithdrawnPrintThatWasNeverSentIsDropped(kind: String) async throws {
        try await PrintRoom.with { room in
            try await room.want(1)
            let job = try await room.job()
            // Withdrawn while its request was on the wire, which the farm then refused.
            try await room.database.execute("UPDATE printing.print_job SET is_withdrawn = true, state = 'intent'")
            try await room.run(JobKind(kind), room.reference(job))
            #expect(try await room.job().state == .cancelled)
            #expect(room.farm.now.added.isEmpty)
        }
    }

    @Test func aWithdrawnPrintWhoseOutcomeIsNotKnownIsWaitedFor() async throws {
        try await PrintRoom.with { room in
            try await room.want(1)
            let job = try await room.job()
            try await room.database.execute("UPDATE printing.print_job SET is_withdrawn = true, state = 'unknown'")
            try await room.database.execute(
                "UPDATE jobs.effect SET state = 'unknown', sends = 1, sent_at = now(), unknown_at = now()")
            await #expect(throws: JobFailure.self) { try await room.withdraw(job) }
            #expect(try await room.job().state == .unknown)
        }
    }

    @Test func anItemThatWaitsForApprovalIsTakenBack() async throws {
        try await PrintRoom.with { room in
            room.farm.change { $0.needsApproval = true }
            let job = try await room.queued()
            try await room.want(0)
            try await room.withdraw(job)
            #expect(room.farm.now.pendingApproval.isEmpty)
            #expect(try await room.job().state == .cancelled)
        }
    }

    @Test func aLoweredQuantityPrintsNothingThatIsPrintedAlready() async throws {
        try await PrintRoom.with { room in
            try await room.want(3)
            for job in try await room.jobs() where job.copyNumber > 1 {
                try await room.submit(job)
                let item = try #require(
                    try await room.printing.contract.printJobs(of: [room.order])
                        .first { $0.id == job.id }?.queueItemID)
                try await room.farmSays("finished", of: item, uid: "uid-\(item)")
            }
            try await room.poll()
            try await room.want(1)
            let states = Dictionary(uniqueKeysWithValues: try await room.jobs().map { ($0.copyNumber, $0.state) })
            #expect(states == [1: .cancelled, 2: .done, 3: .done])
            try await room.want(2)
            #expect(try await room.jobs().count == 3)
        }
    }

    @Test func aFailedPrintNobodyWantsAnyMoreIsTakenBack() async throws {
        try await PrintRoom.with { room in
            let item = try #require(try await room.queued().queueItemID)
            try await room.farmSays("failed", of: item)
            room.farm.change { $0.queue = [:] }
            try await room.poll()
            try await room.want(1)
            #expect(try await !room.isWithdrawn(try await room.job()))
            try await room.want(0)
            let job = try await room.job()
            #expect(try await room.isWithdrawn(job))
            #expect(job.attention == nil)
            #expect(try await room.events("printjob.cancelled") == 1)
        }
    }

    @Test func aWithdrawnPrintThatFailsIsNotMissed() async throws {
        try await PrintRoom.with { room in
            let item = try #require(try await room.queued().queueItemID)
            try await room.want(0)
            try await room.farmSays("failed", of: item)
            room.farm.change { $0.queue = [:] }
            try await room.poll()
            #expect(try await room.job().state == .failed)
            #expect(try await room.events("printjob.failed") == 0)
            #expect(try await room.events("printjob.cancelled") == 1)
        }
    }

    /// Who takes a print back locks the print job first: the other order would be a deadlock.
    @Test func aSubmissionLocksThePrintJobBeforeItsEffect() async throws {
        try await PrintRoom.with { room in
            try await room.want(1)
            let job = try await room.job()
            let commit = try await room.firstHalf(of: "printing.submit", room.reference(job))
            let (isHeld, held) = AsyncStream.makeStream(of: Void.self)
            let (isAwaited, awaited) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await room.database.transaction { transaction in
                        _ = try await PrintJobStorage.lock(job.id, in: transaction)
                        held.finish()
                        for await _ in isAwaited {}
                        _ = try await transaction.query("SELECT reference FROM jobs.effect FOR UPDATE NOWAIT")
                    }
                }
                for await _ in isHeld {}
                group.addTask { try await room.database.transaction { try await commit($0) } }
                try await eventually("the submission waits") { try await room.isAnybodyWaiting() }
                awaited.finish()
                try await group.waitForAll()
            }
            #expect(try await room.job().state == .queued)
        }
    }

    @Test func oneCallGoesToTheFarmOnceTheLeaseIsHeld() async throws {
        try await PrintRoom.with { room in
            _ = try await room.queued()
            #expect(room.farm.now.calls == ["custom_fields/Get", "queue/AddItem"])
        }
    }

    @Test func aPollAtOnceSharesTheKeysOfTheScheduledOne() async throws {
        try await withDatabase { database in
            let system = JobSystem(
                database: database, settings: JobSettings(), wakeUps: WakeUps(),
                registrations: [JobRegistration(PrintPoll.kind) { _ in { _ in } }],
                schedules: [Schedule(PrintPoll.scheduleName, PrintPoll.kind, everySeconds: 3_600)],
                effects: Effects(
                    database: database, settings: JobSettings(), vendorLagSeconds: 0, logger: .noWhere),
                logger: .noWhere)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await system.run() }
                try await eventually("the schedule fires") {
                    try await !database.query("SELECT id FROM jobs.job WHERE kind = \(PrintPoll.kind.name)").isEmpty
                }
                await system.drain(within: .seconds(5))
                try await group.waitForAll()
            }
            let rows = try await database.query(
                "SELECT unique_key, conc_key FROM jobs.job WHERE kind = \(PrintPoll.kind.name)")
            #expect(try rows[0].optional("unique_key") == PrintPoll.job.uniqueKey)
            #expect(try rows[0].optional("conc_key") == PrintPoll.job.concurrencyKey)
        }
    }
}
