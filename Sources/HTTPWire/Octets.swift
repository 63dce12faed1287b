/// The character classes of RFC 9110 §5.6 and RFC 3986, by byte.
enum Octets {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    /// `tchar` (RFC 9110 §5.6.2).
    static func isTokenCharacter(_ byte: UInt8) -> Bool { classes[Int(byte)] & token != 0 }

    /// A byte that may stand in a field value: `field-vchar`, SP, HTAB, obs-text (RFC 9110 §5.5).
    static func isFieldValue(_ byte: UInt8) -> Bool {
        byte == tab || (byte >= 0x20 && byte != 0x7F)
    }

    /// What a request target may hold. RFC 3986 allows less, and what user agents send unescaped in practice is let
    /// through (`[ ] |` anywhere, `{ } ^ \` and the backtick in queries); space, quotes, angle brackets and `#` never.
    static func isPath(_ byte: UInt8) -> Bool { classes[Int(byte)] & path != 0 }
    static func isQuery(_ byte: UInt8) -> Bool { classes[Int(byte)] & query != 0 }

    /// `unreserved / sub-delims` of a reg-name (RFC 3986 §3.2.2), without percent escapes.
    static func isRegName(_ byte: UInt8) -> Bool { classes[Int(byte)] & regName != 0 }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    private static let token: UInt8 = 1
    private static let path: UInt8 = 2
    private static let query: UInt8 = 4
    private static let regName: UInt8 = 8

    private static let classes: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        func mark(_ characters: String, _ bit: UInt8) {
            for byte in characters.utf8 { table[Int(byte)] |= bit }
        }
        let alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        mark(alphanumeric, token | path | query | regName)
        mark("!#$%&'*+-.^_`|~", token)
        mark("-._~!$&'()*+,;=", path | query | regName)
        mark(":@/%[]|", path | query)
        mark("?{}^\\`", query)
        return table
    }()
}
