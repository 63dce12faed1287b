package import Contracts
import HTTPWire
package import Inbox
package import Jobs
package import Kernel
package import Logging
package import Postgres
package import Shopify

/// Orders of the shop: intake, status, and when they are ready to leave.
package struct OrdersModule: Sendable {
    private let answers: OrderAnswers
    private let jobs: OrderJobs
    private let intake: OrderIntake
    private let reconciler: OrderReconciler?
    private let keeper: SubscriptionKeeper?
    private let webhookSecrets: [String]?

    /// How the shop is looked after beside its webhooks.
    package struct Watch: Sendable {
        package let client: ShopifyClient
        package let reconcileEverySeconds: Double
        /// Where Shopify delivers webhooks to; nil: subscriptions are left alone.
        package let webhookAddress: String?
        package let logger: Logger

        package init(
            client: ShopifyClient, reconcileEverySeconds: Double, webhookAddress: String?, logger: Logger
        ) {
            self.client = client
            self.reconcileEverySeconds = reconcileEverySeconds
            self.webhookAddress = webhookAddress
            self.logger = logger
        }
    }

    /// - Parameters:
    ///   - shopDomain: deliveries for another shop are refused; nil takes any (development).
    ///   - webhookSecrets: every live secret; empty refuses all, nil verifies nothing (development only).
    ///   - watch: nil where no shop is configured (development).
    package init(
        database: Database, outbox: Outbox, catalog: any CatalogContract, identities: Identities, time: Time,
        shopDomain: String?, webhookSecrets: [String]?, watch: Watch? = nil
    ) {
        let desk = OrderDesk(outbox: outbox, time: time)
        answers = OrderAnswers(database: database)
        jobs = OrderJobs(database: database, outbox: outbox, desk: desk, catalog: catalog)
        intake = OrderIntake(catalog: catalog, desk: desk, identities: identities, shopDomain: shopDomain)
        reconciler = watch.map { watch in
            OrderReconciler(
                database: database, outbox: outbox, identities: identities, client: watch.client,
                everySeconds: watch.reconcileEverySeconds, logger: watch.logger)
        }
        keeper = watch.flatMap { watch in
            watch.webhookAddress.map { address in
                SubscriptionKeeper(outbox: outbox, client: watch.client, address: address, logger: watch.logger)
            }
        }
        self.webhookSecrets = webhookSecrets
    }

    /// Below a server's public address.
    package static let webhookPath = "/webhooks/shopify"

    package var contract: any OrdersContract { answers }
    package var registrations: [JobRegistration] {
        jobs.registrations + (reconciler?.registrations ?? []) + (keeper.map { [$0.registration] } ?? [])
    }
    package var schedules: [Schedule] {
        (reconciler?.schedules ?? []) + (keeper.map { [$0.schedule] } ?? [])
    }

    package var webhookSource: WebhookSource {
        WebhookSource(
            name: "shopify", paths: [Self.webhookPath, "/api/v1/webhooks/shopify"],
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
