/// Reads a binary STL file as a slicer does: corners whose three 32-bit floats are equal bit by bit are one vertex. Then
/// proves that it is the surface of one solid. Shares no code with what wrote it; buffers are kept from file to file,
/// because tens of thousands are read.
struct STLReading {
    struct Fault: Error {
        let reason: String
    }

    /// What was read.
    struct Body {
        let triangleCount: Int
        /// Corners of the box around it, in tenths of a micrometre.
        let low: SIMD3<Int>
        let high: SIMD3<Int>
        let cubicMillimetres: Double
    }

    private static let headerBytes = 84
    private static let triangleBytes = 50
    private static let noEdge = UInt64.max

    /// Bits of the floats of each vertex.
    private var vertices: [SIMD3<UInt32>] = []
    private var vertexSlots: [Int32] = []
    /// Three for each triangle.
    private var corners: [Int32] = []
    private var edgeSlots: [UInt64] = []
    private var edgeOwners: [Int32] = []
    private var parents: [Int32] = []

    /// - Throws: `Fault`, when a directed edge is there twice or without its opposite, when there is more than one body,
    ///   or when it encloses nothing.
    mutating func read(_ file: [UInt8]) throws -> Body {
        guard file.count >= Self.headerBytes else { throw Fault(reason: "STL of \(file.count) bytes") }
        let count = file.withUnsafeBytes {
            Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 80, as: UInt32.self)))
        }
        guard count > 0, file.count == Self.headerBytes + count * Self.triangleBytes else {
            throw Fault(reason: "STL of \(file.count) bytes says \(count) triangles")
        }
        merge(file, count)
        try enterEdges(count)
        try checkOpposites(count)
        let body = measured(count)
        guard body.cubicMillimetres > 0 else { throw Fault(reason: "volume \(body.cubicMillimetres)") }
        return body
    }

    private mutating func merge(_ file: [UInt8], _ count: Int) {
        vertices.removeAll(keepingCapacity: true)
        corners.removeAll(keepingCapacity: true)
        // Even triangles that share nothing leave a quarter of the slots free.
        Self.clear(&vertexSlots, atLeast: 4 * count, to: -1)
        file.withUnsafeBytes { raw in
            for triangle in 0..<count {
                for corner in 0..<3 {
                    let offset = Self.headerBytes + triangle * Self.triangleBytes + 12 + corner * 12
                    func bits(_ axis: Int) -> UInt32 {
                        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset + axis * 4, as: UInt32.self))
                    }
                    corners.append(number(of: SIMD3(bits(0), bits(1), bits(2))))
                }
            }
        }
    }

    private mutating func number(of vertex: SIMD3<UInt32>) -> Int32 {
        let mask = vertexSlots.count - 1
        let plane = (UInt64(vertex.x) << 32 | UInt64(vertex.y)) &* 0x9E37_79B9_7F4A_7C15
        let mixed = (plane ^ UInt64(vertex.z)) &* 0xD6E8_FEB8_6659_FD93
        var slot = Int(truncatingIfNeeded: mixed >> 24) & mask
        while vertexSlots[slot] >= 0 {
            if vertices[Int(vertexSlots[slot])] == vertex { return vertexSlots[slot] }
            slot = (slot + 1) & mask
        }
        let number = Int32(truncatingIfNeeded: vertices.count)
        vertexSlots[slot] = number
        vertices.append(vertex)
        return number
    }

    private mutating func enterEdges(_ count: Int) throws {
        Self.clear(&edgeSlots, atLeast: 6 * count, to: Self.noEdge)
        if edgeOwners.count < edgeSlots.count { edgeOwners = [Int32](repeating: 0, count: edgeSlots.count) }
        for triangle in 0..<count {
            for corner in 0..<3 {
                let (from, to) = edge(triangle, corner)
                guard from != to else { throw Fault(reason: "a triangle without area at \(place(from))") }
                let slot = self.slot(of: Self.key(from, to))
                guard edgeSlots[slot] == Self.noEdge else {
                    throw Fault(reason: "the edge \(place(from)) to \(place(to)) is there twice")
                }
                edgeSlots[slot] = Self.key(from, to)
                edgeOwners[slot] = Int32(truncatingIfNeeded: triangle)
            }
        }
    }

    private mutating func checkOpposites(_ count: Int) throws {
        parents.removeAll(keepingCapacity: true)
        parents.append(contentsOf: 0..<Int32(count))
        var bodies = count
        for triangle in 0..<count {
            for corner in 0..<3 {
                let (from, to) = edge(triangle, corner)
                let slot = self.slot(of: Self.key(to, from))
                guard edgeSlots[slot] != Self.noEdge else {
                    throw Fault(reason: "the edge \(place(from)) to \(place(to)) has no opposite")
                }
                let (one, other) = (root(of: triangle), root(of: Int(edgeOwners[slot])))
                if one != other {
                    parents[max(one, other)] = Int32(truncatingIfNeeded: min(one, other))
                    bodies -= 1
                }
            }
        }
        guard bodies == 1 else { throw Fault(reason: "\(bodies) bodies") }
    }

    private func measured(_ count: Int) -> Body {
        func point(_ vertex: Int32) -> SIMD3<Double> {
            let bits = vertices[Int(vertex)]
            return SIMD3(
                Double(Float(bitPattern: bits.x)), Double(Float(bitPattern: bits.y)), Double(Float(bitPattern: bits.z)))
        }
        var low = point(0)
        var high = low
        for vertex in vertices.indices {
            let place = point(Int32(truncatingIfNeeded: vertex))
            low = pointwiseMin(low, place)
            high = pointwiseMax(high, place)
        }
        let origin = point(0)
        var sixfold = 0.0
        for triangle in 0..<count {
            let a = point(corners[triangle * 3]) - origin
            let b = point(corners[triangle * 3 + 1]) - origin
            let c = point(corners[triangle * 3 + 2]) - origin
            sixfold +=
                a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z) + a.z * (b.x * c.y - b.y * c.x)
        }
        // Floats below 1024 mm are nearer to the tenth of a micrometre that they were than to any other.
        func exact(_ place: SIMD3<Double>) -> SIMD3<Int> {
            SIMD3(
                Int((place.x * 10_000).rounded()), Int((place.y * 10_000).rounded()), Int((place.z * 10_000).rounded()))
        }
        return Body(triangleCount: count, low: exact(low), high: exact(high), cubicMillimetres: sixfold / 6)
    }

    @inline(__always)
    private func edge(_ triangle: Int, _ corner: Int) -> (Int32, Int32) {
        (corners[triangle * 3 + corner], corners[triangle * 3 + (corner == 2 ? 0 : corner + 1)])
    }

    @inline(__always)
    private static func key(_ from: Int32, _ to: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: from)) << 32 | UInt64(UInt32(bitPattern: to))
    }

    /// Where the key is, or the free slot where it would go.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = edgeSlots.count - 1
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 24) & mask
        while edgeSlots[slot] != Self.noEdge, edgeSlots[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func root(of triangle: Int) -> Int {
        var node = triangle
        while Int(parents[node]) != node {
            parents[node] = parents[Int(parents[node])]
            node = Int(parents[node])
        }
        return node
    }

    private func place(_ vertex: Int32) -> String {
        let bits = vertices[Int(vertex)]
        return "(\(Float(bitPattern: bits.x)) \(Float(bitPattern: bits.y)) \(Float(bitPattern: bits.z)))"
    }

    /// A power of two of slots, all free.
    private static func clear<Value>(_ slots: inout [Value], atLeast count: Int, to free: Value) {
        var size = 64
        while size < count { size *= 2 }
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(free, count: size))
    }
}
