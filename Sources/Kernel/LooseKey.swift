package import FoundationEssentials

/// Any key, so that a vendor's object can be read the way vendors really write: keys missing, numbers as text, one
/// object where a list was promised. Ids and states are asked for with `require…`, everything else may be absent.
package struct LooseKey: CodingKey, ExpressibleByStringLiteral {
    package let stringValue: String
    package var intValue: Int? { nil }

    package init(stringValue: String) { self.stringValue = stringValue }
    package init(stringLiteral value: String) { stringValue = value }
    package init?(intValue: Int) { nil }
}

/// An object with any keys.
package typealias LooseObject = KeyedDecodingContainer<LooseKey>

extension Decoder {
    /// - Throws: `DecodingError` when the value is no object.
    package func looseObject() throws -> LooseObject {
        try container(keyedBy: LooseKey.self)
    }
}

extension KeyedDecodingContainer where Key == LooseKey {
    /// The text, or a number's digits as text; nil when absent, null or anything else.
    package func text(_ key: LooseKey) -> String? {
        if let text = try? decode(String.self, forKey: key) { return text }
        if let number = try? decode(Int64.self, forKey: key) { return String(number) }
        if let number = try? decode(Decimal.self, forKey: key) { return number.description }
        return nil
    }

    /// The text without blanks around it; nil also when nothing is left.
    package func filledText(_ key: LooseKey) -> String? {
        guard let text = text(key) else { return nil }
        let trimmed = text.drop(while: \.isWhitespace)
        guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(trimmed[...last])
    }

    /// A whole number of 64 bits, written as a number or as digits in a text.
    package func integer(_ key: LooseKey) -> Int64? {
        if let number = try? decode(Int64.self, forKey: key) { return number }
        guard let text = try? decode(String.self, forKey: key) else { return nil }
        return Digits.integer(text)
    }

    /// An exact decimal, written as a number or as a text.
    package func decimal(_ key: LooseKey) -> Decimal? {
        if let text = try? decode(String.self, forKey: key) { return Digits.decimal(text) }
        guard let number = try? decode(Decimal.self, forKey: key), number.isFinite else { return nil }
        return number
    }

    /// True or false, also as 0 and 1 and as text.
    package func flag(_ key: LooseKey) -> Bool? {
        if let flag = try? decode(Bool.self, forKey: key) { return flag }
        switch text(key)?.lowercased() {
        case "1", "true": return true
        case "0", "false": return false
        default: return nil
        }
    }

    /// An RFC 3339 time; nil for anything else.
    package func time(_ key: LooseKey) -> Date? {
        (try? decode(String.self, forKey: key)).flatMap(Timestamp.parse)
    }

    /// The object at that key; nil when absent or something else.
    package func object(_ key: LooseKey) -> LooseObject? {
        try? nestedContainer(keyedBy: LooseKey.self, forKey: key)
    }

    /// True when there is something that is not null.
    package func has(_ key: LooseKey) -> Bool {
        contains(key) && (try? decodeNil(forKey: key)) == false
    }

    /// - Throws: `DecodingError` that names the key, when there is no readable whole number.
    package func requireInteger(_ key: LooseKey) throws -> Int64 {
        guard let number = integer(key) else { throw unreadable(key, "not a whole number of 64 bits") }
        return number
    }

    /// - Throws: `DecodingError` that names the key, when there is no text or an empty one.
    package func requireText(_ key: LooseKey) throws -> String {
        guard let text = filledText(key) else { throw unreadable(key, "not a text") }
        return text
    }

    /// Every element; an absent or null list is empty, one object counts as a list of one.
    /// - Throws: `DecodingError` of the first element that cannot be read.
    package func list<Element: Decodable>(_ key: LooseKey, of type: Element.Type = Element.self) throws -> [Element] {
        guard has(key) else { return [] }
        if (try? nestedUnkeyedContainer(forKey: key)) != nil { return try decode([Element].self, forKey: key) }
        return [try decode(Element.self, forKey: key)]
    }

    package func unreadable(_ key: LooseKey, _ reason: String) -> DecodingError {
        let found = !contains(key) ? "missing" : reason
        return .dataCorrupted(.init(codingPath: codingPath + [key], debugDescription: found))
    }
}

/// Numbers written as text, read without locale and without a trap.
package enum Digits {
    /// An optional minus and up to 19 digits that fit 64 bits; nil for anything else.
    package static func integer(_ text: String) -> Int64? {
        var digits = Array(text.utf8)[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty, digits.count <= 19 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.addingReportingOverflow(Int64(digit - 0x30))
            guard !productOverflow, !sumOverflow else { return nil }
            value = sum
        }
        return isNegative ? -value : value
    }

    /// An optional minus, digits, and perhaps a point with digits; at most 38 characters, which `Decimal` holds
    /// exactly.
    package static func decimal(_ text: String) -> Decimal? {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = unsigned.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard !unsigned.isEmpty, isPlain, text.utf8.count <= 38 else { return nil }
        return Decimal(string: text)
    }
}
