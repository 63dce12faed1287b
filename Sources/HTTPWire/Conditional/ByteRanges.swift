/// `Range: bytes=…` against a representation of a known length (RFC 9110 §14).
package enum ByteRanges: Hashable, Sendable {
    /// The field does not count: another unit, a syntax that is not one, or a wish that costs more than the whole.
    case whole
    /// 206: one range, or several that do not overlap, in the order asked for.
    case some([Range<Int>])
    /// 416.
    case unsatisfiable

    /// More are answered with the whole: many small ranges are an attack (§17.15) and no client's need.
    package static let rangesMaximum = 16

    /// - Parameters:
    ///   - value: of the field; two lines of `Range` are no list, pass `values` joined by a comma to have that refused.
    ///   - lengthBytes: of the representation.
    package init(_ value: String, lengthBytes: Int) {
        let bytes = Array(value.utf8)
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")),
            bytes[..<equals].map(Octets.lowercased).elementsEqual("bytes".utf8)
        else {
            self = .whole
            return
        }
        var asked = 0
        var ranges: [Range<Int>] = []
        for part in bytes[(equals + 1)...].split(separator: UInt8(ascii: ",")) {
            let text = OptionalWhitespace.trimmed(part)
            if text.isEmpty { continue }
            asked += 1
            guard asked <= Self.rangesMaximum, let wish = Self.wish(text) else {
                self = .whole
                return
            }
            if let range = wish.range(in: lengthBytes) { ranges.append(range) }
        }
        if asked == 0 || Self.overlap(ranges) {
            self = .whole
        } else if ranges.isEmpty {
            self = .unsatisfiable
        } else {
            // A suffix of an empty representation is all of it; `Content-Range` cannot say so.
            self = ranges.contains(where: \.isEmpty) ? .whole : .some(ranges)
        }
    }

    /// `bytes 0-99/1234`, or, of a range nobody can have, `bytes */1234` (§14.4).
    package static func contentRange(_ range: Range<Int>?, lengthBytes: Int) -> String {
        guard let range else { return "bytes */\(lengthBytes)" }
        return "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(lengthBytes)"
    }

    private enum Wish {
        case from(Int, through: Int)
        case suffix(Int)

        func range(in lengthBytes: Int) -> Range<Int>? {
            switch self {
            case .from(let first, let last):
                first < lengthBytes ? first..<(min(last, lengthBytes - 1) + 1) : nil
            case .suffix(let count): count > 0 ? (lengthBytes - min(count, lengthBytes))..<lengthBytes : nil
            }
        }
    }

    /// `first-pos "-" [ last-pos ] / "-" suffix-length`.
    private static func wish(_ text: ArraySlice<UInt8>) -> Wish? {
        guard let hyphen = text.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        let before = text[..<hyphen]
        let after = text[(hyphen + 1)...]
        if before.isEmpty { return number(after).map(Wish.suffix) }
        guard let first = number(before) else { return nil }
        if after.isEmpty { return .from(first, through: .max) }
        guard let last = number(after), last >= first else { return nil }
        return .from(first, through: last)
    }

    /// Digits only; what no representation can have becomes the most there is (nginx's CVE-2017-7529 was an overflow
    /// here).
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy(Octets.isDigit) else { return nil }
        var value = 0
        for digit in digits {
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tens.addingReportingOverflow(Int(digit - 0x30))
            if overflows || overflowsToo { return .max }
            value = sum
        }
        return value
    }

    private static func overlap(_ ranges: [Range<Int>]) -> Bool {
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        return zip(sorted, sorted.dropFirst()).contains { $0.upperBound > $1.lowerBound }
    }
}
