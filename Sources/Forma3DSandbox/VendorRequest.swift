import HTTPWire
import Routing

/// A request to one of the vendors, body in hand.
struct VendorRequest: Sendable {
    let method: HTTPMethod
    /// The path below the vendor's prefix, decoded.
    let segments: [String]
    let query: [(name: String, value: String)]
    let fields: HTTPFields
    let body: [UInt8]
    /// The whole path as sent.
    let path: String

    /// A query parameter; the first of a name counts.
    func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The body as JSON, or form fields as an object of strings; an empty body is an empty object.
    var bodyNode: JSONNode? {
        if body.isEmpty { return .object([]) }
        if let type = fields["content-type"], type.lowercased().hasPrefix("application/x-www-form-urlencoded") {
            let pairs = QueryString.pairs(of: String(decoding: body, as: UTF8.self))
            return .object(pairs.map { .init(name: $0.name, value: .string($0.value)) })
        }
        return JSONNode.parse(body)
    }
}

extension HTTPResponse {
    static func json(_ node: JSONNode, status: Int = 200, fields: HTTPFields = [:]) -> HTTPResponse {
        var response = HTTPResponse.json(node.bytes(), status: HTTPStatus(status))
        for field in fields.fields { response.fields[field.name] = field.value }
        return response
    }
}
