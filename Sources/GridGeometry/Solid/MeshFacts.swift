/// What a verified mesh is.
package struct MeshFacts: Hashable, Sendable {
    /// Corners of the box around it, in tenths of a micrometre.
    package let low: Mesh.Vertex
    package let high: Mesh.Vertex
    /// Six times the volume, in cubes of a tenth of a micrometre: exact.
    package let sixfoldVolume: Int128
    package let triangleCount: Int

    package init(low: Mesh.Vertex, high: Mesh.Vertex, sixfoldVolume: Int128, triangleCount: Int) {
        self.low = low
        self.high = high
        self.sixfoldVolume = sixfoldVolume
        self.triangleCount = triangleCount
    }

    package var volumeCubicMillimetres: Double { Double(sixfoldVolume) / 6e12 }

    package var size: Size {
        Size(
            width: Length(tenthMicrometres: Int(high.x) - Int(low.x)),
            depth: Length(tenthMicrometres: Int(high.y) - Int(low.y)))
    }
    package var height: Length { Length(tenthMicrometres: Int(high.z) - Int(low.z)) }
}
