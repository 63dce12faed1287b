package import GridGeometry
package import Kernel

/// What was measured of one shape, and which parts of the plate have it.
package struct PartFacts: Hashable, Sendable {
    /// Numbers, the lowest first.
    package var segments: [Int]
    package let facts: MeshFacts
    package let fileName: String?

    /// In the order of their lowest numbers.
    package static func all(_ reports: [SegmentReport]) -> [PartFacts] {
        var all: [PartFacts] = []
        for report in reports {
            if let index = all.firstIndex(where: { $0.segments[0] == report.sameAs }) {
                all[index].segments.append(report.number)
            } else {
                all.append(PartFacts(segments: [report.number], facts: report.facts, fileName: report.fileName))
            }
        }
        return all
    }

    package var json: JSONValue {
        [
            "segments": .array(segments.map { .integer(Int64($0)) }),
            "widthMillimetres": .millimetres(facts.size.width.tenthMicrometres),
            "depthMillimetres": .millimetres(facts.size.depth.tenthMicrometres),
            "heightMillimetres": .millimetres(facts.height.tenthMicrometres),
            "volumeCubicMillimetres": .cubicMillimetres(sixfold: facts.sixfoldVolume),
            "triangleCount": .integer(Int64(facts.triangleCount)),
        ]
    }
}
