/// Why slabs are no solid, or a mesh is none. Coordinates are tenths of a micrometre.
package enum MeshFault: Error, Hashable, Sendable {
    /// A slab without height, without loops, or a loop whose two outlines do not belong together.
    case malformedSlab(bottomZ: Int, reason: String)
    /// Farther from the origin than exact arithmetic (or the file's format) holds.
    case outOfRange(limit: Int)
    /// Loops cross, overlap or turn the wrong way round near this point: the area beside it has no single side.
    case crossing(x: Int, y: Int, z: Int)
    /// More than two walls or faces would meet in this edge, as where two corners touch.
    case sharedEdge(x: Int, y: Int, z: Int)
    /// An edge without its opposite: the mesh has a hole here.
    case openEdge(x: Int, y: Int, z: Int)
    case degenerateTriangle(x: Int, y: Int, z: Int)
    /// Two vertices at one place: a reader that merges vertices would see another mesh.
    case repeatedVertex(x: Int, y: Int, z: Int)
    /// The triangles see the solid from inside, or there are none.
    case noVolume
    case severalBodies(Int)
    /// Larger than the bed allows.
    case outsideBed(width: Int, depth: Int)
}
