import FoundationEssentials
import Kernel

/// A value of upstream's customizer: as JSON (`[371, 254]`, `true`) or as OpenSCAD writes it, in a text
/// (`"[371, 254]"`, `"true"`).
struct UpstreamValue {
    let json: JSONValue

    init(_ json: JSONValue) {
        if case .string(let text) = json, let inner = try? JSON.decode(JSONValue.self, from: text) {
            self.json = inner
        } else {
            self.json = json
        }
    }

    var number: Double? {
        switch json {
        case .integer(let value): Double(value)
        case .decimal(let value): Double(value.description)
        default: nil
        }
    }

    var whole: Int? {
        number.flatMap { Int(exactly: $0) }
    }

    /// OpenSCAD takes 0 and 1 for false and true as well.
    var flag: Bool? {
        switch json {
        case .bool(let value): value
        case .integer(0): false
        case .integer(1): true
        default: nil
        }
    }

    var text: String? {
        switch json {
        case .string(let value): value
        case .null: ""
        default: nil
        }
    }

    func numbers(_ count: Int) -> [Double]? {
        guard case .array(let elements) = json, elements.count == count else { return nil }
        let numbers = elements.compactMap { UpstreamValue($0).number }
        return numbers.count == count ? numbers : nil
    }

    func wholes(_ count: Int) -> [Int]? {
        numbers(count).flatMap { numbers in
            let wholes = numbers.compactMap { Int(exactly: $0) }
            return wholes.count == count ? wholes : nil
        }
    }

    /// Off is false, 0, nothing, or a list of these.
    var isOn: Bool {
        if case .array(let elements) = json { return elements.contains { UpstreamValue($0).isOn } }
        return json.isOn
    }
}
