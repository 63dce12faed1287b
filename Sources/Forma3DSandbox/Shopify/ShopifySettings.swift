/// What can be switched about the shop, in `POST /__control/settings` under `shopify`.
struct ShopifySettings: Sendable {
    /// Nominal seconds from an order to its fulfilment orders.
    var routingDelaySeconds = 2.0
    /// Nominal seconds from `orderCancel` to the cancelled order.
    var cancelDelaySeconds = 2.0
    /// Fulfilment orders are pick-ups, which need no label.
    var pickUpOnly = false
    /// Lines that need no shipping get a fulfilment order too (`NONE`); off, the shop fulfils nothing for them.
    var digitalFulfilmentOrders = false
    var bucketPoints = 2_000.0
    var restorePointsPerSecond = 100.0
    /// In answers' `X-Shopify-API-Version`; nil repeats the version asked for.
    var answeredVersion: String?
    /// In webhooks' `X-Shopify-API-Version`.
    var webhookVersion = "2026-07"
    /// Sign with this instead of the first live secret (rotation, or a wrong one).
    var signingSecret: String?
    /// Adds `X-Shopify-Test: true`.
    var testHeader = false
    var locations = ShopifySettings.locations(1)
    var scopes = ShopifySettings.allScopes
    /// The app's own subscription at the target.
    var topics: Set<String> = [
        "orders/create", "orders/paid", "orders/updated", "orders/edited", "orders/cancelled", "orders/fulfilled",
        "orders/partially_fulfilled", "orders/delete", "refunds/create", "fulfillments/create", "fulfillments/update",
    ]
    /// Where the app's own subscription points.
    var targetURI = ""

    static let allScopes = [
        "read_orders", "write_orders", "read_products", "read_locations", "read_fulfillments", "write_fulfillments",
        "read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders",
    ]

    static func locations(_ count: Int) -> [ShopLocation] {
        let names = ["Gent workshop", "Antwerp store", "Eindhoven depot", "Brussels depot"]
        return (0..<count).map { index in
            ShopLocation(id: 106_318_430_514 + Int64(index) * 32_768, name: names[index % names.count])
        }
    }

    /// Whether the app may see and fulfil fulfilment orders; without the scope the list is empty, not an error.
    var seesFulfilmentOrders: Bool { scopes.contains("read_merchant_managed_fulfillment_orders") }
    var writesFulfilmentOrders: Bool { scopes.contains("write_merchant_managed_fulfillment_orders") }

    mutating func apply(_ patch: JSONNode) -> [String] {
        var reader = SettingsReader(patch, path: "shopify")
        reader.seconds("routingDelaySeconds", &routingDelaySeconds)
        reader.seconds("cancelDelaySeconds", &cancelDelaySeconds)
        reader.bool("pickUpOnly", &pickUpOnly)
        reader.bool("digitalFulfilmentOrders", &digitalFulfilmentOrders)
        reader.seconds("bucketPoints", &bucketPoints)
        reader.seconds("restorePointsPerSecond", &restorePointsPerSecond)
        reader.text("answeredVersion", &answeredVersion)
        reader.text("signingSecret", &signingSecret)
        reader.bool("testHeader", &testHeader)
        reader.strings("scopes", &scopes)
        var version: String? = webhookVersion
        reader.text("webhookVersion", &version)
        webhookVersion = version ?? webhookVersion
        var subscribed = topics.sorted()
        reader.strings("topics", &subscribed)
        topics = Set(subscribed)
        var count = locations.count
        reader.integer("locations", in: 1...4, &count)
        if count != locations.count { locations = Self.locations(count) }
        return reader.finish()
    }

    var node: JSONNode {
        [
            "routingDelaySeconds": .decimal(routingDelaySeconds), "cancelDelaySeconds": .decimal(cancelDelaySeconds),
            "pickUpOnly": .bool(pickUpOnly), "digitalFulfilmentOrders": .bool(digitalFulfilmentOrders),
            "bucketPoints": .decimal(bucketPoints), "restorePointsPerSecond": .decimal(restorePointsPerSecond),
            "answeredVersion": .text(answeredVersion), "webhookVersion": .string(webhookVersion),
            "signingSecret": .text(signingSecret), "testHeader": .bool(testHeader),
            "locations": .integer(locations.count), "scopes": .strings(scopes), "topics": .strings(topics.sorted()),
        ]
    }
}
