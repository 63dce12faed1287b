import Contracts
import Jobs
import Kernel
import Postgres
import Printing
import TestKit
import Testing

/// A finished print that turns out bad, over the route's own path.
@Suite struct MarkBadTests {
    @Test func aBadPrintIsPrintedAgainAsANewAttempt() async throws {
        try await PrintRoom.with { room in
            let job = try await room.queued()
            let item = try #require(job.queueItemID)
            let answers = room.answers
            await #expect(throws: Problem.self) { try await answers.markBad(job.id, reason: "layer shift") }
            try await room.farmSays("finished", of: item)
            try await room.poll()
            #expect(try await room.job().state == .done)

            let again = try await answers.markBad(job.id, reason: "layer shift")
            #expect(again.attempt == 2 && again.state == .planned && again.queueItemID == nil)
            #expect(try await room.events("printjob.marked_bad") == 1)
            #expect(try await room.events("printjob.retry_requested") == 1)
            await #expect(throws: Problem.self, "a second click marks nothing") {
                try await answers.markBad(job.id, reason: "layer shift")
            }
            // The farm still tells of the first attempt: that is over.
            try await room.poll()
            #expect(try await room.job().state == .planned)
            try await room.submit(again)
            #expect(try await room.job().state == .queued)
            #expect(room.farm.now.added.count == 2)
            let reasons = try await room.database.query(
                "SELECT bad_reason FROM printing.attempt WHERE bad_reason IS NOT NULL")
            #expect(try reasons.map { try $0("bad_reason") as String } == ["layer shift"])
        }
    }

    @Test func aStaleWriterIsRefused() async throws {
        try await PrintRoom.with { room in
            let job = try await room.queued()
            var stale = try #require(try await PrintJobReading.job(job.id, in: room.database))
            try await room.database.transaction { transaction in
                guard var fresh = try await PrintJobStorage.lock(job.id, in: transaction) else { return }
                fresh.state = .printing
                try await PrintJobStorage.save(&fresh, in: transaction)
                fresh.state = .done
                try await PrintJobStorage.save(&fresh, in: transaction)
            }
            stale.state = .failed
            let late = stale
            await #expect(throws: StaleWrite.self) {
                try await room.database.transaction { transaction in
                    var late = late
                    try await PrintJobStorage.save(&late, in: transaction)
                }
            }
            #expect(try await room.job().state == .done)
        }
    }
}
