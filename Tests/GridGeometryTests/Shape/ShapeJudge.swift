import Testing

@testable import GridGeometry

/// Proves slabs by the mesh made of them: closed, one body, and of the volume the slabs have.
enum ShapeJudge {
    @discardableResult
    static func check(_ slabs: [Slab], _ what: String = "") throws -> Mesh {
        for (lower, upper) in zip(slabs, slabs.dropFirst()) { #expect(lower.topZ == upper.bottomZ) }
        #expect(slabs.first?.bottomZ == 0)
        let mesh = try Mesher.mesh(slabs)
        let facts = try MeshCheck.verify(mesh)
        let volume = SegmentShape.volume(of: slabs)
        let meshed = Double(facts.sixfoldVolume) / 6e12
        #expect(abs(meshed - volume) <= 1e-3 + 1e-6 * volume, "\(what) \(meshed) \(volume)")
        return mesh
    }
}
