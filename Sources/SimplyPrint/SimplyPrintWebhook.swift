import Cryptography
package import HTTPWire

/// The proof that a delivery comes from SimplyPrint: the configured secret, sent as it is.
package enum SimplyPrintWebhook {
    /// Official clients of 2026 read `X-SP-Secret`, the older help article names `X-SP-Token`: either will do.
    /// - Returns: false without a header, and for empty secrets.
    package static func isGenuine(fields: HTTPFields, secrets: [String]) -> Bool {
        let claimed = fields.values("x-sp-secret") + fields.values("x-sp-token")
        var isGenuine = false
        for claim in claimed {
            for secret in secrets where !secret.isEmpty {
                if ConstantTime.isEqual(claim, secret) { isGenuine = true }
            }
        }
        return isGenuine
    }
}
