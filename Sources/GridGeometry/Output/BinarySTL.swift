/// A mesh as a binary STL file: 80 bytes of header, the count of triangles, then 50 bytes for each, little-endian, in
/// millimetres. No date: the same mesh is the same file.
package enum BinarySTL {
    /// Vertices that differ by a tenth of a micrometre are different 32-bit floats below 1024 mm, where floats are at
    /// most 6.1e-5 mm apart; beyond, they could become one, and the file would not be the mesh that was verified.
    package static let coordinateLimit = 10_240_000

    private static let headerBytes = 84
    private static let triangleBytes = 50

    /// - Parameter name: ASCII, in the header; cut off after 80 bytes. A header must not begin with "solid", by which
    ///   readers know the text format.
    package static func bytes(of mesh: Mesh, name: String) throws(MeshFault) -> [UInt8] {
        let corners = try mesh.vertices.map(Corner.init)
        let count = headerBytes + mesh.triangles.count * triangleBytes
        // SAFETY: `write` stores `triangleBytes` bytes at an offset of `headerBytes` plus a multiple of it below the
        // triangle count, so that every byte up to `count` is stored once and none beyond.
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.initializeMemory(as: UInt8.self, repeating: 0)
            for (offset, byte) in "Forma3D \(name)".utf8.prefix(80).enumerated() { raw[offset] = byte }
            raw.storeBytes(of: UInt32(mesh.triangles.count).littleEndian, toByteOffset: 80, as: UInt32.self)
            var offset = headerBytes
            for triangle in mesh.triangles {
                let (a, b, c) = (corners[Int(triangle.a)], corners[Int(triangle.b)], corners[Int(triangle.c)])
                normal(mesh, triangle).store(in: raw, at: offset)
                a.store(in: raw, at: offset + 12)
                b.store(in: raw, at: offset + 24)
                c.store(in: raw, at: offset + 36)
                offset += triangleBytes
            }
            initialized = count
        }
    }

    private struct Corner {
        var x: Float
        var y: Float
        var z: Float

        init(x: Float, y: Float, z: Float) {
            self.x = x
            self.y = y
            self.z = z
        }

        init(_ vertex: Mesh.Vertex) throws(MeshFault) {
            let limit = Int32(BinarySTL.coordinateLimit)
            guard max(vertex.x, vertex.y, vertex.z) < limit, min(vertex.x, vertex.y, vertex.z) > -limit else {
                throw .outOfRange(limit: BinarySTL.coordinateLimit)
            }
            func millimetres(_ value: Int32) -> Float { Float(Double(value) / Double(Length.perMillimetre)) }
            self.init(x: millimetres(vertex.x), y: millimetres(vertex.y), z: millimetres(vertex.z))
        }

        @inline(__always)
        func store(in raw: UnsafeMutableRawBufferPointer, at offset: Int) {
            raw.storeBytes(of: x.bitPattern.littleEndian, toByteOffset: offset, as: UInt32.self)
            raw.storeBytes(of: y.bitPattern.littleEndian, toByteOffset: offset + 4, as: UInt32.self)
            raw.storeBytes(of: z.bitPattern.littleEndian, toByteOffset: offset + 8, as: UInt32.self)
        }
    }

    private static func normal(_ mesh: Mesh, _ triangle: Mesh.Triangle) -> Corner {
        let (a, b, c) = (mesh.vertices[Int(triangle.a)], mesh.vertices[Int(triangle.b)], mesh.vertices[Int(triangle.c)])
        let (ux, uy, uz) = (Int(b.x) - Int(a.x), Int(b.y) - Int(a.y), Int(b.z) - Int(a.z))
        let (vx, vy, vz) = (Int(c.x) - Int(a.x), Int(c.y) - Int(a.y), Int(c.z) - Int(a.z))
        let (x, y, z) = (Double(uy * vz - uz * vy), Double(uz * vx - ux * vz), Double(ux * vy - uy * vx))
        let length = (x * x + y * y + z * z).squareRoot()
        guard length > 0 else { return Corner(x: 0, y: 0, z: 0) }
        return Corner(x: Float(x / length), y: Float(y / length), z: Float(z / length))
    }
}
