package import HTTPWire
package import Kernel

/// One request on its way through one route. On the heap: it is handed from hand to hand.
package final class Call: Sendable {
    package let request: HTTPRequest
    /// Path parameters by name, percent-decoded once.
    package let pathParameters: [String: String]
    let entry: Router.Entry

    package convenience init(request: HTTPRequest, route: Route, pathParameters: [String: String]) {
        self.init(request: request, entry: Router.Entry(route), pathParameters: pathParameters)
    }

    init(request: consuming HTTPRequest, entry: Router.Entry, pathParameters: [String: String]) {
        self.request = request
        self.entry = entry
        self.pathParameters = pathParameters
    }

    package var route: Route { entry.route }

    /// The one in force; outside of a gateway, where none is, a new one.
    package var correlationID: CorrelationID { CorrelationID.current ?? .make(.system) }

    /// The raw body, up to the route's limit.
    package func body() async throws -> [UInt8] {
        try await request.body.collect(limitBytes: entry.route.limits.bodyBytes)
    }

    /// The body as JSON of that type.
    /// - Throws: `Problem` 415 for another content type, 400 for broken JSON, 422 naming the field of a wrong type.
    package func decode<Body: Decodable>(_ type: Body.Type) async throws -> Body {
        if let contentType = request.fields["content-type"], !contentType.isJSONMediaType {
            throw Problem(
                code: "unsupported-media-type", status: 415,
                detail: "Send the body as application/json, not \(contentType.prefix(80)).")
        }
        let bytes = try await body()
        guard !bytes.isEmpty else { throw Problem.malformed("The body is empty; send a JSON object.") }
        do {
            return try JSON.decode(type, from: bytes)
        } catch let error as DecodingError {
            throw Self.problem(error, decoding: bytes)
        }
    }

    /// swift-foundation reports a number that does not fit its field (1.5 or 2^64 for a whole number) as broken JSON,
    /// without a path. Who sent valid JSON must not be told otherwise.
    private static func problem(_ error: DecodingError, decoding bytes: [UInt8]) -> Problem {
        guard case .dataCorrupted(let context) = error, context.codingPath.isEmpty,
            (try? JSON.decode(JSONValue.self, from: bytes)) != nil
        else { return Problem(decoding: error) }
        return .invalid([
            .init("body", "holds a number that does not fit its field", allowed: "whole numbers where counts stand")
        ])
    }

    /// A path parameter that is an id of that kind; one that is no UUID cannot name anything, so it is 404.
    package func id<Tag>(_ name: String, _ tag: Tag.Type = Tag.self) throws -> ID<Tag> {
        guard let text = pathParameters[name], let id = ID<Tag>(text) else {
            throw Problem.notFound("There is nothing with this id. Ids are UUIDs of 36 characters.")
        }
        return id
    }

    /// The value of a query parameter, decoded; nil when absent. The first one counts.
    package func query(_ name: String) -> String? {
        QueryString.value(of: name, in: request.query)
    }

    /// A whole number from the query within a range.
    /// - Throws: `Problem` 422 that names the range.
    package func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        guard let text = query(name) else { return fallback }
        guard let value = WireNumber.decimal(text), range.contains(value) else {
            throw Problem.invalid([
                .init(name, "is not a whole number in the range", allowed: "\(range.lowerBound) to \(range.upperBound)")
            ])
        }
        return value
    }
}

extension String {
    fileprivate var isJSONMediaType: Bool {
        let type = prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return type == "application/json" || type.hasSuffix("+json")
    }
}
