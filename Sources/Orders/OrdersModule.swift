package import Contracts
import HTTPWire
package import Inbox
package import Jobs
package import Kernel
package import Postgres
import Shopify

/// Orders of the shop: intake, status, and when they are ready to leave.
package struct OrdersModule: Sendable {
    private let answers: OrderAnswers
    private let jobs: OrderJobs
    private let intake: OrderIntake
    private let webhookSecrets: [String]?

    /// - Parameters:
    ///   - shopDomain: deliveries for another shop are refused; nil takes any (development).
    ///   - webhookSecrets: every live secret; empty refuses all, nil verifies nothing (development only).
    package init(
        database: Database, outbox: Outbox, catalog: any CatalogContract, identities: Identities, time: Time,
        shopDomain: String?, webhookSecrets: [String]?
    ) {
        let desk = OrderDesk(outbox: outbox, time: time)
        answers = OrderAnswers(database: database)
        jobs = OrderJobs(database: database, outbox: outbox, desk: desk, catalog: catalog)
        intake = OrderIntake(catalog: catalog, desk: desk, identities: identities, shopDomain: shopDomain)
        self.webhookSecrets = webhookSecrets
    }

    package var contract: any OrdersContract { answers }
    package var registrations: [JobRegistration] { jobs.registrations }

    package var webhookSource: WebhookSource {
        WebhookSource(
            name: "shopify", paths: ["/webhooks/shopify", "/api/v1/webhooks/shopify"],
            verify: { fields, body in
                guard let webhookSecrets else { return .genuine }
                guard !webhookSecrets.isEmpty else { return .refused("SHOPIFY_WEBHOOK_SECRETS is not set") }
                guard let signature = fields["x-shopify-hmac-sha256"] else {
                    return .refused("X-Shopify-Hmac-Sha256 is missing")
                }
                return ShopifyWebhook.isGenuine(body: body, signature: signature, secrets: webhookSecrets)
                    ? .genuine
                    : .refused("X-Shopify-Hmac-Sha256 fits none of the \(webhookSecrets.count) live secrets")
            },
            dedupeKey: { fields, _ in fields["x-shopify-webhook-id"] },
            topic: { fields, _ in fields["x-shopify-topic"] ?? "unknown" },
            handle: { try await intake.handle($0) })
    }
}
