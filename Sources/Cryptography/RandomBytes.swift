import COpenSSL

/// Bytes nobody can guess, from OpenSSL's generator, which is seeded by the kernel.
package enum RandomBytes {
    /// `count` fresh bytes for keys, tokens and nonces.
    package static func make(count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: OpenSSL fills exactly `count` bytes of a buffer of that length.
        let outcome = RAND_bytes(&bytes, Int32(clamping: count))
        precondition(outcome == 1, "no randomness")
        return bytes
    }
}
