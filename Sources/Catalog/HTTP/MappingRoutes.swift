import Contracts
import HTTPWire
import Kernel
package import Routing

/// The product mappings over REST.
package struct MappingRoutes: Sendable {
    private let catalogue: Catalogue

    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/api/v1/product-mappings", "List product mappings, newest first", tag: "Product mappings",
                access: .operators,
                parameters: [
                    .init("limit", "1 to 200, default 50", .integer), .init("cursor", "nextCursor of the page before"),
                    .init("search", "part of the name or SKU"), .init("isActive", "true or false", .boolean),
                ],
                returns: .object(
                    name: "ProductMappingPage",
                    [.init("items", .array(MappingJSON.schema)), .init("nextCursor", .nullable(.string))]),
                problems: [422], handle: list),
            Route(
                .get, "/api/v1/product-mappings/{id}", "Show one product mapping", tag: "Product mappings",
                access: .operators, returns: MappingJSON.schema, problems: [404],
                handle: { call in
                    guard let mapping = try await catalogue.mapping(call.id("id")) else {
                        throw Catalogue.noSuchMapping
                    }
                    return try answer(mapping)
                }),
            Route(
                .post, "/api/v1/product-mappings", "Create a product mapping", tag: "Product mappings",
                access: .operators, takes: MappingJSON.schema, returns: MappingJSON.schema, status: 201,
                problems: [400, 409, 415, 422],
                handle: { call in
                    let content = try MappingJSON.read(await call.decode(JSONValue.self))
                    return try await answer(catalogue.create(content), status: 201)
                }),
            Route(
                .put, "/api/v1/product-mappings/{id}", "Replace a product mapping", tag: "Product mappings",
                access: .operators, takes: MappingJSON.schema, returns: MappingJSON.schema,
                problems: [400, 404, 409, 415, 422],
                handle: { call in
                    let content = try MappingJSON.read(await call.decode(JSONValue.self))
                    return try await answer(catalogue.replace(call.id("id"), with: content))
                }),
            Route(
                .delete, "/api/v1/product-mappings/{id}", "Delete a product mapping", tag: "Product mappings",
                access: .operators, status: 204, problems: [404],
                handle: { call in
                    try await catalogue.delete(call.id("id"))
                    return HTTPResponse(status: 204)
                }),
        ]
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let limit = try call.integer("limit", in: 1...200, default: 50)
        var before: ProductMappingID?
        if let cursor = call.query("cursor") {
            guard let id = ProductMappingID(cursor) else {
                throw Problem.invalid([.init("cursor", "is no cursor", allowed: "nextCursor of the page before")])
            }
            before = id
        }
        let isActive: Bool? =
            switch call.query("isActive") {
            case nil: nil
            case "true": true
            case "false": false
            default: throw Problem.invalid([.init("isActive", "is no flag", allowed: "true or false")])
            }
        let found = try await catalogue.mappings(
            before: before, text: call.query("search"), isActive: isActive, limit: limit + 1)
        let page = found.prefix(limit)
        let next = found.count > limit ? page.last?.id.description : nil
        return .json(
            try JSON.encode(
                JSONValue.object([
                    "items": .array(page.map(MappingJSON.write)), "nextCursor": next.map(JSONValue.string) ?? .null,
                ])))
    }

    private func answer(_ mapping: ProductMapping, status: HTTPStatus = 200) throws -> HTTPResponse {
        var response = HTTPResponse.json(try JSON.encode(MappingJSON.write(mapping)), status: status)
        if status == 201 { response.fields["location"] = "/api/v1/product-mappings/\(mapping.id)" }
        return response
    }
}
