import GridGeometry
import Testing

@Suite struct MeshCheckTests {
    private static func plate() throws -> Mesh { try Mesher.mesh(SampleSolids.plate(columns: 2, rows: 2)) }

    @Test func anyTriangleLeftOutIsNoticed() throws {
        let mesh = try Self.plate()
        for index in stride(from: 0, to: mesh.triangles.count, by: 7) {
            var broken = mesh
            broken.triangles.remove(at: index)
            #expect(throws: MeshFault.self) { try MeshCheck.verify(broken) }
        }
    }

    @Test func anyTriangleTurnedOrDoubledIsNoticed() throws {
        let mesh = try Self.plate()
        for index in stride(from: 0, to: mesh.triangles.count, by: 11) {
            var turned = mesh
            let triangle = mesh.triangles[index]
            turned.triangles[index] = Mesh.Triangle(triangle.a, triangle.c, triangle.b)
            #expect(throws: MeshFault.self) { try MeshCheck.verify(turned) }
            var doubled = mesh
            doubled.triangles.append(triangle)
            #expect(throws: MeshFault.self) { try MeshCheck.verify(doubled) }
        }
    }

    @Test func aSolidInsideOutHasNoVolume() throws {
        var mesh = try Self.plate()
        mesh.triangles = mesh.triangles.map { Mesh.Triangle($0.a, $0.c, $0.b) }
        #expect(throws: MeshFault.noVolume) { try MeshCheck.verify(mesh) }
    }

    @Test func nothingHasNoVolume() {
        #expect(throws: MeshFault.noVolume) { try MeshCheck.verify(Mesh(vertices: [], triangles: [])) }
    }

    @Test func twoVerticesInOnePlaceAreNoticed() throws {
        var mesh = try Mesher.mesh(SampleSolids.box(100))
        // The same corner for one triangle only, as a reader that merges would see it.
        mesh.vertices.append(mesh.vertices[Int(mesh.triangles[0].a)])
        mesh.triangles[0].a = Int32(mesh.vertices.count - 1)
        let corner = mesh.vertices[mesh.vertices.count - 1]
        #expect(throws: MeshFault.repeatedVertex(x: Int(corner.x), y: Int(corner.y), z: Int(corner.z))) {
            try MeshCheck.verify(mesh)
        }
    }

    /// Closed, edge by edge, and yet a judge that drops triangles without area finds a hole.
    @Test func aTriangleWithoutAreaIsNoticed() throws {
        var mesh = try Mesher.mesh(SampleSolids.box(100))
        let first = mesh.triangles[0]
        let (a, b) = (mesh.vertices[Int(first.a)], mesh.vertices[Int(first.b)])
        mesh.vertices.append(Mesh.Vertex(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, z: (a.z + b.z) / 2))
        let middle = Int32(mesh.vertices.count - 1)
        mesh.triangles[0] = Mesh.Triangle(first.a, middle, first.c)
        mesh.triangles.append(Mesh.Triangle(middle, first.b, first.c))
        mesh.triangles.append(Mesh.Triangle(first.a, first.b, middle))
        #expect(throws: MeshFault.degenerateTriangle(x: Int(a.x), y: Int(a.y), z: Int(a.z))) {
            try MeshCheck.verify(mesh)
        }
    }

    @Test func aTriangleOfAVertexThatIsNotThereIsNoticed() throws {
        var mesh = try Mesher.mesh(SampleSolids.box(100))
        for index in [-1, 8] as [Int32] {
            mesh.triangles[3].b = index
            #expect(throws: MeshFault.outOfRange(limit: 8)) { try MeshCheck.verify(mesh) }
        }
    }

    @Test func twoBodiesAreCounted() throws {
        let apart = Slab(
            bottomZ: 0, topZ: 10,
            loops: [
                .init(prism: SampleSolids.rectangle(0, 0, 9, 9)), .init(prism: SampleSolids.rectangle(20, 0, 29, 9)),
            ])
        #expect(throws: MeshFault.severalBodies(2)) { try MeshCheck.verify(Mesher.mesh([apart])) }
    }

    @Test func onlyWhatFitsOnTheBedPasses() throws {
        let mesh = try Mesher.mesh(SampleSolids.box(100))
        func bed(_ width: Int, _ depth: Int) -> Size {
            Size(width: Length(tenthMicrometres: width), depth: Length(tenthMicrometres: depth))
        }
        #expect(try MeshCheck.verify(mesh, bed: bed(100, 100)).sixfoldVolume == 6_000_000)
        #expect(throws: MeshFault.outsideBed(width: 100, depth: 100)) { try MeshCheck.verify(mesh, bed: bed(99, 100)) }
        #expect(throws: MeshFault.outsideBed(width: 100, depth: 100)) { try MeshCheck.verify(mesh, bed: bed(100, 99)) }
    }

    /// Far from the origin and half a metre large: no sum overflows, nothing is rounded.
    @Test func theVolumeIsExactAtTheLimits() throws {
        let (low, high) = (-(1 << 29) + 1, (1 << 29) - 1)
        let cube = Slab(
            bottomZ: low, topZ: high, loops: [.init(prism: SampleSolids.rectangle(low, low, high, high))])
        let side = Int128(high - low)
        #expect(try MeshCheck.verify(Mesher.mesh([cube])).sixfoldVolume == 6 * side * side * side)
    }
}
