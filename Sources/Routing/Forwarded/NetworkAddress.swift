/// An IP address as 128 bits. An IPv4 address is kept as its mapped form (RFC 4291 §2.5.5.2), so that `10.0.0.1` and the
/// `::ffff:10.0.0.1` of a dual-stack socket are one.
package struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    private static let mappedPrefix: UInt64 = 0xFFFF_0000_0000

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Takes dotted decimals without leading zeros, and RFC 4291 §2.2's three forms; no zone, no brackets, no port.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(46))
        guard bytes.contains(UInt8(ascii: ":")) else {
            guard let address = Self.version4(bytes[...]) else { return nil }
            self.init(high: 0, low: Self.mappedPrefix | UInt64(address))
            return
        }
        guard let groups = Self.version6(bytes[...]) else { return nil }
        self.init(high: Self.word(groups[..<4]), low: Self.word(groups[4...]))
    }

    /// The network of the first 64 bits, its own address.
    package var network64: NetworkAddress { NetworkAddress(high: high, low: 0) }

    package var isVersion4: Bool { high == 0 && low >> 32 == Self.mappedPrefix >> 32 }

    /// Dotted decimals, or RFC 5952's form.
    package var description: String {
        if isVersion4 {
            return [UInt64(24), 16, 8, 0].map { String((low >> $0) & 0xFF) }.joined(separator: ".")
        }
        let shifts: [UInt64] = [48, 32, 16, 0]
        let groups = shifts.map { (high >> $0) & 0xFFFF } + shifts.map { (low >> $0) & 0xFFFF }
        let texts = groups.map { String($0, radix: 16) }
        guard let zeros = Self.longestZeros(groups) else { return texts.joined(separator: ":") }
        return texts[..<zeros.lowerBound].joined(separator: ":") + "::"
            + texts[zeros.upperBound...].joined(separator: ":")
    }

    // MARK: Reading

    private static func word(_ groups: ArraySlice<UInt16>) -> UInt64 {
        groups.reduce(0) { $0 << 16 | UInt64($1) }
    }

    private static func version4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let number = decimal(part, digitsMaximum: 3), number <= 255 else { return nil }
            // "010" is 8 to some readers and 10 to others.
            guard part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }

    private static func version6(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        var groups: [UInt16] = []
        var gap: Int?
        var rest = bytes
        if rest.starts(with: [colon, colon]) {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let part = rest.prefix { $0 != colon }
            rest = rest[part.endIndex...]
            if part.contains(UInt8(ascii: ".")) {
                guard rest.isEmpty, let tail = version4(part) else { return nil }
                groups += [UInt16(tail >> 16), UInt16(tail & 0xFFFF)]
                break
            }
            guard groups.count < 8, let group = hexadecimal(part) else { return nil }
            groups.append(group)
            guard !rest.isEmpty else { break }
            rest = rest.dropFirst()
            if rest.first == colon {
                guard gap == nil else { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        guard let gap else { return groups.count == 8 ? groups : nil }
        guard groups.count <= 7 else { return nil }
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        return groups
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt16(digit - 0x30)
            case 0x41...0x46: value = value << 4 | UInt16(digit - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt16(digit - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }

    /// Digits only, so many at most (below 10, so that nothing overflows).
    static func decimal(_ digits: ArraySlice<UInt8>, digitsMaximum: Int) -> Int? {
        guard (1...digitsMaximum).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    // MARK: Writing

    /// The first of the longest runs of two zero groups or more (RFC 5952 §4.2).
    private static func longestZeros(_ groups: [UInt64]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= max(2, (longest?.count ?? 0) + 1) { longest = start..<end }
            start = max(end, start + 1)
        }
        return longest
    }
}
