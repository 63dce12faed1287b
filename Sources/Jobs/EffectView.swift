package import FoundationEssentials
import Kernel
import Postgres

/// An effect whose outcome is not settled, as an operator sees it.
package struct EffectView: Sendable, Hashable {
    package enum State: String, Hashable, Sendable, SQLDecodable {
        case planned, sent, done, unknown, cancelled

        package init?(sqlText: String) { self.init(rawValue: sqlText) }
    }

    package let reference: String
    /// `simplyprint.queue-item`
    package let kind: String
    package let state: State
    package let subject: StreamID?
    /// How often it may have reached the vendor.
    package let sends: Int
    package let sentAt: Date?
    package let lastError: String?
    /// A job is there that will settle it; without one it waits for an operator.
    package let hasLiveJob: Bool

    init(row: Row) throws {
        reference = try row("reference")
        kind = try row("kind")
        state = try row("state")
        subject = try row.optional("subject")
        sends = try row("sends")
        sentAt = try row.optional("sent_at")
        lastError = try row.optional("last_error")
        hasLiveJob = try row("has_live_job")
    }
}

/// One thing that a look-up found at the vendor under an effect's reference.
package struct EffectFinding: Codable, Hashable, Sendable {
    package let vendorId: String
    package let isAlive: Bool
    package let isSameContent: Bool

    init<Receipt>(_ found: FoundEffect<Receipt>) {
        vendorId = found.vendorID
        isAlive = found.isAlive
        isSameContent = found.isSameContent
    }
}
