package import FoundationEssentials
package import Jobs
package import Kernel
import Postgres

/// One stored delivery as an operator sees it: never its body.
package struct DeliveryView: Sendable, Hashable {
    package enum State: String, CaseIterable, Hashable, Sendable, SQLDecodable {
        case received, processed, failed

        package init?(sqlText: String) { self.init(rawValue: sqlText) }
    }

    package let id: WebhookID
    package let source: String
    package let topic: String
    package let state: State
    /// Why it failed.
    package let note: String?
    package let subject: StreamID?
    package let correlationID: CorrelationID
    package let receivedAt: Date
    package let processedAt: Date?
    package let isErased: Bool
    /// Made here, because the vendor's own was lost.
    package let isSynthetic: Bool
    /// How often an operator had it processed once more.
    package let replays: Int

    init(row: Row) throws {
        id = try row("id")
        source = try row("source")
        topic = try row("topic")
        state = try row("state")
        note = try row.optional("note")
        subject = try row.optional("subject")
        correlationID = try row("correlation_id")
        receivedAt = try row("received_at")
        processedAt = try row.optional("processed_at")
        isErased = try row("is_erased")
        isSynthetic = try row("is_synthetic")
        replays = try row("replays")
    }
}

/// A delivery with what came in it, for whoever looks into one.
package struct DeliveryDetail: Sendable {
    package let view: DeliveryView
    package let dedupeKey: String
    /// Without signatures and credentials, which are not stored.
    package let headers: [(name: String, value: String)]
    /// Zero once erased.
    package let bodyBytes: Int
    /// The raw bytes, up to `Inbox.previewBytesMaximum`; nil when there are more, or none any more.
    package let body: [UInt8]?
}
