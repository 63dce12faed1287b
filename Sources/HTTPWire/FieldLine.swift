/// One `field-name ":" OWS field-value OWS` (RFC 9112 §5), of a header or a trailer.
enum FieldLine {
    /// - Parameter range: the line without its CRLF, not empty.
    static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestFault) -> HTTPFields.Field {
        guard let start = range.first else { throw .malformed("An empty field line.") }
        // RFC 9112 §5.2 (obs-fold) and §2.2 (whitespace before the first field): refused, never joined or skipped.
        if bytes[start] == Octets.space || bytes[start] == Octets.tab {
            throw .malformed("A field line must not start with whitespace.")
        }
        var colon = start
        while colon < range.upperBound, Octets.isTokenCharacter(bytes[colon]) { colon += 1 }
        // §5.1: whitespace between name and colon is refused, for it has been used to smuggle fields past proxies.
        guard colon < range.upperBound, bytes[colon] == UInt8(ascii: ":"), colon > start else {
            let hasColon = bytes.firstIndex(of: UInt8(ascii: ":"), in: range) != nil
            throw .malformed(hasColon ? "A field name is not a token." : "A field line has no colon.")
        }
        let value = bytes.trimmed((colon + 1)..<range.upperBound)
        try checkValue(bytes, value)
        return HTTPFields.Field(judgedName: bytes.lowercaseText(start..<colon), value: bytes.text(value))
    }

    static func checkValue(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestFault) {
        for index in range where !Octets.isFieldValue(bytes[index]) {
            throw .malformed("A field value holds a control character.")
        }
    }
}
