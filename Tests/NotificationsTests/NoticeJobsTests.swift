import Contracts
import HTTPWire
import Jobs
import Kernel
import Notifications
import Postgres
import TestKit
import Testing

@testable import Forma3DSandbox

@Suite(.timeLimit(.minutes(5))) struct NoticeJobsTests {
    @Test func aFailedPrintIsToldOnceToEachOperatorAndBrowser() async throws {
        try await NoticeRoom.with(mails: 2) { room in
            try await room.subscribe()
            try await room.whileRunning(room.system(), room.system()) {
                try await room.sayFailed()
                try await room.settled(3)
            }
            #expect(try await room.states() == ["made", "made", "made"])
            let ids = try await room.mailIDs()
            #expect(ids.count == 2 && Set(ids).count == 2)
            #expect(try await room.pushTopics().count == 1)
            let text = try await room.control("mails", method: .get)["mails"]?.array?.first?["text"]?.string ?? ""
            #expect(text.contains("#1001"))
            #expect(text.contains("https://shop.example/orders/"))
            let push = try await room.ledger()["push"]?["messages"]?.array?.first?["text"]?.string ?? ""
            #expect(push.contains("a print failed"))
            // Of the customer, nothing.
            for word in ["Testa", "Koper", "testa.koper"] { #expect(!text.contains(word) && !push.contains(word)) }
            let references: [String] = try await room.database.query(
                "SELECT reference FROM jobs.effect WHERE kind = 'mail'"
            ).map { try $0("reference") }
            #expect(Set(ids) == Set(references.map { "<\($0)@shop.example>" }))
        }
    }

    @Test func anOrderOfManyUnknownProductsIsOneMail() async throws {
        try await NoticeRoom.with { room in
            try await room.whileRunning(room.system(), room.system()) {
                for _ in 0..<20 {
                    try await room.say(
                        OrderLineUnmapped(orderID: room.order, lineItemID: Identities.system.make()))
                }
                try await room.settled(1)
                try await room.moveClock(bySeconds: Notice.quietSeconds + 1)
                try await room.say(OrderLineUnmapped(orderID: room.order, lineItemID: Identities.system.make()))
                try await room.settled(2)
            }
            #expect(try await room.mailIDs().count == 2)
            let texts = try await room.control("mails", method: .get)["mails"]?.array ?? []
            #expect(texts.last?["text"]?.string?.contains("there were 19 more") == true)
        }
    }

    @Test func aJobThatGaveUpIsToldAndATellingThatGaveUpIsNot() async throws {
        try await NoticeRoom.with { room in
            try await room.whileRunning(room.system()) {
                try await room.say(JobRetryExhausted(jobID: 1, kind: "notifications.send-mail", reason: "no"))
                try await room.say(
                    JobRetryExhausted(jobID: 2, kind: "shipping.create-parcel", reason: "to Testa Koper"))
                try await room.say(
                    JobRetryExhausted(jobID: 3, kind: "orders.map-lines", reason: "no"), about: .system)
                try await room.settled(2)
            }
            let texts = try await room.control("mails", method: .get)["mails"]?.array ?? []
            let all = texts.compactMap { $0["text"]?.string }.joined()
            #expect(all.contains("shipping.create-parcel") && all.contains("orders.map-lines"))
            #expect(!all.contains("Koper"))
        }
    }

    @Test func aBrowserThatUnsubscribedIsForgotten() async throws {
        try await NoticeRoom.with(mails: 0) { room in
            try await room.subscribe()
            _ = try await room.control("push/unsubscribe")
            try await room.whileRunning(room.system()) {
                try await room.sayFailed()
                try await room.settled(1)
            }
            #expect(try await room.states() == ["gone"])
            #expect(try await room.database.query("SELECT 1 AS one FROM notify.push_subscription").isEmpty)
            #expect(try await room.pushTopics().isEmpty)
        }
    }

    @Test func aBrowserThatSubscribesAgainIsTheSame() async throws {
        try await NoticeRoom.with { room in
            try await room.subscribe()
            try await room.subscribe()
            let row = try await room.database.query("SELECT endpoint, p256dh, auth FROM notify.push_subscription")[0]
            let subscriptions = PushSubscriptions(
                database: room.database,
                identity: PushIdentity(
                    key: SandboxCredentials.pushKey, contact: "mailto:a@b.example", allowsLocalServices: true),
                identities: .system)
            let endpoint: String = try row("endpoint")
            let one = try await subscriptions.subscribe(
                endpoint: endpoint, key: try row("p256dh"), authentication: try row("auth"))
            let two = try await subscriptions.subscribe(
                endpoint: endpoint, key: try row("p256dh"), authentication: try row("auth"))
            #expect(one == two)
            try await subscriptions.unsubscribe(one)
            await #expect(throws: Problem.self) { try await subscriptions.unsubscribe(one) }
            await #expect(throws: Problem.self) {
                _ = try await subscriptions.subscribe(
                    endpoint: "gopher://x", key: try row("p256dh"), authentication: "short")
            }
        }
    }

    @Test func oldNoticesGoAndUnknownOnesStay() async throws {
        try await NoticeRoom.with(mails: 2) { room in
            try await room.whileRunning(room.system()) {
                try await room.sayFailed()
                try await room.settled(2)
                try await room.database.execute(
                    "UPDATE notify.delivery SET state = 'unknown' WHERE recipient = 'operator0@example.com'")
                let prune = NewJob("notifications.prune")
                func pruned() async throws -> Int {
                    try await room.moveClock(bySeconds: 91 * 86_400)
                    try await room.database.transaction { transaction in
                        try await Outbox(wakeUps: WakeUps()).enqueue(prune, in: transaction)
                    }
                    try await eventually("the prune") { try await room.liveJobs() == 0 }
                    return try await room.database.query("SELECT 1 AS one FROM notify.notice").count
                }
                #expect(try await pruned() == 1)
                try await room.database.execute("UPDATE notify.delivery SET state = 'made'")
                #expect(try await pruned() == 0)
            }
        }
    }
}
