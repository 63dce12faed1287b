/// Whether bytes that come in pieces are UTF-8 (RFC 3629): it says no at the first byte that cannot be part of any,
/// not at the end of the message.
package struct UTF8Validator: Hashable, Sendable {
    /// Continuation bytes that the character begun still needs.
    private var missing = 0
    /// What the next of them may be: overlong forms, surrogates and what is beyond U+10FFFF show in the second byte.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    package init() {}

    /// Whether the bytes so far end with a whole character.
    package var isComplete: Bool { missing == 0 }

    /// - Returns: false when the bytes cannot be UTF-8, whatever may follow; the value is of no use then.
    package mutating func accept(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { accept($0) }
    }

    private mutating func accept(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // SAFETY: `index` stays below the count; eight bytes are loaded only where eight are left.
        var index = 0
        let end = bytes.count
        while index < end {
            if missing == 0, index + 8 <= end {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 == 0 {
                    index += 8
                    continue
                }
            }
            guard accept(bytes[index]) else { return false }
            index += 1
        }
        return true
    }

    @inline(__always)
    private mutating func accept(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard byte >= lowest, byte <= highest else { return false }
            missing -= 1
            lowest = 0x80
            highest = 0xBF
            return true
        }
        return byte < 0x80 || begin(byte)
    }

    /// The table of RFC 3629 §4 by its first column.
    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            if byte == 0xE0 { lowest = 0xA0 }
            if byte == 0xED { highest = 0x9F }
        case 0xF0...0xF4:
            missing = 3
            if byte == 0xF0 { lowest = 0x90 }
            if byte == 0xF4 { highest = 0x8F }
        default: return false
        }
        return true
    }
}
