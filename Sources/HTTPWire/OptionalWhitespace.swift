/// `OWS` (RFC 9110 §5.6.3): SP and HTAB only; 0x85 and 0xA0 are data.
enum OptionalWhitespace {
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == Octets.space || byte == Octets.tab }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
