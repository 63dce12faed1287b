import Contracts
import FoundationEssentials
import Fulfilment
import HTTPClient
import Jobs
import Kernel
import Logging
import Postgres
import Shopify
import Synchronization
import TestKit
import Testing

/// A tracking number that comes after the fulfilment is sent on, once.
@Suite(.timeLimit(.minutes(5))) struct TrackingTests {
    private struct OneShipment: ShippingContract {
        func shipments(of orders: [OrderID]) async throws -> [ShipmentView] {
            orders.map { order in
                ShipmentView(
                    id: Identities.system.make(), orderID: order, state: .labelReady, parcelID: 41,
                    carrierCode: "bpost", trackingNumber: "3S1", trackingURL: "https://track/3S1", weightGrams: 40,
                    hasLabel: true, carrierStatus: nil, createdAt: Date(), updatedAt: Date(), attention: nil)
            }
        }
    }

    /// Shopify with one fulfilment that takes a tracking number.
    private final class Shop: Sendable {
        struct State: Sendable {
            var number: String?
            var updates = 0
            var losesAnswer = false
        }

        let state = Mutex(State())

        func reply(to request: ScriptedServer.Received) -> ScriptedServer.Reply {
            state.withLock { state in
                if request.text.contains("fulfillmentTrackingInfoUpdate") {
                    state.updates += 1
                    state.number = "3S1"
                    if state.losesAnswer {
                        state.losesAnswer = false
                        return .hangUp
                    }
                    return .json(
                        """
                        {"data":{"fulfillmentTrackingInfoUpdate":{"fulfillment":{"id":"gid://shopify/Fulfillment/77",
                         "status":"SUCCESS"},"userErrors":[]}}}
                        """)
                }
                let tracking = state.number.map { "[{\"number\":\"\($0)\"}]" } ?? "[]"
                return .json(
                    """
                    {"data":{"order":{"id":"gid://shopify/Order/5","name":"#5","cancelledAt":null,
                     "displayFulfillmentStatus":"FULFILLED","fulfillments":[
                      {"id":"gid://shopify/Fulfillment/77","status":"SUCCESS","trackingInfo":\(tracking),
                       "fulfillmentLineItems":{"pageInfo":{"hasNextPage":false},"nodes":[]}}],
                     "fulfillmentOrders":{"pageInfo":{"hasNextPage":false},"nodes":[]}}}}
                    """)
            }
        }
    }

    private func withTracking(
        _ body: (RoomBench, Shop, [JobRegistration]) async throws -> Void
    ) async throws {
        try await withDatabase { database in
            let shop = Shop()
            let server = try ScriptedServer { shop.reply(to: $0) }
            defer { server.stop() }
            let http = HTTPClient(logger: Logger(label: "test"))
            let bench = RoomBench(database: database)
            bench.orders.set(
                FulfilmentOrderView(
                    shopifyOrderID: 5, orderNumber: "#5", isReady: true, isCancelled: false, isWanted: true,
                    quantities: [1: 1]))
            let module = FulfilmentModule(
                database: database, outbox: bench.outbox, effects: bench.effects(), orders: bench.orders,
                shipping: OneShipment(),
                client: ShopifyClient(
                    configuration: ShopifyConfiguration(
                        shopDomain: "forma3d.myshopify.com", apiURL: server.url, accessToken: "token",
                        timeoutSeconds: 5), http: http, logger: Logger(label: "test")),
                callTimeoutSeconds: 0, shippingEnabled: true, identities: .system, time: .system)
            try await database.execute(
                "INSERT INTO fulfilment.order_plan (order_id, order_number) VALUES (\(bench.orderID), '#5')")
            try await database.execute(
                """
                INSERT INTO fulfilment.fulfilment (id, order_id, location_id, state, shopify_fulfillment_id,
                    notifies_customer)
                VALUES (gen_random_uuid(), \(bench.orderID), 77, 'created', 77, true)
                """)
            try await body(bench, shop, module.registrations)
            await http.close()
        }
    }

    private func send(_ bench: RoomBench, _ rooms: [JobRegistration]) async throws {
        try await bench.run("fulfilment.send-tracking", bench.reference, in: rooms)
    }

    private func fulfilment(_ bench: RoomBench) async throws -> FulfilmentView {
        try #require(try await FulfilmentStorage.views(of: [bench.orderID], in: bench.database).first)
    }

    @Test func aLateNumberIsSentOnOnce() async throws {
        try await withTracking { bench, shop, rooms in
            try await send(bench, rooms)
            try await send(bench, rooms)
            #expect(shop.state.withLock { $0.updates } == 1)
            let view = try await fulfilment(bench)
            #expect(view.state == .trackingSent)
            #expect(view.trackingNumber == "3S1")
            #expect(view.trackingCompany == "BPost")
        }
    }

    @Test func aLostAnswerMailsTheCustomerNoSecondTime() async throws {
        try await withTracking { bench, shop, rooms in
            shop.state.withLock { $0.losesAnswer = true }
            await #expect(throws: JobFailure.self) { try await send(bench, rooms) }
            #expect(try await fulfilment(bench).state == .created)
            try await bench.waitUntilNoCallCanBegin()
            try await send(bench, rooms)
            #expect(shop.state.withLock { $0.updates } == 1)
            #expect(try await fulfilment(bench).state == .trackingSent)
        }
    }

    @Test func theEventBringsTheJob() async throws {
        try await withDatabase { database in
            let rows = try await database.query(
                "SELECT kind FROM jobs.subscription WHERE event = \(ShipmentTrackingChanged.name)")
            #expect(try rows.map { try $0("kind") } == ["fulfilment.send-tracking"])
        }
    }
}
