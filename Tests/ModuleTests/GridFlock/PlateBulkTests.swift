import GridFlock
import GridGeometry
import HTTPWire
import Kernel
import TestKit
import Testing

/// What could not be kept is refused before it is made.
@Suite(.timeLimit(.minutes(5))) struct PlateBulkTests {
    private func plan(_ width: Double, _ depth: Double, bed: Double, _ change: (inout PlateWish) -> Void) throws
        -> PlatePlan
    {
        let side = Length(millimetres: bed)
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)),
            bed: Size(width: side, depth: side))
        change(&wish)
        return try Planner.plan(wish)
    }

    /// The sum of the formula against the meshes themselves.
    @Test(arguments: [
        (false, false, false), (true, false, false), (false, true, false), (false, false, true), (true, true, true),
    ])
    func trianglesAreReckonedAsTheyAreMade(hasMagnets: Bool, hasEdgeTabs: Bool, hasNumbers: Bool) throws {
        let plan = try plan(210, 126, bed: 140) { wish in
            if hasMagnets { wish.magnets = Magnets() }
            if hasEdgeTabs { wish.edgeConnector = EdgeConnector() }
            if !hasNumbers { wish.numbering = nil }
        }
        var made = 0
        let reports = try PlateMaker.make(plan, formats: [], title: "") { _ in }
        for report in reports where report.sameAs == report.number { made += report.facts.triangleCount }
        let reckoned = PlateBulk.triangles(plan).all
        #expect((made * 8 / 10)...(made * 14 / 10) ~= reckoned, "made \(made), reckoned \(reckoned)")
    }

    @Test func whatIsTooLargeToBeKeptIsRefusedWithWhatCouldBe() throws {
        // One part of a thousand cells with magnets: more than an STL of 64 MiB.
        let large = try plan(1_600, 1_200, bed: 2_000) { $0.magnets = Magnets() }
        #expect(!PlateBulk.fits(large))
        let refusal = try #require(throws: PlateRefusal.self) { try PlateBulk.check(large) }
        let item = try #require(refusal.items.first)
        #expect(item.field == "drawerWidthMillimetres" && item.allowed?.contains("mm") == true)
        let nearest = try #require(item.nearest.flatMap { Double($0) })
        #expect(nearest > 200 && nearest < 1_600)
        #expect(PlateBulk.fits(try plan(nearest, 1_200, bed: 2_000) { $0.magnets = Magnets() }))
        // Without magnets it can be kept, and so can the largest drawer on a bed of usual size that people have.
        #expect(PlateBulk.fits(try plan(1_600, 1_200, bed: 2_000) { _ in }))
        #expect(PlateBulk.fits(try plan(1_000, 600, bed: 256) { $0.magnets = Magnets() }))
    }

    @Test func itIsRefusedWhereverItIsAskedFor() async throws {
        let wish =
            #"{"drawerWidthMillimetres":1600,"drawerDepthMillimetres":1200,"magnets":true,"bedWidthMillimetres":2000,"bedDepthMillimetres":2000}"#
        try await PlateAPI.with { api in
            for path in ["/api/v1/gridflock/quotes", "/api/v1/gridflock/designs"] {
                let answer = try await api.send(.post, path, wish)
                #expect(answer.status == 422 && answer.json["field"] == "drawerWidthMillimetres")
                #expect(answer.json["fields"]?[0]?["nearest"]?.string.flatMap { Int($0) } != nil)
            }
            #expect(try await api.room.designs.page(state: nil, before: nil, limit: 1).isEmpty)
        }
    }
}
