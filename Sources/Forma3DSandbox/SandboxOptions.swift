/// How the stand-in is started.
package struct SandboxOptions: Sendable {
    package var host = "127.0.0.1"
    /// 0 lets the system pick one.
    package var port = 0
    /// Of the mail server; nil takes the one after `port`, or any free one where `port` is 0.
    package var mailPort: Int?
    /// The server under test; webhooks go to `…/webhooks/{vendor}` below it. Nil sends none.
    package var target: String?
    /// How much faster than life the vendors are.
    package var speed = 1.0
    /// SimplyPrint's limit; 0 for none.
    package var requestsPerMinute = 60
    /// Nil picks four, or many at very high speed.
    package var printers: Int?
    /// Where the vendors are reached, and so what their links begin with; empty: the address and port listened on.
    package var publicURL = ""

    package init() {}

    func hookURL(_ vendor: Vendor) -> String? {
        target.map { target in
            var root = target[...]
            while root.hasSuffix("/") { root = root.dropLast() }
            return "\(root)/webhooks/\(vendor.rawValue)"
        }
    }

    /// Where the mail server is meant to listen; 0 lets the system pick.
    var mailPortWanted: Int { mailPort ?? (port == 0 ? 0 : min(port + 1, 65_535)) }

    /// The settings a server needs to use the stand-in on that port, in the order `--env` prints them.
    package func environment(port: Int) -> [(name: String, value: String)] {
        let root = "http://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(port)"
        return [
            ("SHOPIFY_SHOP_DOMAIN", SandboxCredentials.shopDomain), ("SHOPIFY_API_URL", "\(root)/shopify"),
            ("SHOPIFY_ACCESS_TOKEN", SandboxCredentials.shopToken),
            ("SHOPIFY_WEBHOOK_SECRETS", SandboxCredentials.shopSecret),
            ("SHOPIFY_CLIENT_ID", SandboxCredentials.shopClientID),
            ("SHOPIFY_CLIENT_SECRET", SandboxCredentials.shopSecret),
            ("SIMPLYPRINT_COMPANY_ID", SandboxCredentials.farmCompanyID),
            ("SIMPLYPRINT_API_KEY", SandboxCredentials.farmKey), ("SIMPLYPRINT_API_URL", "\(root)/simplyprint"),
            ("SIMPLYPRINT_FILES_URL", "\(root)/simplyprint-files"),
            ("SIMPLYPRINT_WEBHOOK_SECRET", SandboxCredentials.farmHookSecret),
            ("SIMPLYPRINT_REQUESTS_PER_MINUTE", String(requestsPerMinute == 0 ? 60_000 : requestsPerMinute)),
            ("SENDCLOUD_PUBLIC_KEY", SandboxCredentials.parcelPublicKey),
            ("SENDCLOUD_SECRET_KEY", SandboxCredentials.parcelSecretKey),
            ("SENDCLOUD_API_URL", "\(root)/sendcloud/api/v2"),
            ("SENDCLOUD_WEBHOOK_SECRET", SandboxCredentials.parcelHookSecret),
            ("DEFAULT_SHIPPING_METHOD_ID", String(ShippingMethods.defaultID)),
            ("DEFAULT_SENDER_ADDRESS_ID", String(ShippingMethods.senderID)), ("SHIPPING_ENABLED", "true"),
            ("SMTP_HOST", host == "0.0.0.0" ? "127.0.0.1" : host),
            ("SMTP_PORT", String(mailPort ?? min(port + 1, 65_535))), ("SMTP_SECURITY", "none"),
            ("SMTP_FROM", SandboxCredentials.mailSender), ("OPERATOR_EMAIL", SandboxCredentials.mailRecipient),
            ("VAPID_PRIVATE_KEY", SandboxCredentials.pushKey),
            ("VAPID_SUBJECT", "mailto:\(SandboxCredentials.mailSender)"),
        ]
    }
}
