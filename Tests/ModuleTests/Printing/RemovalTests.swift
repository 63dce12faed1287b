import Contracts
import Jobs
import Kernel
import Postgres
import Printing
import TestKit
import Testing

/// Taking queue items back is an effect with an intent of its own.
@Suite(.timeLimit(.minutes(5))) struct RemovalTests {
    private func removal(_ room: PrintRoom) async throws -> Row {
        try #require(
            try await room.database.query(
                "SELECT * FROM jobs.effect WHERE kind = \(QueueItemRemoval.kind)"
            ).first)
    }

    @Test func anItemIsTakenBackAndRecorded() async throws {
        try await PrintRoom.with { room in
            let job = try await room.queued()
            let item = try #require(job.queueItemID)
            try await room.want(0)
            try await room.withdraw(job)
            #expect(room.farm.now.deleted == [item])
            #expect(try await room.job().state == .cancelled)
            let effect = try await removal(room)
            #expect(try effect("state") == "done")
            #expect(try effect("reference") == "\(job.id)-1-removal-\(item)")
            #expect(try effect("receipt", as: String.self).contains("removed"))
        }
    }

    @Test func anItemWhosePrintHasBegunStaysAndTheIntentSaysSo() async throws {
        try await PrintRoom.with { room in
            let job = try await room.queued()
            let item = try #require(job.queueItemID)
            try await room.want(0)
            room.farm.change { $0.queue = [:] }
            try await room.farmSays("ongoing", of: item)
            try await room.withdraw(job)
            #expect(room.farm.now.deleted.isEmpty)
            #expect(try await room.job().state == .queued)
            #expect(try await room.ready(PrintPoll.kind) == 1)
            #expect(try await removal(room)("receipt", as: String.self).contains("started"))
        }
    }

    @Test func aLostAnswerIsUnknownUntilTheNextLook() async throws {
        try await PrintRoom.with { room in
            let job = try await room.queued()
            try await room.want(0)
            // Deleting is harmless to repeat, so the client tries it more than once.
            room.farm.change { $0.losesAnswerOf = ["queue/DeleteItem": 100] }
            await #expect(throws: JobFailure.self) { try await room.withdraw(job) }
            #expect(try await removal(room)("state") == "unknown")
            #expect(try await room.job().state == .queued)
            try await room.waitUntilNoCallCanBegin()
            try await room.withdraw(job)
            #expect(room.farm.now.deleted.count == 1)
            #expect(try await removal(room)("state") == "done")
            #expect(try await room.job().state == .cancelled)
        }
    }
}
