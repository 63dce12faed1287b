import Synchronization

/// What must never reach a log: values under keys that look secret or personal, and passwords inside URLs.
///
/// A net below the rule that nobody logs such values in the first place.
package enum Redaction {
    package static let mask = "[redacted]"

    /// Whether a value under this key is masked. Case and punctuation do not matter: `X-API-Key`, `apiKey`, `api_key`.
    package static func hides(_ key: String) -> Bool {
        // Keys are few and come with every line; judging one takes longer than writing it.
        if let known = verdicts.withLock({ $0[key] }) { return known }
        let verdict = judge(key)
        verdicts.withLock { if $0.count < verdictsMaximum { $0[key] = verdict } }
        return verdict
    }

    private static let verdicts = Mutex<[String: Bool]>([:])
    private static let verdictsMaximum = 1_000

    private static func judge(_ key: String) -> Bool {
        let plain = String(decoding: key.utf8.compactMap(lowerCaseAlphanumeric), as: UTF8.self)
        if shownAllTheSame.contains(plain) { return false }
        return fragments.contains { plain.contains($0) }
    }

    /// The text with the password of every `scheme://user:password@host` masked.
    package static func withoutURLPasswords(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let first = indexOfAuthority(in: bytes, from: 0) else { return text }
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var copied = 0
        var next: Int? = first
        while let start = next {
            let end = bytes[start...].firstIndex(where: endsAuthority) ?? bytes.count
            if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")),
                let colon = bytes[start..<at].firstIndex(of: UInt8(ascii: ":"))
            {
                clean += bytes[copied...colon]
                clean += Array(mask.utf8)
                copied = at
            }
            next = indexOfAuthority(in: bytes, from: end)
        }
        clean += bytes[copied...]
        return String(decoding: clean, as: UTF8.self)
    }

    private static let fragments = [
        "token", "secret", "password", "passwd", "passphrase", "authorization", "apikey", "accesskey", "privatekey",
        "cookie", "credential", "signature", "hmac", "email", "phone", "address", "firstname", "lastname", "fullname",
        "customername", "recipientname", "contactname", "housenumber", "street", "zipcode", "postcode", "postalcode",
    ]

    /// Operators need these to see who knocked; they hold a host and a port, not a home. A client's is logged only where
    /// LOG_CLIENT_ADDRESSES says so.
    private static let shownAllTheSame: Set<String> = ["peeraddress", "clientaddress", "listenaddress"]

    private static func lowerCaseAlphanumeric(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: nil
        }
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"),
            UInt8(ascii: "<"), UInt8(ascii: ">"), 0...0x20:
            true
        default: false
        }
    }

    /// Where the part after the next `://` begins.
    private static func indexOfAuthority(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + 2 < bytes.count {
            if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: "/"),
                bytes[index + 2] == UInt8(ascii: "/")
            {
                return index + 3
            }
            index += 1
        }
        return nil
    }
}
