import FoundationEssentials
import Kernel

/// What somebody probably meant by a value of the wrong kind: `"371 mm"` 371, `5.5` cells 6, `"yes"` true.
package struct NearestReading {
    let field: PlateRequest.Field

    /// - Returns: as it would be written in the body; nil where nothing can be guessed.
    func nearest(to json: JSONValue) -> String? {
        switch field.place {
        case .number, .whole, .sides: Self.number(json).flatMap { field.bounds?.nearest(to: $0) }
        case .flag: Self.flag(json).map { $0 ? "true" : "false" }
        case .list: Self.list(json).map { PlateRequest.text(of: $0) }
        case .text: nil
        }
    }

    /// The same of a text of a query.
    package static func nearest(to text: String, in field: PlateRequest.Field) -> String? {
        NearestReading(field: field).nearest(to: .string(text))
    }

    static func flag(_ json: JSONValue) -> Bool? {
        switch json {
        case .bool(let value): value
        case .integer(let value): value != 0
        case .string(let text):
            switch text.lowercased() {
            case "true", "yes", "on", "1", "y", "t": true
            case "false", "no", "off", "0", "n", "f", "": false
            default: nil
            }
        default: nil
        }
    }

    static func number(_ json: JSONValue) -> Double? {
        switch json {
        case .integer(let value): Double(value)
        case .decimal(let value): Double(value.description)
        case .string(let text): number(in: text)
        case .array(let elements) where elements.count == 1: number(elements[0])
        default: nil
        }
    }

    /// Also with a comma for the point, and with the unit behind it.
    private static func number(in text: String) -> Double? {
        var letters = text.lowercased().filter { !$0.isWhitespace }[...]
        guard letters.utf8.count <= 40 else { return nil }
        if letters.hasSuffix("mm") { letters = letters.dropLast(2) }
        let isPlain = letters.allSatisfy { $0.isASCII && ($0.isNumber || "+-.,e".contains($0)) }
        guard isPlain, let number = Double(letters.replacing(",", with: ".")), number.isFinite else { return nil }
        return number
    }

    /// Numbers of cells: from 1 to more than a plate has.
    private static func list(_ json: JSONValue) -> [Int]? {
        let elements: [JSONValue]
        switch json {
        case .array(let values): elements = values
        case .string(let text):
            elements = text.split(separator: ",").map { .string(String($0.filter { !"[] ".contains($0) })) }
        default: elements = [json]
        }
        let numbers = elements.compactMap(number)
        guard !elements.isEmpty, elements.count <= 999, numbers.count == elements.count else { return nil }
        return numbers.map { Int(min(max($0, 1), 999).rounded()) }
    }
}
