import FoundationEssentials
import HTTPWire
import Testing

@testable import Forma3DSandbox

@Suite struct ShopifyShopTests {
    @Test func fulfilmentOrdersComeAMomentAfterTheOrder() throws {
        var shop = Shop()
        let node = try OrderFactory.order(
            from: ["lines": [["sku": "A"]]], id: 5_000_000_000_001, number: 1_001, at: shop.now)
        let placed = shop.shop.place(node, bytes: nil, topics: [], at: shop.now)
        #expect(shop.fulfilmentOrder(of: placed.id) == nil)
        shop.pass(3)
        let made = try #require(shop.fulfilmentOrder(of: placed.id))
        #expect(made.status == .open)
        #expect(made.remaining == 1)
    }

    @Test func aWholeFulfilmentClosesEverythingAndTellsEverybody() throws {
        var shop = Shop()
        let id = try shop.order()
        _ = shop.shop.takeOutgoing()
        let target = try #require(shop.fulfilmentOrder(of: id))
        let answer = shop.fulfil([(target.id, nil)])
        let made = try #require(answer.at("data", "fulfillmentCreate", "fulfillment"))
        #expect(made["name"] == "#1001.1")
        #expect(made["status"] == "SUCCESS")
        #expect(made["displayStatus"] == "FULFILLED")
        #expect(made.at("trackingInfo", "0", "number") == "3S1")
        #expect(made.at("fulfillmentLineItems", "nodes", "0", "quantity") == 2)
        #expect(answer.at("data", "fulfillmentCreate", "userErrors") == [])
        #expect(shop.fulfilmentOrder(of: id)?.status == .closed)
        #expect(shop.shop.displayFulfilmentStatus(of: id) == "FULFILLED")
        let hooks = shop.shop.takeOutgoing()
        #expect(hooks.map(\.topic) == ["fulfillments/create", "orders/updated", "orders/fulfilled"])
        #expect(Set(hooks.map(\.eventID)).count == 1)
        let order = try #require(JSONNode.parse(hooks[1].body))
        #expect(order["fulfillment_status"] == "fulfilled")
        #expect(order.at("line_items", "0", "fulfillable_quantity") == 0)
        #expect(order.at("fulfillments", "0", "tracking_number") == "3S1")
    }

