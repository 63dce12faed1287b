import GridGeometry
import Testing

@Suite struct MesherTests {
    @Test func aBoxIsTwelveTriangles() throws {
        let mesh = try Mesher.mesh(SampleSolids.box(10_000))
        let facts = try MeshCheck.verify(mesh)
        #expect(mesh.vertices.count == 8)
        #expect(facts.triangleCount == 12)
        #expect(facts.volumeCubicMillimetres == 1)
        #expect(facts.size == Size(width: Length(millimetres: 1), depth: Length(millimetres: 1)))
    }

    @Test func onePocketHasAsManyTrianglesAsItNeeds() throws {
        let facts = try MeshCheck.verify(Mesher.mesh(SampleSolids.plate(columns: 1, rows: 1)))
        // Walls: outline 3 × 4 edges and pocket 3 × 44, two each, eight more where the pocket's tangent points divide
        // the outline's upper edges; faces: the underside 4 + 44, four corners of 10.
        #expect(facts.triangleCount == 2 * (3 * 4 + 3 * 44) + 8 + 4 + 44 + 4 * 10)
        #expect(abs(facts.volumeCubicMillimetres - 1_250) < 60)
    }

    @Test(arguments: [(2, 1), (3, 2), (6, 5)])
    func pocketsThatMeetInRidgesClose(columns: Int, rows: Int) throws {
        let mesh = try Mesher.mesh(SampleSolids.plate(columns: columns, rows: rows))
        let facts = try MeshCheck.verify(mesh)
        #expect(facts.size.width.tenthMicrometres == columns * 420_000)
        let one = try MeshCheck.verify(Mesher.mesh(SampleSolids.plate(columns: 1, rows: 1)))
        #expect(facts.sixfoldVolume == one.sixfoldVolume * Int128(columns * rows))
    }

    @Test func edgesOfOtherSlabsAreDividedWhereAPointLiesOnThem() throws {
        // The upper box ends in the middle of the lower one's edge.
        let mesh = try Mesher.mesh([
            Slab(bottomZ: 0, topZ: 10, loops: [.init(prism: SampleSolids.rectangle(0, 0, 90, 90))]),
            Slab(bottomZ: 10, topZ: 20, loops: [.init(prism: SampleSolids.rectangle(30, 0, 60, 40))]),
        ])
        let facts = try MeshCheck.verify(mesh)
        #expect(facts.sixfoldVolume == 6 * (90 * 90 * 10 + 30 * 40 * 10))
    }

    @Test func aTaperMayEndInAnEdgeOrAPoint() throws {
        let square = SampleSolids.rectangle(0, 0, 60, 60)
        let roof = [Point(20, 30), Point(40, 30), Point(40, 30), Point(20, 30)]
        let ridge = try MeshCheck.verify(
            Mesher.mesh([Slab(bottomZ: 0, topZ: 30, loops: [.init(bottom: square, top: roof)])]))
        // A roof: height / 6 × depth × (2 × length below + length above).
        #expect(ridge.sixfoldVolume == 30 * 60 * (2 * 60 + 20))
        let peak = [Point](repeating: Point(30, 30), count: 4)
        let pyramid = try MeshCheck.verify(
            Mesher.mesh([Slab(bottomZ: 0, topZ: 30, loops: [.init(bottom: square, top: peak)])]))
        #expect(pyramid.sixfoldVolume == 2 * 60 * 60 * 30)
        #expect(pyramid.triangleCount == 6)
    }

    @Test(arguments: 0..<300)
    func randomStacksClose(seed: Int) throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let side = Int.random(in: 1...12, using: &random)
        let solid = VoxelSolid(
            side: side, layers: Int.random(in: 1...5, using: &random),
            percent: Int.random(in: 5...70, using: &random), random: &random)
        let mesh = try Mesher.mesh(solid.slabs(random: &random))
        let surfaces = solid.surfaceCount
        guard surfaces == 1 else {
            #expect(throws: MeshFault.severalBodies(surfaces)) { try MeshCheck.verify(mesh) }
            return
        }
        #expect(try MeshCheck.verify(mesh).sixfoldVolume == solid.sixfoldVolume)
    }

    /// Two slabs of random star-shaped outlines: their edges cross each other at the level between them.
    @Test(arguments: 0..<100)
    func slabsWhoseEdgesCrossClose(seed: Int) throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let radius = [60, 4_000, 900_000][seed % 3]
        let slabs = (0..<2).map { layer in
            Slab(
                bottomZ: layer * 100, topZ: layer * 100 + 100,
                loops: [.init(prism: SampleSolids.star(radius: radius, random: &random))])
        }
        let facts = try MeshCheck.verify(Mesher.mesh(slabs))
        let exact = slabs.reduce(0) { $0 + SampleSolids.doubleArea($1.loops[0].bottom) * 3 * 100 }
        // Each of at most 80 crossings bends edges of at most twice the radius by less than a unit, over half a slab.
        #expect((facts.sixfoldVolume - Int128(exact)).magnitude < UInt(80 * 2 * radius * 2 * 600))
    }

    @Test func loopsThatCrossAreRefused() {
        let outlines = [SampleSolids.rectangle(0, 0, 60, 60), SampleSolids.rectangle(30, 30, 90, 90)]
        let crossed = Slab(bottomZ: 0, topZ: 10, loops: outlines.map { .init(prism: $0) })
        #expect(throws: MeshFault.self) { try MeshCheck.verify(Mesher.mesh([crossed])) }
    }

    @Test func aLoopTheWrongWayRoundIsRefused() {
        let inverted = Slab(
            bottomZ: 0, topZ: 10, loops: [.init(prism: SampleSolids.rectangle(0, 0, 60, 60).reversed())])
        #expect(throws: MeshFault.noVolume) { try MeshCheck.verify(Mesher.mesh([inverted])) }
    }

    @Test func cornersThatTouchAreRefused() {
        let outlines = [SampleSolids.rectangle(0, 0, 60, 60), SampleSolids.rectangle(60, 60, 90, 90)]
        let touching = Slab(bottomZ: 0, topZ: 10, loops: outlines.map { .init(prism: $0) })
        #expect(throws: MeshFault.sharedEdge(x: 60, y: 60, z: 0)) { try MeshCheck.verify(Mesher.mesh([touching])) }
    }

    @Test func malformedSlabsAreRefused() {
        let square = SampleSolids.rectangle(0, 0, 60, 60)
        let cases = [
            Slab(bottomZ: 10, topZ: 10, loops: [.init(prism: square)]),
            Slab(bottomZ: 0, topZ: 10, loops: [.init(bottom: square, top: Array(square.dropLast()))]),
            Slab(bottomZ: 0, topZ: 10, loops: [.init(prism: [Point(0, 0), Point(9, 0)])]),
            Slab(bottomZ: 0, topZ: 10, loops: [.init(prism: [Point(0, 0), Point(9, 0), Point(9, 0), Point(0, 9)])]),
            Slab(bottomZ: 0, topZ: 10, loops: [.init(prism: [Point(0, 0), Point(1 << 30, 0), Point(0, 9)])]),
        ]
        for slab in cases { #expect(throws: MeshFault.self) { try Mesher.mesh([slab]) } }
    }
}
