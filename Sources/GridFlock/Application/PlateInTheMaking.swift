import GridGeometry
import Kernel
import Synchronization

/// The solids of a plate and then its pictures, one at a time.
final class PlateInTheMaking: Sendable {
    private struct Work: ~Copyable {
        var maker: PlateMaker
        var facts: [String: JSONValue] = [:]
        /// Nil while there are solids to come.
        var pictures: [MadeFile]?
    }

    private let plan: PlatePlan
    private let work: Mutex<Work>

    init(_ plan: PlatePlan, formats: Set<PlateFormat>, title: String) throws {
        self.plan = plan
        work = Mutex(Work(maker: try PlateMaker(plan, formats: formats, title: title)))
    }

    func next() throws -> MadeFile? {
        try work.withLock { work in
            if work.pictures == nil {
                if let file = try work.maker.next() {
                    return MadeFile(name: file.name, mediaType: file.mediaType, bytes: file.bytes)
                }
                work.facts = Self.facts(work.maker.reports)
                work.pictures = PlateMaking.pictures(of: plan).reversed()
            }
            return work.pictures?.popLast()
        }
    }

    var facts: [String: JSONValue] { work.withLock { $0.facts } }

    /// The package has all parts, an STL file those of one shape.
    private static func facts(_ reports: [SegmentReport]) -> [String: JSONValue] {
        let parts = PartFacts.all(reports)
        var facts: [String: JSONValue] = [PlateMaker.packageName: .array(parts.map(\.json))]
        for part in parts { if let name = part.fileName { facts[name] = [part.json] } }
        return facts
    }
}
