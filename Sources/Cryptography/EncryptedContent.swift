/// The `aes128gcm` content coding (RFC 8188): a body under a key of its own, in records.
package enum EncryptedContent {
    package static let saltBytes = 16
    /// The salt, the record size and the length of the key's name (RFC 8188 §2.1).
    static let headBytes = saltBytes + 4 + 1
    /// RFC 8188 §2: a record holds at least its tag, the delimiter and one byte.
    static let recordBytesMinimum = 18
    static let recordBytes = 4_096

    /// - Parameters:
    ///   - secret: the input keying material.
    ///   - keyName: what tells the receiver which secret it is; at most 255 bytes.
    ///   - padding: zeros behind the delimiter of the last record, which hide the length of the text.
    package static func seal(
        _ plain: [UInt8], secret: [UInt8], keyName: [UInt8], salt: [UInt8], recordBytes: Int = recordBytes,
        padding: Int = 0
    ) -> [UInt8] {
        precondition(salt.count == saltBytes && keyName.count <= 255 && recordBytes >= recordBytesMinimum)
        let keys = Keys(secret: secret, salt: salt)
        var coded = salt
        for shift in [24, 16, 8, 0] { coded.append(UInt8(truncatingIfNeeded: recordBytes >> shift)) }
        coded.append(UInt8(keyName.count))
        coded += keyName
        let textBytes = recordBytes - AES128GCM.tagBytes - 1
        var rest = plain[...]
        var number: UInt64 = 0
        repeat {
            let piece = rest.prefix(textBytes)
            rest = rest.dropFirst(piece.count)
            let isLast = rest.isEmpty
            let zeros = isLast ? min(padding, textBytes - piece.count) : 0
            // RFC 8188 §2: the delimiter is 2 in the last record, 1 before it.
            let record = Array(piece) + [isLast ? 2 : 1] + [UInt8](repeating: 0, count: zeros)
            coded += AES128GCM.seal(record, key: keys.key, nonce: keys.nonce(number))
            number += 1
        } while !rest.isEmpty
        return coded
    }

    /// What the head says: who it is for and how it is cut.
    package struct Head: Hashable, Sendable {
        package let salt: [UInt8]
        package let recordBytes: Int
        package let keyName: [UInt8]
    }

    /// Nil when the body is no such content.
    package static func head(of coded: [UInt8]) -> Head? {
        guard coded.count >= headBytes else { return nil }
        let size = coded[saltBytes..<saltBytes + 4].reduce(0) { $0 << 8 | Int($1) }
        let nameEnd = headBytes + Int(coded[headBytes - 1])
        guard size >= recordBytesMinimum, coded.count >= nameEnd else { return nil }
        return Head(salt: Array(coded[..<saltBytes]), recordBytes: size, keyName: Array(coded[headBytes..<nameEnd]))
    }

    /// Nil when it was made with another secret, was changed, or was cut off at a record's end.
    package static func open(_ coded: [UInt8], secret: [UInt8]) -> [UInt8]? {
        guard let head = head(of: coded) else { return nil }
        let keys = Keys(secret: secret, salt: head.salt)
        var rest = coded.dropFirst(headBytes + head.keyName.count)
        var plain: [UInt8] = []
        var number: UInt64 = 0
        repeat {
            let sealed = Array(rest.prefix(head.recordBytes))
            rest = rest.dropFirst(sealed.count)
            guard let record = AES128GCM.open(sealed, key: keys.key, nonce: keys.nonce(number)),
                let end = record.lastIndex(where: { $0 != 0 }), record[end] == (rest.isEmpty ? 2 : 1)
            else { return nil }
            plain += record[..<end]
            number += 1
        } while !rest.isEmpty
        return plain
    }

    /// RFC 8188 §2.2 and §2.3.
    private struct Keys {
        let key: [UInt8]
        private let base: [UInt8]

        init(secret: [UInt8], salt: [UInt8]) {
            let pseudoRandom = HKDFSHA256.extract(salt: salt, secret: secret)
            key = HKDFSHA256.expand(
                pseudoRandom, info: Array("Content-Encoding: aes128gcm\0".utf8), count: AES128GCM.keyBytes)
            base = HKDFSHA256.expand(
                pseudoRandom, info: Array("Content-Encoding: nonce\0".utf8), count: AES128GCM.nonceBytes)
        }

        /// The number of the record, counted from 0, laid over the base.
        func nonce(_ number: UInt64) -> [UInt8] {
            var nonce = base
            for byte in 0..<8 {
                nonce[AES128GCM.nonceBytes - 1 - byte] ^= UInt8(truncatingIfNeeded: number >> (8 * UInt64(byte)))
            }
            return nonce
        }
    }
}
