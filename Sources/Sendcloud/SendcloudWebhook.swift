import Cryptography

/// The proof that a delivery comes from Sendcloud.
package enum SendcloudWebhook {
    /// `Sendcloud-Signature` is the hexadecimal HMAC-SHA256 over the raw body with the integration's secret key, or its
    /// webhook signature key (https://sendcloud.dev/docs/webhooks).
    /// - Returns: false as well for an empty body, an empty key or a signature that is not 32 bytes in hexadecimal.
    package static func isGenuine(body: [UInt8], signature: String?, keys: [String]) -> Bool {
        guard !body.isEmpty, let signature, let claimed = Hex.decode(signature) else { return false }
        var isGenuine = false
        for key in keys where !key.isEmpty {
            let expected = HMACSHA256.authenticationCode(for: body, key: Array(key.utf8))
            if ConstantTime.isEqual(claimed, expected) { isGenuine = true }
        }
        return isGenuine
    }
}
