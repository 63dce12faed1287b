import Testing

@testable import GridGeometry

/// What stood beyond the plate's edge, or short of it.
@Suite struct PlateEdgeTests {
    private static func wish(_ width: Double, _ depth: Double, bed: Double = 256) -> PlateWish {
        PlateWish(
            drawer: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)),
            bed: Size(width: Length(millimetres: bed), depth: Length(millimetres: bed)))
    }

    /// The box around the assembled plate.
    private static func outerBox(of plan: PlatePlan) throws -> Box {
        var shaper = PlateShaper(plan)
        var points: [Point] = []
        for segment in plan.segments {
            let slabs = try shaper.slabs(of: segment)
            try ShapeJudge.check(slabs)
            let bounds = SegmentShape.bounds(of: slabs)
            let low = bounds.origin + segment.origin
            points += [low, low + Point(bounds.size.width.tenthMicrometres, bounds.size.depth.tenthMicrometres)]
        }
        return Box.around(points)
    }

    /// A cut of 6.2 mm went through the outermost of three tabs per cell, which stood 2.275 mm beyond the plate.
    @Test func edgeTabsStayWithinAPlateThatIsCut() throws {
        var wish = Self.wish(370, 261)
        wish.clearance = Sides(all: Length(millimetres: 0.5))
        wish.fillerX = .dynamic(minimum: Length(millimetres: 18))
        wish.fillerY = .none
        (wish.alignmentX, wish.alignmentY) = (4, 9)
        let adjust = [-7.0, -4, -6, -6].map(Length.init(millimetres:))
        wish.edgeAdjust = Sides(north: adjust[0], east: adjust[1], south: adjust[2], west: adjust[3])
        wish.hasSeparatePadding = true
        wish.intersectionConnector?.fit = 7
        wish.edgeConnector = EdgeConnector()
        wish.edgeConnector?.countPerCell = 3
        let plan = try Planner.plan(wish)
        #expect(plan.segments.contains { $0.hasEdgeTabs != Sides(all: false) })
        let box = try Self.outerBox(of: plan)
        #expect(box == Box(west: 0, south: 0, east: 3_590_000, north: 2_470_000))
    }

    /// Strips narrower than the plate's radius came out smaller than their body.
    @Test(arguments: [1.0, 2.4, 3, 5.9])
    func stripsNarrowerThanTheRadiusAreAsLargeAsTheirBody(padding: Double) throws {
        var wish = Self.wish(126 + 2 * padding, 84 + 2 * padding)
        wish.fillerX = .none
        wish.fillerY = .none
        wish.hasSeparatePadding = true
        wish.cornerRadius = Length(millimetres: 6)
        let plan = try Planner.plan(wish)
        #expect(plan.segments.count { $0.isStrip } == 4)
        let edge = Length(millimetres: 2 * padding).tenthMicrometres
        let box = try Self.outerBox(of: plan)
        #expect(box == Box(west: 0, south: 0, east: 1_260_000 + edge, north: 840_000 + edge))
    }
}
