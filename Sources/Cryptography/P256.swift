import COpenSSL

/// NIST P-256 (FIPS 186-4, SEC 1), computed by OpenSSL.
package enum P256 {
    /// Of a private key and of each coordinate.
    package static let scalarBytes = 32
    /// Of a public key: 4, then both coordinates (SEC 1 §2.3.3).
    package static let pointBytes = 65
    /// Of a signature: r, then s (RFC 7518 §3.4).
    package static let signatureBytes = 64

    /// A point of the curve, proved to be one when it was made.
    package struct PublicKey: Hashable, Sendable {
        /// Uncompressed.
        package let bytes: [UInt8]

        /// Nil when the bytes are no uncompressed point of the curve: an invalid one would give the private key away.
        package init?(_ bytes: [UInt8]) {
            // SAFETY: OpenSSL reads `pointBytes` bytes of a buffer of that length.
            guard bytes.count == P256.pointBytes, forma3d_p256_is_point(bytes) == 1 else { return nil }
            self.bytes = bytes
        }

        fileprivate init(trusted bytes: [UInt8]) { self.bytes = bytes }

        /// ECDSA with SHA-256.
        package func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
            guard signature.count == P256.signatureBytes else { return false }
            // SAFETY: OpenSSL reads each buffer within its length.
            return forma3d_p256_verify(bytes, message, message.count, signature) == 1
        }
    }

    /// A private key; printing it shows nothing.
    package struct PrivateKey: Sendable, CustomStringConvertible, CustomReflectable {
        private let scalar: [UInt8]
        package let publicKey: PublicKey

        /// Nil for anything but 32 bytes between 1 and the order of the curve.
        package init?(_ scalar: [UInt8]) {
            guard scalar.count == P256.scalarBytes else { return nil }
            var point = [UInt8](repeating: 0, count: P256.pointBytes)
            // SAFETY: OpenSSL reads 32 bytes and writes 65; the buffers have these lengths.
            guard forma3d_p256_public_point(scalar, &point) == 1 else { return nil }
            self.scalar = scalar
            publicKey = PublicKey(trusted: point)
        }

        /// A fresh one.
        package static func make() -> PrivateKey {
            while true {
                // Nearly every 32 bytes are a key: one in 2^32 is not.
                if let key = PrivateKey(RandomBytes.make(count: P256.scalarBytes)) { return key }
            }
        }

        /// The 32 bytes: for keeping it, never for a log.
        package var revealed: [UInt8] { scalar }

        /// ECDH (SP 800-56A): what both sides, and nobody else, can compute. Not yet a key: derive one from it.
        package func sharedSecret(with other: PublicKey) -> [UInt8] {
            var secret = [UInt8](repeating: 0, count: P256.scalarBytes)
            // SAFETY: OpenSSL reads and writes each buffer within its length.
            let outcome = forma3d_p256_agree(scalar, publicKey.bytes, other.bytes, &secret)
            precondition(outcome == 1, "OpenSSL offers no ECDH over P-256")
            return secret
        }

        /// ECDSA with SHA-256: r, then s.
        package func signature(for message: [UInt8]) -> [UInt8] {
            var signature = [UInt8](repeating: 0, count: P256.signatureBytes)
            // SAFETY: OpenSSL reads and writes each buffer within its length.
            let outcome = forma3d_p256_sign(scalar, publicKey.bytes, message, message.count, &signature)
            precondition(outcome == 1, "OpenSSL offers no ECDSA over P-256")
            return signature
        }

        package var description: String { "[redacted]" }
        package var customMirror: Mirror { Mirror(self, children: []) }
    }
}
