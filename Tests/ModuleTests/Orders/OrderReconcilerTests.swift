import Contracts
import FoundationEssentials
import Inbox
import Jobs
import Kernel
import Orders
import Postgres
import TestKit
import Testing

/// An order whose webhook was lost.
@Suite struct OrderReconcilerTests {
    @Test func whatTheShopHasAndWeHaveNotComesInOnceOverAllPages() async throws {
        try await RESTShop.with { shop in
            try await shop.run("orders.reconcile")
            for id in 101...105 { try await shop.touch(Int64(id), secondsAgo: 120) }
            try await shop.run("orders.reconcile")
            #expect(shop.bodyCalls == 5)
            try await shop.process()
            for id in 101...105 {
                #expect(try await shop.view(Int64(id))?.status == .mapped, "order \(id)")
            }
            let deliveries = try await shop.inbox.deliveries(.init(limit: 10))
            #expect(deliveries.count == 5 && deliveries.allSatisfy { $0.isSynthetic && $0.state == .processed })
            #expect(deliveries.allSatisfy { $0.source == "shopify" && $0.subject != nil })
            try await shop.run("orders.reconcile")
            try await shop.run("orders.sweep")
            #expect(shop.bodyCalls == 5, "nothing is asked for twice")
            #expect(try await shop.inbox.deliveries(.init(limit: 10)).count == 5)
        }
    }

    @Test func onlyANewerRevisionIsFetchedAndAFreshOneIsLeftToItsWebhook() async throws {
        try await RESTShop.with { shop in
            try await shop.run("orders.reconcile")
            try await shop.touch(101, secondsAgo: 300)
            try await shop.touch(102, secondsAgo: 5)
            try await shop.run("orders.reconcile")
            try await shop.process()
            #expect(try await shop.view(101) != nil)
            #expect(try await shop.view(102) == nil, "its webhook may be on the way")
            try await shop.touch(101, secondsAgo: 200, ["financial_status": "voided"])
            try await shop.moveClock(bySeconds: 120)
            try await shop.run("orders.reconcile")
            #expect(shop.bodyCalls == 3)
            try await shop.process()
            #expect(try await shop.view(101)?.financialStatus == "voided")
            #expect(try await shop.view(102)?.status == .mapped)
        }
    }

    /// A round that breaks off moves nothing, and what it had taken in is not taken in again.
    @Test func theWatermarkWaitsForTheLastPage() async throws {
        try await RESTShop.with { shop in
            func watermark() async throws -> Date {
                try await shop.database.query("SELECT watermark FROM orders.reconciliation")[0]("watermark")
            }
            try await shop.run("orders.reconcile")
            let before = try await watermark()
            try await shop.moveClock(bySeconds: 3_600)
            for id in 101...105 { try await shop.touch(Int64(id), secondsAgo: 120) }
            shop.holder.change { $0.pagesMaximum = 1 }
            await #expect(throws: VendorFailure.self) { try await shop.run("orders.reconcile") }
            #expect(try await watermark() == before)
            shop.holder.change { $0.pagesMaximum = .max }
            try await shop.run("orders.reconcile")
            #expect(try await watermark() > before)
            try await shop.moveClock(bySeconds: 7_200)
            let calls = shop.holder.now.calls.count
            try await shop.run("orders.reconcile")
            #expect(shop.holder.now.calls.count == calls + 3, "the same five again: 15 minutes before the watermark")
            #expect(shop.bodyCalls == 5)
        }
    }

