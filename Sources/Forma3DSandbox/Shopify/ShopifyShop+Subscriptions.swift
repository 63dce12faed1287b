import FoundationEssentials

/// A subscription made through the Admin API.
struct WebhookSubscription: Hashable, Sendable {
    let id: Int64
    /// Slash form, `orders/create`.
    var topic: String
    var uri: String
    var format: String
    var includeFields: [String]
    var filter: String?
    var name: String?
    let createdAt: Date
    var updatedAt: Date
    /// Failed deliveries in a row; at eight Shopify deletes the subscription (contracts/shopify.md §1.4).
    var failuresInARow = 0

    static let failuresMaximum = 8
}

extension ShopifyShop {
    /// Queues one webhook for each subscription to the topic: the app's own one at the target and those made by API.
    mutating func send(_ topic: String, _ body: [UInt8], eventID: String) {
        let made = subscriptions.values.filter { $0.topic == topic }.sorted { $0.id < $1.id }
        if settings.topics.contains(topic), !made.contains(where: { $0.uri == settings.targetURI }) {
            outgoing.append(Hook(topic: topic, body: body, eventID: eventID))
        }
        for subscription in made {
            outgoing.append(Hook(topic: topic, body: body, eventID: eventID, subscription: subscription))
        }
    }

    mutating func takeOutgoing() -> [Hook] {
        defer { outgoing = [] }
        return outgoing
    }

    mutating func createSubscription(
        topic: String, _ input: JSONNode, at now: Date
    ) -> Result<WebhookSubscription, ShopUserError> {
        let uri = (input["uri"] ?? input["callbackUrl"])?.string ?? ""
        let format = input["format"]?.string ?? "JSON"
        if let refusal = refusal(ofURI: uri) { return .failure(refusal) }
        guard !subscriptions.values.contains(where: { $0.topic == topic && $0.uri == uri && $0.format == format })
        else {
            return .failure(
                .init(["webhookSubscription", "callbackUrl"], "Address for this topic has already been taken"))
        }
        let subscription = WebhookSubscription(
            id: nextID("subscription", base: 1_954_588_819_762), topic: topic, uri: uri, format: format,
            includeFields: (input["includeFields"]?.array ?? []).compactMap(\.string),
            filter: input["filter"]?.string, name: input["name"]?.string, createdAt: now, updatedAt: now)
        subscriptions[subscription.id] = subscription
        return .success(subscription)
    }

    mutating func updateSubscription(
        _ id: Int64, _ input: JSONNode, at now: Date
    ) -> Result<WebhookSubscription, ShopUserError> {
        guard var subscription = subscriptions[id] else {
            return .failure(.init(["id"], "Webhook subscription does not exist."))
        }
        if let uri = (input["uri"] ?? input["callbackUrl"])?.string {
            if let refusal = refusal(ofURI: uri) { return .failure(refusal) }
            subscription.uri = uri
        }
        if let format = input["format"]?.string { subscription.format = format }
        if let fields = input["includeFields"]?.array { subscription.includeFields = fields.compactMap(\.string) }
        subscription.updatedAt = now
        subscriptions[id] = subscription
        return .success(subscription)
    }

    mutating func deleteSubscription(_ id: Int64) -> Result<Int64, ShopUserError> {
        guard subscriptions.removeValue(forKey: id) != nil else {
            return .failure(.init(["id"], "Webhook subscription does not exist."))
        }
        return .success(id)
    }

    /// Counts a delivery that was given up or accepted; eight failures in a row delete the subscription.
    mutating func noteDelivery(to id: Int64, succeeded: Bool) {
        guard var subscription = subscriptions[id] else { return }
        subscription.failuresInARow = succeeded ? 0 : subscription.failuresInARow + 1
        subscriptions[id] =
            subscription.failuresInARow >= WebhookSubscription.failuresMaximum ? nil : subscription
    }

    /// Recorded texts; plain http is let through to loopback only, so that a local system can be tried.
    private func refusal(ofURI uri: String) -> ShopUserError? {
        let field = ["webhookSubscription", "callbackUrl"]
        if uri.isEmpty { return .init(field, "Address can't be blank") }
        if uri.utf8.count > 65_536 { return .init(field, "Address is too big (maximum is 64 KB)") }
        let isLoopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { uri.hasPrefix($0) }
        if uri.hasPrefix("http://"), !isLoopback {
            return .init(field, "Address protocol http:// is not supported")
        }
        guard isLoopback || uri.hasPrefix("https://") else { return .init(field, "Address is invalid") }
        if !isLoopback, uri.dropFirst(8).prefix(while: { $0 != "/" }).hasSuffix("myshopify.com") {
            return .init(field, "Address cannot be a Shopify or an internal domain")
        }
        return nil
    }
}
