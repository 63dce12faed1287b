/// The elements of a comma-separated field value (RFC 9110 §5.6.1) in lower case, without their optional whitespace.
///
/// Only SP and HTAB are whitespace here (§5.6.3): the standard library's idea of it is wider, and what a proxy takes
/// for data must not vanish in ours. Empty elements are skipped, as §5.6.1.2 asks of a recipient.
package struct TokenList: Sequence {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    package func makeIterator() -> AnyIterator<String> {
        var rest = value.split(separator: ",").makeIterator()
        return AnyIterator {
            while let element = rest.next() {
                let name = Self.trimmed(element)
                if !name.isEmpty { return name.lowercased() }
            }
            return nil
        }
    }

    package static func trimmed(_ text: Substring) -> Substring {
        var bytes = text.utf8
        while let first = bytes.first, first == Octets.space || first == Octets.tab { bytes.removeFirst() }
        while let last = bytes.last, last == Octets.space || last == Octets.tab { bytes.removeLast() }
        return Substring(bytes)
    }
}
