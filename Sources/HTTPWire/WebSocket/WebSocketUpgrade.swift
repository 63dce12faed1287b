/// What an answer 101 carries besides its fields: what the connection becomes. On the heap, so that the other answers,
/// which carry none, stay small.
package final class WebSocketUpgrade: Sendable {
    /// `Sec-WebSocket-Accept` and, when agreed, `-Protocol` and `-Extensions`. The encoder adds `Upgrade`.
    package let fields: HTTPFields
    package let subprotocol: String?
    package let deflate: WebSocketDeflate.Agreement?
    package let limits: WebSocketLimits
    package let handler: WebSocket.Handler

    init(
        fields: HTTPFields, subprotocol: String?, deflate: WebSocketDeflate.Agreement?, limits: WebSocketLimits,
        handler: @escaping WebSocket.Handler
    ) {
        self.fields = fields
        self.subprotocol = subprotocol
        self.deflate = deflate
        self.limits = limits
        self.handler = handler
    }
}

/// What a route with a WebSocket allows.
package struct WebSocketSettings: Sendable {
    /// The origins, `https://shop.example`, whose pages may connect; nil allows any. A request without `Origin` comes
    /// from no browser and is let in: the list guards against other sites' pages (RFC 6455 §10.2), not against programs.
    package var allowedOrigins: Set<String>?
    /// The server's subprotocols, the most wanted first.
    package var subprotocols: [String] = []
    /// Nil when messages are never compressed.
    package var deflate: WebSocketDeflate.Settings? = WebSocketDeflate.Settings()
    package var limits = WebSocketLimits()

    package init(allowedOrigins: Set<String>?) {
        self.allowedOrigins = allowedOrigins
    }
}

extension HTTPResponse {
    /// The answer that makes the connection a WebSocket (RFC 6455 §4.2.2).
    package init(_ upgrade: WebSocketUpgrade) {
        self.init(status: 101, fields: upgrade.fields)
        self.upgrade = upgrade
    }
}
