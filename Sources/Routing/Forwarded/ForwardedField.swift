/// `Forwarded` (RFC 7239 §4): `1#( [ pair ] *( ";" [ pair ] ) )`, one element for each proxy on the way.
struct ForwardedField: Hashable, Sendable {
    /// What one proxy says of the hop before it. Values are as sent, without quotes.
    struct Element: Hashable, Sendable {
        var forwardedFor: String?
        var proto: String?
        var host: String?
    }

    let elements: [Element]

    /// - Parameter lines: the field's values in the order they came; together they are one list (RFC 9110 §5.3).
    /// - Returns: nil for anything outside the grammar, and for a parameter that stands twice in an element.
    init?(_ lines: [String]) {
        var elements: [Element] = []
        for line in lines {
            var scanner = Scanner(rest: Array(line.utf8)[...])
            guard scanner.elements(into: &elements) else { return nil }
        }
        guard !elements.isEmpty else { return nil }
        self.elements = elements
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func elements(into elements: inout [Element]) -> Bool {
            var element = Element()
            var namesSeen: Set<String> = []
            func close(_ elements: inout [Element]) {
                // An empty list element does not count (RFC 9110 §5.6.1.2).
                if !namesSeen.isEmpty { elements.append(element) }
                element = Element()
                namesSeen = []
            }
            while true {
                skipBlanks()
                switch rest.first {
                case nil:
                    close(&elements)
                    return true
                case UInt8(ascii: ","):
                    rest = rest.dropFirst()
                    close(&elements)
                case UInt8(ascii: ";"): rest = rest.dropFirst()
                default:
                    guard let name = token()?.lowercased(), rest.first == UInt8(ascii: "=") else { return false }
                    rest = rest.dropFirst()
                    guard let value = value(), namesSeen.insert(name).inserted, isAtBoundary() else { return false }
                    switch name {
                    case "for": element.forwardedFor = value
                    case "proto": element.proto = value
                    case "host": element.host = value
                    default: break  // `by` and extensions
                    }
                }
            }
        }

        private mutating func isAtBoundary() -> Bool {
            skipBlanks()
            return rest.isEmpty || rest.first == UInt8(ascii: ",") || rest.first == UInt8(ascii: ";")
        }

        private mutating func skipBlanks() {
            rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        }

        private mutating func token() -> String? {
            let token = rest.prefix(while: Self.isTokenCharacter)
            rest = rest[token.endIndex...]
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }

        /// `token / quoted-string`; a quoted-pair gives the character behind the backslash (RFC 9110 §5.6.4).
        private mutating func value() -> String? {
            guard rest.first == UInt8(ascii: "\"") else { return token() }
            rest = rest.dropFirst()
            var text: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let escaped = rest.popFirst() else { return nil }
                    text.append(escaped)
                default: text.append(byte)
                }
            }
            return nil
        }

        /// `tchar` (RFC 9110 §5.6.2).
        private static func isTokenCharacter(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
