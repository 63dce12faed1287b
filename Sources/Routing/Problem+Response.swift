package import HTTPWire
package import Kernel

extension Problem {
    /// RFC 9457 on the wire, with the request's id so that a client's report finds the log lines.
    package func response(requestID: String, instance: String? = nil) -> HTTPResponse {
        var members: [String: JSONValue] = [
            "type": .string("about:blank"), "title": .string(HTTPStatus(status).reason),
            "status": .integer(Int64(status)),
            "code": .string(code), "detail": .string(detail), "requestId": .string(requestID),
        ]
        if let instance { members["instance"] = .string(instance) }
        if !fields.isEmpty {
            members["field"] = .string(fields[0].field)
            members["fields"] = .array(
                fields.map { field in
                    var entry: [String: JSONValue] = ["field": .string(field.field), "reason": .string(field.reason)]
                    if let allowed = field.allowed { entry["allowed"] = .string(allowed) }
                    if let nearest = field.nearest { entry["nearest"] = .string(nearest) }
                    return .object(entry)
                })
        }
        let body = (try? JSON.encode(JSONValue.object(members))) ?? []
        var response = HTTPResponse(
            status: HTTPStatus(status), fields: ["content-type": "application/problem+json"], body: .bytes(body))
        if let retryAfterSeconds { response.fields["retry-after"] = String(retryAfterSeconds) }
        return response
    }

    /// A decoder's complaint as a problem that names the field and what would be right.
    package init(decoding error: DecodingError) {
        func path(_ keys: [any CodingKey]) -> String {
            let joined = keys.reduce(into: "") { text, key in
                if let index = key.intValue {
                    text += "[\(index)]"
                } else {
                    text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
                }
            }
            return joined.isEmpty ? "body" : joined
        }
        switch error {
        case .keyNotFound(let key, let context):
            self = .invalid([.init(path(context.codingPath + [key]), "is missing")])
        case .typeMismatch(let type, let context):
            self = .invalid([.init(path(context.codingPath), "has the wrong type", allowed: "\(type)")])
        case .valueNotFound(let type, let context):
            self = .invalid([.init(path(context.codingPath), "must not be null", allowed: "\(type)")])
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self = .invalid([.init(path(context.codingPath), "cannot be read", allowed: context.debugDescription)])
        default:
            self = .malformed("The body is not valid JSON.")
        }
    }
}
