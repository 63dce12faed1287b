import COpenSSL

/// SHA-256 (FIPS 180-4), computed by OpenSSL.
package enum SHA256 {
    /// The length of every digest.
    package static let lengthBytes = 32

    /// The 32 bytes that stand for `message`.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: lengthBytes)
        // SAFETY: OpenSSL writes exactly 32 bytes for SHA-256; both buffers live through the call.
        let outcome = EVP_Digest(message, message.count, &digest, nil, EVP_sha256(), nil)
        precondition(outcome == 1, "OpenSSL offers no SHA-256")
        return digest
    }
}
