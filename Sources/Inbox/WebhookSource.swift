package import FoundationEssentials
package import HTTPWire
package import Jobs
package import Kernel

/// One vendor's webhooks: how to verify, tell apart and handle them. Modules hand these to the Inbox.
package struct WebhookSource: Sendable {
    package enum Verdict: Hashable, Sendable {
        case genuine
        /// Missing or wrong signature; the text goes to a log, never to the sender.
        case refused(String)
    }

    /// `shopify`
    package let name: String
    package let paths: [String]
    package let bodyLimitBytes: Int
    /// Over the raw bytes, in constant time.
    package let verify: @Sendable (_ fields: HTTPFields, _ body: [UInt8]) -> Verdict
    /// Identity of one delivery; nil means the hash of topic and body.
    package let dedupeKey: @Sendable (_ fields: HTTPFields, _ body: [UInt8]) -> String?
    package let topic: @Sendable (_ fields: HTTPFields, _ body: [UInt8]) -> String
    /// The `inbox.process` job of this source, in two halves.
    package let handle: @Sendable (Webhook) async throws -> Commit

    package init(
        name: String, paths: [String], bodyLimitBytes: Int = 5 * 1024 * 1024,
        verify: @escaping @Sendable (HTTPFields, [UInt8]) -> Verdict,
        dedupeKey: @escaping @Sendable (HTTPFields, [UInt8]) -> String?,
        topic: @escaping @Sendable (HTTPFields, [UInt8]) -> String,
        handle: @escaping @Sendable (Webhook) async throws -> Commit
    ) {
        self.name = name
        self.paths = paths
        self.bodyLimitBytes = bodyLimitBytes
        self.verify = verify
        self.dedupeKey = dedupeKey
        self.topic = topic
        self.handle = handle
    }
}

/// Tag of `WebhookID`.
package enum WebhookTag {}
package typealias WebhookID = ID<WebhookTag>

/// A stored delivery on its way to its module.
package struct Webhook: Sendable {
    package let id: WebhookID
    package let topic: String
    package let headers: HTTPFields
    package let body: [UInt8]
    package let receivedAt: Date
    package let correlationID: CorrelationID

    package init(
        id: WebhookID, topic: String, headers: HTTPFields, body: [UInt8], receivedAt: Date, correlationID: CorrelationID
    ) {
        self.id = id
        self.topic = topic
        self.headers = headers
        self.body = body
        self.receivedAt = receivedAt
        self.correlationID = correlationID
    }
}
