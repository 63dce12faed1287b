import HTTPWire
import Kernel
import Routing
import Testing

@Suite struct OpenAPITests {
    private let line = Schema.object(name: "Line", [.init("sku", .nullable(.string)), .init("quantity", .integer)])

    private var routes: [Route] {
        let order = Schema.object(
            name: "Order",
            [
                .init("id", .format("uuid"), "Its identity."), .init("status", .oneOf(["open", "done"])),
                .init("lines", .array(line)), .init("note", .nullable(line), required: false),
            ])
        return [
            Route(
                .get, "/api/v1/orders/{id}", "Show one order", tag: "Orders", access: .operators, returns: order,
                problems: [404]
            ) { _ in .text("") },
            Route(
                .post, "/api/v1/orders", "Make an order", tag: "Orders", access: .operators,
                parameters: [Parameter("dryRun", "Only check", .boolean)], takes: order, returns: order, status: 201,
                problems: [409]
            ) { _ in .text("") },
            Route(.get, "/health", "Tell how it is", tag: "Health", access: .open, returns: .any) { _ in .text("") },
            Route(
                .get, "/api/v1/labels/{id}", "A label", tag: "Orders", access: .loopbackOrOperators,
                returns: .binary(mediaType: "application/pdf")
            ) { _ in .text("") },
        ]
    }

    private var document: JSONValue { OpenAPI.document(routes: routes, title: "Test", version: "1") }

    private func at(_ keys: String...) -> JSONValue? {
        keys.reduce(document) { $0?[$1] }
    }

    @Test func describesAnOperation() {
        #expect(at("openapi") == "3.1.0")
        let get = at("paths", "/api/v1/orders/{id}", "get")
        #expect(get?["operationId"] == "getApiV1OrdersById")
        #expect(get?["parameters"]?[0]?["in"] == "path")
        #expect(get?["security"] == [["operatorKey": []]])
        let answers = get?["responses"]
        #expect(
            answers?["200"]?["content"]?["application/json"]?["schema"]?["$ref"] == "#/components/schemas/Order")
        for status in ["401", "404", "500", "503"] {
            #expect(answers?[status]?["content"]?["application/problem+json"] != nil, "\(status)")
        }
        #expect(answers?["413"] == nil)
    }

    @Test func describesBodiesAndQueries() {
        let post = at("paths", "/api/v1/orders", "post")
        #expect(post?["requestBody"]?["required"] == true)
        #expect(post?["responses"]?["201"] != nil)
        #expect(post?["responses"]?["413"] != nil)
        #expect(post?["parameters"]?[0]?["name"] == "dryRun")
        #expect(at("paths", "/health", "get")?["security"] == [])
        let label = at("paths", "/api/v1/labels/{id}", "get")
        #expect(label?["responses"]?["200"]?["content"]?["application/pdf"] != nil)
        #expect(label?["security"] == [[:], ["operatorKey": []]])
    }

    @Test func namedObjectsAppearOnce() {
        let order = at("components", "schemas", "Order")
        #expect(order?["required"] == ["id", "lines", "status"])
        #expect(order?["properties"]?["id"]?["description"] == "Its identity.")
        #expect(order?["properties"]?["lines"]?["items"]?["$ref"] == "#/components/schemas/Line")
        #expect(
            order?["properties"]?["note"] == ["anyOf": [["$ref": "#/components/schemas/Line"], ["type": "null"]]])
        #expect(at("components", "schemas", "Line")?["properties"]?["sku"]?["type"] == ["string", "null"])
        #expect(at("components", "schemas", "Problem")?["properties"]?["requestId"] != nil)
        #expect(at("components", "securitySchemes", "operatorKey")?["name"] == "X-API-Key")
    }

    @Test func theTextIsStable() throws {
        let first = try JSON.text(OpenAPI.document(routes: routes, title: "Test", version: "1"))
        for _ in 0..<5 {
            #expect(try JSON.text(OpenAPI.document(routes: routes.reversed(), title: "Test", version: "1")) == first)
        }
    }
}
