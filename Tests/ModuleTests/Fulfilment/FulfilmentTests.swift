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

private struct NoShipments: ShippingContract {
    func shipments(of orders: [OrderID]) async throws -> [ShipmentView] { [] }
}

/// Shopify with one fulfilment order, whose id changes when a test says so.
private final class Shop: Sendable {
    struct State: Sendable {
        var fulfilmentOrder = 10
        /// Takes fulfilments for this fulfilment order only; nil: for none.
        var takes: Int? = 10
        var made = 0
        var display = "UNFULFILLED"
    }

    let state = Mutex(State())

    func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func reply(to request: ScriptedServer.Received) -> ScriptedServer.Reply {
        state.withLock { state in
            guard request.text.contains("fulfillmentCreate") else { return .json(Self.order(state)) }
            guard let takes = state.takes,
                request.text.contains("FulfillmentOrder\\/\(takes)\"")
                    || request.text.contains("FulfillmentOrder/\(takes)\"")
            else {
                return .json(
                    """
                    {"data":{"fulfillmentCreate":{"fulfillment":null,
                     "userErrors":[{"field":[],"message":"Fulfillment order does not exist."}]}}}
                    """)
            }
            state.made += 1
            return .json(
                """
                {"data":{"fulfillmentCreate":{"fulfillment":{"id":"gid://shopify/Fulfillment/77","name":"#5.1",
                 "status":"SUCCESS"},"userErrors":[]}}}
                """)
        }
    }

    private static func order(_ state: State) -> String {
        """
        {"data":{"order":{"id":"gid://shopify/Order/5","name":"#5","cancelledAt":null,
         "displayFulfillmentStatus":"\(state.display)","fulfillments":[],
         "fulfillmentOrders":{"pageInfo":{"hasNextPage":false},"nodes":[
          {"id":"gid://shopify/FulfillmentOrder/\(state.fulfilmentOrder)","status":"OPEN",
           "supportedActions":[{"action":"CREATE_FULFILLMENT"}],
           "assignedLocation":{"location":{"id":"gid://shopify/Location/77"}},
           "deliveryMethod":{"methodType":"SHIPPING"},
           "lineItems":{"pageInfo":{"hasNextPage":false},"nodes":[
            {"id":"gid://shopify/FulfillmentOrderLineItem/1","totalQuantity":1,"remainingQuantity":1,
             "lineItem":{"id":"gid://shopify/LineItem/1001"}}]}}]}}}}
        """
    }
}

private struct FulfilmentBench: Sendable {
    let bench: RoomBench
    let shop: Shop
    let rooms: [JobRegistration]

    func plan() async throws { try await bench.run("fulfilment.plan", bench.reference, in: rooms) }
    func create(_ payload: String) async throws { try await bench.run("fulfilment.create", payload, in: rooms) }
    func planned() async throws -> [String] { try await bench.waiting("fulfilment.create") }

    func fulfilments() async throws -> [FulfilmentView] {
        try await FulfilmentStorage.views(of: [bench.orderID], in: bench.database)
    }

    func problem() async throws -> Attention? {
        try await FulfilmentStorage.planProblems(of: [bench.orderID], in: bench.database)[bench.orderID]
    }

    func want(_ quantities: [Int64: Int], isWanted: Bool = true) {
        bench.orders.set(
            FulfilmentOrderView(
                shopifyOrderID: 5, orderNumber: "#5", isReady: true, isCancelled: false, isWanted: isWanted,
                quantities: quantities))
    }
}

private func withFulfilment(
    shippingEnabled: Bool = false, _ body: (FulfilmentBench) async throws -> Void
) async throws {
    try await withDatabase { database in
        let shop = Shop()
        let server = try ScriptedServer { shop.reply(to: $0) }
        let http = HTTPClient(logger: Logger(label: "test"))
        let bench = RoomBench(database: database)
        let module = FulfilmentModule(
            database: database, outbox: bench.outbox, effects: bench.effects(), orders: bench.orders,
            shipping: NoShipments(),
            client: ShopifyClient(
                configuration: ShopifyConfiguration(
                    shopDomain: "forma3d.myshopify.com", apiURL: server.url, accessToken: "token", timeoutSeconds: 5),
                http: http, logger: Logger(label: "test")),
            callTimeoutSeconds: 5, shippingEnabled: shippingEnabled, identities: .system, time: .system)
        let fulfilment = FulfilmentBench(bench: bench, shop: shop, rooms: module.registrations)
        fulfilment.want([1_001: 1])
        defer { server.stop() }
        try await body(fulfilment)
        await http.close()
    }
}

