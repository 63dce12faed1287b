import COpenSSL

/// Comparison whose duration tells nothing about where two secrets differ.
package enum ConstantTime {
    /// True when both are the same bytes. Unequal lengths are unequal; only the lengths can be learnt from the time.
    package static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        guard !one.isEmpty else { return true }
        // SAFETY: both buffers hold `one.count` bytes and live through the call.
        return CRYPTO_memcmp(one, other, one.count) == 0
    }

    /// The same for texts, by their UTF-8.
    package static func isEqual(_ one: String, _ other: String) -> Bool {
        isEqual(Array(one.utf8), Array(other.utf8))
    }
}
