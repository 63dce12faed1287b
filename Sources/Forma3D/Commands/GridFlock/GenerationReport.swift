import GridFlock
import GridGeometry
import Kernel

/// What `generate` made, for people and for programs.
struct GenerationReport: Sendable {
    struct File: Sendable {
        let name: String
        let mediaType: String
        let sizeBytes: Int
        let digest: String
    }

    let plan: PlatePlan
    let reports: [SegmentReport]
    let files: [File]
    let took: Duration

    var json: JSONValue {
        var members = plan.members
        members["parts"] = nil
        members["segments"] = .array(zip(plan.segments, reports).map(Self.json))
        members["files"] = .array(
            files.map { file in
                [
                    "name": .string(file.name), "mediaType": .string(file.mediaType),
                    "sizeBytes": .integer(Int64(file.sizeBytes)), "sha256": .string(file.digest),
                ]
            })
        members["milliseconds"] = .integer(milliseconds)
        return .object(members)
    }

    private static func json(_ segment: SegmentPlan, _ report: SegmentReport) -> JSONValue {
        let facts = report.facts
        func corner(_ vertex: Mesh.Vertex) -> JSONValue {
            .array([Int(vertex.x), Int(vertex.y), Int(vertex.z)].map { .millimetres($0) })
        }
        var members = segment.members
        members["sameAs"] = .integer(Int64(report.sameAs))
        members["boundingBox"] = ["low": corner(facts.low), "high": corner(facts.high)]
        members["boundingBoxWidthMillimetres"] = facts.size.width.json
        members["boundingBoxDepthMillimetres"] = facts.size.depth.json
        members["boundingBoxHeightMillimetres"] = facts.height.json
        members["volumeCubicMillimetres"] = .cubicMillimetres(sixfold: facts.sixfoldVolume)
        members["triangles"] = .integer(Int64(facts.triangleCount))
        members["isNumbered"] = .bool(report.isNumbered)
        members["file"] = JSONValue(report.fileName)
        return .object(members)
    }

    func lines(folder: String) -> [String] {
        let triangles = reports.reduce(0) { $0 + $1.facts.triangleCount }
        let volume = reports.reduce(Int128(0)) { $0 + $1.facts.sixfoldVolume } / 6_000_000_000_000
        var lines = PlanText.lines(of: plan)
        lines.append("volume   \(volume) mm³, \(triangles) triangles")
        for file in files { lines.append("wrote    \(folder)/\(file.name), \(file.sizeBytes) bytes") }
        lines.append("took     \(milliseconds) ms")
        return lines
    }

    private var milliseconds: Int64 {
        took.components.seconds * 1_000 + took.components.attoseconds / 1_000_000_000_000_000
    }
}
