import HTTPClient
package import Kernel

/// The shop's webhook subscriptions. Shopify deletes one after eight failed deliveries in a row (contracts: Shopify
/// §1.4), and lists only those that were made through this API, not those of `shopify.app.toml`.
extension ShopifyClient {
    /// One subscription of the Admin API.
    package struct Subscription: Hashable, Sendable {
        /// `ORDERS_CREATE`
        package let topic: String
        /// Where it delivers to.
        package let address: String

        package init(topic: String, address: String) {
            self.topic = topic
            self.address = address
        }
    }

    /// Shopify allows far fewer topics than this.
    private static let subscriptionsMaximum = 250

    package func subscriptions() async throws(VendorFailure) -> [Subscription] {
        let document = """
            query Subscriptions {
              webhookSubscriptions(first: \(Self.subscriptionsMaximum)) { nodes { id topic uri } } }
            """
        return try await ask("subscriptions", document) { (data: Wire.SubscriptionsData, _) throws(VendorFailure) in
            data.subscriptions
        }
    }

    /// Makes one. Somebody who was faster is as good: "already been taken" is success.
    package func subscribe(to topic: String, address: String) async throws(VendorFailure) {
        let document = """
            mutation Subscribe($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
              webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
                webhookSubscription { id } userErrors { field message } } }
            """
        let variables: JSONValue = [
            "topic": .string(topic), "subscription": ["uri": .string(address), "format": "JSON"],
        ]
        _ = try await ask("subscribe", document, variables) {
            (data: Wire.SubscribeData, context) throws(VendorFailure) -> Bool? in
            if data.isMade { return true }
            guard !data.userErrors.isEmpty else { return nil }
            let isTaken = data.userErrors.contains { $0.message.lowercased().contains("already been taken") }
            guard isTaken else { throw context.answer.failure(data.userErrors) }
            return true
        }
    }
}

extension Wire {
    struct SubscriptionsData: Decodable {
        let subscriptions: [ShopifyClient.Subscription]?

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            let connection = try object.decodeIfPresent(Connection<Node>.self, forKey: "webhookSubscriptions")
            subscriptions = connection?.nodes.map(\.subscription)
        }

        private struct Node: Decodable {
            let subscription: ShopifyClient.Subscription

            init(from decoder: any Decoder) throws {
                let object = try decoder.looseObject()
                subscription = .init(topic: try object.requireText("topic"), address: object.text("uri") ?? "")
            }
        }
    }

    struct SubscribeData: Decodable {
        let isMade: Bool
        let userErrors: [GraphQLUserError]

        init(from decoder: any Decoder) throws {
            let payload = try decoder.looseObject().object("webhookSubscriptionCreate")
            isMade = payload?.object("webhookSubscription") != nil
            userErrors = try payload?.list("userErrors") ?? []
        }
    }
}
