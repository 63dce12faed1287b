import FoundationEssentials
import Shopify
import Testing

private func decode(_ text: String) throws -> ShopifyOrderPayload {
    try ShopifyOrderPayload.decode(Array(text.utf8))
}

private func line(_ members: String) -> String {
    "{\"id\":1,\"line_items\":[{\"id\":2,\"quantity\":3,\(members)}]}"
}

@Suite struct ShopifyOrderPayloadTests {
    @Test func aWholeOrderIsRead() throws {
        let order = try decode(
            """
            {"id":820982911946154508,"admin_graphql_api_id":"gid:\\/\\/shopify\\/Order\\/820982911946154508",
             "name":"#2001","order_number":2001,"created_at":"2026-11-20T14:03:31+01:00",
             "updated_at":"2026-11-20T14:03:32.123456789+01:00","processed_at":null,"cancelled_at":null,
             "cancel_reason":null,"financial_status":"paid","fulfillment_status":null,"test":false,"currency":"EUR",
             "total_price":"78.75","email":"","phone":null,"note":"Graag snel 🙏","tags":"a, b","source_name":"web",
             "note_attributes":[{"name":"photo","value":"x"}],
             "shipping_lines":[{"title":"Standard","code":"STD"}],
             "shipping_address":{"first_name":"Testa","last_name":"Koper","address1":"Voorbeeldstraat 12",
              "address2":"","city":"Gent","zip":9000,"country_code":"be","company":null},
             "line_items":[{"id":15514960920876,"sku":" GF-1 ","product_id":9,"variant_id":10,"title":"Baseplate",
              "name":"Baseplate - Custom","variant_title":"Custom","quantity":3,"current_quantity":2,
              "fulfillable_quantity":2,"requires_shipping":true,"gift_card":false,"grams":400,"price":"39.90",
              "properties":[{"name":"Width","value":"412"},{"name":"_config","value":{"cell":42}},
               {"name":"count","value":3},{"name":"none","value":null}],"fulfillment_service":"manual"}]}
            """)
        #expect(order.id == 820_982_911_946_154_508)
        #expect(order.name == "#2001")
        #expect(order.createdAt?.timeIntervalSince1970 == 1_795_179_811)
        #expect(order.updatedAt != nil)
        #expect(order.processedAt == nil)
        #expect(order.email == nil)
        #expect(order.totalPrice == Decimal(string: "78.75"))
        #expect(order.note == "Graag snel 🙏")
        #expect(order.shippingAddress?.name == "Testa Koper")
        #expect(order.shippingAddress?.zip == "9000")
        #expect(order.shippingAddress?.countryCode == "BE")
        #expect(order.shippingAddress?.address2 == nil)
        #expect(order.shippingLines.map(\.code) == ["STD"])
        let line = try #require(order.lineItems.first)
        #expect(line.sku == "GF-1")
        #expect(line.quantity == 3)
        #expect(line.currentQuantity == 2)
        #expect(line.price == Decimal(string: "39.90"))
        #expect(line.properties.map(\.name) == ["Width", "_config", "count", "none"])
        #expect(line.properties.map(\.value) == ["412", "{\"cell\":42}", "3", ""])
    }

    @Test func theLeastOrderIsReadWithDefaults() throws {
        let order = try decode("{\"id\":1,\"line_items\":[{\"id\":2,\"quantity\":3}]}")
        #expect(order.name == "#1")
        #expect(!order.test)
        #expect(order.shippingAddress == nil)
        #expect(order.shippingLines.isEmpty)
        let line = try #require(order.lineItems.first)
        #expect(line.currentQuantity == 3)
        #expect(line.fulfillableQuantity == nil)
        #expect(line.requiresShipping)
        #expect(!line.isGiftCard)
        #expect(!line.isTip)
        #expect(line.sku == nil)
        #expect(line.properties.isEmpty)
        #expect(line.price == nil)
    }

    @Test(arguments: ["\"sku\":null", "\"sku\":\"\"", "\"sku\":\"  \"", "\"title\":\"x\""])
    func anEmptySKUIsNone(member: String) throws {
        #expect(try decode(line(member)).lineItems[0].sku == nil)
    }

    @Test(arguments: [
        "\"tip_payment_gateway\":\"shopify_payments\"", "\"tip_payment_gateway\":null", "\"tip_payment_method\":\"x\"",
    ])
    func aTipIsToldByTheKeysOfTips(member: String) throws {
        #expect(try decode(line(member)).lineItems[0].isTip)
    }

