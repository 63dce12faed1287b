import Contracts
import Fulfilment
import HTTPClient
import Jobs
import Kernel
import Logging
import Postgres
import Shopify
import TestKit
import Testing

/// One line of an order, split over two locations under one tracking number: its fulfilments look alike.
@Suite(.timeLimit(.minutes(5))) struct SplitFulfilmentTests {
    private static let order = """
        {"data":{"order":{"id":"gid://shopify/Order/5","name":"#5","cancelledAt":null,
         "displayFulfillmentStatus":"FULFILLED","fulfillments":[\(fulfilment(77)),\(fulfilment(78))],
         "fulfillmentOrders":{"pageInfo":{"hasNextPage":false},"nodes":[]}}}}
        """

    private static func fulfilment(_ id: Int) -> String {
        """
        {"id":"gid://shopify/Fulfillment/\(id)","status":"SUCCESS","trackingInfo":[{"number":"3S1"}],
         "fulfillmentLineItems":{"pageInfo":{"hasNextPage":false},"nodes":[
          {"quantity":1,"lineItem":{"id":"gid://shopify/LineItem/1001"}}]}}
        """
    }

    @Test func whatIsRecordedForOneLocationIsNotTakenForTheOthers() async throws {
        try await withDatabase { database in
            let server = try ScriptedServer { _ in .json(Self.order) }
            defer { server.stop() }
            let http = HTTPClient(logger: Logger(label: "test"))
            let effect = ShopifyFulfilmentEffect(
                client: ShopifyClient(
                    configuration: ShopifyConfiguration(
                        shopDomain: "forma3d.myshopify.com", apiURL: server.url, accessToken: "token",
                        timeoutSeconds: 5), http: http, logger: Logger(label: "test")), callTimeoutSeconds: 5
            ) { try await FulfilmentStorage.takenByOthers($0, than: $1, in: database) }
            let request = ShopifyFulfilmentEffect.Request(
                new: NewFulfilment(
                    orderID: 5, fulfilmentOrders: [], tracking: .init(company: nil, number: "3S1", url: nil),
                    notifyCustomer: false), quantities: [1_001: 1])
            let orderID: OrderID = Identities.system.make()
            let first = Fulfilment(id: Identities.system.make(), orderID: orderID, locationID: 1)
            let second = Fulfilment(id: Identities.system.make(), orderID: orderID, locationID: 2)
            try await database.transaction { transaction in
                _ = try await FulfilmentStorage.lockPlan(of: orderID, orderNumber: "#5", in: transaction)
                for var fulfilment in [first, second] {
                    try await FulfilmentStorage.insert(fulfilment, in: transaction)
                    guard fulfilment.id == first.id else { continue }
                    fulfilment.state = .created
                    fulfilment.shopifyFulfillmentID = 77
                    try await FulfilmentStorage.save(&fulfilment, in: transaction)
                }
            }
            #expect(try await effect.lookUp(second.reference, request).map(\.vendorID) == ["78"])
            #expect(try await effect.lookUp(first.reference, request).map(\.vendorID).contains("77"))
            try await database.transaction { transaction in
                guard var locked = try await FulfilmentStorage.lock(second.id, in: transaction) else { return }
                locked.state = .created
                locked.shopifyFulfillmentID = 78
                try await FulfilmentStorage.save(&locked, in: transaction)
            }
            #expect(try await effect.lookUp(first.reference, request).map(\.vendorID) == ["77"])
            #expect(try await effect.lookUp(second.reference, request).map(\.vendorID) == ["78"])
            await http.close()
        }
    }
}
