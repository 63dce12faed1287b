/// The head of one request, checked: what the server needs to frame, answer and route it.
package struct RequestHead: Hashable, Sendable {
    package var method: HTTPMethod
    /// The path as sent, starting with `/`, or `*`.
    package var path: String
    package var query: String?
    package var fields: HTTPFields
    /// 0 for HTTP/1.0; 1 for HTTP/1.1 and every later 1.x (RFC 9110 §2.5).
    package var minorVersion: Int
    package var framing: BodyFraming
    /// Whether the connection may serve another request after this one (RFC 9112 §9.3).
    package var isPersistent: Bool
    /// The client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    package var expectsContinue: Bool
}

/// How the body of a request is delimited (RFC 9112 §6.3).
package enum BodyFraming: Hashable, Sendable {
    case none
    case length(Int)
    case chunked
}

/// Why bytes cannot be taken as a request. Framing is lost: one answer, then the connection closes.
package struct RequestFault: Error, Hashable, Sendable {
    package let status: Int
    /// A stable word, `header-too-large`.
    package let code: String
    package let detail: String

    package init(status: Int, code: String, detail: String) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    static func malformed(_ detail: String) -> RequestFault {
        RequestFault(status: 400, code: "malformed-request", detail: detail)
    }
}

/// What a request may cost before anything is known about it.
package struct RequestLimits: Hashable, Sendable {
    package var requestLineBytesMaximum = 8_192
    /// One field line; as much as all of them unless made smaller.
    package var fieldBytesMaximum = 32_768
    package var fieldsBytesMaximum = 32_768
    package var fieldCountMaximum = 100
    /// One chunk's extensions; nobody uses them (CVE-2023-39326 is about them).
    package var chunkExtensionBytesMaximum = 256
    /// All extensions of one body together.
    package var chunkOverheadBytesMaximum = 16_384
    package var trailerBytesMaximum = 8_192

    package init() {}
}
