package import Jobs
import Kernel
import Postgres

/// Deliveries that failed, once more: their cause was a setting or a fault of ours that is mended now.
extension Inbox {
    /// What became of a wish to process a delivery once more.
    package enum RetryAnswer: Hashable, Sendable {
        case queued
        case unknown
        /// It waits, or was processed.
        case notFailed
        /// There is nothing left to process.
        case erased
    }

    /// Deliveries one transaction puts back.
    private static let retryBatch = 200

    /// Puts one failed delivery back, with its job: the dead one where it is still there.
    package func retry(_ id: WebhookID, by act: OperatorAct = .init(by: "operator", reason: nil)) async throws
        -> RetryAnswer
    {
        try await database.transaction { transaction in
            guard let standing = try await WebhookStorage.lock(id, in: transaction) else { return .unknown }
            guard standing.state == .failed else { return .notFailed }
            guard !standing.isErased else { return .erased }
            try await self.putBack([.init(id: id, correlationID: standing.correlationID)], in: transaction)
            try await self.say(id, act, in: transaction)
            return .queued
        }
    }

    /// Puts failed deliveries back, oldest first; how many there were. Erased ones stay.
    package func retryFailed(limit: Int, by act: OperatorAct = .init(by: "operator", reason: nil)) async throws
        -> Int
    {
        var count = 0
        // One that fails again meanwhile is behind the last id, so that this comes to an end.
        var last: WebhookID?
        while count < limit {
            let batch = min(Self.retryBatch, limit - count)
            let failed = try await database.transaction { [last] transaction in
                let failed = try await WebhookStorage.lockFailed(after: last, limit: batch, in: transaction)
                try await self.putBack(failed, in: transaction)
                for delivery in failed { try await self.say(delivery.id, act, in: transaction) }
                return failed
            }
            count += failed.count
            last = failed.last?.id
            if failed.count < batch { break }
        }
        return count
    }

    private func say(_ id: WebhookID, _ act: OperatorAct, in transaction: Transaction) async throws {
        guard let standing = try await DeliveryBoardStorage.lock(id, in: transaction) else { return }
        try await outbox.append(
            WebhookRetried(
                webhookID: id, source: standing.source, topic: standing.topic, by: act.by, reason: act.reason),
            about: standing.subject ?? .system, source: "inbox", in: transaction)
    }

    private func putBack(_ failed: [WebhookStorage.Failed], in transaction: Transaction) async throws {
        try await WebhookStorage.markReceived(failed.map(\.id), in: transaction)
        for delivery in failed {
            let job = try NewJob(Self.processKind, payload: ProcessWebhook(webhook: delivery.id))
            try await CorrelationID.$current.withValue(delivery.correlationID) {
                try await deadLetters.renew(job, in: transaction)
            }
        }
    }
}

/// An operator put a failed webhook back.
package struct WebhookRetried: DomainEvent {
    package static let name = "webhook.retried"
    package let webhookID: WebhookID
    package let source: String
    package let topic: String
    package let by: String
    package let reason: String?
}
