/// A request as a handler sees it: a complete, checked head and a body that is read when asked for.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    /// The path as sent, still percent-encoded, always starting with `/` (or `*` for `OPTIONS *`).
    package var path: String
    /// The query as sent, without the `?`; nil when there was none.
    package var query: String?
    package var fields: HTTPFields
    package var body: HTTPBody
    /// 0 for HTTP/1.0, which knows no `Upgrade` (RFC 9110 §7.8).
    package var minorVersion = 1
    /// The address of the peer, for logs and limits; nil for a unix socket or an in-process call.
    package var peerAddress: String?
    /// The address of who asks: the peer's, or what a trusted proxy says of its client. Set by the gateway.
    package var clientAddress: String?
    /// How the client spoke to us or to the trusted proxy. Set by the gateway.
    package var scheme: HTTPScheme = .http
    /// The host the client asked for, where a trusted proxy names one; else `Host` is it. Set by the gateway.
    package var forwardedHost: String?
    /// A forwarding field came along, believed or not: somebody stands between the client and the peer. Set by the
    /// gateway.
    package var isForwarded = false
    /// The server that holds the handler to its route's limits; nil for an in-process call.
    package var limiter: (any RequestLimiter)?

    package init(
        method: HTTPMethod, path: String, query: String? = nil, fields: HTTPFields = [:], body: HTTPBody = .empty,
        peerAddress: String? = nil, limiter: (any RequestLimiter)? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.peerAddress = peerAddress
        clientAddress = peerAddress
        self.limiter = limiter
    }
}

/// Holds the one request that its connection serves to the limits of its route.
package protocol RequestLimiter: AnyObject, Sendable {
    /// Cancels the request's task after so many seconds from now, and answers 503 itself if the task does not end then.
    /// Reading a longer body fails with `HTTPBody.Failure.tooLarge`, also when a chunk only says that it will be.
    func limit(bodyBytes: Int, handlerSeconds: Double)

    /// Whether that time is up: the reason of a cancellation, where the client's going would be the other.
    var isTimeUp: Bool { get }
}
