import Kernel
import Shopify
import TestKit
import Testing

private func gid(_ kind: String, _ id: Int64) -> String { "\"gid://shopify/\(kind)/\(id)\"" }

private func fulfilmentOrder(_ id: Int64, lines: ClosedRange<Int64>, next: String? = nil) -> String {
    let nodes = lines.map { line in
        "{\"id\":\(gid("FulfillmentOrderLineItem", line)),\"totalQuantity\":2,\"remainingQuantity\":1,"
            + "\"lineItem\":{\"id\":\(gid("LineItem", line + 1_000))}}"
    }
    return """
        {"id":\(gid("FulfillmentOrder", id)),"status":"OPEN","supportedActions":[{"action":"CREATE_FULFILLMENT"}],
         "assignedLocation":{"location":{"id":\(gid("Location", 77))}},"deliveryMethod":{"methodType":"SHIPPING"},
         "lineItems":\(connection(nodes, next: next))}
        """
}

private func connection(_ nodes: [String], next: String? = nil) -> String {
    let page = next.map { "{\"hasNextPage\":true,\"endCursor\":\"\($0)\"}" } ?? "{\"hasNextPage\":false}"
    return "{\"pageInfo\":\(page),\"nodes\":[\(nodes.joined(separator: ","))]}"
}

private func order(fulfilments: [String] = [], orders: String) -> String {
    """
    {"data":{"order":{"id":\(gid("Order", 5)),"name":"#5","cancelledAt":null,"displayFulfillmentStatus":"UNFULFILLED",
     "fulfillments":[\(fulfilments.joined(separator: ","))],"fulfillmentOrders":\(orders)}}}
    """
}

private let made = """
    {"data":{"fulfillmentCreate":{"fulfillment":{"id":"gid://shopify/Fulfillment/8036708286770","name":"#5.1",
     "status":"SUCCESS"},"userErrors":[]}},"extensions":{"cost":{"requestedQueryCost":10}}}
    """

