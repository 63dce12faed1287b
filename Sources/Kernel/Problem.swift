/// What a client may be told about a request that failed (RFC 9457, `application/problem+json`).
///
/// `detail` and `fields` are shown outside: they never hold data of others, secrets or internals.
package struct Problem: Error, Hashable, Sendable {
    /// One bad field: where it is, what is wrong, what would be right.
    package struct Field: Hashable, Sendable, Codable {
        /// Path from the root of the body, `parts[2].quantityPerProduct`; a query parameter by its name.
        package let field: String
        package let reason: String
        /// The allowed values or range, in words; nil where the reason says it all.
        package let allowed: String?
        /// The nearest value that would do, as it would be written there; nil where there is none to name.
        package let nearest: String?

        package init(_ field: String, _ reason: String, allowed: String? = nil, nearest: String? = nil) {
            self.field = field
            self.reason = reason
            self.allowed = allowed
            self.nearest = nearest
        }
    }

    /// A stable word for programs, `invalid-field`.
    package let code: String
    /// The HTTP status.
    package let status: Int
    package let detail: String
    package let fields: [Field]
    package let retryAfterSeconds: Int?

    package init(code: String, status: Int, detail: String, fields: [Field] = [], retryAfterSeconds: Int? = nil) {
        self.code = code
        self.status = status
        self.detail = detail
        self.fields = fields
        self.retryAfterSeconds = retryAfterSeconds
    }

    package static func notFound(_ detail: String) -> Problem {
        Problem(code: "not-found", status: 404, detail: detail)
    }

    package static func conflict(_ detail: String, fields: [Field] = []) -> Problem {
        Problem(code: "conflict", status: 409, detail: detail, fields: fields)
    }

    package static func invalid(_ fields: [Field]) -> Problem {
        let names = fields.map(\.field).joined(separator: ", ")
        return Problem(
            code: "invalid-field", status: 422, detail: "These fields need mending: \(names).", fields: fields)
    }

    package static func malformed(_ detail: String) -> Problem {
        Problem(code: "malformed-body", status: 400, detail: detail)
    }

    package static func unauthorized(_ detail: String) -> Problem {
        Problem(code: "unauthorized", status: 401, detail: detail)
    }

    package static func unavailable(_ detail: String, retryAfterSeconds: Int = 5) -> Problem {
        Problem(code: "unavailable", status: 503, detail: detail, retryAfterSeconds: retryAfterSeconds)
    }
}
