import Catalog
import Contracts
import FoundationEssentials
import HTTPWire
import Inbox
import Jobs
import Kernel
import Orders
import Postgres
import TestKit
import Testing

/// Every shape that contracts/shopify.md §1.7 and §5 names, and where it lands.
@Suite struct OrderIntakeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let body: [UInt8]
        let status: OrderStatus
        var attention: String?
        var copies = 2

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "an ordinary paid order", body: OrderBody.order([:]), status: .mapped),
        Case(
            name: "not paid yet", body: OrderBody.order(["financial_status": "pending"]), status: .received, copies: 0),
        Case(
            name: "authorized only", body: OrderBody.order(["financial_status": "authorized"]), status: .received,
            copies: 0),
        Case(name: "voided", body: OrderBody.order(["financial_status": "voided"]), status: .closed, copies: 0),
        Case(
            name: "the test notification, whose id exceeds 2^53",
            body: OrderBody.order([
                "id": 820_982_911_946_154_508, "test": true, "cancelled_at": "2026-11-20T14:03:31+01:00",
                "financial_status": "voided", "fulfillment_status": "pending",
            ]), status: .cancelled, copies: 0),
        Case(
            name: "a test order that is not cancelled", body: OrderBody.order(["test": true]), status: .closed,
            copies: 0),
        Case(
            name: "fulfilled by somebody else before we knew it",
            body: OrderBody.order(["fulfillment_status": "fulfilled"]), status: .closed, copies: 0),
        Case(
            name: "an empty e-mail and no customer", body: OrderBody.order(["email": "", "customer": nil]),
            status: .mapped),
        Case(
            name: "no shipping address", body: OrderBody.order(["shipping_address": nil]), status: .mapped,
            attention: "address-missing"),
        Case(
            name: "an address that says nothing", body: OrderBody.order(["shipping_address": ["name": "A B"]]),
            status: .mapped,
            attention: "address-missing"),
        Case(
            name: "shipping lines null, as a till sends them",
            body: OrderBody.order(["shipping_lines": nil, "source_name": "pos"]), status: .mapped),
        Case(name: "shipping lines absent", body: OrderBody.without("shipping_lines"), status: .mapped),
        Case(
            name: "a custom item without SKU, product and variant",
            body: OrderBody.line(["sku": nil, "product_id": nil, "variant_id": nil, "product_exists": false]),
            status: .needsMapping, attention: "line-unmapped", copies: 0),
        Case(
            name: "an empty SKU found by its variant", body: OrderBody.line(["sku": "", "variant_id": 77]),
            status: .mapped),
        Case(name: "a SKU with spaces around it", body: OrderBody.line(["sku": "  CLIP-1 "]), status: .mapped),
        Case(
            name: "a SKU in another case", body: OrderBody.line(["sku": "clip-1"]), status: .needsMapping,
            attention: "line-unmapped", copies: 0),
        Case(name: "a gift card", body: OrderBody.line(["gift_card": true]), status: .closed, copies: 0),
        Case(name: "a tip", body: OrderBody.line(["tip_payment_method": "card"]), status: .closed, copies: 0),
        Case(name: "a download", body: OrderBody.line(["requires_shipping": false]), status: .closed, copies: 0),
        Case(
            name: "a line that was removed", body: OrderBody.line(["current_quantity": 0]), status: .closed, copies: 0),
        Case(
            name: "a lowered quantity", body: OrderBody.line(["quantity": 5, "current_quantity": 1]), status: .mapped,
            copies: 1),
        Case(
            name: "no current_quantity, as before 2024",
            body: {
                var line = OrderBody.line
                line["current_quantity"] = nil
                return OrderBody.order(["line_items": [.object(line)]])
            }(), status: .mapped),
        Case(
            name: "an item on hold shows nothing fulfillable", body: OrderBody.line(["fulfillable_quantity": 0]),
            status: .mapped),
        Case(name: "properties as an object", body: OrderBody.line(["properties": [:]]), status: .mapped),
        Case(name: "properties null", body: OrderBody.line(["properties": nil]), status: .mapped),
        Case(
            name: "property values that are no text",
            body: OrderBody.line(["properties": [["name": "Width", "value": 412], ["name": "_cfg", "value": nil]]]),
            status: .mapped),
        Case(
            name: "refunds with money as numbers",
            body: OrderBody.order([
                "refunds": [["id": 1, "refund_line_items": [["id": 2, "subtotal": 4.5, "total_tax": 0.94]]]]
            ]), status: .mapped),
        Case(name: "a price as a number", body: OrderBody.line(["price": 4.5]), status: .mapped),
        Case(
            name: "a huge note with emoji and a NUL",
            body: OrderBody.order(["note": .string(String(repeating: "🙏 plastic\u{0}", count: 4_000))]), status: .mapped
        ),
        Case(
            name: "nine digits of fraction", body: OrderBody.order(["updated_at": "2026-11-20T13:03:32.290670248Z"]),
            status: .mapped),
        Case(name: "no updated_at", body: OrderBody.without("updated_at"), status: .mapped),
        Case(name: "no name", body: OrderBody.without("name"), status: .mapped),
        Case(name: "no lines at all", body: OrderBody.order(["line_items": []]), status: .closed, copies: 0),
        Case(
            name: "unknown members everywhere", body: OrderBody.order(["company": ["id": 1], "new_2027": [1, [2]]]),
            status: .mapped),
        Case(
            name: "more pieces than anybody prints",
            body: OrderBody.line(["quantity": 2_000_000_000, "current_quantity": 2_000_000_000]),
            status: .onHold, attention: "too-many-prints", copies: 0),
        Case(
            name: "a negative quantity", body: OrderBody.line(["quantity": -3, "current_quantity": -3]),
            status: .closed, copies: 0),
        Case(
            name: "five hundred lines",
            body: OrderBody.order([
                "line_items": .array(
                    (1...500).map {
                        .object(OrderBody.line.merging(["id": .integer(Int64($0)), "current_quantity": 1]) { $1 })
                    })
            ]), status: .mapped, copies: 500),
    ]

    @Test(arguments: cases)
    func everyShapeLandsWhereAnOperatorUnderstandsIt(_ shape: Case) async throws {
        try await withShop { shop in
            try await shop.deliver("orders/create", shape.body)
            let order = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
            #expect(order.status == shape.status)
            #expect(order.attention?.code == shape.attention)
            let production = try #require(try await shop.orders.contract.production(of: order.id))
            #expect(production.copies.count == shape.copies)
        }
    }

    static let unreadable: [Case] = {
        var noID = OrderBody.order
        noID["id"] = nil
        noID["admin_graphql_api_id"] = nil
        let tooBig = #"{"id": 99999999999999999999999999, "line_items": []}"#
        let notUTF8: [UInt8] = Array(#"{"id": 12, "name": ""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
        func bad(_ name: String, _ body: [UInt8]) -> Case { Case(name: name, body: body, status: .received) }
        return [
            bad("not JSON", Array("{\"id\": 12,".utf8)), bad("empty", []), bad("a list", Array("[1,2]".utf8)),
            bad("a word", Array("true".utf8)), bad("lines as text", OrderBody.order(["line_items": "two clips"])),
            bad("an id that is no number", OrderBody.bytes(.object(noID.merging(["id": "abc"]) { $1 }))),
            bad("no id", OrderBody.bytes(.object(noID))), bad("an id beyond 64 bits", Array(tooBig.utf8)),
            bad("nested a hundred thousand deep", Array(String(repeating: "[", count: 100_000).utf8)),
            bad("no valid UTF-8", notUTF8),
        ]
    }()

    @Test(arguments: unreadable)
    func whatCannotBeReadIsRefusedWithTheReason(_ shape: Case) async throws {
        try await withShop { shop in
            let failure = try await #require(throws: JobFailure.self) {
                try await shop.deliver("orders/create", shape.body)
            }
            #expect(failure.retryVerdict == .rejected, "trying again cannot help")
            #expect(failure.operatorMessage.count > 20)
            #expect(try await shop.orders.contract.orders(OrderSearch()).isEmpty)
        }
    }

    /// Pitfalls 1 to 4: any order of arrival, any repetition, ends in the same state.
    @Test func permutationsOfCreatePaidUpdatedAndCancelledEndAlike() async throws {
        let steps: [(String, [UInt8])] = [
            ("orders/create", OrderBody.order(["financial_status": "pending", "updated_at": "2026-11-20T14:00:00Z"])),
            ("orders/paid", OrderBody.order(["updated_at": "2026-11-20T14:00:00Z"])),
            ("orders/updated", OrderBody.order(["updated_at": "2026-11-20T14:05:00Z", "note": "later"])),
            (
                "orders/cancelled",
                OrderBody.order(["updated_at": "2026-11-20T14:10:00Z", "cancelled_at": "2026-11-20T14:10:00Z"])
            ),
        ]
        try await withShop { shop in
            for (number, permutation) in [0, 1, 2, 3].permutations.enumerated() {
                for (stepCount, expected) in [(4, OrderStatus.cancelled), (3, .mapped)] {
                    let id = Int64(1_000_000 + number * 10 + stepCount)
                    for index in permutation + permutation where index < stepCount {
                        let body = try JSON.decode(JSONValue.self, from: steps[index].1)
                        guard case .object(var members) = body else { continue }
                        members["id"] = .integer(id)
                        try await shop.deliver(steps[index].0, OrderBody.bytes(.object(members)))
                    }
                    let order = try #require(
                        try await shop.orders.contract.orders(OrderSearch(shopifyOrderID: id)).first)
                    #expect(order.status == expected, "after \(permutation)")
                }
            }
        }
    }

    @Test func aDeletedOrderIsACancelledOne() async throws {
        try await withShop { shop in
            try await shop.deliver("orders/create", OrderBody.order([:]))
            try await shop.deliver("orders/delete", Array(#"{"id":6198424240428}"#.utf8))
            #expect(try await shop.orders.contract.orders(OrderSearch()).first?.status == .cancelled)
            try await shop.deliver("orders/delete", Array(#"{"id":1}"#.utf8))
        }
    }

    @Test(arguments: [
        (
            "orders/edited",
            #"{"order_edit":{"id":1,"order_id":6198424240428,"line_items":{"additions":[],"removals":[]}}}"#
        ),
        ("refunds/create", #"{"id":5,"order_id":6198424240428,"refund_line_items":[{"subtotal":4.5}]}"#),
        (
            "fulfillment_orders/placed_on_hold",
            #"{"fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/1","status":"on_hold"}}"#
        ),
        ("customers/redact", #"{"shop_id":954889,"customer":{"id":1}}"#), ("app/uninstalled", #"{"id":1}"#),
        ("new/topic", "not even JSON"),
    ])
    func otherTopicsChangeNothing(topic: String, body: String) async throws {
        try await withShop { shop in
            try await shop.deliver("orders/create", OrderBody.order([:]))
            let before = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
            try await shop.deliver(topic, Array(body.utf8))
            let after = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
            #expect(after.status == before.status && after.updatedAt == before.updatedAt)
        }
    }

    @Test func aDeliveryForAnotherShopIsRefused() async throws {
        try await withShop { shop in
            await #expect(throws: JobFailure.self) {
                try await shop.deliver("orders/create", OrderBody.order([:]), shop: "other.myshopify.com")
            }
        }
    }

    @Test func aMendedMappingReachesALineOfWhichNothingIsPrinted() async throws {
        try await withShop { shop in
            try await shop.deliver("orders/create", OrderBody.order([:]))
            let before = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
            let wrong = try #require(try await shop.orders.contract.production(of: before.id))
            try await shop.mendMapping(sku: "CLIP-1", fileID: String(repeating: "0b", count: 16))
            try await shop.run("orders.resume-lines", payload: shop.mappingEvent(sku: "CLIP-1"))
            try await shop.run("orders.map-lines", payload: JSON.text(OrderReference(orderID: before.id)))
            let mended = try #require(try await shop.orders.contract.production(of: before.id))
            #expect(mended.copies.allSatisfy { $0.simplyPrintFileID == String(repeating: "0b", count: 16) })
            #expect(mended.version == wrong.version + 1, "printing plans anew")
        }
    }

    @Test func whatSomebodyElseFulfilledBeforeIsNotPrintedAgain() async throws {
        try await withShop { shop in
            let body: [String: JSONValue] = [
                "fulfillment_status": "partial",
                "line_items": [
                    .object(
                        OrderBody.line.merging(["quantity": 5, "current_quantity": 5, "fulfillable_quantity": 2]) { $1 }
                    )
                ],
            ]
            try await shop.deliver("orders/updated", OrderBody.order(body))
            let order = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
            #expect(try await shop.orders.contract.production(of: order.id)?.copies.count == 2)
            let later = body.merging(["updated_at": "2026-11-20T15:00:00+01:00"]) { $1 }
            try await shop.deliver("orders/updated", OrderBody.order(later))
            #expect(try await shop.orders.contract.production(of: order.id)?.copies.count == 2)
        }
    }

    @Test func amountsBeyondSenseLoseNoOrder() async throws {
        try await withShop { shop in
            try await shop.deliver("orders/create", OrderBody.order(["total_price": "99999999999999999999.99"]))
            #expect(try await shop.orders.contract.orders(OrderSearch()).first?.status == .mapped)
        }
    }

    @Test func aMappingThatComesLaterSetsTheLineGoing() async throws {
        try await withShop { shop in
            try await shop.deliver("orders/create", OrderBody.line(["sku": "NEW-1", "variant_id": 1, "product_id": 2]))
            let waiting = try #require(try await shop.orders.contract.orders(OrderSearch()).first)
            #expect(waiting.status == .needsMapping)
            try await shop.addMapping(sku: "NEW-1")
            try await shop.run("orders.resume-lines", payload: "{}")
            try await shop.run("orders.map-lines", payload: JSON.text(OrderReference(orderID: waiting.id)))
            let order = try #require(try await shop.orders.contract.order(waiting.id))
            #expect(order.status == .mapped)
            #expect(order.attention == nil)
        }
    }
}
