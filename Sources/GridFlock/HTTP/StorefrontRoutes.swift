import GridGeometry
import HTTPWire
import Kernel
package import Routing

/// What a configurator on the shop's own pages may ask: the price and the picture of a wish, nothing of the operator's.
package struct StorefrontRoutes: Sendable {
    private let quotes: Quotes
    private let gate: StorefrontGate
    /// What Shopify adds to the query.
    private let proxyParameters: Set<String>

    package init(quotes: Quotes, gate: StorefrontGate, proxyParameters: Set<String>) {
        self.quotes = quotes
        self.gate = gate
        self.proxyParameters = proxyParameters
    }

    private static let limits = Route.Limits(bodyBytes: 16_384, handlerSeconds: 5)
    /// The printer, how the plate is divided for it, and what is trimmed off the layout are the operator's business.
    static func isCustomers(_ field: String) -> Bool { !operatorsOwn.contains(field) }
    private static let operatorsOwn: Set<String> = [
        "printer", "bedWidthMillimetres", "bedDepthMillimetres", "columns", "rowsEven", "rowsOdd", "staggered",
        "edgeAdjustMillimetres",
    ]

    package var routes: [Route] {
        [
            Route(
                .get, "/storefront/gridflock/quote", "Tell a customer the price and the parts of a plate",
                tag: Self.tag,
                access: .webhook, limits: Self.limits, parameters: PlateRequestSchema.parameters(Self.isCustomers),
                returns: QuoteJSON.customerSchema, problems: [401, 404, 412, 416, 422, 429, 503],
                handle: { call in
                    try gate.admit(call)
                    return try await quote(wish(call), call)
                }
            ).alsoAnswering(FileAnswer.alsoAnswers),
            Route(
                .post, "/storefront/gridflock/quote", "The same for a wish in the body", tag: Self.tag,
                access: .webhook,
                limits: Self.limits, takes: PlateRequestSchema.customers, returns: QuoteJSON.customerSchema,
                problems: [400, 401, 404, 415, 422, 429, 503],
                handle: { call in
                    try gate.admit(call)
                    return try await quote(Self.withoutOperatorsOwn(try await call.plateRequest()), call)
                }),
            Route(
                .get, "/storefront/gridflock/preview.svg", "Draw the plan of a plate for a customer", tag: Self.tag,
                access: .webhook, limits: Self.limits, parameters: PlateRequestSchema.parameters(Self.isCustomers),
                returns: .binary(mediaType: "image/svg+xml"), problems: [401, 404, 412, 416, 422, 429, 503],
                handle: { call in
                    try gate.admit(call)
                    let wish = try wish(call)
                    let drawing = Array(try await forCustomers { try await quotes.customerDrawing(of: wish) }.utf8)
                    return try answer(drawing, "image/svg+xml", SVGFields.fields, call)
                }
            ).alsoAnswering(FileAnswer.alsoAnswers),
        ]
    }

    private static let tag = "Storefront"

    private func quote(_ wish: PlateRequest, _ call: Call) async throws -> HTTPResponse {
        let quote = try await forCustomers { try await quotes.quote(wish) }
        return try answer(try JSON.encode(quote.customerJSON), "application/json", [:], call)
    }

    /// A refusal of the operator's bed, told by what the customer chose.
    private func forCustomers<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let problem as Problem where problem.fields.contains(where: { Self.ofBed.contains($0.field) }) {
            var fields: [Problem.Field] = []
            for field in problem.fields {
                let own = Self.ofBed.contains(field.field) ? Self.ofDrawer(field.field) : field
                if !fields.contains(where: { $0.field == own.field }) { fields.append(own) }
            }
            throw Problem.invalid(fields)
        }
    }

    private static let ofBed: Set<String> = ["printer", "bedWidthMillimetres", "bedDepthMillimetres"]

    private static func ofDrawer(_ field: String) -> Problem.Field {
        .init(
            field == "bedDepthMillimetres" ? "drawerDepthMillimetres" : "drawerWidthMillimetres",
            "cannot be divided into parts that we can print, as cells, padding and connectors are chosen")
    }

    /// The same wish has the same answer until the operator changes a rate. A POST is not kept by anybody.
    private func answer(
        _ bytes: [UInt8], _ mediaType: String, _ fields: HTTPFields, _ call: Call
    ) throws -> HTTPResponse {
        guard call.request.method != .post else {
            return HTTPResponse(
                fields: ["content-type": mediaType, "cache-control": "no-store"], body: .bytes(bytes))
        }
        var fields = fields
        fields["cache-control"] = "public, max-age=60"
        return try FileAnswer.answer(
            to: call.request, bytes: bytes, mediaType: mediaType, tag: quotes.digest(bytes), fields: fields,
            time: quotes.time)
    }

    private func wish(_ call: Call) throws -> PlateRequest {
        let own = QueryString.pairs(of: call.request.query).filter { !proxyParameters.contains($0.name) }
        do {
            return try PlateRequest(query: own, isAllowed: Self.isCustomers)
        } catch {
            throw Problem(refusing: error)
        }
    }

    private static func withoutOperatorsOwn(_ request: PlateRequest) throws -> PlateRequest {
        let named = PlateRequest.fields.filter { operatorsOwn.contains($0.name) && $0.isSet(in: request) }
        guard named.isEmpty else {
            throw Problem.invalid(named.map { .init($0.name, "is not a field of a plate") })
        }
        return request
    }
}

extension PlateRequest.Field {
    fileprivate func isSet(in request: PlateRequest) -> Bool {
        switch place {
        case .number(let path): request[keyPath: path] != nil
        case .whole(let path): request[keyPath: path] != nil
        case .flag(let path): request[keyPath: path] != nil
        case .text(let path): request[keyPath: path] != nil
        case .list(let path): request[keyPath: path] != nil
        case .sides(let path): request[keyPath: path] != nil
        }
    }
}

extension Call {
    /// The body as a wish.
    /// - Throws: `Problem` 400, 415 and 422.
    func plateRequest() async throws -> PlateRequest {
        do {
            return try await decode(PlateRequest.self)
        } catch let refusal as PlateRefusal {
            throw Problem(refusing: refusal)
        }
    }
}
