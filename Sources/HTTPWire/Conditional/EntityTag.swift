/// An entity tag (RFC 9110 §8.8.3): a name for the exact bytes of a representation, or, when weak, for what they mean.
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    package let isWeak: Bool
    /// Between the quotes.
    package let opaque: String

    /// - Returns: nil for characters that cannot stand between the quotes.
    package init?(_ opaque: String, isWeak: Bool = false) {
        guard opaque.utf8.allSatisfy(Self.isTagCharacter) else { return nil }
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// - Parameter text: `"…"` or `W/"…"`; `W` is upper case.
    package init?(parsing text: String) {
        var scanner = ListScanner(text)
        guard let tag = scanner.tag(), scanner.isAtEnd else { return nil }
        self = tag
    }

    private init(unchecked opaque: String, isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    package var description: String { isWeak ? "W/\"\(opaque)\"" : "\"\(opaque)\"" }

    /// The same tag, good for caches but not for ranges.
    package var weakened: EntityTag { EntityTag(unchecked: opaque, isWeak: true) }

    /// RFC 9110 §8.8.3.2.
    package func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    package func matchesWeakly(_ other: EntityTag) -> Bool { opaque == other.opaque }

    /// What `If-Match` and `If-None-Match` hold: `"*" / #entity-tag`.
    package enum List: Hashable, Sendable {
        case any
        case tags([EntityTag])

        /// - Parameter lines: the field's lines in order, together one list. What is malformed names nothing, and so do
        ///   the tags beside it: a condition that cannot be read is one that nothing meets.
        package init(_ lines: [String]) {
            let text = lines.joined(separator: ",")
            var scanner = ListScanner(text)
            self = scanner.isLoneStar ? .any : .tags(scanner.list() ?? [])
        }
    }

    /// `%x21 / %x23-7E / obs-text`.
    static func isTagCharacter(_ byte: UInt8) -> Bool { byte == 0x21 || byte >= 0x23 && byte != 0x7F }

    private struct ListScanner {
        private var rest: ArraySlice<UInt8>

        init(_ text: String) { rest = Array(text.utf8)[...] }

        var isAtEnd: Bool { rest.isEmpty }

        var isLoneStar: Bool { OptionalWhitespace.trimmed(rest).elementsEqual([UInt8(ascii: "*")]) }

        /// `#entity-tag`, where empty elements do not count (RFC 9110 §5.6.1.2). A tag may hold commas.
        mutating func list() -> [EntityTag]? {
            var tags: [EntityTag] = []
            var needsComma = false
            while true {
                rest = OptionalWhitespace.trimmed(rest)
                if rest.isEmpty { return tags }
                if rest.first == UInt8(ascii: ",") {
                    rest = rest.dropFirst()
                    needsComma = false
                } else {
                    guard !needsComma, let tag = tag() else { return nil }
                    tags.append(tag)
                    needsComma = true
                }
            }
        }

        mutating func tag() -> EntityTag? {
            let isWeak = rest.starts(with: [UInt8(ascii: "W"), UInt8(ascii: "/")])
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            let opaque = rest.prefix(while: EntityTag.isTagCharacter)
            rest = rest[opaque.endIndex...]
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            return EntityTag(unchecked: String(decoding: opaque, as: UTF8.self), isWeak: isWeak)
        }
    }
}
