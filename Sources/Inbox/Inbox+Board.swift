package import FoundationEssentials
import HTTPWire
package import Jobs
package import Kernel
import Postgres

/// The operator's view of deliveries, and what an operator may do to one.
extension Inbox {
    /// A longer body is not read for a preview.
    package static let previewBytesMaximum = 1_048_576

    package struct Search: Sendable {
        package var state: DeliveryView.State?
        package var source: String?
        package var topic: String?
        package var correlationID: CorrelationID?
        package var subject: StreamID?
        package var since: Date?
        /// Keyset: ids are UUIDv7, so they sort by time.
        package var before: WebhookID?
        package var limit: Int

        package init(limit: Int) { self.limit = limit }
    }

    /// Newest first.
    package func deliveries(_ search: Search) async throws -> [DeliveryView] {
        try await DeliveryBoardStorage.deliveries(search, in: database)
    }

    /// One, whole; nil when there is none, or not any more.
    package func delivery(_ id: WebhookID) async throws -> DeliveryDetail? {
        try await DeliveryBoardStorage.delivery(id, bodyBytesMaximum: Self.previewBytesMaximum, in: database)
    }

    package enum ReplayAnswer: Hashable, Sendable {
        case queued
        case unknown
        /// There is nothing left to process.
        case erased
        /// It waits to be processed for the first time, or again.
        case waiting
    }

    /// Has any stored delivery processed once more, on the same row and under its own correlation id. Handlers are
    /// idempotent, so a delivery that had been processed changes nothing that is newer.
    package func replay(_ id: WebhookID, by act: OperatorAct) async throws -> ReplayAnswer {
        try await database.transaction { transaction in
            guard let standing = try await DeliveryBoardStorage.lock(id, in: transaction) else { return .unknown }
            guard !standing.isErased else { return .erased }
            guard standing.state != .received else { return .waiting }
            try await DeliveryBoardStorage.markReplayed(id, in: transaction)
            let job = try NewJob(Self.processKind, payload: ProcessWebhook(webhook: id))
            try await CorrelationID.$current.withValue(standing.correlationID) {
                try await self.deadLetters.renew(job, in: transaction)
            }
            try await self.outbox.append(
                WebhookReplayed(
                    webhookID: id, source: standing.source, topic: standing.topic, by: act.by, reason: act.reason),
                about: standing.subject ?? .system, source: "inbox", in: transaction)
            return .queued
        }
    }
}

/// An operator had a stored webhook processed once more.
package struct WebhookReplayed: DomainEvent {
    package static let name = "webhook.replayed"
    package let webhookID: WebhookID
    package let source: String
    package let topic: String
    package let by: String
    package let reason: String?
}
