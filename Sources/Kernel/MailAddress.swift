/// An e-mail address in its plain form, `name@example.com`: one line of visible ASCII that can stand in a header and in
/// an SMTP command as it is.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// RFC 5321 §4.5.3.1: the path's 256 less its two brackets.
    package static let bytesMaximum = 254
    static let localBytesMaximum = 64

    package let text: String
    /// The part behind the `@`.
    package let domain: String

    /// Nil for anything but a dot-atom at a host name (RFC 5322 §3.4.1): no quoted names, no literals, no display name,
    /// no line break.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.bytesMaximum, parts.count == 2, parts[0].utf8.count <= Self.localBytesMaximum,
            Self.isDotAtom(parts[0]), Self.isHostName(parts[1])
        else { return nil }
        self.text = text
        domain = parts[1].lowercased()
    }

    package var description: String { text }

    private static func isDotAtom(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.utf8.allSatisfy { isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
        }
    }

    private static func isHostName(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