@Suite(.timeLimit(.minutes(5))) struct FulfilmentTests {
    @Test func whatShopifyRefusesIsPlannedAnewFromItsFulfilmentOrdersOfNow() async throws {
        try await withFulfilment { room in
            try await room.plan()
            room.shop.change {
                $0.fulfilmentOrder = 11
                $0.takes = 11
            }
            try await room.create(room.planned()[0])
            let left = try await room.fulfilments()
            #expect(left.isEmpty)
            let replanned = try await room.bench.waiting("fulfilment.plan")
            #expect(replanned.count == 1)
            try await room.bench.run("fulfilment.plan", replanned[0], in: room.rooms)
            try await room.create(try #require(try await room.planned().last))
            let made = try await room.fulfilments()
            #expect(made.map(\.state) == [.created])
            let said = try await room.bench.events("order.fulfilled")
            #expect(said == 1)
        }
    }

    /// Whole again after a reprint is said again: whoever was fulfilled stays fulfilled once.
    @Test func anOrderThatIsSaidReadyAgainIsFulfilledOnce() async throws {
        try await withFulfilment { room in
            try await room.plan()
            try await room.plan()
            let planned = try await room.planned()
            #expect(planned.count == 1)
            try await room.create(planned[0])
            try await room.plan()
            #expect(try await room.planned().count == 1)
            #expect(try await room.fulfilments().map(\.state) == [.created])
            #expect(room.shop.state.withLock(\.made) == 1)
            let said = try await room.bench.events("order.fulfilled")
            #expect(said == 1)
        }
    }

    @Test func replansEndAndARetryStartsThemAfresh() async throws {
        try await withFulfilment { room in
            room.shop.change { $0.takes = nil }
            for _ in 0..<FulfilmentJobs.replansMaximum {
                try await room.plan()
                try await room.create(try #require(try await room.planned().last))
            }
            try await room.plan()
            let last = try #require(try await room.planned().last)
            await #expect(throws: VendorFailure.self) { try await room.create(last) }
            try await room.bench.bury("fulfilment.create", last, in: room.rooms)
            let dead = try await room.fulfilments()
            #expect(dead.map(\.attention?.code) == ["fulfilment-refused"])

            room.shop.change { $0.takes = 10 }
            try await room.create(last)
            try await room.plan()
            try await room.create(try #require(try await room.planned().last))
            let made = try await room.fulfilments()
            #expect(made.map(\.state) == [.created])
            #expect(room.shop.state.withLock(\.made) == 1)
        }
    }

    @Test func nothingLeftEndsQuietlyAndShowsIt() async throws {
        try await withFulfilment { room in
            room.want([:], isWanted: false)
            try await room.plan()
            let problem = try await room.problem()
            #expect(problem?.code == "nothing-to-fulfil")
            room.shop.change { $0.display = "FULFILLED" }
            try await room.plan()
            let said = try await room.bench.events("order.fulfilled")
            #expect(said == 1)
            let mended = try await room.problem()
            #expect(mended == nil)
        }
    }

    @Test func aRefundedOrderIsNotFulfilled() async throws {
        try await withFulfilment { room in
            room.want([1_001: 1], isWanted: false)
            try await room.plan()
            let planned = try await room.planned()
            #expect(planned.isEmpty)
        }
    }

    @Test func withShippingOnNothingIsFulfilledWithoutAParcel() async throws {
        try await withFulfilment(shippingEnabled: true) { room in
            try await room.plan()
            let planned = try await room.planned()
            #expect(planned.isEmpty)
        }
    }
}
