/// JSON as a vendor wrote it: members in their order, numbers as their text.
///
/// The stand-ins change orders and send them on; a value that reorders members or rounds numbers would not look like
/// the vendor's own bytes (contracts: ids above 2^53, `39.90`).
indirect enum JSONNode: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The token as it stood, `1.50`.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([Member])

    struct Member: Hashable, Sendable {
        var name: String
        var value: JSONNode
    }

    static func integer(_ value: some BinaryInteger) -> JSONNode { .number(String(value)) }

    static func text(_ value: String?) -> JSONNode { value.map { .string($0) } ?? .null }

    static func strings(_ values: [String]) -> JSONNode { .array(values.map { .string($0) }) }

    /// Whole seconds or a plain decimal; JSON has no infinities, so they become 0.
    static func decimal(_ value: Double) -> JSONNode {
        guard value.isFinite else { return .number("0") }
        return value.rounded() == value && abs(value) < 1e15 ? .number(String(Int64(value))) : .number("\(value)")
    }

    /// A member of an object; setting one replaces it where it stands or appends it, nil removes it.
    subscript(name: String) -> JSONNode? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            if let index = members.firstIndex(where: { $0.name == name }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append(Member(name: name, value: newValue))
            }
            self = .object(members)
        }
    }

    var isNull: Bool { self == .null }

    var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// A string, or a number as its digits.
    var text: String? {
        switch self {
        case .string(let value), .number(let value): value
        default: nil
        }
    }

    var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    var array: [JSONNode]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A whole number, read from its digits.
    var integer: Int64? {
        guard case .number(let text) = self else { return nil }
        return Int64(wireDigits: text)
    }

    /// A whole number, also when it came as text.
    var lenientInteger: Int64? { text.flatMap { Int64(wireDigits: $0) } }

    var double: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }
}

extension Int64 {
    /// Reads up to 18 decimal digits with an optional minus; nil for anything else. Never traps.
    init?(wireDigits text: some StringProtocol) {
        var digits = Substring(text)
        let isNegative = digits.hasPrefix("-")
        if isNegative { digits = digits.dropFirst() }
        guard (1...18).contains(digits.utf8.count) else { return nil }
        var value: Int64 = 0
        for byte in digits.utf8 {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - 0x30)
        }
        self = isNegative ? -value : value
    }
}

extension JSONNode: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .number(String(value)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONNode...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONNode)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
    init(nilLiteral: ()) { self = .null }
}