    @Test func aWindowWithTooManyPagesIsAskedForInHalvesAndTheWatermarkMoves() async throws {
        try await RESTShop.with { shop in
            let reconciler = OrderReconciler(
                database: shop.database, outbox: Outbox(wakeUps: WakeUps()), identities: .system,
                client: shop.client, everySeconds: 300, pagesMaximum: 2, logger: .noWhere)
            let registration = try #require(reconciler.registrations.first { $0.kind == "orders.reconcile" })
            func round() async throws -> Date {
                let job = Job(
                    id: 1, kind: "orders.reconcile", payload: "{}", subject: nil, fence: 1, claims: 1,
                    correlationID: .make(.system))
                let commit = try await registration.handle(job)
                try await shop.database.transaction { try await commit?($0) }
                return try await shop.database.query("SELECT watermark FROM orders.reconciliation")[0]("watermark")
            }
            let before = try await round()
            try await shop.moveClock(bySeconds: 3_600)
            for id in 101...112 { try await shop.touch(Int64(id), secondsAgo: Double(id - 100) * 200) }
            // Of one moment, and too many: what is listed of them is taken in, and nothing is given up.
            for id in 201...206 { try await shop.touch(Int64(id), secondsAgo: 100) }
            #expect(try await round() > before)
            try await shop.process()
            for id in 101...112 { #expect(try await shop.view(Int64(id)) != nil, "order \(id)") }
            #expect(shop.bodyCalls >= 12)
        }
    }

    @Test func anOddTimeInTheFutureHidesNoOtherOrder() async throws {
        try await RESTShop.with { shop in
            try await shop.run("orders.reconcile")
            try await shop.touch(101, secondsAgo: -86_400)
            try await shop.run("orders.reconcile")
            try await shop.touch(102, secondsAgo: 61)
            try await shop.run("orders.reconcile")
            try await shop.process()
            #expect(try await shop.view(102) != nil)
        }
    }

    @Test func whatWasBeforeUsStaysOutsideAndTheSweepFindsWhatTheRoundsMissed() async throws {
        try await RESTShop.with { shop in
            try await shop.touch(100, secondsAgo: 86_400)
            try await shop.run("orders.reconcile")
            try await shop.run("orders.sweep")
            #expect(shop.bodyCalls == 0)
            try await shop.moveClock(bySeconds: 86_400)
            try await shop.touch(101, secondsAgo: 40_000)
            try await shop.database.execute("UPDATE orders.reconciliation SET watermark = jobs.clock()")
            try await shop.run("orders.reconcile")
            #expect(shop.bodyCalls == 0)
            try await shop.run("orders.sweep")
            #expect(shop.bodyCalls == 1)
        }
    }

    @Test func anOrderThatIsGoneMeanwhileStopsNobody() async throws {
        try await RESTShop.with { shop in
            try await shop.run("orders.reconcile")
            try await shop.touch(101, secondsAgo: 100)
            try await shop.touch(102, secondsAgo: 99)
            // Listed under an id that nothing answers to.
            shop.holder.change { state in
                state.orders[999] = state.orders[101]
                state.orders[101] = nil
            }
            try await shop.run("orders.reconcile")
            try await shop.process()
            #expect(try await shop.view(102) != nil)
        }
    }

    /// Both ways in give the same facts, whatever the order looks like.
    @Test func anOrderReadFromTheShopIsTheOrderOfItsWebhook() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var bodies: [(Int64, [String: JSONValue])] = []
        for number in 0..<60 {
            let id = Int64(7_000 + number)
            var order = OrderBody.order
            for key in order.keys.sorted() where !["id", "line_items", "updated_at", "created_at"].contains(key) {
                if Int.random(in: 0..<8, using: &random) == 0 { order[key] = JSONValue.null }
            }
            var line = OrderBody.line
            for (key, value) in Self.changes where Int.random(in: 0..<4, using: &random) == 0 { line[key] = value }
            order["id"] = .integer(id)
            order["line_items"] = [.object(line)]
            bodies.append((id, order))
        }
        try await RESTShop.with { asked in
            try await withShop { told in
                try await asked.run("orders.reconcile")
                asked.holder.change { $0.pageSize = 100 }
                // No more at once than is fetched without a pause.
                for start in stride(from: 0, to: bodies.count, by: 20) {
                    for (id, body) in bodies[start..<min(start + 20, bodies.count)] {
                        try await asked.touch(id, secondsAgo: 100, body)
                        let shown = asked.holder.now.orders[id] ?? [:]
                        try await told.deliver("orders/updated", OrderBody.bytes(.object(shown)))
                    }
                    try await asked.run("orders.reconcile")
                    try await asked.process()
                }
                for (id, _) in bodies {
                    let left = try #require(try await asked.view(id))
                    let right = try #require(
                        try await told.orders.contract.orders(OrderSearch(shopifyOrderID: id)).first)
                    #expect(Facts(left) == Facts(right), "order \(id)")
                }
            }
        }
    }

    private static let changes: [(String, JSONValue)] = [
        ("sku", .null), ("sku", "OTHER"), ("variant_id", 77), ("gift_card", true), ("tip_payment_method", "card"),
        ("requires_shipping", false), ("current_quantity", 1), ("quantity", 3), ("price", 4.5),
        ("properties", [["name": "Engraving", "value": "Ada"]]),
    ]

    /// An order without what each database makes up by itself.
    private struct Facts: Equatable {
        let order: String
        let lines: [String]

        init(_ view: OrderView) {
            order = """
                \(view.orderNumber) \(view.status) \(view.financialStatus ?? "-") \(view.isTest) \(view.currency) \
                \(view.totalPrice.map { "\($0)" } ?? "-") \(view.customerName ?? "-") \(view.email ?? "-") \
                \(view.address.map { "\($0)" } ?? "-") \(view.orderedAt) \(view.cancelledAt.map { "\($0)" } ?? "-") \
                \(view.attention?.code ?? "-")
                """
            lines = view.lineItems.map { line in
                """
                \(line.shopifyLineItemID) \(line.title) \(line.sku ?? "-") \(line.quantity) \(line.currentQuantity) \
                \(line.state) \(line.skippedBecause ?? "-") \(line.copiesTotal)
                """
            }
        }
    }
}

