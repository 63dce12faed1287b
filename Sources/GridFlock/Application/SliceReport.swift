package import Contracts
import FoundationEssentials
import Kernel

/// What an operator tells of a slicer's output, before it is judged.
package struct SliceReport: Hashable, Sendable, Decodable {
    package var source: String
    package var seconds: Int
    package var grams: Double?
    package var volumeCubicMillimetres: Double?
    package var partCount: Int?
    package var material: String?
    package var infillPercent: Double?
    /// Instead of volume and count: parts of a design, all of them when none are named.
    package var designID: DesignID?
    package var partNumbers: [Int]?

    package init(
        source: String, seconds: Int, grams: Double? = nil, volumeCubicMillimetres: Double? = nil,
        partCount: Int? = nil, material: String? = nil, infillPercent: Double? = nil, designID: DesignID? = nil,
        partNumbers: [Int]? = nil
    ) {
        self.source = source
        self.seconds = seconds
        self.grams = grams
        self.volumeCubicMillimetres = volumeCubicMillimetres
        self.partCount = partCount
        self.material = material
        self.infillPercent = infillPercent
        self.designID = designID
        self.partNumbers = partNumbers
    }

    /// Thirty days: no print takes longer.
    package static let seconds = 1...2_592_000
    package static let grams = 0.01...100_000.0
    package static let cubicMillimetres = 1...100_000_000.0
    package static let partCount = 1...999

    /// Volume and count of a design's parts, as they were measured.
    mutating func take(_ design: Design) throws {
        var volumes: [Int: Double] = [:]
        for part in design.files.filter({ $0.mediaType == MadeFile.partMediaType }).flatMap({ $0.facts?.array ?? [] }) {
            guard let volume = part["volumeCubicMillimetres"]?.double else { continue }
            for case .integer(let number) in part["segments"]?.array ?? [] { volumes[Int(number)] = volume }
        }
        guard volumes.count == design.partCount else {
            throw Problem.conflict("The parts of this design are not made yet; say volumeCubicMillimetres, or wait.")
        }
        let numbers = partNumbers ?? volumes.keys.sorted()
        let unknown = numbers.filter { volumes[$0] == nil }
        guard unknown.isEmpty, !numbers.isEmpty, Set(numbers).count == numbers.count else {
            throw Problem.invalid([
                .init("partNumbers", "are not parts of this design, once each", allowed: "1 to \(design.partCount)")
            ])
        }
        let twice: [Problem.Field] =
            (volumeCubicMillimetres == nil ? [] : [.init("volumeCubicMillimetres", "is known of the design")])
            + (partCount == nil ? [] : [.init("partCount", "is known of the design")])
        guard twice.isEmpty else { throw Problem.invalid(twice) }
        volumeCubicMillimetres = numbers.reduce(0) { $0 + (volumes[$1] ?? 0) }
        partCount = numbers.count
    }

    /// - Throws: `Problem` 422 with every field that is wrong.
    func slice(id: SliceID, usualMaterial: String) throws -> Slice {
        var wrong: [Problem.Field] = []
        func check(_ name: String, _ value: Double?, _ range: ClosedRange<Double>) {
            guard let value, !range.contains(value) else { return }
            let nearest = value.isFinite ? min(max(value, range.lowerBound), range.upperBound) : nil
            func text(_ number: Double) -> String {
                number == number.rounded() ? String(Int(number)) : String(number)
            }
            wrong.append(
                .init(
                    name, "is out of range", allowed: "\(text(range.lowerBound)) to \(text(range.upperBound))",
                    nearest: nearest.map(text)))
        }
        func checkText(_ name: String, _ value: String, _ length: ClosedRange<Int>) {
            let isPlain = !value.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
            guard !length.contains(value.unicodeScalars.count) || !isPlain else { return }
            wrong.append(
                .init(
                    name, "is no text of the right length",
                    allowed: "\(length.lowerBound) to \(length.upperBound) characters, no control characters"))
        }
        let count = partCount ?? 1
        let material = material ?? usualMaterial
        checkText("source", source, 1...200)
        check("seconds", Double(seconds), Double(Self.seconds.lowerBound)...Double(Self.seconds.upperBound))
        check("grams", grams, Self.grams)
        check("volumeCubicMillimetres", volumeCubicMillimetres, Self.cubicMillimetres)
        check("partCount", Double(count), Double(Self.partCount.lowerBound)...Double(Self.partCount.upperBound))
        checkText("material", material, 1...60)
        check("infillPercent", infillPercent, 0...100)
        if grams == nil, volumeCubicMillimetres == nil {
            wrong.append(.init("grams", "is missing", allowed: "grams, volumeCubicMillimetres or designID"))
        }
        if designID == nil, partNumbers != nil { wrong.append(.init("partNumbers", "are of no design")) }
        guard wrong.isEmpty else { throw Problem.invalid(wrong) }
        return Slice(
            id: id, source: source, material: material, infillPercent: infillPercent, partCount: count,
            cubicMillimetres: volumeCubicMillimetres, grams: grams, seconds: seconds, designID: designID,
            recordedAt: nil)
    }
}

extension JSONValue {
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): Double(value.description)
        default: nil
        }
    }
}
