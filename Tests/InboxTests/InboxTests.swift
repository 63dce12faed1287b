import FoundationEssentials
import HTTPWire
import Inbox
import Jobs
import Kernel
import Postgres
import Routing
import Synchronization
import TestKit
import Testing

@Suite struct InboxTests {
    @Test func aNewDeliveryIsStoredWithItsJobAndProcessed() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            let answer = try await scene.deliver("hello", ["x-topic": "orders/create", "x-id": "one"])
            #expect(answer.status == 200)
            #expect(answer.text == #"{"status":"accepted"}"#)
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook WHERE state = 'received'") == 1)
            #expect(try await scene.count("SELECT count(*) FROM jobs.job WHERE kind = 'inbox.process'") == 1)
            try await scene.process { scene.handled.count == 1 }
            let webhook = scene.handled.all[0]
            #expect(webhook.body == Array("hello".utf8))
            #expect(webhook.topic == "orders/create")
            #expect(webhook.headers["x-topic"] == "orders/create")
            #expect(webhook.headers["x-signature"] == nil)
            #expect(webhook.correlationID.text == "call-1")
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook WHERE state = 'processed'") == 1)
            let deliveries = try await scene.inbox.deliveries(of: webhook.correlationID)
            #expect(deliveries.map(\.state) == [.processed])
        }
    }

    @Test func aBreakAroundTheCommitIsAnsweredWith503AndTheSendersNextTryIsEnough() async throws {
        for (point, stored) in [("before-webhook-commit", 0), ("after-webhook-commit", 1)] {
            try await withDatabase { database in
                let scene = try Scene(database, faults: FaultPoints(parsing: "\(point):drop*1"))
                let first = try await scene.deliver("hello", ["x-topic": "t", "x-id": "one"])
                #expect(first.status == 503)
                #expect(try await scene.count("SELECT count(*) FROM inbox.webhook") == stored)
                let second = try await scene.deliver("hello", ["x-topic": "t", "x-id": "one"])
                #expect(second.status == 200)
                #expect(try await scene.count("SELECT count(*) FROM inbox.webhook") == 1)
                #expect(try await scene.count("SELECT count(*) FROM jobs.job WHERE kind = 'inbox.process'") == 1)
            }
        }
    }

    @Test func twentyAtOnceAreOneJob() async throws {
        try await withDatabase(poolSize: 20) { database in
            let scene = try Scene(database)
            let answers = Notes<String>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let answer = try await scene.deliver("same", ["x-topic": "t", "x-id": "same"])
                        #expect(answer.status == 200)
                        answers.add(answer.text)
                    }
                }
                try await group.waitForAll()
            }
            #expect(answers.all.filter { $0.contains("accepted") }.count == 1)
            #expect(answers.all.filter { $0.contains("duplicate") }.count == 19)
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook") == 1)
            #expect(try await scene.count("SELECT count(*) FROM jobs.job WHERE kind = 'inbox.process'") == 1)
        }
    }

    @Test func withoutAKeyTopicAndBodyTellDeliveriesApart() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            let texts = try await [
                scene.deliver("a", ["x-topic": "t"]), scene.deliver("a", ["x-topic": "t"]),
                scene.deliver("b", ["x-topic": "t"]), scene.deliver("a", ["x-topic": "u"]),
                scene.deliver("", ["x-topic": "t"]), scene.deliver("", ["x-topic": "t"]),
            ].map(\.text.count)
            let accepted = #"{"status":"accepted"}"#.count
            let duplicate = #"{"status":"duplicate"}"#.count
            #expect(texts == [accepted, duplicate, accepted, accepted, accepted, duplicate])
        }
    }

    @Test func aWrongSignatureIs401AndStoresNothing() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            let answer = try await scene.deliver("hello", ["x-topic": "t"], signature: "forged")
            #expect(answer.status == 401)
            #expect(!answer.text.contains("forged"))
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook") == 0)
            #expect(try await scene.count("SELECT count(*) FROM inbox.processed_webhook") == 0)
            #expect(try await scene.count("SELECT count(*) FROM jobs.job") == 0)
        }
    }

    @Test func aBodyAboveTheLimitIs413() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            let limit = try await scene.deliver(String(repeating: "x", count: Scene.bodyLimit), [:])
            let above = try await scene.deliver(String(repeating: "x", count: Scene.bodyLimit + 1), [:])
            #expect(limit.status == 200)
            #expect(above.status == 413)
        }
    }

    @Test func aDatabaseThatIsAwayIs503WithRetryAfter() async throws {
        var configuration = DatabaseConfiguration(url: "postgresql://nobody@127.0.0.1:1/none")
        configuration.connectTimeoutSeconds = 2
        configuration.checkoutTimeoutSeconds = 2
        let database = Database(configuration, logger: .quiet)
        let scene = try Scene(database)
        let answer = try await scene.deliver("hello", [:])
        #expect(answer.status == 503)
        #expect(answer.retryAfterSeconds == 5)
        await database.close()
    }

    @Test func oddTopicsKeysAndHeadersAreStoredAllTheSame() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            let long = String(repeating: "k", count: 5000)
            let first = try await scene.deliver(
                "\u{0}bytes", ["x-topic": "a\u{0}b\n" + long, "x-id": long, "x-odd": "\u{0}"])
            let second = try await scene.deliver("other", ["x-topic": "a", "x-id": long])
            #expect(first.status == 200)
            #expect(second.text.contains("accepted"))
            let topic: String = try await database.query(
                "SELECT topic FROM inbox.webhook ORDER BY received_at LIMIT 1")[0]("topic")
            #expect(topic.hasPrefix("a?b?k"))
            #expect(topic.count == 200)
        }
    }

    @Test func aDeliveryNoModuleCanReadIsMarkedFailedWithTheReason() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            _ = try await scene.deliver("poison", ["x-topic": "t", "x-id": "p"])
            try await scene.process {
                try await scene.count("SELECT count(*) FROM inbox.webhook WHERE state = 'failed'") == 1
            }
            let failed = try await scene.inbox.failedDeliveries(limit: 10)
            #expect(failed.map(\.note) == ["The body is poison."])
            #expect(try await scene.count("SELECT count(*) FROM jobs.job WHERE state = 'dead'") == 1)
        }
    }

    @Test func oneSubjectsBodiesCanBeErasedAndStayKnown() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            _ = try await scene.deliver("mine", ["x-topic": "t", "x-id": "1"])
            _ = try await scene.deliver("mine too", ["x-topic": "t", "x-id": "2"])
            try await scene.process { scene.handled.count == 2 }
            let other = StreamID(Identities.system.uuid())
            #expect(try await scene.inbox.eraseBodies(of: other) == 0)
            #expect(try await scene.inbox.eraseBodies(of: scene.subject) == 2)
            #expect(try await scene.inbox.eraseBodies(of: scene.subject) == 0)
            #expect(
                try await scene.count(
                    "SELECT count(*) FROM inbox.webhook WHERE body IS NULL AND headers = '[]' AND erased_at IS NOT NULL"
                )
                    == 2)
            #expect(try await scene.deliver("mine", ["x-topic": "t", "x-id": "1"]).text.contains("duplicate"))
        }
    }

    @Test func oldBodiesAndKeysArePrunedEachAfterItsOwnTime() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            _ = try await scene.deliver("old", ["x-topic": "t", "x-id": "1"])
            try await scene.process { scene.handled.count == 1 }
            try await scene.moveClock(bySeconds: 73 * 3600)
            try await scene.prune()
            #expect(try await scene.count("SELECT count(*) FROM inbox.processed_webhook") == 0)
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook") == 1)
            try await scene.moveClock(bySeconds: 90 * 86_400)
            _ = try await scene.deliver("new", ["x-topic": "t", "x-id": "2"])
            try await scene.prune()
            #expect(try await scene.count("SELECT count(*) FROM inbox.webhook") == 1)
            #expect(try await scene.count("SELECT count(*) FROM inbox.processed_webhook") == 1)
        }
    }

    @Test func aKeyWhoseTimeIsOverCountsAsNewBeforeItIsPruned() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            _ = try await scene.deliver("a", ["x-topic": "t", "x-id": "1"])
            try await scene.moveClock(bySeconds: 71 * 3600)
            #expect(try await scene.deliver("a", ["x-topic": "t", "x-id": "1"]).text.contains("duplicate"))
            try await scene.moveClock(bySeconds: 2 * 3600)
            #expect(try await scene.deliver("a", ["x-topic": "t", "x-id": "1"]).text.contains("accepted"))
            #expect(try await scene.deliver("a", ["x-topic": "t", "x-id": "1"]).text.contains("duplicate"))
        }
    }

    @Test func everyPathOfASourceIsARoute() async throws {
        try await withDatabase { database in
            let scene = try Scene(database)
            #expect(scene.inbox.routes.map(\.pattern.text) == ["/webhooks/test", "/api/v1/webhooks/test"])
            #expect(scene.inbox.routes.allSatisfy { $0.access == .webhook && $0.method == .post })
        }
    }
}
