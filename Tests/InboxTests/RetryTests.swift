import HTTPWire
import Inbox
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// A delivery that failed is not lost: its order comes in once the cause is mended.
@Suite struct RetryTests {
    private func fail(_ count: Int, in scene: Scene) async throws {
        for number in 0..<count { _ = try await scene.deliver("poison", ["x-topic": "t", "x-id": "p\(number)"]) }
        try await scene.process {
            try await scene.count("SELECT count(*) FROM inbox.webhook WHERE state = 'failed'") == count
        }
    }

    private func jobs(_ state: String, in scene: Scene) async throws -> Int {
        try await scene.count("SELECT count(*) FROM jobs.job WHERE kind = 'inbox.process' AND state = \(state)")
    }

    @Test func aFailedDeliveryIsProcessedOnceTheCauseIsMendedAndLeavesNoDeadJob() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            try await fail(1, in: scene)
            let id = try #require(try await scene.inbox.failedDeliveries(limit: 10).first?.id)
            scene.mended.add(true)
            #expect(try await scene.inbox.retry(id) == .queued)
            #expect(try await scene.inbox.retry(id) == .notFailed)
            #expect(try await scene.inbox.failedDeliveries(limit: 10).isEmpty)
            #expect(try await jobs("dead", in: scene) == 0)
            #expect(try await jobs("ready", in: scene) == 1)
            try await scene.process { scene.handled.count == 1 }
            #expect(scene.handled.all.map(\.id) == [id])
            #expect(scene.handled.all.map(\.correlationID.text) == ["call-1"])
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook WHERE state = 'processed'") == 1)
        }
    }

    @Test func aDeadJobThatWasPrunedIsReplacedByANewOneOfTheSameCorrelation() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            try await fail(1, in: scene)
            try await database.execute("DELETE FROM jobs.job")
            scene.mended.add(true)
            #expect(try await scene.inbox.retryFailed(limit: 100) == 1)
            try await scene.process { scene.handled.count == 1 }
            let correlation: String = try await database.query(
                "SELECT correlation_id FROM jobs.job WHERE kind = 'inbox.process'")[0]("correlation_id")
            #expect(correlation == "call-1")
        }
    }

    @Test func aRetryThatFailsAgainIsShownAgain() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            try await fail(1, in: scene)
            #expect(try await scene.inbox.retryFailed(limit: 100) == 1)
            try await scene.process { try await scene.inbox.failedDeliveries(limit: 10).count == 1 }
            #expect(try await jobs("dead", in: scene) == 1)
        }
    }

    @Test func allFailedOnesComeBackUpToTheLimitAndErasedOnesStay() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            try await fail(5, in: scene)
            let erased = try #require(try await scene.inbox.failedDeliveries(limit: 10).last?.id)
            try await database.execute(
                "UPDATE inbox.webhook SET body = NULL, erased_at = jobs.clock() WHERE id = \(erased)")
            #expect(try await scene.inbox.retry(erased) == .erased)
            #expect(try await scene.inbox.retryFailed(limit: 3) == 3)
            #expect(try await scene.inbox.retryFailed(limit: 100) == 1)
            #expect(try await scene.inbox.retryFailed(limit: 100) == 0)
            #expect(try await scene.inbox.failedDeliveries(limit: 10).map(\.id) == [erased])
            #expect(try await scene.inbox.retry(Identities.system.make()) == .unknown)
            #expect(try await jobs("ready", in: scene) == 4)
        }
    }
}
