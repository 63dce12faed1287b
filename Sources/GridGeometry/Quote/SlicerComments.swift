/// What a slicer says about a print in the comments of its G-code: PrusaSlicer and those that descend from it
/// (`; estimated printing time (normal mode) = 1h 2m 3s`, `; filament used [g] = 12.34`).
package struct SlicerComments: Hashable, Sendable {
    package private(set) var seconds: Int?
    /// Of all extruders together; nil where the slicer was not told how heavy the material is.
    package private(set) var grams: Double?
    package private(set) var cubicCentimetres: Double?
    package private(set) var material: String?
    package private(set) var infillPercent: Double?

    private static let lineBytesMaximum = 1_000

    package init(gcode: [UInt8]) {
        var start = gcode.startIndex
        while start < gcode.endIndex {
            let end = gcode[start...].firstIndex(of: 0x0A) ?? gcode.endIndex
            if gcode[start] == 0x3B, end - start <= Self.lineBytesMaximum {
                take(String(decoding: gcode[(start + 1)..<end], as: UTF8.self))
            }
            start = end + 1
        }
    }

    private mutating func take(_ comment: String) {
        guard let sign = comment.firstIndex(of: "=") else { return }
        let name = Self.trimmed(comment[..<sign])
        let value = Self.trimmed(comment[comment.index(after: sign)...])
        switch name {
        case "estimated printing time (normal mode)": seconds = Self.seconds(value) ?? seconds
        case "filament used [g]": grams = Self.sum(value) ?? grams
        case "filament used [cm3]": cubicCentimetres = Self.sum(value) ?? cubicCentimetres
        // Both lists have a value for each extruder.
        case "filament_type": material = value.split { $0 == ";" || $0 == "," }.first.map(Self.trimmed) ?? material
        case "fill_density", "sparse_infill_density":
            infillPercent = value.hasSuffix("%") ? Double(value.dropLast()) ?? infillPercent : infillPercent
        default: break
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        func isSpace(_ character: Character?) -> Bool { character.map { " \t\r".contains($0) } ?? false }
        var rest = Substring(text)
        while isSpace(rest.first) { rest.removeFirst() }
        while isSpace(rest.last) { rest.removeLast() }
        return String(rest)
    }

    /// `1d 2h 3m 4s`, any of them.
    private static func seconds(_ text: String) -> Int? {
        var total = 0
        for part in text.split(separator: " ") {
            let units: [Character: Int] = ["d": 86_400, "h": 3_600, "m": 60, "s": 1]
            guard let last = part.last, let unit = units[last], let count = Int(part.dropLast()),
                (0...1_000_000).contains(count)
            else { return nil }
            total += count * unit
        }
        return total > 0 ? total : nil
    }

    /// `12.34` or `12.34, 0.00`; nothing used says nothing.
    private static func sum(_ text: String) -> Double? {
        var total = 0.0
        for part in text.split(separator: ",") {
            guard let value = Double(trimmed(part)), value.isFinite, value >= 0 else { return nil }
            total += value
        }
        return total > 0 ? total : nil
    }
}
