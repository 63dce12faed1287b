/// The rows of the three vendors.
extension SettingsTable {
    static let shopify: [Setting] = [
        Setting(
            "SHOPIFY_SHOP_DOMAIN", .shopify, .hostName, "The shop's own host name at Shopify, not its storefront's.",
            whenUnset: "no calls to Shopify", requirement: .outsideDevelopment),
        Setting(
            "SHOPIFY_API_URL", .shopify, .url,
            "Where the Admin API is; `{shop}` stands for the shop domain, /admin/api/… is added.",
            defaultText: "https://{shop}"),
        Setting(
            "SHOPIFY_ACCESS_TOKEN", .shopify, .key(charactersMinimum: 1),
            "The static Admin API token of the shop's custom app.", whenUnset: "no calls to Shopify",
            isSensitive: true, requirement: .outsideDevelopment),
        Setting(
            "SHOPIFY_CLIENT_ID", .shopify, .text, "The client id of the Shopify app.", whenUnset: "not used"),
        Setting(
            "SHOPIFY_CLIENT_SECRET", .shopify, .key(charactersMinimum: 1),
            "The client secret of the Shopify app, which signs its webhooks.",
            whenUnset: "SHOPIFY_WEBHOOK_SECRETS is needed", isSensitive: true),
        Setting(
            "SHOPIFY_WEBHOOK_SECRETS", .shopify, .list,
            "The secrets Shopify webhooks may be signed with, several while one is being replaced.",
            whenUnset: "SHOPIFY_CLIENT_SECRET", isSensitive: true, requirement: .outsideDevelopment,
            fallback: "SHOPIFY_CLIENT_SECRET"),
        Setting(
            "SHOPIFY_API_TIMEOUT_MS", .shopify, .integer(100...300_000), "Longest wait for one answer of Shopify.",
            defaultText: "30000"),
        Setting(
            "SHOPIFY_RECONCILE_INTERVAL_MINUTES", .shopify, .integer(1...1_440),
            "How often Shopify is asked which orders it touched, so that an order is not lost with its webhook.",
            defaultText: "5"),
        Setting(
            "SHOPIFY_SUBSCRIPTION_CHECK", .shopify, .boolean,
            "Subscribes anew every hour to webhooks that Shopify no longer sends to API_URL; false where they are "
                + "declared in shopify.app.toml, which the API does not list.",
            defaultText: "true"),
    ]

    static let simplyPrint: [Setting] = [
        Setting(
            "SIMPLYPRINT_COMPANY_ID", .simplyPrint, .identifier,
            "The company number, the first part of the path in SimplyPrint's panel.",
            whenUnset: "no calls to SimplyPrint", requirement: .outsideDevelopment),
        Setting(
            "SIMPLYPRINT_API_KEY", .simplyPrint, .key(charactersMinimum: 1), "The API key of the company.",
            whenUnset: "no calls to SimplyPrint", isSensitive: true, requirement: .outsideDevelopment),
        Setting(
            "SIMPLYPRINT_API_URL", .simplyPrint, .url, "Where the API is; /{company}/… is added.",
            defaultText: "https://api.simplyprint.io"),
        Setting(
            "SIMPLYPRINT_FILES_URL", .simplyPrint, .url, "Where files are uploaded; /{company}/… is added.",
            defaultText: "https://files.simplyprint.io"),
        Setting(
            "SIMPLYPRINT_WEBHOOK_SECRET", .simplyPrint, .key(charactersMinimum: 1),
            "The secret that SimplyPrint sends with each webhook.",
            whenUnset: "SimplyPrint webhooks are refused", isSensitive: true, requirement: .outsideDevelopment),
        Setting(
            "SIMPLYPRINT_REQUESTS_PER_MINUTE", .simplyPrint, .integer(1...1_000_000),
            "Most calls to SimplyPrint in any minute, shared by all servers on one database.", defaultText: "60"),
        Setting(
            "SIMPLYPRINT_POLLING_ENABLED", .simplyPrint, .boolean,
            "Asks SimplyPrint for its state now and then, so that a lost webhook heals.", defaultText: "true"),
        Setting(
            "SIMPLYPRINT_POLLING_INTERVAL_MS", .simplyPrint, .integer(100...3_600_000), "How often it is asked.",
            defaultText: "30000"),
        Setting(
            "SIMPLYPRINT_API_TIMEOUT_MS", .simplyPrint, .integer(100...300_000),
            "Longest wait for one answer of SimplyPrint.", defaultText: "30000"),
    ]

    static let sendcloud: [Setting] = [
        Setting(
            "SHIPPING_ENABLED", .sendcloud, .boolean,
            "Makes a parcel with a label for each order; false goes from printing straight to fulfilment.",
            defaultText: "true"),
        Setting(
            "SENDCLOUD_PUBLIC_KEY", .sendcloud, .key(charactersMinimum: 1), "The public key of the API integration.",
            whenUnset: "no calls to Sendcloud", isSensitive: true, requirement: .outsideDevelopmentWhenShipping),
        Setting(
            "SENDCLOUD_SECRET_KEY", .sendcloud, .key(charactersMinimum: 1), "The secret key of the API integration.",
            whenUnset: "no calls to Sendcloud", isSensitive: true, requirement: .outsideDevelopmentWhenShipping),
        Setting(
            "SENDCLOUD_API_URL", .sendcloud, .url, "Where the v2 API is; /parcels … is added.",
            defaultText: "https://panel.sendcloud.sc/api/v2"),
        Setting(
            "SENDCLOUD_WEBHOOK_SECRET", .sendcloud, .key(charactersMinimum: 1),
            "The key that signs Sendcloud's webhooks.", whenUnset: "SENDCLOUD_SECRET_KEY", isSensitive: true,
            requirement: .outsideDevelopmentWhenShipping, fallback: "SENDCLOUD_SECRET_KEY"),
        Setting(
            "DEFAULT_SHIPPING_METHOD_ID", .sendcloud, .identifier,
            "The Sendcloud shipping method of an order; there is no default, because a wrong one costs money.",
            whenUnset: "orders wait before shipping", requirement: .outsideDevelopmentWhenShipping),
        Setting(
            "DEFAULT_SENDER_ADDRESS_ID", .sendcloud, .identifier, "The Sendcloud sender address of parcels.",
            whenUnset: "the account's own default"),
        Setting(
            "SENDCLOUD_API_TIMEOUT_MS", .sendcloud, .integer(100...300_000),
            "Longest wait for one answer of Sendcloud.",
            defaultText: "30000"),
    ]
}
