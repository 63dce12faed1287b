/// Proves that a mesh is the surface of one solid; runs on every mesh before it leaves, and trusts nothing of how it
/// was made.
package enum MeshCheck {
    /// - Parameter bed: the box around the mesh has to fit, as it lies.
    /// - Returns: its box and exact volume.
    /// - Throws: when a directed edge has not exactly one opposite, a triangle has no area, two vertices are in one
    ///   place, the volume is not positive, there is more than one body, or it is larger than the bed.
    package static func verify(_ mesh: Mesh, bed: Size? = nil) throws(MeshFault) -> MeshFacts {
        guard !mesh.triangles.isEmpty else { throw .noVolume }
        let facts = try measure(mesh)
        try checkVertices(of: mesh)
        var bodies = Bodies(count: mesh.triangles.count)
        try joinEdges(of: mesh, bodies: &bodies)
        guard bodies.count == 1 else { throw .severalBodies(bodies.count) }
        guard facts.sixfoldVolume > 0 else { throw .noVolume }
        if let bed, facts.size.width > bed.width || facts.size.depth > bed.depth {
            throw .outsideBed(width: facts.size.width.tenthMicrometres, depth: facts.size.depth.tenthMicrometres)
        }
        return facts
    }

    /// The box over all vertices, the volume, and that each triangle has an area.
    private static func measure(_ mesh: Mesh) throws(MeshFault) -> MeshFacts {
        let vertices = mesh.vertices
        var low = Mesh.Vertex(x: .max, y: .max, z: .max)
        var high = Mesh.Vertex(x: .min, y: .min, z: .min)
        for vertex in vertices {
            low = Mesh.Vertex(x: min(low.x, vertex.x), y: min(low.y, vertex.y), z: min(low.z, vertex.z))
            high = Mesh.Vertex(x: max(high.x, vertex.x), y: max(high.y, vertex.y), z: max(high.z, vertex.z))
        }
        let limit = Int32(Mesher.coordinateLimit)
        guard min(low.x, low.y, low.z) > -limit, max(high.x, high.y, high.z) < limit else {
            throw .outOfRange(limit: Mesher.coordinateLimit)
        }
        var volume: Int128 = 0
        for triangle in mesh.triangles {
            guard min(triangle.a, triangle.b, triangle.c) >= 0,
                max(triangle.a, triangle.b, triangle.c) < Int32(vertices.count)
            else { throw .outOfRange(limit: vertices.count) }
            let (a, b, c) = (vertices[Int(triangle.a)], vertices[Int(triangle.b)], vertices[Int(triangle.c)])
            let (ux, uy, uz) = (Int(b.x) - Int(a.x), Int(b.y) - Int(a.y), Int(b.z) - Int(a.z))
            let (vx, vy, vz) = (Int(c.x) - Int(a.x), Int(c.y) - Int(a.y), Int(c.z) - Int(a.z))
            let areaZ = ux &* vy &- uy &* vx
            guard areaZ != 0 || uy &* vz &- uz &* vy != 0 || uz &* vx &- ux &* vz != 0 else {
                throw .degenerateTriangle(x: Int(a.x), y: Int(a.y), z: Int(a.z))
            }
            // The prism between the triangle and the plane z = 0.
            guard areaZ != 0 else { continue }
            let product = (Int(a.z) + Int(b.z) + Int(c.z)).multipliedFullWidth(by: areaZ)
            volume += Int128(product.high) << 64 | Int128(product.low)
        }
        return MeshFacts(low: low, high: high, sixfoldVolume: volume, triangleCount: mesh.triangles.count)
    }

    /// Every two vertices are apart.
    private static func checkVertices(of mesh: Mesh) throws(MeshFault) {
        var bits = 4
        while 1 << bits < mesh.vertices.count * 2 { bits += 1 }
        var slots = [Int32](repeating: -1, count: 1 << bits)
        let (mask, shift) = ((1 << bits) - 1, UInt64(64 - bits))
        for (index, vertex) in mesh.vertices.enumerated() {
            let plane = UInt64(UInt32(bitPattern: vertex.x)) << 32 | UInt64(UInt32(bitPattern: vertex.y))
            let mixed = (plane &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(UInt32(bitPattern: vertex.z))
            var slot = Int(truncatingIfNeeded: (mixed &* 0xD6E8_FEB8_6659_FD93) >> shift)
            while slots[slot] >= 0 {
                guard mesh.vertices[Int(slots[slot])] != vertex else {
                    throw .repeatedVertex(x: Int(vertex.x), y: Int(vertex.y), z: Int(vertex.z))
                }
                slot = (slot + 1) & mask
            }
            slots[slot] = Int32(truncatingIfNeeded: index)
        }
    }

    /// Matches every directed edge with its opposite: edges are gathered at their lower vertex, where few others are.
    private static func joinEdges(of mesh: Mesh, bodies: inout Bodies) throws(MeshFault) {
        var starts = [Int32](repeating: 0, count: mesh.vertices.count + 2)
        for triangle in mesh.triangles {
            starts[Int(min(triangle.a, triangle.b)) + 2] += 1
            starts[Int(min(triangle.b, triangle.c)) + 2] += 1
            starts[Int(min(triangle.c, triangle.a)) + 2] += 1
        }
        for index in 2..<starts.count { starts[index] += starts[index - 1] }
        // Higher vertex, direction and triangle in one number, so that opposites are neighbours when sorted.
        var sides = [UInt64](repeating: 0, count: mesh.triangles.count * 3)
        func enter(_ from: Int32, _ to: Int32, _ triangle: Int) {
            let slot = Int(min(from, to)) + 1
            let direction: UInt64 = from < to ? 0 : 1
            sides[Int(starts[slot])] =
                UInt64(UInt32(max(from, to))) << 33 | direction << 32 | UInt64(UInt32(triangle))
            starts[slot] += 1
        }
        for (index, triangle) in mesh.triangles.enumerated() {
            enter(triangle.a, triangle.b, index)
            enter(triangle.b, triangle.c, index)
            enter(triangle.c, triangle.a, index)
        }
        for vertex in mesh.vertices.indices {
            let range = Int(starts[vertex])..<Int(starts[vertex + 1])
            guard !range.isEmpty else { continue }
            sort(&sides, range)
            try match(sides, range, bodies: &bodies, of: mesh, at: vertex)
        }
    }

    private static func match(
        _ sides: [UInt64], _ range: Range<Int>, bodies: inout Bodies, of mesh: Mesh, at vertex: Int
    ) throws(MeshFault) {
        var index = range.lowerBound
        let place = mesh.vertices[vertex]
        while index < range.upperBound {
            let first = sides[index] >> 32
            guard index + 1 < range.upperBound, first & 1 == 0, sides[index + 1] >> 32 == first | 1 else {
                let isRepeated = index + 1 < range.upperBound && sides[index + 1] >> 32 == first
                throw isRepeated
                    ? .sharedEdge(x: Int(place.x), y: Int(place.y), z: Int(place.z))
                    : .openEdge(x: Int(place.x), y: Int(place.y), z: Int(place.z))
            }
            bodies.join(
                Int(truncatingIfNeeded: sides[index] & 0xFFFF_FFFF),
                Int(truncatingIfNeeded: sides[index + 1] & 0xFFFF_FFFF))
            index += 2
            if index < range.upperBound, sides[index] >> 32 == first | 1 {
                throw .sharedEdge(x: Int(place.x), y: Int(place.y), z: Int(place.z))
            }
        }
    }

    private static func sort(_ sides: inout [UInt64], _ range: Range<Int>) {
        guard range.count <= 24 else { return sides[range].sort() }
        for position in range.dropFirst() {
            let side = sides[position]
            var index = position
            while index > range.lowerBound, sides[index - 1] > side {
                sides[index] = sides[index - 1]
                index -= 1
            }
            sides[index] = side
        }
    }
}

/// Which triangles hang together: sets that are joined.
private struct Bodies {
    private var parents: [Int32]
    private(set) var count: Int

    init(count: Int) {
        parents = (0..<Int32(count)).map { $0 }
        self.count = count
    }

    private mutating func root(of triangle: Int) -> Int {
        var node = triangle
        while Int(parents[node]) != node {
            parents[node] = parents[Int(parents[node])]
            node = Int(parents[node])
        }
        return node
    }

    mutating func join(_ first: Int, _ second: Int) {
        let (one, other) = (root(of: first), root(of: second))
        guard one != other else { return }
        // The smaller number leads: neighbours come one after another, so chains stay short.
        parents[max(one, other)] = Int32(truncatingIfNeeded: min(one, other))
        count -= 1
    }
}
