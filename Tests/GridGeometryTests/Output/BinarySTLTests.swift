import GridGeometry
import Testing

@Suite struct BinarySTLTests {
    @Test func aBoxIsItsTrianglesWithNormals() throws {
        let mesh = try Mesher.mesh(SampleSolids.box(10_000))
        let bytes = try BinarySTL.bytes(of: mesh, name: "segment 1")
        #expect(bytes.count == 84 + 12 * 50)
        #expect(String(decoding: bytes[..<17], as: UTF8.self) == "Forma3D segment 1")
        #expect(bytes[17..<80].allSatisfy { $0 == 0 })
        #expect(bytes.littleEndian(UInt32.self, at: 80) == 12)
        for (index, triangle) in mesh.triangles.enumerated() {
            let offset = 84 + index * 50
            for (corner, vertex) in [triangle.a, triangle.b, triangle.c].enumerated() {
                let place = mesh.vertices[Int(vertex)]
                #expect(bytes.float(at: offset + 12 + corner * 12) == Float(place.x) / 10_000)
                #expect(bytes.float(at: offset + 16 + corner * 12) == Float(place.y) / 10_000)
                #expect(bytes.float(at: offset + 20 + corner * 12) == Float(place.z) / 10_000)
            }
            let normal = (0..<3).map { bytes.float(at: offset + $0 * 4) }
            // Of a box every normal is along an axis, away from the middle.
            #expect(normal.map(abs).reduce(0, +) == 1)
            let outwards = (0..<3).reduce(Float(0)) { sum, axis in
                sum + normal[axis] * (bytes.float(at: offset + 12 + axis * 4) - 0.5)
            }
            #expect(outwards == 0.5)
            #expect(bytes.littleEndian(UInt16.self, at: offset + 48) == 0)
        }
    }

    /// Vertices a tenth of a micrometre apart stay apart at every size that is allowed: readers merge equal ones only.
    @Test func neighboursStayApartUpToTheLimit() throws {
        func stored(_ value: Int32) throws -> Float {
            let corner = Mesh.Vertex(x: value, y: -value, z: 0)
            let mesh = Mesh(vertices: [corner], triangles: [.init(0, 0, 0)])
            return try BinarySTL.bytes(of: mesh, name: "").float(at: 84 + 12)
        }
        var random = SeededNumbers(seed: 5)
        let limit = Int32(BinarySTL.coordinateLimit)
        var values = (0..<2_000).map { _ in Int32.random(in: 0..<limit - 1, using: &random) }
        values += [0, 1, 5_119_999, 5_120_000, limit - 2]
        for value in values { #expect(try stored(value) < stored(value + 1), "\(value)") }
    }

    @Test func whatCouldCollapseIsRefused() throws {
        let far = Mesh.Vertex(x: 0, y: -Int32(BinarySTL.coordinateLimit), z: 0)
        let mesh = Mesh(vertices: [far], triangles: [.init(0, 0, 0)])
        #expect(throws: MeshFault.outOfRange(limit: BinarySTL.coordinateLimit)) {
            try BinarySTL.bytes(of: mesh, name: "")
        }
    }

    @Test func theSamePlateIsTheSameFile() throws {
        let bytes = try BinarySTL.bytes(of: Mesher.mesh(SampleSolids.plate(columns: 2, rows: 1)), name: "golden")
        #expect(bytes.fingerprint == "8ecc62834583e55f")
    }
}