@Suite(.timeLimit(.minutes(5))) struct ShopifyClientTests {
    @Test func theQuestionGoesToThePinnedVersionWithTheToken() async throws {
        try await StandIn.with({ _ in .json("{\"data\":{\"shop\":{\"name\":\"Forma3D\"}}}") }) { standIn in
            let found = try await standIn.shopify.shopName()
            #expect(found == "Forma3D")
            let received = try #require(standIn.server.received.first)
            #expect(received.target == "/admin/api/\(ShopifyAPIVersion.pinned)/graphql.json")
            #expect(received.fields["x-shopify-access-token"] == "shpat_token")
            #expect(received.fields["content-type"] == "application/json")
            #expect(try JSON.decode(JSONValue.self, from: received.body)["query"]?.string?.contains("shop") == true)
        }
    }

    @Test func grantedScopesAreListed() async throws {
        let body =
            "{\"data\":{\"currentAppInstallation\":{\"accessScopes\":["
            + "{\"handle\":\"read_orders\"},{\"handle\":\"x\"}]}}}"
        try await StandIn.with({ _ in .json(body) }) { standIn in
            let found = try await standIn.shopify.grantedScopes()
            #expect(found == ["read_orders", "x"])
        }
    }

    @Test func anUnknownOrderIsNone() async throws {
        try await StandIn.with({ _ in .json("{\"data\":{\"order\":null}}") }) { standIn in
            let found = try await standIn.shopify.fulfilmentState(of: 5)
            #expect(found == nil)
        }
    }

    @Test func anOrderThatMayNotBeReadIsAFailureAndNotUnknown() async throws {
        let body =
            "{\"errors\":[{\"message\":\"Access denied\",\"extensions\":{\"code\":\"ACCESS_DENIED\"},"
            + "\"path\":[\"order\"]}],"
            + "\"data\":{\"order\":null}}"
        try await StandIn.with({ _ in .json(body) }) { standIn in
            let failure = try await vendorFailure { _ = try await standIn.shopify.fulfilmentState(of: 5) }
            #expect(failure.kind == .unauthorized)
        }
    }

    @Test func everyPageOfOrdersAndOfLinesIsTurned() async throws {
        try await StandIn.with({ request in
            let asked = try? JSON.decode(JSONValue.self, from: request.body)
            let after = asked?["variables"]?["after"]?.string
            let document = asked?["query"]?.string ?? ""
            if document.contains("FulfilmentOrderLines") {
                let more =
                    "{\"id\":\(gid("FulfillmentOrderLineItem", 9)),\"remainingQuantity\":4,"
                    + "\"lineItem\":{\"id\":\(gid("LineItem", 1_009))}}"
                return .json("{\"data\":{\"fulfillmentOrder\":{\"lineItems\":\(connection([more]))}}}")
            }
            if document.contains("FulfilmentLines") {
                let more = "{\"quantity\":2,\"lineItem\":{\"id\":\(gid("LineItem", 1_001))}}"
                return .json("{\"data\":{\"fulfillment\":{\"fulfillmentLineItems\":\(connection([more]))}}}")
            }
            let shipped = "{\"quantity\":1,\"lineItem\":{\"id\":\(gid("LineItem", 1_001))}}"
            let existing = """
                {"id":\(gid("Fulfillment", 3)),"status":"SUCCESS","trackingInfo":[{"number":"T1"},{"number":null}],
                 "fulfillmentLineItems":\(connection([shipped], next: "f"))}
                """
            let first = connection([fulfilmentOrder(1, lines: 1...2)], next: "two")
            let second = connection([fulfilmentOrder(2, lines: 3...3, next: "lines")])
            return .json(order(fulfilments: [existing], orders: after == "two" ? second : first))
        }) { standIn in
            let state = try #require(try await standIn.shopify.fulfilmentState(of: 5))
            #expect(state.orderID == 5)
            #expect(!state.isCancelled)
            #expect(state.fulfilmentOrders.map(\.id) == [1, 2])
            #expect(state.fulfilmentOrders[0].canBeFulfilled)
            #expect(state.fulfilmentOrders[0].locationID == 77)
            #expect(state.fulfilmentOrders[1].lines.map(\.lineItemID) == [1_003, 1_009])
            #expect(state.fulfilmentOrders[1].lines.last?.totalQuantity == 4)
            #expect(state.fulfilments.map(\.trackingNumbers) == [["T1"]])
            #expect(state.fulfilments[0].lineItemIDs == [1_001: 3])
        }
    }

    @Test func pagesThatNeverEndAreGivenUp() async throws {
        try await StandIn.with({ _ in
            .json(order(orders: connection([fulfilmentOrder(1, lines: 1...1)], next: "again")))
        }) { standIn in
            let failure = try await vendorFailure { _ = try await standIn.shopify.fulfilmentState(of: 5) }
            #expect(failure.kind == .malformed)
        }
    }

    @Test func aFulfilmentIsMadeWithGlobalIDsAndTracking() async throws {
        try await StandIn.with({ _ in .json(made) }) { standIn in
            let created = try await standIn.shopify.createFulfilment(.sample)
            #expect(created == CreatedFulfilment(id: 8_036_708_286_770, name: "#5.1", status: "SUCCESS"))
            let body = try JSON.decode(JSONValue.self, from: standIn.server.received[0].body)
            let expected: JSONValue = [
                "notifyCustomer": true,
                "trackingInfo": ["company": "PostNL", "number": "3STEST1", "url": "https://track.example/3STEST1"],
                "lineItemsByFulfillmentOrder": [
                    [
                        "fulfillmentOrderId": "gid://shopify/FulfillmentOrder/9825098170674",
                        "fulfillmentOrderLineItems": [
                            ["id": "gid://shopify/FulfillmentOrderLineItem/19872518504754", "quantity": 2]
                        ],
                    ]
                ],
            ]
            #expect(body["variables"]?["fulfillment"] == expected)
        }
    }

    @Test func dataDecideBeforeErrors() async throws {
        let both =
            "{\"errors\":[{\"message\":\"Access denied for app\",\"extensions\":{\"code\":\"ACCESS_DENIED\"}}],"
            + made.dropFirst()
        try await StandIn.with({ _ in .json(both) }) { standIn in
            let found = try await standIn.shopify.createFulfilment(.sample).id
            #expect(found == 8_036_708_286_770)
        }
    }

    @Test(arguments: [
        ("Fulfillment order 9825095909682 has an unfulfillable status= closed.", VendorFailure.Kind.conflict),
        ("Invalid fulfillment order line item quantity requested.", .rejected),
        ("Fulfillment order does not exist.", .notFound), ("Fulfillment not found.", .notFound),
        ("Quantity must be greater than 0", .rejected),
    ])
    func userErrorsAreFailuresThatDidNothing(message: String, kind: VendorFailure.Kind) async throws {
        let body =
            "{\"data\":{\"fulfillmentCreate\":{\"fulfillment\":null,"
            + "\"userErrors\":[{\"field\":[\"fulfillment\"],\"message\":\"\(message)\"}]}}}"
        let failure = try await OnceOnly.shopify.failure { _ in .json(body) }
        #expect(failure.kind == kind)
        #expect(failure.message == message)
        #expect(!failure.mayHaveHappened)
    }

    @Test(arguments: [
        ("PARSE_ERROR", 0, false, VendorFailure.Kind.rejected, false), ("undefinedField", 3, false, .rejected, false),
        ("MAX_COST_EXCEEDED", 0, true, .rejected, false), ("selectionMismatch", 2, false, .rejected, false),
        ("ACCESS_DENIED", 1, true, .unauthorized, false), ("ACCESS_DENIED", 3, true, .unauthorized, true),
        ("RESOURCE_NOT_FOUND", 1, true, .notFound, false), ("INTERNAL_SERVER_ERROR", 0, false, .broken, true),
        ("SOMETHING_NEW", 1, true, .malformed, true),
    ])
    func errorsWithoutDataAreTold(
        code: String, depth: Int, isCarriedOut: Bool, kind: VendorFailure.Kind, happened: Bool
    ) async throws {
        let path = Array(repeating: "\"x\"", count: depth).joined(separator: ",")
        let fault = "{\"message\":\"words\",\"path\":[\(path)],\"extensions\":{\"code\":\"\(code)\"}}"
        let data = isCarriedOut ? ",\"data\":{\"fulfillmentCreate\":null}" : ""
        let failure = try await OnceOnly.shopify.failure { _ in .json("{\"errors\":[\(fault)]\(data)}") }
        #expect(failure.kind == kind)
        #expect(failure.mayHaveHappened == happened)
        #expect(failure.message == "words")
    }

    @Test func aFullBucketSaysHowLongToWait() async throws {
        let body = """
            {"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{
             "requestedQueryCost":752,"actualQueryCost":null,
             "throttleStatus":{"maximumAvailable":1000.0,"currentlyAvailable":666,"restoreRate":50.0}}}}
            """
        let failure = try await OnceOnly.shopify.failure { _ in .json(body) }
        #expect(failure.kind == .rateLimited)
        #expect(failure.retryAfterSeconds == 2)
        #expect(!failure.mayHaveHappened)
    }

    @Test(arguments: [
        "{\"errors\":\"words here\"}", "{\"errors\":{\"base\":[\"words here\"]}}", "{\"errors\":[\"words here\"]}",
        "{\"error\":\"words here\"}",
    ])
    func theFourShapesOfARESTErrorAreRead(body: String) async throws {
        let failure = try await OnceOnly.shopify.failure { _ in .json(body, status: 422) }
        #expect(failure.kind == .rejected)
        #expect(failure.message.contains("words here"))
    }

    @Test func trackingIsReplacedAndAFulfilmentCancelled() async throws {
        try await StandIn.with({ request in
            let name =
                request.text.contains("fulfillmentCancel") ? "fulfillmentCancel" : "fulfillmentTrackingInfoUpdate"
            return .json(
                "{\"data\":{\"\(name)\":{\"fulfillment\":{\"id\":\"gid://shopify/Fulfillment/3\","
                    + "\"status\":\"S\"},\"userErrors\":[]}}}"
            )
        }) { standIn in
            try await standIn.shopify.updateTracking(
                fulfilmentID: 3, tracking: .init(company: nil, number: "N", url: nil), notifyCustomer: false)
            try await standIn.shopify.cancelFulfilment(id: 3)
            let variables = try standIn.server.received.map {
                try JSON.decode(JSONValue.self, from: $0.body)["variables"]
            }
            #expect(
                variables == [
                    ["id": "gid://shopify/Fulfillment/3", "tracking": ["number": "N"], "notify": false],
                    ["id": "gid://shopify/Fulfillment/3"],
                ])
        }
    }

    @Test(
        arguments: [
            (["CREATE_FULFILLMENT"], "SHIPPING", true), (["CREATE_FULFILLMENT", "HOLD"], nil, true),
            (["CREATE_FULFILLMENT"], "PICKUP_POINT", true), (["CREATE_FULFILLMENT"], "PICK_UP", false),
            (["HOLD", "MOVE"], "SHIPPING", false), ([], nil, false),
        ] as [([String], String?, Bool)])
    func onlyOpenShippedOrdersCanBeFulfilled(actions: [String], method: String?, can: Bool) {
        let order = OrderFulfilmentState.FulfilmentOrder(
            id: 1, status: "OPEN", supportedActions: actions, locationID: nil, methodType: method, lines: [])
        #expect(order.canBeFulfilled == can)
    }

    @Test func carriersAreSpelledAsShopifyKnowsThem() {
        #expect(TrackingCompany.shopifyName(forSendcloudCarrier: "postnl") == "PostNL")
        #expect(TrackingCompany.shopifyName(forSendcloudCarrier: "BPOST") == "BPost")
        #expect(TrackingCompany.shopifyName(forSendcloudCarrier: "mondial_relay") == "Mondial Relay")
        #expect(TrackingCompany.shopifyName(forSendcloudCarrier: "sendcloud") == nil)
    }
}
