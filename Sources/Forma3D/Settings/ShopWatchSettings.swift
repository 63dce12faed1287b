/// How the shop is looked after beside its webhooks.
package struct ShopWatchSettings: Sendable {
    package let reconcileIntervalMinutes: Int
    package let checksSubscriptions: Bool

    init(reading reader: inout SettingsReader) {
        reconcileIntervalMinutes = reader.integer("SHOPIFY_RECONCILE_INTERVAL_MINUTES")
        checksSubscriptions = reader.boolean("SHOPIFY_SUBSCRIPTION_CHECK")
    }
}
