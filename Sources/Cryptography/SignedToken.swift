/// A JSON Web Token signed with ES256 (RFC 7519, RFC 7515 §3.1, RFC 7518 §3.4).
package enum SignedToken {
    private static let head = Base64URL.encode(Array(#"{"typ":"JWT","alg":"ES256"}"#.utf8))

    /// - Parameter claims: a JSON object.
    package static func make(claims: [UInt8], key: P256.PrivateKey) -> String {
        let signed = "\(head).\(Base64URL.encode(claims))"
        return "\(signed).\(Base64URL.encode(key.signature(for: Array(signed.utf8))))"
    }

    /// The claims, when the token was signed with that key; nothing else about them is checked.
    package static func claims(of token: String, key: P256.PublicKey) -> [UInt8]? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == head, let signature = Base64URL.decode(String(parts[2])),
            key.isValid(signature, for: Array("\(parts[0]).\(parts[1])".utf8))
        else { return nil }
        return Base64URL.decode(String(parts[1]))
    }
}
