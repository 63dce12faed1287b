/// Where the shop's Admin API is and how to get in.
package struct ShopifyConfiguration: Sendable {
    /// `forma3d.myshopify.com`.
    package var shopDomain: String
    /// The root of the Admin API's host, `https://{shop}`; a path in it is kept.
    package var apiURL: String
    /// The Admin API token; never logged.
    package var accessToken: String
    package var timeoutSeconds: Double

    package init(shopDomain: String, apiURL: String, accessToken: String, timeoutSeconds: Double) {
        self.shopDomain = shopDomain
        self.apiURL = apiURL
        self.accessToken = accessToken
        self.timeoutSeconds = timeoutSeconds
    }
}

/// The quarterly version every call and every subscription asks for; supported for 12 months
/// (https://shopify.dev/docs/api/usage/versioning).
package enum ShopifyAPIVersion {
    package static let pinned = "2026-07"
}
