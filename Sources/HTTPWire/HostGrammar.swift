/// `Host = uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2.2).
enum HostGrammar {
    static func isValid(_ text: String) -> Bool {
        isValid(text.utf8.span, 0..<text.utf8.count)
    }

    /// An empty host is refused: RFC 9110 §4.2.1 makes a recipient reject an `http` URI without one.
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let start = range.first else { return false }
        let afterHost: Int
        if bytes[start] == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]"), in: range),
                isIPv6(bytes, (start + 1)..<close)
            else { return false }
            afterHost = close + 1
        } else {
            afterHost = bytes.firstIndex(of: UInt8(ascii: ":"), in: range) ?? range.upperBound
            guard isRegName(bytes, start..<afterHost) else { return false }
        }
        guard afterHost < range.upperBound else { return true }
        return bytes[afterHost] == UInt8(ascii: ":") && isPort(bytes, (afterHost + 1)..<range.upperBound)
    }

    private static func isRegName(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 255 else { return false }
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "%") {
                guard index + 2 < range.upperBound, Octets.hexValue(bytes[index + 1]) != nil,
                    Octets.hexValue(bytes[index + 2]) != nil
                else { return false }
                index += 3
            } else {
                guard Octets.isRegName(bytes[index]) else { return false }
                index += 1
            }
        }
        return true
    }

    /// `port = *DIGIT`; a number no TCP port can have is refused.
    private static func isPort(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count <= 5 else { return false }
        var port = 0
        for index in range {
            guard Octets.isDigit(bytes[index]) else { return false }
            port = port * 10 + Int(bytes[index] - 0x30)
        }
        return port <= 65_535
    }

    /// RFC 3986's `IPv6address`: eight groups of 1 to 4 hex digits, one `::`, an IPv4 tail instead of the last two.
    private static func isIPv6(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 45 else { return false }
        let text = bytes.text(range)
        guard let gap = text.firstRange(of: "::") else { return groups(text, allowsTail: true) == 8 }
        let left = String(text[..<gap.lowerBound])
        let right = String(text[gap.upperBound...])
        // A second `::` leaves an empty group, which `groups` refuses.
        guard let before = left.isEmpty ? 0 : groups(left, allowsTail: false),
            let after = right.isEmpty ? 0 : groups(right, allowsTail: true)
        else { return false }
        return before + after <= 7
    }

    private static func groups(_ text: String, allowsTail: Bool) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var count = 0
        for (index, part) in parts.enumerated() {
            if allowsTail, index == parts.count - 1, part.contains(".") {
                guard isIPv4(part) else { return nil }
                count += 2
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ Octets.hexValue($0) != nil }) else {
                    return nil
                }
                count += 1
            }
        }
        return count
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(Octets.isDigit)
                    && (part.utf8.count == 1 || part.utf8.first != 0x30)
                    && part.utf8.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
    }
}
