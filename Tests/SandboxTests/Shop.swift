import FoundationEssentials
import HTTPWire
import Kernel

@testable import Forma3DSandbox

/// A shop outside any server, with a clock the test turns.
struct Shop {
    var shop: ShopifyShop
    var now = Date(timeIntervalSince1970: 1_795_000_000)

    init(locations: Int = 1) {
        var settings = ShopifySettings()
        settings.locations = ShopifySettings.locations(locations)
        shop = ShopifyShop(settings: settings, pace: Pace(1))
    }

    mutating func pass(_ seconds: Double) {
        now = now.addingTimeInterval(seconds)
        shop.advance(to: now)
    }

    /// Places a paid order of those lines and waits for its fulfilment orders.
    mutating func order(_ lines: JSONNode = [["sku": "A", "quantity": 2]]) throws -> Int64 {
        let id = shop.nextID("order", base: 6_198_424_240_428)
        let number = shop.nextNumber("order name") + 1_000
        let node = try OrderFactory.order(from: ["lines": lines], id: id, number: number, at: now)
        _ = shop.place(node, bytes: node.bytes(.shopify), topics: ["orders/create", "orders/paid"], at: now)
        pass(3)
        return id
    }

    mutating func ask(_ query: String, _ variables: JSONNode = [:]) -> JSONNode {
        shop.answer(graphQL: ["query": .string(query), "variables": variables], at: now)
    }

    func fulfilmentOrder(of orderID: Int64, _ index: Int = 0) -> FulfilmentOrder? {
        let ids = shop.fulfilmentOrderIDs[orderID] ?? []
        return ids.indices.contains(index) ? shop.fulfilmentOrders[ids[index]] : nil
    }

    static let create = """
        mutation F($fulfillment: FulfillmentInput!) {
          fulfillmentCreate(fulfillment: $fulfillment) {
            fulfillment { id name status displayStatus trackingInfo { number url company }
              fulfillmentLineItems(first: 5) { nodes { id quantity lineItem { id title } } } }
            userErrors { field message } } }
        """

    /// Runs `fulfillmentCreate` on those fulfilment orders, with lines where given.
    mutating func fulfil(
        _ groups: [(id: Int64, lines: [(id: Int64, quantity: Int)]?)], tracking: String = "3S1"
    ) -> JSONNode {
        let nodes = groups.map { group -> JSONNode in
            var node: JSONNode = [
                "fulfillmentOrderId": .string(GlobalID.text("FulfillmentOrder", group.id))
            ]
            if let lines = group.lines {
                node["fulfillmentOrderLineItems"] = .array(
                    lines.map { line in
                        [
                            "id": .string(GlobalID.text("FulfillmentOrderLineItem", line.id)),
                            "quantity": .integer(line.quantity),
                        ]
                    })
            }
            return node
        }
        return ask(
            Self.create,
            [
                "fulfillment": [
                    "notifyCustomer": true, "lineItemsByFulfillmentOrder": .array(nodes),
                    "trackingInfo": ["number": .string(tracking), "company": "PostNL", "url": "https://t.example/1"],
                ]
            ])
    }
}

extension JSONNode {
    /// A member of a member, `at("data", "order", "id")`; digits step into arrays.
    func at(_ path: String...) -> JSONNode? {
        path.reduce(self) { node, name -> JSONNode? in
            guard let node else { return nil }
            if let index = Int(name), let array = node.array {
                return array.indices.contains(index) ? array[index] : nil
            }
            return node[name]
        }
    }
}

/// A request to a vendor, without a server.
func request(
    _ method: HTTPMethod, _ path: String, query: [(name: String, value: String)] = [], body: JSONNode? = nil
) -> VendorRequest {
    VendorRequest(
        method: method, segments: path.split(separator: "/").map(String.init), query: query,
        fields: ["content-type": "application/json"], body: body?.bytes() ?? [], path: "/\(path)")
}
