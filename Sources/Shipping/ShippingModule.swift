package import Artefacts
package import Contracts
import HTTPWire
package import Inbox
package import Jobs
package import Kernel
package import Postgres
package import Routing
package import Sendcloud

/// Turns printed orders into labelled parcels and follows them.
package struct ShippingModule: Sendable {
    private let jobs: ShippingJobs
    private let webhook: CarrierWebhook
    private let answers: ShipmentAnswers
    private let webhookKeys: [String]?

    /// - Parameters:
    ///   - isEnabled: false: orders go straight to fulfilment.
    ///   - policy: nil: no shipping method is chosen; an order that needs a label then asks for it.
    ///   - webhookKeys: every live key; empty refuses all, nil verifies nothing (development only).
    package init(
        database: Database, outbox: Outbox, effects: Effects, artefacts: ArtefactStore, orders: any OrdersContract,
        client: SendcloudClient, callTimeoutSeconds: Double, isEnabled: Bool, policy: ShippingJobs.Policy?,
        identities: Identities, time: Time, webhookKeys: [String]?
    ) {
        let desk = ShippingDesk(outbox: outbox, time: time)
        let effect = ParcelEffect(client: client, callTimeoutSeconds: callTimeoutSeconds)
        effects.register(effect)
        let cancelling = ParcelCancellation(client: client, callTimeoutSeconds: callTimeoutSeconds)
        effects.register(cancelling)
        jobs = ShippingJobs(
            isEnabled: isEnabled, policy: policy, database: database, outbox: outbox, effects: effects,
            artefacts: artefacts, orders: orders, desk: desk, effect: effect, cancelling: cancelling, client: client,
            identities: identities)
        webhook = CarrierWebhook(desk: desk)
        answers = ShipmentAnswers(database: database, artefacts: artefacts)
        self.webhookKeys = webhookKeys
    }

    package var contract: any ShippingContract { answers }
    package var routes: [Route] { ShipmentRoutes(answers: answers).routes }
    package var registrations: [JobRegistration] { jobs.registrations }

    package var webhookSource: WebhookSource {
        WebhookSource(
            name: "sendcloud", paths: ["/webhooks/sendcloud"],
            verify: { fields, body in
                guard let webhookKeys else { return .genuine }
                guard !webhookKeys.isEmpty else { return .refused("SENDCLOUD_WEBHOOK_SECRET is not set") }
                guard let signature = fields["sendcloud-signature"] else {
                    return .refused("Sendcloud-Signature is missing")
                }
                return SendcloudWebhook.isGenuine(body: body, signature: signature, keys: webhookKeys)
                    ? .genuine : .refused("Sendcloud-Signature does not fit the key")
            },
            dedupeKey: { _, _ in nil },
            topic: { _, body in (try? SendcloudEvent.decode(body).action) ?? "unreadable" },
            handle: { try await webhook.handle($0) })
    }
}
