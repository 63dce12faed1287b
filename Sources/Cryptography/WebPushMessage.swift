/// A push message that only the browser it is for can read (RFC 8291).
package enum WebPushMessage {
    /// Of the authentication secret (RFC 8291 §3.2).
    package static let authenticationBytes = 16
    /// RFC 8291 §4 with RFC 8030 §7.2: 4,096 bytes reach every push service; the head, the delimiter and the tag are of them.
    package static let textBytesMaximum = 4_096 - EncryptedContent.headBytes - P256.pointBytes - 1 - AES128GCM.tagBytes

    /// What a browser gave with its subscription.
    package struct Receiver: Hashable, Sendable {
        package let key: P256.PublicKey
        package let authentication: [UInt8]

        /// Nil when the secret has another length.
        package init?(key: P256.PublicKey, authentication: [UInt8]) {
            guard authentication.count == WebPushMessage.authenticationBytes else { return nil }
            self.key = key
            self.authentication = authentication
        }
    }

    /// The body of the push request, `Content-Encoding: aes128gcm`.
    /// - Parameters:
    ///   - sender: a fresh key for every message.
    ///   - salt: 16 fresh bytes.
    package static func seal(
        _ text: [UInt8], for receiver: Receiver, sender: P256.PrivateKey = .make(),
        salt: [UInt8] = RandomBytes.make(count: EncryptedContent.saltBytes)
    ) -> [UInt8] {
        let secret = secret(
            shared: sender.sharedSecret(with: receiver.key), authentication: receiver.authentication,
            receiver: receiver.key, sender: sender.publicKey)
        return EncryptedContent.seal(text, secret: secret, keyName: sender.publicKey.bytes, salt: salt)
    }

    /// What the browser does. Nil when it is not for this key, or was changed.
    package static func open(_ body: [UInt8], key: P256.PrivateKey, authentication: [UInt8]) -> [UInt8]? {
        guard let head = EncryptedContent.head(of: body), let sender = P256.PublicKey(head.keyName) else { return nil }
        let secret = secret(
            shared: key.sharedSecret(with: sender), authentication: authentication, receiver: key.publicKey,
            sender: sender)
        return EncryptedContent.open(body, secret: secret)
    }

    /// RFC 8291 §3.4.
    private static func secret(
        shared: [UInt8], authentication: [UInt8], receiver: P256.PublicKey, sender: P256.PublicKey
    ) -> [UInt8] {
        HKDFSHA256.derive(
            secret: shared, salt: authentication,
            info: Array("WebPush: info\0".utf8) + receiver.bytes + sender.bytes, count: 32)
    }
}
