import Testing

@testable import Forma3DSandbox

/// Texts are Shopify's own, as recorded from a live shop (contracts/shopify.md §2.1).
@Suite struct GraphQLTests {
    @Test func theSchemaIsReadable() {
        #expect(ShopifySchema.schema != nil)
    }

    @Test func onlySelectedFieldsAreAnswered() throws {
        var shop = Shop()
        let id = try shop.order()
        let answer = shop.ask(
            "query Q($id: ID!) { order(id: $id) { name } }", ["id": .string(GlobalID.text("Order", id))])
        #expect(answer["data"] == ["order": ["name": "#1001"]])
        #expect(answer["errors"] == nil)
    }

    @Test func aliasesFragmentsAndDirectivesWork() throws {
        var shop = Shop()
        let id = try shop.order()
        let answer = shop.ask(
            """
            query Q($id: ID!, $yes: Boolean = true) {
              first: order(id: $id) { ...Names ... on Order { kind: __typename } }
              second: order(id: $id) { number @skip(if: $yes) name @include(if: $yes) }
            }
            fragment Names on Order { title: name lineItems(first: 1) { edges { node { sku } } } }
            """, ["id": .string(GlobalID.text("Order", id))])
        #expect(
            answer["data"] == [
                "first": [
                    "title": "#1001", "lineItems": ["edges": [["node": ["sku": "A"]]]], "kind": "Order",
                ], "second": ["name": "#1001"],
            ])
    }

    @Test func anUnknownOrderIsNullWithoutAnError() {
        var shop = Shop()
        let answer = shop.ask(#"{ order(id: "gid://shopify/Order/1") { id } }"#)
        #expect(answer["data"] == ["order": nil])
        #expect(answer["errors"] == nil)
    }

    @Test(arguments: [
        (
            "query GraphqlBaseValidationInvalidSyntax {\n  shop {\n    id\n",
            "syntax error, unexpected end of file at [3, 5]",
            "PARSE_ERROR", 3, 5
        ),
        (
            "query Q {\n  shop\n}\n",
            "Field must have selections (field 'shop' returns Shop but has no selections. Did you mean 'shop { ... }'?)",
            "selectionMismatch", 2, 3
        ),
        (
            "query Q {\n  orders(first: 1) {\n    nodes {\n      id\n      nope\n    }\n  }\n}\n",
            "Field 'nope' doesn't exist on type 'Order'", "undefinedField", 5, 7
        ),
        (
            "mutation M {\n  nope(input: {}) {\n    id\n  }\n}\n", "Field 'nope' doesn't exist on type 'Mutation'",
            "undefinedField", 2, 3
        ),
        (
            "mutation M {\n  fulfillmentCancel { userErrors { message } }\n}",
            "Field 'fulfillmentCancel' is missing required arguments: id", "missingRequiredArguments", 2, 3
        ),
        (
            "mutation M {\n    fulfillmentCancel(id: null) { userErrors { message } }\n}",
            "Argument 'id' on Field 'fulfillmentCancel' has an invalid value (null). Expected type 'ID!'.",
            "argumentLiteralsIncompatible", 2, 5
        ),
        (
            "mutation M($id: ID!) {\n  fulfillmentCancel(id: $id) { userErrors { message } }\n}",
            "Variable $id of type ID! was provided invalid value", "INVALID_VARIABLE", 1, 12
        ),
        (
            "mutation M {\n  fulfillmentCancel(id: \"nonsense\") { userErrors { message } }\n}", "invalid id",
            "RESOURCE_NOT_FOUND", 2, 3
        ),
        ("{ shop { ...Gone } }", "Fragment Gone was used, but not defined", "useAndDefineFragment", 1, 10),
        ("query Q($a: ID!) { shop { id } }", "Variable $a is declared by Q but not used", "variableNotUsed", 1, 1),
        (
            "{ order(id: $a) { id } }", "Variable $a is used by anonymous query but not declared", "variableNotDefined",
            1, 13
        ),
    ])
    func mistakesAreNamedInShopifysWords(
        _ query: String, _ message: String, _ code: String, _ line: Int, _ column: Int
    ) throws {
        var shop = Shop()
        let error = try #require(shop.ask(query).at("errors", "0"))
        #expect(error["message"]?.string == message)
        #expect(error.at("extensions", "code")?.string == code)
        #expect(error.at("locations", "0") == ["line": .integer(line), "column": .integer(column)])
    }

    @Test func aBadPathInsideAVariableIsNamed() throws {
        var shop = Shop()
        let answer = shop.ask(Shop.create, ["fulfillment": ["notifyCustomer": true]])
        let error = try #require(answer.at("errors", "0"))
        #expect(
            error["message"]?.string
                == "Variable $fulfillment of type FulfillmentInput! was provided invalid value for "
                + "lineItemsByFulfillmentOrder (Expected value to not be null)")
        #expect(answer["data"] == nil)
    }

    @Test func costIsThatOfTheRecordings() throws {
        var shop = Shop()
        let id = try shop.order([["sku": "A"]])
        let target = try #require(shop.fulfilmentOrder(of: id))
        let failing = shop.fulfil([(999, nil)])
        #expect(failing.at("extensions", "cost", "requestedQueryCost") == 19)
        #expect(failing.at("extensions", "cost", "actualQueryCost") == 10)
        let good = shop.fulfil([(target.id, nil)])
        #expect(good.at("extensions", "cost", "requestedQueryCost") == 19)
        #expect(good.at("extensions", "cost", "actualQueryCost") == 15)
        #expect(good.at("extensions", "cost", "throttleStatus", "maximumAvailable") == 2000)
        let locations = shop.ask("{ locations(first: 20) { nodes { id name } } }")
        #expect(locations.at("extensions", "cost", "requestedQueryCost") == 7)
    }

    @Test func anEmptyBucketThrottlesAndRefills() {
        var shop = Shop()
        shop.shop.bucket = CostBucket(maximum: 10, restorePerSecond: 5)
        let query = "{ locations(first: 20) { nodes { id } } }"
        #expect(shop.ask(query).at("errors") == nil)
        // One location cost 3; 7 are left, then 4.
        #expect(shop.ask(query).at("errors") == nil)
        let refused = shop.ask(query)
        #expect(refused.at("errors", "0", "extensions", "code") == "THROTTLED")
        #expect(refused["data"] == nil)
        shop.pass(2)
        #expect(shop.ask(query).at("errors") == nil)
    }

    @Test func aQueryTooDearIsRefused() {
        var shop = Shop()
        let query = """
            { orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id product { id } variant { id }
              } } more: lineItems(first: 250) { nodes { id product { id } } } fulfillmentOrders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } } } }
            """
        #expect(shop.ask(query).at("errors", "0", "extensions", "code") == "MAX_COST_EXCEEDED")
    }

    @Test(arguments: ["", "{", "}", "{ a: }", "query ($", "{ shop(id: [1, { a: ) { id } }", "\u{0}", "{ \"\"\" }"])
    func brokenDocumentsAreSyntaxErrors(_ text: String) {
        var shop = Shop()
        #expect(shop.ask(text)["errors"]?.array?.isEmpty == false)
    }

    @Test func deepNestingEndsInAnErrorNotInACrash() {
        var shop = Shop()
        let text = String(repeating: "{ shop ", count: 5_000)
        #expect(shop.ask(text)["errors"] != nil)
    }
}
