/// A request as a handler sees it: a complete, checked head and a body that is read when asked for.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    /// The path as sent, still percent-encoded, always starting with `/` (or `*` for `OPTIONS *`).
    package var path: String
    /// The query as sent, without the `?`; nil when there was none.
    package var query: String?
    package var fields: HTTPFields
    package var body: HTTPBody
    /// The address of the peer, for logs and limits; nil for a unix socket or an in-process call.
    package var peerAddress: String?

    package init(
        method: HTTPMethod, path: String, query: String? = nil, fields: HTTPFields = [:], body: HTTPBody = .empty,
        peerAddress: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.peerAddress = peerAddress
    }
}
