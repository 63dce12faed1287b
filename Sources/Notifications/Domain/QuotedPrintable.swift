/// UTF-8 as visible ASCII: the body of a mail (RFC 2045 §6.7) and words of its subject (RFC 2047).
package enum QuotedPrintable {
    /// RFC 2045 §6.7 (5): without the line end.
    static let lineCharactersMaximum = 76
    /// RFC 2047 §2.
    static let encodedWordCharactersMaximum = 75

    /// The text with every line ended by CR LF. Line ends of any kind are read.
    package static func body(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        return lines.map { line(Array($0.utf8)) + "\r\n" }.joined()
    }

    private static func line(_ bytes: [UInt8]) -> String {
        var lines = ""
        var current = ""
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            // A space at the end would be cut off by relays; a dot at the start is SMTP's, and "From " is a mailbox's.
            let isPlain =
                switch byte {
                case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
                case UInt8(ascii: "."), UInt8(ascii: "F"): !current.isEmpty
                case UInt8(ascii: "="): false
                default: (0x21...0x7E).contains(byte)
                }
            let piece = isPlain ? String(Character(Unicode.Scalar(byte))) : hex(byte)
            if current.utf8.count + piece.utf8.count > lineCharactersMaximum - (isLast ? 0 : 1) {
                lines += current + "=\r\n"
                current = ""
            }
            current += piece
        }
        return lines + current
    }

    /// A header's text: as it is where it is plain ASCII, else as encoded words, one folded line each.
    package static func words(_ text: String, plainCharactersMaximum: Int) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if isPlain, text.utf8.count <= plainCharactersMaximum, !text.contains("=?"), !text.hasPrefix(" "),
            !text.hasSuffix(" ")
        {
            return text
        }
        let space = encodedWordCharactersMaximum - start.utf8.count - end.utf8.count
        var words: [String] = []
        var current = ""
        for character in text {
            // RFC 2047 §5: a character is not divided between two words.
            let piece = character.utf8.map(wordPiece).joined()
            if current.utf8.count + piece.utf8.count > space, !current.isEmpty {
                words.append(current)
                current = ""
            }
            current += piece
        }
        return (words + [current]).map { start + $0 + end }.joined(separator: "\r\n ")
    }

    private static let start = "=?UTF-8?Q?"
    private static let end = "?="

    /// RFC 2047 §4.2 and §5 (3): only what is safe everywhere stays as it is.
    private static func wordPiece(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: " "): "_"
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            String(Character(Unicode.Scalar(byte)))
        default: hex(byte)
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = Array("0123456789ABCDEF")
        return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 0x0F)])"
    }
}
