import COpenSSL

/// AES-128 in Galois/Counter mode (SP 800-38D), computed by OpenSSL. A nonce must not come twice under one key.
package enum AES128GCM {
    package static let keyBytes = 16
    package static let nonceBytes = 12
    package static let tagBytes = 16

    /// The ciphertext with its tag behind it.
    package static func seal(_ plain: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8] {
        precondition(key.count == keyBytes && nonce.count == nonceBytes, "AES-128-GCM takes 16 and 12 bytes")
        var sealed = [UInt8](repeating: 0, count: plain.count + tagBytes)
        // SAFETY: OpenSSL writes `plain.count` bytes and the tag; every buffer has its length.
        let outcome = forma3d_aes128_gcm_seal(key, nonce, plain, Int32(plain.count), &sealed)
        precondition(outcome == 1, "OpenSSL offers no AES-128-GCM")
        return sealed
    }

    /// Nil when key, nonce, ciphertext and tag do not belong together.
    package static func open(_ sealed: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8]? {
        guard key.count == keyBytes, nonce.count == nonceBytes, sealed.count >= tagBytes else { return nil }
        let count = sealed.count - tagBytes
        // One byte more, so that the buffer of an empty text has an address.
        var plain = [UInt8](repeating: 0, count: count + 1)
        // SAFETY: OpenSSL reads `count` bytes and the 16 behind them, and writes `count`.
        guard forma3d_aes128_gcm_open(key, nonce, sealed, Int32(count), &plain) == 1 else { return nil }
        return Array(plain[..<count])
    }
}