/// A deletion that comes before what it deletes.
@Suite struct TombstoneTests {
    private static let deletion = Array(#"{"id":6198424240428}"#.utf8)

    @Test func aDeletionWinsOverACreationThatComesLater() async throws {
        try await withShop { shop in
            try await shop.deliver("orders/delete", Self.deletion)
            #expect(try await shop.orders.contract.orders(OrderSearch()).isEmpty)
            try await shop.deliver("orders/create", OrderBody.order([:]))
            let order = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
            #expect(order.status == .cancelled && order.cancelledAt != nil && order.lineItems.count == 1)
            #expect(try await shop.orders.contract.production(of: order.id)?.copies.isEmpty == true)
            try await shop.deliver("orders/updated", OrderBody.order(["updated_at": "2026-11-21T00:00:00Z"]))
            #expect(try await shop.orders.contract.orders(OrderSearch()).first?.status == .cancelled)
        }
    }

    @Test func aCancellationWinsOverACreationThatComesLater() async throws {
        try await withShop { shop in
            let cancelled = OrderBody.order([
                "cancelled_at": "2026-11-20T15:00:00Z", "updated_at": "2026-11-20T15:00:00Z",
            ])
            try await shop.deliver("orders/cancelled", cancelled)
            try await shop.deliver("orders/create", OrderBody.order([:]))
            #expect(try await shop.orders.contract.orders(OrderSearch()).first?.status == .cancelled)
        }
    }

    /// Whoever commits second has seen the first.
    @Test func aDeletionAndACreationAtOnceNeverLeaveALivingOrder() async throws {
        try await withShop { shop in
            for number in 0..<40 {
                let id = Int64(9_000 + number)
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try? await shop.deliver("orders/delete", Array("{\"id\":\(id)}".utf8))
                    }
                    group.addTask { try? await shop.deliver("orders/create", OrderBody.order(["id": .integer(id)])) }
                }
                let found = try await shop.orders.contract.orders(OrderSearch(shopifyOrderID: id))
                #expect(found.map(\.status) == [.cancelled], "order \(id)")
            }
        }
    }
}

/// Subscriptions that Shopify deleted.
@Suite struct SubscriptionKeeperTests {
    private func events(_ shop: RESTShop) async throws -> Int {
        try await shop.database.query(
            "SELECT count(*) AS count FROM jobs.event WHERE name = 'webhook-subscription.created'")[0]("count")
    }

    @Test func whatIsMissingIsMadeAndSaidOnce() async throws {
        try await RESTShop.with { shop in
            shop.holder.change { state in
                state.subscriptions = [
                    ("ORDERS_CREATE", RESTShop.address), ("ORDERS_PAID", "https://other.example/webhooks/shopify"),
                ]
            }
            try await shop.run("orders.check-subscriptions")
            let ours = shop.holder.now.subscriptions.filter { $0.uri == RESTShop.address }.map(\.topic)
            #expect(Set(ours).isSuperset(of: ["ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED", "ORDERS_DELETE"]))
            #expect(ours.count == Set(ours).count && ours.count == 7)
            #expect(try await events(shop) == 6)
            try await shop.run("orders.check-subscriptions")
            #expect(try await events(shop) == 6)
            shop.holder.change { $0.subscriptions.removeAll { $0.topic == "ORDERS_UPDATED" } }
            try await shop.run("orders.check-subscriptions")
            #expect(try await events(shop) == 7)
        }
    }

    @Test func aRefusalIsAFailureThatAnOperatorSees() async throws {
        try await RESTShop.with { shop in
            shop.holder.change { $0.isFull = true }
            await #expect(throws: VendorFailure.self) { try await shop.run("orders.check-subscriptions") }
            let said = try await events(shop)
            #expect(said == 0)
        }
    }
}
