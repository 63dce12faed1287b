package import Kernel

/// Reads the members of a JSON object and collects every complaint, so that one answer names all bad fields.
package struct FieldReader {
    private let members: [String: JSONValue]
    private let path: String
    private var complaints: [Problem.Field] = []

    package init(_ value: JSONValue, path: String = "") {
        self.path = path
        if case .object(let members) = value {
            self.members = members
        } else {
            members = [:]
            complaints = [.init(path.isEmpty ? "body" : path, "is not an object", allowed: "a JSON object")]
        }
    }

    package mutating func text(_ name: String, length: ClosedRange<Int>, isRequired: Bool) -> String? {
        guard let value = present(name, isRequired: isRequired) else { return nil }
        guard let text = value.string?.trimmedOfSpaces, length.contains(text.count),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else {
            complain(
                name, "is no text of the right length",
                allowed: "\(length.lowerBound) to \(length.upperBound) characters, no control characters")
            return nil
        }
        return text
    }

    package mutating func integer(_ name: String, in range: ClosedRange<Int>, isRequired: Bool) -> Int? {
        guard let value = present(name, isRequired: isRequired) else { return nil }
        guard let number = value.integer, let exact = Int(exactly: number), range.contains(exact) else {
            complain(name, "is no whole number in the range", allowed: "\(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return exact
    }

    package mutating func flag(_ name: String) -> Bool? {
        guard let value = present(name, isRequired: false) else { return nil }
        guard case .bool(let flag) = value else {
            complain(name, "is neither true nor false", allowed: "true or false")
            return nil
        }
        return flag
    }

    /// Digits as text, or a number.
    package mutating func vendorID(_ name: String) -> Int64? {
        guard let value = present(name, isRequired: false) else { return nil }
        let number: Int64? =
            switch value {
            case .integer(let number): number
            case .string(let text)
            where (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }:
                Int64(text)
            default: nil
            }
        guard let number, number > 0 else {
            complain(name, "is no id of the shop", allowed: "digits only, as Shopify shows it")
            return nil
        }
        return number
    }

    package mutating func hex(_ name: String, digits: Int) -> String? {
        guard let value = present(name, isRequired: true) else { return nil }
        guard let text = value.string?.lowercased(), text.utf8.count == digits,
            text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else {
            complain(name, "is no file id", allowed: "\(digits) hex digits, as SimplyPrint shows it")
            return nil
        }
        return text
    }

    package mutating func elements(_ name: String, count: ClosedRange<Int>) -> [JSONValue] {
        guard let value = present(name, isRequired: true) else { return [] }
        guard let elements = value.array, count.contains(elements.count) else {
            complain(
                name, "is no list of the right length", allowed: "\(count.lowerBound) to \(count.upperBound) entries")
            return []
        }
        return elements
    }

    package mutating func complain(_ name: String, _ reason: String, allowed: String) {
        complaints.append(.init(path.isEmpty ? name : "\(path).\(name)", reason, allowed: allowed))
    }

    /// Whether a complaint names one of these already.
    package func names(of names: [String]) -> Bool {
        complaints.contains { names.contains($0.field) }
    }

    /// A misspelt optional field must not vanish in silence.
    package mutating func refuseUnknown(_ known: Set<String>) {
        for name in members.keys.sorted() where !known.contains(name) {
            complain(name, "is not known", allowed: known.sorted().joined(separator: ", "))
        }
    }

    package mutating func take(over other: FieldReader) {
        complaints += other.complaints
    }

    /// - Throws: `Problem` 422 when there was any complaint.
    package mutating func finish(known: Set<String>) throws {
        refuseUnknown(known)
        guard complaints.isEmpty else { throw Problem.invalid(complaints) }
    }

    private mutating func present(_ name: String, isRequired: Bool) -> JSONValue? {
        if let value = members[name], value != .null { return value }
        if isRequired { complain(name, "is missing", allowed: "a value") }
        return nil
    }
}
