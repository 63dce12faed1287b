import Cryptography

/// The proof that a delivery comes from Shopify.
package enum ShopifyWebhook {
    /// `X-Shopify-Hmac-Sha256` is the base64 of HMAC-SHA256 over the raw body with the client secret
    /// (https://shopify.dev/docs/apps/build/webhooks/verify-deliveries).
    ///
    /// - Parameters:
    ///   - body: exactly the bytes received.
    ///   - secrets: every secret in use: after a rotation Shopify signs with the old one for up to an hour, and
    ///     webhooks made in the shop's admin have a secret of their own.
    /// - Returns: false as well for an empty body, an empty secret or a signature that is not base64 of 32 bytes.
    package static func isGenuine(body: [UInt8], signature: String?, secrets: [String]) -> Bool {
        guard !body.isEmpty, let signature, let claimed = Base64.decode(signature) else { return false }
        var isGenuine = false
        for secret in secrets where !secret.isEmpty {
            let expected = HMACSHA256.authenticationCode(for: body, key: Array(secret.utf8))
            if ConstantTime.isEqual(claimed, expected) { isGenuine = true }
        }
        return isGenuine
    }
}