    @Test func refusalsAreTheRecordedOnes() throws {
        var shop = Shop(locations: 2)
        let first = try shop.order([["sku": "A", "quantity": 1], ["sku": "B", "quantity": 1]])
        let second = try shop.order([["sku": "A", "quantity": 1]])
        let a = try #require(shop.fulfilmentOrder(of: first, 0))
        let b = try #require(shop.fulfilmentOrder(of: first, 1))
        let other = try #require(shop.fulfilmentOrder(of: second, 0))
        func refusal(_ answer: JSONNode) -> JSONNode? {
            #expect(answer.at("data", "fulfillmentCreate", "fulfillment") == .some(.null))
            return answer.at("data", "fulfillmentCreate", "userErrors", "0")
        }
        func general(_ message: String) -> JSONNode { ["field": ["fulfillment"], "message": .string(message)] }
        #expect(refusal(shop.fulfil([(999_999_999, nil)])) == general("Fulfillment order does not exist."))
        #expect(
            refusal(shop.fulfil([(999, [(999, 0)])])) == [
                "field": [
                    "fulfillment", "lineItemsByFulfillmentOrder", "0", "fulfillmentOrderLineItems", "0", "quantity",
                ], "message": "Quantity must be greater than 0",
            ])
        #expect(
            refusal(shop.fulfil([(a.id, [(a.lines[0].id, 2)])]))
                == general("Invalid fulfillment order line item quantity requested."))
        #expect(
            refusal(shop.fulfil([(a.id, [(999, 1)])])) == general("Fulfillment order line item does not exist."))
        #expect(
            refusal(shop.fulfil([(a.id, nil), (other.id, nil)]))
                == general(
                    "All fulfillment orders must belong to the same order. "
                        + "Multiple orders with ids [\(first), \(second)] were found."))
        #expect(
            refusal(shop.fulfil([(a.id, nil), (b.id, nil)]))
                == general(
                    "All fulfillment orders must be assigned to a single location. Multiple locations with ids "
                        + "[\(a.location.id), \(b.location.id)] were found."))
        _ = shop.fulfil([(a.id, nil)])
        #expect(
            refusal(shop.fulfil([(a.id, nil)]))
                == general("Fulfillment order \(a.id) has an unfulfillable status= closed."))
        #expect(shop.shop.displayFulfilmentStatus(of: first) == "PARTIALLY_FULFILLED")
        #expect(shop.shop.fulfilments.count == 1)
    }

    @Test func cancellingAWholeFulfilmentOpensANewFulfilmentOrder() throws {
        var shop = Shop()
        let id = try shop.order()
        let target = try #require(shop.fulfilmentOrder(of: id))
        let gid = try #require(
            shop.fulfil([(target.id, nil)]).at("data", "fulfillmentCreate", "fulfillment", "id")?.string)
        let query = """
            mutation C($id: ID!) { fulfillmentCancel(id: $id) {
              fulfillment { status displayStatus } userErrors { field message } } }
            """
        for _ in 0..<2 {
            let answer = shop.ask(query, ["id": .string(gid)])
            #expect(
                answer.at("data", "fulfillmentCancel") == [
                    "fulfillment": ["status": "CANCELLED", "displayStatus": "CANCELED"], "userErrors": [],
                ])
        }
        #expect(shop.fulfilmentOrder(of: id, 0)?.status == .closed)
        #expect(shop.fulfilmentOrder(of: id, 1)?.status == .open)
        #expect(shop.fulfilmentOrder(of: id, 2) == nil)
        #expect(shop.shop.displayFulfilmentStatus(of: id) == "UNFULFILLED")
        let unknown = shop.ask(query, ["id": "gid://shopify/Fulfillment/999999999999991"])
        #expect(
            unknown.at("data", "fulfillmentCancel", "userErrors")
                == [["field": ["id"], "message": "Fulfillment not found."]])
    }

    @Test func cancellingAPartGrowsTheSameFulfilmentOrder() throws {
        var shop = Shop()
        let id = try shop.order()
        let target = try #require(shop.fulfilmentOrder(of: id))
        _ = shop.fulfil([(target.id, [(target.lines[0].id, 1)])])
        #expect(shop.fulfilmentOrder(of: id)?.remaining == 1)
        let made = try #require(shop.shop.fulfilmentSequence.first)
        _ = shop.shop.cancelFulfilment(made, at: shop.now)
        #expect(shop.fulfilmentOrder(of: id)?.remaining == 2)
        #expect(shop.fulfilmentOrder(of: id, 1) == nil)
    }

    @Test func trackingIsReplacedAsAWhole() throws {
        var shop = Shop()
        let id = try shop.order()
        let target = try #require(shop.fulfilmentOrder(of: id))
        _ = shop.fulfil([(target.id, nil)])
        let made = try #require(shop.shop.fulfilmentSequence.first)
        let answer = shop.ask(
            """
            mutation T($id: ID!, $t: FulfillmentTrackingInput!) {
              fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $t) {
                fulfillment { trackingInfo { number url company } } userErrors { message } } }
            """, ["id": .string(GlobalID.text("Fulfillment", made)), "t": ["number": "N2"]])
        #expect(
            answer.at("data", "fulfillmentTrackingInfoUpdate", "fulfillment", "trackingInfo")
                == [["number": "N2", "url": nil, "company": nil]])
    }

    @Test func anOrderIsCancelledALittleLaterAndOnlyOnce() throws {
        var shop = Shop()
        let id = try shop.order()
        _ = shop.shop.takeOutgoing()
        let query = """
            mutation X($o: ID!) { orderCancel(orderId: $o, reason: OTHER, restock: false) {
              job { done } orderCancelUserErrors { field message code } } }
            """
        let variables: JSONNode = ["o": .string(GlobalID.text("Order", id))]
        #expect(shop.ask(query, variables).at("data", "orderCancel", "job", "done") == false)
        #expect(shop.shop.orders[id]?.cancelledAt == nil)
        shop.pass(3)
        #expect(shop.shop.orders[id]?.cancelledAt != nil)
        #expect(shop.fulfilmentOrder(of: id)?.status == .closed)
        #expect(shop.fulfilmentOrder(of: id)?.remaining == 2)
        #expect(shop.shop.takeOutgoing().map(\.topic) == ["orders/cancelled", "orders/updated"])
        #expect(
            shop.ask(query, variables).at("data", "orderCancel", "orderCancelUserErrors")
                == [
                    [
                        "field": ["orderId"], "message": "Cannot cancel an order that has already been canceled",
                        "code": "INVALID",
                    ]
                ])
    }

    @Test func ordersAreFoundByTimeAndPagedByCursor() throws {
        var shop = Shop()
        var ids: [Int64] = []
        for _ in 0..<5 { ids.append(try shop.order()) }
        let since = VendorTime.utcSeconds(try #require(shop.shop.orders[ids[1]]?.updatedAt))
        let query = """
            query R($q: String!, $after: String) { orders(first: 2, after: $after, sortKey: UPDATED_AT, query: $q) {
              pageInfo { hasNextPage endCursor } nodes { legacyResourceId } } }
            """
        var seen: [String] = []
        var after: JSONNode = .null
        while true {
            let page = shop.ask(query, ["q": .string("updated_at:>='\(since)'"), "after": after]).at("data", "orders")
            seen += (page?["nodes"]?.array ?? []).compactMap { $0["legacyResourceId"]?.string }
            after = page?.at("pageInfo", "endCursor") ?? .null
            guard page?.at("pageInfo", "hasNextPage") == true else { break }
        }
        #expect(seen == ids.dropFirst().map { String($0) })
    }

    @Test func withoutTheScopeTheListIsEmptyNotAnError() throws {
        var shop = Shop()
        let id = try shop.order()
        shop.shop.settings.scopes = ["read_orders"]
        let query = "query Q($id: ID!) { order(id: $id) { fulfillmentOrders(first: 5) { nodes { id } } } }"
        let answer = shop.ask(query, ["id": .string(GlobalID.text("Order", id))])
        #expect(answer.at("data", "order", "fulfillmentOrders", "nodes") == [])
        #expect(answer["errors"] == nil)
        let target = try #require(shop.fulfilmentOrder(of: id))
        #expect(shop.fulfil([(target.id, nil)]).at("errors", "0", "extensions", "code") == "ACCESS_DENIED")
    }

    @Test func eightFailuresDeleteASubscriptionMadeByAPI() throws {
        var shop = Shop()
        let query = """
            mutation W($t: WebhookSubscriptionTopic!, $w: WebhookSubscriptionInput!) {
              webhookSubscriptionCreate(topic: $t, webhookSubscription: $w) {
                webhookSubscription { id topic uri } userErrors { field message } } }
            """
        let input: JSONNode = ["t": "ORDERS_CREATE", "w": ["uri": "https://a.example/hook"]]
        let made = shop.ask(query, input).at("data", "webhookSubscriptionCreate", "webhookSubscription")
        #expect(made?["topic"] == "ORDERS_CREATE")
        #expect(
            shop.ask(query, input).at("data", "webhookSubscriptionCreate", "userErrors", "0", "message")
                == "Address for this topic has already been taken")
        let http: JSONNode = ["t": "ORDERS_PAID", "w": ["uri": "http://a.example/hook"]]
        #expect(
            shop.ask(query, http).at("data", "webhookSubscriptionCreate", "userErrors", "0", "message")
                == "Address protocol http:// is not supported")
        _ = try shop.order()
        #expect(shop.shop.takeOutgoing().filter { $0.topic == "orders/create" }.count == 2)
        let id = try #require(shop.shop.subscriptions.keys.first)
        for _ in 0..<8 { shop.shop.noteDelivery(to: id, succeeded: false) }
        #expect(shop.shop.subscriptions.isEmpty)
    }

    @Test func wholeBodiesKeepTheirBytesUntilTheShopChangesThem() throws {
        var shop = Shop()
        let text = ##"{ "id": 820982911946154508, "name":"#9", "line_items":[{"id":1,"quantity":1}], "x": 1.50 }"##
        let bytes = Array(text.utf8)
        let node = try #require(JSONNode.parse(bytes))
        let placed = shop.shop.place(node, bytes: bytes, topics: ["orders/create"], at: shop.now)
        #expect(placed.id == 820_982_911_946_154_508)
        #expect(shop.shop.takeOutgoing().first?.body == bytes)
        shop.pass(3)
        let target = try #require(shop.fulfilmentOrder(of: placed.id))
        _ = shop.fulfil([(target.id, nil)])
        let updated = try #require(shop.shop.takeOutgoing().first { $0.topic == "orders/updated" })
        #expect(JSONNode.parse(updated.body)?["x"] == .number("1.50"))
    }

    @Test func theShortFormBecomesACompleteOrder() throws {
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        let node = try OrderFactory.order(
            from: [
                "lines": [
                    ["sku": "A", "quantity": 3, "price": "10.50", "properties": ["Colour": "red"]],
                    ["sku": nil, "title": "Odd", "giftCard": true],
                ], "email": "a@example.com", "address": ["name": "An Peeters", "zip": "2000", "city": "Antwerpen"],
            ], id: 6_198_424_240_428, number: 1_001, at: now)
        #expect(node["total_line_items_price"] == "51.45")
        #expect(node["created_at"]?.string?.hasSuffix("+01:00") == true)
        #expect(node.at("line_items", "0", "properties") == [["name": "Colour", "value": "red"]])
        #expect(node.at("line_items", "1", "sku") == .some(.null))
        #expect(node.at("line_items", "1", "product_id") == .some(.null))
        #expect(node.at("line_items", "1", "requires_shipping") == false)
        #expect(node.at("shipping_address", "last_name") == "Peeters")
        #expect(node.at("shipping_address", "province") == .some(.null))
        #expect(node["admin_graphql_api_id"] == "gid://shopify/Order/6198424240428")
        #expect(throws: OrderFactory.Refusal.self) {
            try OrderFactory.order(from: ["lines": [["quantity": 0]]], id: 1, number: 1, at: now)
        }
    }

    @Test func restListsPageByPageWithTheFieldsThatWereAskedForAndForgetsNoFilter() throws {
        var shop = Shop()
        let ids = try (0..<5).map { _ in try shop.order() }
        let cancelled = shop.shop.cancel(ids[0], reason: "customer", at: shop.now)
        #expect(cancelled)
        var query: [(name: String, value: String)] = [("status", "any"), ("limit", "2"), ("fields", "id,updated_at")]
        var seen: [Int64] = []
        while true {
            let answer = shop.shop.answer(
                rest: request(.get, "admin/api/2026-07/orders.json", query: query), below: "", at: shop.now)
            let orders = answer.body["orders"]?.array ?? []
            #expect(orders.allSatisfy { $0.members?.count == 2 })
            seen += orders.compactMap { $0["id"]?.integer }
            guard let info = answer.link?.split(separator: "page_info=").last?.prefix(while: { $0 != "&" && $0 != ">" })
            else { break }
            let cursor = info.replacing("%3D", with: "=").replacing("%2B", with: "+")
            query = [("limit", "2"), ("fields", "id,updated_at"), ("page_info", String(cursor))]
        }
        #expect(seen == ids.sorted().reversed(), "the cancelled one as well, on whatever page")
    }

    @Test func restAnswersTheSameState() throws {
        var shop = Shop()
        let id = try shop.order()
        let list = shop.shop.answer(
            rest: request(.get, "admin/api/2026-07/orders/\(id)/fulfillment_orders.json"), below: "", at: shop.now)
        let target = try #require(list.body.at("fulfillment_orders", "0", "id"))
        let body: JSONNode = [
            "fulfillment": [
                "line_items_by_fulfillment_order": [["fulfillment_order_id": target]],
                "tracking_info": ["number": "1Z", "company": "UPS"],
            ]
        ]
        let path = "admin/api/2026-07/fulfillments.json"
        let made = shop.shop.answer(rest: request(.post, path, body: body), below: "", at: shop.now)
        #expect(made.status == 201)
        #expect(made.body.at("fulfillment", "tracking_numbers") == ["1Z"])
        let again = shop.shop.answer(rest: request(.post, path, body: body), below: "", at: shop.now)
        #expect(again.status == 422)
        #expect(again.body == ["errors": ["The fulfillment order is not in an open state."]])
    }
}
