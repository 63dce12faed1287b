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
                parameters: Page<ProductMappingTag>.parameters + [
                    .init("search", "part of the name or SKU"), .init("isActive", "true or false", .boolean),
                ],
                returns: Page<ProductMappingTag>.schema(name: "ProductMappingPage", of: MappingJSON.schema),
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
                .patch, "/api/v1/product-mappings/{id}", "Change some fields of a product mapping",
                tag: "Product mappings",
                access: .operators, takes: MappingJSON.schema, returns: MappingJSON.schema,
                problems: [400, 404, 409, 415, 422], handle: change),
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
        let page = try Page<ProductMappingTag>(call)
        let found = try await catalogue.mappings(
            before: page.before, text: call.query("search"), isActive: Self.isActive(call), limit: page.limit + 1)
        return try page.answer(found, id: \.id, write: MappingJSON.write)
    }

    /// What the body leaves out stays as it is; null takes an optional field away.
    private func change(_ call: Call) async throws -> HTTPResponse {
        let id: ProductMappingID = try call.id("id")
        guard let known = try await catalogue.mapping(id) else { throw Catalogue.noSuchMapping }
        guard case .object(let changes) = try await call.decode(JSONValue.self),
            case .object(let members) = MappingJSON.write(known)
        else { throw Problem.malformed("Send a JSON object with the fields to change.") }
        let content = try MappingJSON.read(.object(members.merging(changes) { $1 }))
        return try await answer(catalogue.replace(id, with: content))
    }

    private static func isActive(_ call: Call) throws -> Bool? {
        switch call.query("isActive") {
        case nil: nil
        case "true": true
        case "false": false
        default: throw Problem.invalid([.init("isActive", "is no flag", allowed: "true or false")])
        }
    }

    private func answer(_ mapping: ProductMapping, status: HTTPStatus = 200) throws -> HTTPResponse {
        var response = HTTPResponse.json(try JSON.encode(MappingJSON.write(mapping)), status: status)
        if status == 201 { response.fields["location"] = "/api/v1/product-mappings/\(mapping.id)" }
        return response
    }
}
