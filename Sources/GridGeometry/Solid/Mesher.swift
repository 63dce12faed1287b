/// Makes a closed mesh from slabs (contracts of `Slab`): walls between the outlines of each slab, and at every level
/// the faces that are left between the slabs below and above.
///
/// It is closed whatever the outlines are: the faces at a level have the boundary (below − above), edge by edge, and
/// the walls have the opposite. All decisions are made on integers.
package enum Mesher {
    /// |x|, |y| and |z| stay below this, so that products of differences fit 64 bits: 53 m.
    package static let coordinateLimit = 1 << 29

    package static func mesh(_ slabs: [Slab]) throws(MeshFault) -> Mesh {
        for slab in slabs { try check(slab) }
        let heights = Set(slabs.flatMap { [$0.bottomZ, $0.topZ] }).sorted()
        var levels = heights.map { Level(z: $0, expecting: pointCount(of: slabs, at: $0)) }
        var walls: [SlabWalls] = []
        walls.reserveCapacity(slabs.count)
        for slab in slabs {
            guard let below = heights.firstIndex(of: slab.bottomZ), let above = heights.firstIndex(of: slab.topZ) else {
                continue
            }
            walls.append(SlabWalls(slab, bottom: below, top: above, levels: &levels))
        }
        var mesh = Mesh(vertices: [], triangles: [])
        var faces: [[Mesh.Triangle]] = []
        var firstVertices: [Int32] = []
        for index in levels.indices {
            faces.append(try self.faces(at: &levels[index]))
            firstVertices.append(Int32(mesh.vertices.count))
            appendVertices(of: levels[index], to: &mesh)
        }
        for wall in walls { wall.append(to: &mesh, levels: levels, firstVertices: firstVertices) }
        for (triangles, first) in zip(faces, firstVertices) {
            for triangle in triangles {
                mesh.triangles.append(Mesh.Triangle(triangle.a + first, triangle.b + first, triangle.c + first))
            }
        }
        return mesh
    }

    /// Faces at a level; edges of its slabs that cross are given common vertices first, which is tried only where the
    /// faces cannot be made without, and anew with those that nearly touch only where that was not enough.
    private static func faces(at level: inout Level) throws(MeshFault) -> [Mesh.Triangle] {
        level.divideEdges()
        let divided = level
        do {
            return try faces(joining: &level, hasTouches: false)
        } catch {
            guard case .crossing = error else { throw error }
            level = divided
            return try faces(joining: &level, hasTouches: true)
        }
    }

    private static func faces(joining level: inout Level, hasTouches: Bool) throws(MeshFault) -> [Mesh.Triangle] {
        var roundsLeft = 16
        while true {
            do {
                var sweep = try FaceSweep(level: level)
                return try sweep.triangles()
            } catch {
                guard case .crossing = error, roundsLeft > 0, level.joinCrossings(hasTouches: hasTouches) else {
                    throw error
                }
                roundsLeft -= 1
            }
        }
    }

    private static func check(_ slab: Slab) throws(MeshFault) {
        guard slab.bottomZ < slab.topZ else {
            throw .malformedSlab(bottomZ: slab.bottomZ, reason: "it has no height")
        }
        guard slab.bottomZ > -coordinateLimit, slab.topZ < coordinateLimit else {
            throw .outOfRange(limit: coordinateLimit)
        }
        for loop in slab.loops {
            guard loop.bottom.count == loop.top.count, loop.bottom.count >= 3 else {
                throw .malformedSlab(
                    bottomZ: slab.bottomZ,
                    reason: "a loop has \(loop.bottom.count) points below and \(loop.top.count) above")
            }
            for outline in [loop.bottom, loop.top] {
                for point in outline {
                    guard abs(point.x) < coordinateLimit, abs(point.y) < coordinateLimit else {
                        throw .outOfRange(limit: coordinateLimit)
                    }
                }
            }
            for index in loop.bottom.indices {
                let next = index + 1 < loop.bottom.count ? index + 1 : 0
                guard loop.bottom[index] != loop.bottom[next] || loop.top[index] != loop.top[next] else {
                    throw .malformedSlab(
                        bottomZ: slab.bottomZ,
                        reason: "two neighbours coincide at (\(loop.bottom[index].x), \(loop.bottom[index].y))")
                }
            }
        }
    }

    private static func pointCount(of slabs: [Slab], at z: Int) -> Int {
        slabs.filter { $0.bottomZ == z || $0.topZ == z }
            .reduce(0) { count, slab in max(count, slab.loops.reduce(0) { $0 + $1.bottom.count }) }
    }

    private static func appendVertices(of level: Level, to mesh: inout Mesh) {
        for index in 0..<level.pointCount {
            mesh.vertices.append(
                Mesh.Vertex(
                    x: Int32(truncatingIfNeeded: level.xs[index]), y: Int32(truncatingIfNeeded: level.ys[index]),
                    z: Int32(truncatingIfNeeded: level.z)))
        }
    }
}
