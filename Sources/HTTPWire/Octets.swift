/// The character classes of RFC 9110 §5.6 and RFC 3986, by byte.
enum Octets {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20

    /// `tchar` (RFC 9110 §5.6.2).
    @inline(__always)
    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        isIn(byte, low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// A byte that may stand in a field value: `field-vchar`, SP, HTAB, obs-text (RFC 9110 §5.5).
    @inline(__always)
    static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7F : byte == tab
    }

    /// What a request target may hold. RFC 3986 allows less, and what user agents send unescaped in practice is let
    /// through (`[ ] |` anywhere, `{ } ^ \` and the backtick in queries); space, quotes, angle brackets and `#` never.
    @inline(__always)
    static func isPath(_ byte: UInt8) -> Bool {
        isIn(byte, low: 0x2FFF_FFF2_0000_0000, high: 0x57FF_FFFE_AFFF_FFFF)
    }

    @inline(__always)
    static func isQuery(_ byte: UInt8) -> Bool {
        isIn(byte, low: 0xAFFF_FFF2_0000_0000, high: 0x7FFF_FFFF_FFFF_FFFF)
    }

    /// `unreserved / sub-delims` of a reg-name (RFC 3986 §3.2.2), without percent escapes.
    @inline(__always)
    static func isRegName(_ byte: UInt8) -> Bool {
        isIn(byte, low: 0x2BFF_7FD2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 <= 25 ? byte | 0x20 : byte
    }

    /// A class as two words, a bit for each byte below 128: no table to load. `OctetTests` holds them against the RFCs.
    @inline(__always)
    private static func isIn(_ byte: UInt8, low: UInt64, high: UInt64) -> Bool {
        byte < 128 && (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 != 0
    }
}

extension Span<UInt8> {
    /// The bytes as text; what is no UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        // SAFETY: the pointer is used inside the closure only; `extracting` checks the bounds.
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes as text in lower case (ASCII).
    func lowercaseText(_ range: Range<Int>) -> String {
        let part = extracting(range)
        // SAFETY: as many bytes are initialised as the part has, which is the capacity asked for.
        return String(unsafeUninitializedCapacity: part.count) { target in
            for index in part.indices { target.initializeElement(at: index, to: Octets.lowercased(part[index])) }
            return part.count
        }
    }

    /// Whether these bytes are that text, but for case. - Parameter lowercase: ASCII in lower case.
    func equalsIgnoringCase(_ lowercase: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == lowercase.utf8CodeUnitCount else { return false }
        for (offset, index) in range.enumerated()
        // SAFETY: `offset` is below the literal's length, checked above.
        where Octets.lowercased(self[index]) != lowercase.utf8Start[offset] { return false }
        return true
    }

    /// Where that byte stands first in the range; nil when it does not.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// The range without SP and HTAB at its ends, the only optional whitespace (RFC 9110 §5.6.3); 0x85 and 0xA0 are
    /// data.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start] == Octets.space || self[start] == Octets.tab { start += 1 }
        while end > start, self[end - 1] == Octets.space || self[end - 1] == Octets.tab { end -= 1 }
        return start..<end
    }
}
