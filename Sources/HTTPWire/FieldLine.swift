/// One `field-name ":" OWS field-value OWS` (RFC 9112 §5), of a header or a trailer.
enum FieldLine {
    /// - Parameter line: without its CRLF, not empty.
    static func parse(_ line: ArraySlice<UInt8>) throws(RequestFault) -> HTTPFields.Field {
        guard let first = line.first else { throw .malformed("An empty field line.") }
        // RFC 9112 §5.2 (obs-fold) and §2.2 (whitespace before the first field): refused, never joined or skipped.
        if first == Octets.space || first == Octets.tab {
            throw .malformed("A field line must not start with whitespace.")
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw .malformed("A field line has no colon.")
        }
        // §5.1: whitespace between name and colon is refused, for it has been used to smuggle fields past proxies.
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(Octets.isTokenCharacter) else {
            throw .malformed("A field name is not a token.")
        }
        let value = trimmed(line[(colon + 1)...])
        guard value.allSatisfy(Octets.isFieldValue) else {
            throw .malformed("A field value holds a control character.")
        }
        return HTTPFields.Field(
            lowerCaseName: String(decoding: name.map(Octets.lowercased), as: UTF8.self),
            value: String(decoding: value, as: UTF8.self))
    }

    /// Only SP and HTAB are optional whitespace (RFC 9110 §5.6.3); 0x85 and 0xA0 are data.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == Octets.space || byte == Octets.tab }
        var rest = bytes
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
