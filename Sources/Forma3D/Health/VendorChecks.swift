import Kernel
import Printing
import Sendcloud
import Shopify
import SimplyPrint

/// One question to each vendor: does it answer, and may we do what we have to?
enum VendorChecks {
    static let scopesNeeded: Set<String> = [
        "read_orders", "read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders",
    ]

    static func all(settings: Settings, root: CompositionRoot) -> [Check] {
        let uses: Set<Check.Use> = [.dependency, .doctor]
        var checks = [
            Check("shopify", uses: uses) { await asking { try await shopify(root.shopify) } },
            Check("simplyprint", uses: uses) { await asking { try await simplyPrint(root.simplyPrint, root.stamp) } },
        ]
        if let address = settings.shopifyWebhookAddress {
            checks.append(
                Check("shopify webhooks", uses: [.doctor]) {
                    await asking { try await subscriptions(root.shopify, address: address) }
                })
        }
        if settings.shippingEnabled {
            checks.append(
                Check("sendcloud", uses: uses) {
                    await asking { try await sendcloud(root.sendcloud, method: settings.defaultShippingMethodID) }
                })
        }
        return checks
    }

    private static func shopify(_ client: ShopifyClient) async throws -> CheckResult {
        let name = try await client.shopName()
        let granted = Set(try await client.grantedScopes())
        // A write scope brings its read scope (contracts: Shopify §3.2).
        let missing = scopesNeeded.filter { scope in
            !granted.contains(scope) && !granted.contains(scope.replacing("read_", with: "write_"))
        }
        guard missing.isEmpty else {
            return .failed("\(name): the token lacks \(missing.sorted().joined(separator: ", "))")
        }
        return .ok("\(name) answers; the token has every scope")
    }

    private static func subscriptions(_ client: ShopifyClient, address: String) async throws -> CheckResult {
        let missing = ShopifyTopic.missing(in: try await client.subscriptions(), address: address)
        guard missing.isEmpty else {
            return .warning(
                "Shopify does not send \(missing.joined(separator: ", ")) to \(address); "
                    + "a running server subscribes within the hour")
        }
        return .ok("Shopify sends all \(ShopifyTopic.needed.count) topics to \(address)")
    }

    private static func simplyPrint(_ client: SimplyPrintClient, _ stamp: ReferenceStamp) async throws -> CheckResult {
        try await client.test()
        guard try await stamp.customFieldID() != nil else {
            return .warning(
                "answers; the account has no custom field \(ReferenceStamp.fieldName), so the reference is kept in the note"
            )
        }
        return .ok("answers; references are kept in the custom field \(ReferenceStamp.fieldName)")
    }

    private static func sendcloud(_ client: SendcloudClient, method: String?) async throws -> CheckResult {
        try await client.user()
        let methods = try await client.shippingMethods()
        guard let method, methods.contains(where: { String($0.id) == method }) else {
            return .failed("the account has no shipping method \(method ?? "") (DEFAULT_SHIPPING_METHOD_ID)")
        }
        return .ok("answers; shipping method \(method) is there")
    }

    private static func asking(_ ask: () async throws -> CheckResult) async -> CheckResult {
        do {
            return try await ask()
        } catch {
            return .failed(OperatorText.of(error))
        }
    }
}
