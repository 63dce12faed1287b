import COpenSSL

/// HMAC with SHA-256 (RFC 2104, RFC 4231), computed by OpenSSL.
package enum HMACSHA256 {
    /// The 32 bytes that prove that `message` comes from someone who knows `key`. Compare with `ConstantTime.isEqual`.
    package static func authenticationCode(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        // RFC 2104 §2: a key longer than a block is hashed first; done here because OpenSSL takes its length as Int32.
        let shortKey = key.count > blockBytes ? SHA256.digest(key) : key
        var code = [UInt8](repeating: 0, count: SHA256.lengthBytes)
        // SAFETY: OpenSSL writes exactly 32 bytes for SHA-256; the buffers live through the call.
        let outcome = HMAC(
            EVP_sha256(), shortKey, Int32(shortKey.count), message, message.count, &code, nil)
        precondition(outcome != nil, "OpenSSL offers no HMAC-SHA-256")
        return code
    }

    private static let blockBytes = 64
}