    @Test(
        arguments: [
            ("\"properties\":{}", []), ("\"properties\":null", []), ("\"properties\":[]", []),
            ("\"properties\":\"\"", []),
            ("\"properties\":{\"b\":\"2\",\"a\":1}", ["a=1", "b=2"]), ("\"properties\":[{\"value\":\"x\"}]", []),
            ("\"properties\":[{\"name\":\"a\"}]", ["a="]),
            ("\"properties\":[{\"name\":\"a\",\"value\":[1]}]", ["a=[1]"]),
            ("\"properties\":[null,{\"name\":\"a\",\"value\":true}]", ["a=true"]),
        ] as [(String, [String])])
    func propertiesOfEveryKindAreTaken(member: String, properties: [String]) throws {
        #expect(try decode(line(member)).lineItems[0].properties.map { "\($0.name)=\($0.value)" } == properties)
    }

    @Test(
        arguments: [
            ("\"price\":\"39.90\"", "39.9"), ("\"price\":39.9", "39.9"), ("\"price\":\"-1\"", "-1"),
            ("\"price\":\"\"", nil),
            ("\"price\":\"12abc\"", nil), ("\"price\":\"1e3\"", nil), ("\"price\":null", nil), ("\"price\":{}", nil),
            ("\"price\":\"\(String(repeating: "9", count: 60))\"", nil),
        ] as [(String, String?)])
    func pricesAreExactOrNone(member: String, price: String?) throws {
        #expect(try decode(line(member)).lineItems[0].price == price.flatMap { Decimal(string: $0) })
    }

    @Test(arguments: [
        "\"grams\":1e400", "\"grams\":99999999999999999999999", "\"grams\":-5", "\"grams\":\"x\"",
        "\"current_quantity\":1e30", "\"price\":1e999", "\"product_id\":-1.5", "\"fulfillable_quantity\":\"NaN\"",
    ])
    func oddNumbersNeverTrap(member: String) throws {
        let line = try decode(line(member)).lineItems[0]
        #expect(line.currentQuantity == 3)
        #expect(line.grams == 0)
    }

    @Test(arguments: [(-1, 0), (0, 0), (7, 7), (Int.max, 1_000_000_000)])
    func anOddQuantityDoesNotLoseTheOrder(written: Int, read: Int) throws {
        let text =
            "{\"id\":1,\"line_items\":[{\"id\":2,\"quantity\":\(written),\"current_quantity\":\(written)}]}"
        let line = try decode(text).lineItems[0]
        #expect(line.quantity == read)
        #expect(line.currentQuantity == read)
    }

    @Test func theIDIsTakenFromTheGlobalIDWhereItCannotBeRead() throws {
        let text = """
            {"id":8.20982911946154508e30,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508",
             "line_items":[{"id":null,"admin_graphql_api_id":"gid://shopify/LineItem/7","quantity":1}]}
            """
        let order = try decode(text)
        #expect(order.id == 820_982_911_946_154_508)
        #expect(order.lineItems[0].id == 7)
        #expect(try decode("{\"id\":\"12\",\"line_items\":[]}").id == 12)
    }

    @Test(arguments: [
        ("", "body"), ("nonsense", "body"), ("[]", "body"), ("{}", "id"), ("{\"id\":null,\"line_items\":[]}", "id"),
        ("{\"id\":\"x\",\"line_items\":[]}", "id"), ("{\"id\":1}", "line_items"),
        ("{\"id\":1,\"line_items\":null}", "line_items"),
        ("{\"id\":1,\"line_items\":[{\"quantity\":1}]}", "line_items[0].id"),
        ("{\"id\":1,\"line_items\":[{\"id\":1,\"quantity\":1},{\"id\":2}]}", "line_items[1].quantity"),
        ("{\"id\":1,\"line_items\":[{\"id\":1,\"quantity\":1e99}]}", "line_items[0].quantity"),
        ("{\"id\":1,\"line_items\":[7]}", "line_items[0]"),
    ])
    func anErrorNamesTheField(body: String, field: String) {
        do {
            _ = try ShopifyOrderPayload.decode(Array(body.utf8))
            Issue.record("was taken: \(body)")
        } catch {
            #expect(error.field == field, "\(error)")
        }
    }

    @Test func deepNestingIsAnErrorAndNoCrash() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: ShopifyPayloadError.self) { try decode(deep) }
        #expect(throws: ShopifyPayloadError.self) { try decode("{\"id\":1,\"line_items\":" + deep) }
    }

    @Test func anOrderOf500LinesIsReadInWellUnderASecond() throws {
        let properties = (0..<10).map { "{\"name\":\"p\($0)\",\"value\":\"\(String(repeating: "v", count: 40))\"}" }
        let one =
            "{\"id\":2,\"quantity\":3,\"sku\":\"A\",\"title\":\"T\",\"price\":\"1.00\","
            + "\"properties\":[\(properties.joined(separator: ","))]}"
        let body = "{\"id\":1,\"line_items\":[\(Array(repeating: one, count: 500).joined(separator: ","))]}"
        let start = ContinuousClock.now
        #expect(try decode(body).lineItems.count == 500)
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
