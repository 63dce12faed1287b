package import Jobs
import Kernel
package import Postgres

/// A delivery that no vendor sent: made here out of what the vendor said when it was asked, because its own webhook
/// was lost. From there on it is one like any other.
package struct SyntheticDelivery: Sendable {
    package let id: WebhookID
    /// Whose webhook it stands for, `shopify`.
    package let source: String
    package let topic: String
    /// Names the state it tells, so that every replica and every round that sees this state makes one delivery.
    package let dedupeKey: String
    package let body: [UInt8]

    package init(id: WebhookID, source: String, topic: String, dedupeKey: String, body: [UInt8]) {
        self.id = id
        self.source = source
        self.topic = topic
        self.dedupeKey = dedupeKey
        self.body = body
    }
}

extension Inbox {
    /// Stores it with its job. False: it was here before.
    package static func take(
        _ delivery: SyntheticDelivery, dedupeHours: Int, outbox: Outbox, in transaction: Transaction
    ) async throws -> Bool {
        let correlationID = CorrelationID.current ?? .make(.system)
        let isNew = try await SyntheticStorage.store(
            delivery, correlationID: correlationID, dedupeHours: dedupeHours, in: transaction)
        guard isNew else { return false }
        try await outbox.enqueue(
            NewJob(processKind, payload: ProcessWebhook(webhook: delivery.id)), in: transaction)
        return true
    }

    /// Which of these keys are known already.
    package static func knownKeys(
        _ keys: [String], source: String, in database: Database
    ) async throws -> Set<String> {
        guard !keys.isEmpty else { return [] }
        return try await SyntheticStorage.knownKeys(keys, source: source, in: database)
    }
}
