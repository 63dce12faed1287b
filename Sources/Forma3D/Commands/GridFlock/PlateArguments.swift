import ArgumentParser
import GridFlock
import GridGeometry

/// `371x254`: two numbers of millimetres. What they may be is the wish's business, so that every complaint comes from
/// one place.
struct MillimetrePair: ExpressibleByArgument, Hashable, Sendable {
    let width: Double
    let depth: Double

    init?(argument: String) {
        let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let width = parts[0], let depth = parts[1] else { return nil }
        self.width = width
        self.depth = depth
    }
}

/// `1.5`, or `1,0,1,0` for north, east, south and west.
struct SidesArgument: ExpressibleByArgument, Hashable, Sendable {
    let sides: Sides<Double>

    init?(argument: String) {
        guard let sides = Sides<Double>(text: argument) else { return nil }
        self.sides = sides
    }
}

/// `3,2,3`
struct CountList: ExpressibleByArgument, Hashable, Sendable {
    let counts: [Int]

    init(counts: [Int]) { self.counts = counts }

    var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard !numbers.contains(nil) else { return nil }
        counts = numbers.compactMap(\.self)
    }
}

/// `stl,3mf,svg,glb`
struct Formats: ExpressibleByArgument, Hashable, Sendable {
    enum Format: String, CaseIterable, Hashable, Sendable {
        case stl
        case threeMF = "3mf"
        case svg
        case glb
    }

    let all: Set<Format>

    static let every = Formats(all: Set(Format.allCases))

    init(all: Set<Format>) { self.all = all }

    init?(argument: String) {
        let words = argument.lowercased().split(separator: ",", omittingEmptySubsequences: false)
        let formats = words.compactMap { Format(rawValue: String($0)) }
        guard !formats.isEmpty, formats.count == words.count else { return nil }
        all = Set(formats)
    }

    var defaultValueDescription: String {
        Format.allCases.filter(all.contains).map(\.rawValue).joined(separator: ",")
    }

    /// Those that need a mesh.
    var solid: Set<PlateFormat> {
        var formats: Set<PlateFormat> = []
        if all.contains(.stl) { formats.insert(.stl) }
        if all.contains(.threeMF) { formats.insert(.threeMF) }
        if all.contains(.glb) { formats.insert(.glb) }
        return formats
    }
}
