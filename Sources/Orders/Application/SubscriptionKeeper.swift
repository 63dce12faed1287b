import FoundationEssentials
package import Jobs
import Kernel
package import Logging
import Metrics
import Postgres
package import Shopify

/// Looks every hour whether the shop still sends us its webhooks, and subscribes anew to what is missing: Shopify
/// deletes a subscription after eight failures in a row, without a word to the receiver (contracts: Shopify §1.4).
/// What was missed meanwhile is the reconciler's.
package struct SubscriptionKeeper: Sendable {
    static let everySeconds = 3_600.0

    private let outbox: Outbox
    private let client: ShopifyClient
    /// Where the webhooks are taken.
    private let address: String
    private let logger: Logger

    package init(outbox: Outbox, client: ShopifyClient, address: String, logger: Logger) {
        self.outbox = outbox
        self.client = client
        self.address = address
        self.logger = logger
    }

    package var registration: JobRegistration {
        JobRegistration("orders.check-subscriptions", vendor: "shopify") { _ in try await check() }
    }

    package var schedule: Schedule {
        Schedule("orders.check-subscriptions", "orders.check-subscriptions", everySeconds: Self.everySeconds)
    }

    private func check() async throws -> Commit? {
        let missing = ShopifyTopic.missing(in: try await client.subscriptions(), address: address)
        var made: [String] = []
        do {
            for topic in missing {
                try await client.subscribe(to: topic, address: address)
                made.append(topic)
            }
        } catch {
            // What was made is said all the same; the rest is tried again in an hour, and alone it is a failure.
            guard !made.isEmpty else { throw error }
            logger.warning(
                "A webhook subscription could not be made.", metadata: ["reason": "\(error.operatorMessage)"])
        }
        guard !made.isEmpty else { return nil }
        Counter(label: "shopify_subscriptions_created_total").increment(by: Int64(made.count))
        logger.warning(
            "Webhook subscriptions were missing at Shopify and were made anew.",
            metadata: ["topics": "\(made.joined(separator: ", "))"])
        return { [made, address] transaction in
            for topic in made {
                try await outbox.append(
                    WebhookSubscriptionCreated(topic: topic, address: address), about: .system, source: "orders",
                    in: transaction)
            }
        }
    }
}

/// A subscription was missing at the shop and was made.
package struct WebhookSubscriptionCreated: DomainEvent {
    package static let name = "webhook-subscription.created"
    /// `ORDERS_CREATE`
    package let topic: String
    package let address: String

    package init(topic: String, address: String) {
        self.topic = topic
        self.address = address
    }
}
