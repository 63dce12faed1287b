/// Escapes text as JSON has it: quotation marks, reverse solidi and control characters, everything else stands as it is.
///
/// A drawing has hundreds of thousands of bytes and a quotation mark every few of them: eight bytes are looked at at
/// once.
enum JSONEscape {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let low7: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

    /// What the escape of a byte, or a whole word, takes at most.
    private static let roomOfStep = 8
    private static let bytesOfRound = 32_768

    static func append(_ source: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        let source = UnsafeRawBufferPointer(source)
        var from = 0
        while from < source.count {
            // Drawings take an eighth more; where that is not enough, another round takes what is left.
            let start = bytes.count
            let left = min(source.count - from, bytesOfRound)
            bytes.append(contentsOf: [UInt8](repeating: 0, count: left + left / 4 + 2 * roomOfStep))
            let end = bytes.withUnsafeMutableBytes { write(source, &from, to: $0, at: start) }
            bytes.removeLast(bytes.count - end)
        }
    }

    /// Until the source ends, or the room in the target.
    private static func write(
        _ source: UnsafeRawBufferPointer, _ read: inout Int, to target: UnsafeMutableRawBufferPointer, at start: Int
    ) -> Int {
        var from = read
        var to = start
        let last = target.count - 2 * roomOfStep
        while from < source.count, to <= last {
            let word = word(source, from)
            // SAFETY: two steps fit behind `to`. A whole word is written; what of it is too much is overwritten, or cut
            // off at the end.
            target.storeBytes(of: word.littleEndian, toByteOffset: to, as: UInt64.self)
            // The first byte of a word is its lowest.
            let plain = min(escaped(word).trailingZeroBitCount / 8, source.count - from)
            from += plain
            to += plain
            if plain < 8, from < source.count {
                to += escape(source[from], target, to)
                from += 1
            }
        }
        read = from
        return to
    }

    private static func escape(_ byte: UInt8, _ target: UnsafeMutableRawBufferPointer, _ place: Int) -> Int {
        target[place] = UInt8(ascii: "\\")
        if byte >= 0x20 {
            target[place + 1] = byte
            return 2
        }
        if let letter = letter(of: byte) {
            target[place + 1] = letter
            return 2
        }
        target[place + 1] = UInt8(ascii: "u")
        target[place + 2] = UInt8(ascii: "0")
        target[place + 3] = UInt8(ascii: "0")
        target[place + 4] = hexDigit(byte >> 4)
        target[place + 5] = hexDigit(byte & 0xF)
        return 6
    }

    /// Eight bytes, the first one lowest; at the end of the source as many as are left, and blanks.
    @inline(__always)
    private static func word(_ source: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        // SAFETY: read only where eight bytes are left.
        if place + 8 <= source.count {
            return UInt64(littleEndian: source.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        }
        var word = ones << 5
        for offset in 0..<(source.count - place) {
            word ^= UInt64(source[place + offset] ^ 0x20) << (8 * UInt64(offset))
        }
        return word
    }

    /// The highest bit of every byte that is zero, exactly: no carry passes from one byte to the next.
    private static func zeros(_ word: UInt64) -> UInt64 { ~(((word & low7) + low7) | word | low7) }

    /// The highest bit of every byte that is escaped.
    private static func escaped(_ word: UInt64) -> UInt64 {
        zeros(word ^ (ones * 0x22)) | zeros(word ^ (ones * 0x5C)) | zeros(word & (ones * 0xE0))
    }

    /// Of a control character that has one.
    private static func letter(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
