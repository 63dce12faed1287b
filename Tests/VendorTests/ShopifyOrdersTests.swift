import FoundationEssentials
import Kernel
import Shopify
import TestKit
import Testing

/// Orders and subscriptions of the shop, as the Admin API gives them.
@Suite(.timeLimit(.minutes(5))) struct ShopifyOrdersTests {
    private static let since = Timestamp.parse("2026-11-20T14:00:00Z") ?? .distantPast

    @Test func revisionsAreListedWhateverTheStateAndTheNextPageIsFollowedAtOurOwnAddress() async throws {
        try await StandIn.with({ request in
            if request.target.contains("page_info=abc") { return .json("{\"orders\":[]}") }
            return .json(
                """
                {"orders":[{"id":820982911946154508,"updated_at":"2026-11-20T15:00:00+01:00","cancelled_at":null,
                 "financial_status":"PAID"},
                 {"id":7,"updated_at":"2026-11-20T14:00:00Z","cancelled_at":"2026-11-20T14:00:00Z"}]}
                """,
                fields: [
                    "link": "<https://evil.example/admin/api/2026-07/orders.json?page_info=xyz>; rel=\"previous\", "
                        + "<https://evil.example/admin/api/2026-07/orders.json?limit=250&page_info=abc>; rel=\"next\""
                ])
        }) { standIn in
            let page = try await standIn.shopify.orderRevisions(updatedSince: Self.since)
            #expect(page.revisions.map(\.id) == [820_982_911_946_154_508, 7])
            #expect(page.revisions.map(\.updatedAt) == [Self.since, Self.since])
            #expect(page.revisions.map(\.isCancelled) == [false, true])
            #expect(page.revisions.map(\.financialStatus) == ["paid", nil])
            let next = try await standIn.shopify.orderRevisions(after: try #require(page.next))
            #expect(next.revisions.isEmpty && next.next == nil)
            let targets = standIn.server.received.map(\.target)
            #expect(targets[0].hasPrefix("/admin/api/\(ShopifyAPIVersion.pinned)/orders.json?status=any&"))
            #expect(targets[0].contains("updated_at_min=2026-11-20T14:00:00"))
            #expect(targets[1].hasSuffix("/orders.json?limit=250&page_info=abc"), "the token went nowhere else")
            #expect(standIn.server.received.allSatisfy { $0.fields["x-shopify-access-token"] == "shpat_token" })
        }
    }

    @Test func aWholeOrderIsFitForTheReaderOfWebhooksAndKeepsItsLongIDs() async throws {
        let order = """
            {"id":820982911946154508,"name":"#1","total_price":"15.90","line_items":[{"id":9007199254740993,
             "quantity":2,"title":"Clip \\/ black","tip_payment_gateway":null,"price":"4.50"}]}
            """
        try await StandIn.with({ request in
            request.target.contains("/404.json")
                ? .json("{\"errors\":\"Not Found\"}", status: 404)
                : .json("{\"order\":\(order)}")
        }) { standIn in
            let body = try #require(try await standIn.shopify.orderBody(820_982_911_946_154_508))
            #expect(try ShopifyOrderPayload.decode(body) == ShopifyOrderPayload.decode(Array(order.utf8)))
            #expect(try ShopifyOrderPayload.decode(body).lineItems.first?.isTip == true)
            let gone = try await standIn.shopify.orderBody(404)
            #expect(gone == nil)
        }
    }

    @Test func anOverflowingBucketSaysWhenToComeAgain() async throws {
        try await StandIn.with({ _ in
            .json("{\"errors\":\"Exceeded 2 calls per second\"}", status: 429, fields: ["retry-after": "2.0"])
        }) { (standIn) -> Void in
            let failure = await #expect(throws: VendorFailure.self) {
                _ = try await standIn.shopify.orderRevisions(updatedSince: Self.since)
            }
            #expect(failure?.kind == .rateLimited && failure?.retryAfterSeconds == 2)
        }
    }

    @Test(arguments: ["{\"orders\":[{\"id\":1}]}", "{\"orders\":[{\"updated_at\":\"2026-11-20T14:00:00Z\"}]}", "[]"])
    func aListThatCannotBeReadIsAFailureAndNotAnEmptyOne(_ body: String) async throws {
        try await StandIn.with({ _ in .json(body) }) { (standIn) -> Void in
            await #expect(throws: VendorFailure.self) {
                _ = try await standIn.shopify.orderRevisions(updatedSince: Self.since)
            }
        }
    }

    @Test func subscriptionsAreTakenAsGood() async throws {
        let taken = """
            {"data":{"webhookSubscriptionCreate":{"webhookSubscription":null,"userErrors":[{"field":[],
             "message":"Address for this topic has already been taken"}]}}}
            """
        try await StandIn.with({ request in
            request.text.contains("webhookSubscriptionCreate")
                ? .json(taken)
                : .json(
                    """
                    {"data":{"webhookSubscriptions":{"nodes":[{"id":"gid://shopify/WebhookSubscription/1",
                     "topic":"ORDERS_CREATE","uri":"https://a.example/webhooks/shopify"}]}}}
                    """)
        }) { standIn in
            let address = "https://a.example/webhooks/shopify"
            let there = try await standIn.shopify.subscriptions()
            #expect(
                ShopifyTopic.missing(in: there, address: address)
                    == ShopifyTopic.needed.filter { $0 != "ORDERS_CREATE" })
            #expect(ShopifyTopic.missing(in: there, address: "https://b.example") == ShopifyTopic.needed)
            try await standIn.shopify.subscribe(to: "ORDERS_PAID", address: address)
        }
    }
}
