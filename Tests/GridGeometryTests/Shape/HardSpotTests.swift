import Testing

@testable import GridGeometry

/// Places that went wrong once, here or in the upstream generator.
@Suite struct HardSpotTests {
    private static func slabs(
        columns: [Double] = [42, 42], rows: [Double] = [42, 42], padding: [Double] = [0, 0, 0, 0],
        connects: [Bool] = [false, false, false, false], cells: [[CellKind]]? = nil,
        change: (inout PlateWish) -> Void = { _ in }
    ) throws -> [Slab] {
        let plan = SamplePlan.single(
            columns: columns, rows: rows, padding: padding, connects: connects, cells: cells, change: change)
        return try SegmentShape.slabs(of: plan.segments[0], in: plan)
    }

    /// Upstream leaves a sliver of 0.0252 mm³ where a padding of 1 mm ends before the socket does.
    @Test func tipOfAJawWithoutRootIsLeftOut() throws {
        try ShapeJudge.check(Self.slabs(padding: [0, 7, 1, 0], connects: [true, false, false, true]))
    }

    /// A slab that began at the height of a tab's shoulder had the shoulder as a fin without thickness.
    @Test func tabsHaveNoFinAtTheirShoulder() throws {
        let slabs = try Self.slabs(connects: [true, true, true, true]) { wish in
            wish.intersectionConnector = nil
            wish.edgeConnector = EdgeConnector()
            wish.edgeConnector?.heightFemale = Length(millimetres: 4)
            wish.edgeConnector?.maleDelta = .zero
            wish.solidBase = Length(millimetres: 1)
        }
        try ShapeJudge.check(slabs)
    }

    /// Large magnets in half cells: their release slots ran out of the cell into the neighbour.
    @Test func releaseSlotsStayWithinTheirCell() throws {
        let slabs = try Self.slabs(columns: [42, 21], rows: [42]) { wish in
            wish.magnets = Magnets()
            wish.magnets?.diameter = Length(millimetres: 9.2)
            wish.magnets?.border = Length(millimetres: 1.7)
        }
        try ShapeJudge.check(slabs)
        #expect(slabs[0].loops[0].bottom == slabs[slabs.count - 2].loops[0].bottom)
    }

    @Test func cutsThatLeavePiecesAreRefused() throws {
        #expect(throws: PlateRefusal.self) { try Self.slabs(rows: [42], padding: [-4, 0, -4, 0]) }
        try ShapeJudge.check(Self.slabs(rows: [42], padding: [-2, -2, -2, -2]))
        try ShapeJudge.check(Self.slabs(padding: [-6, 0, -5, -1]))
    }

    /// A cut of 1 mm takes away what lies beyond it and nothing else.
    @Test func cutEdgeHasTheVolumeOfTheRest() throws {
        let whole = SegmentShape.volume(of: try Self.slabs { $0.cornerRadius = .zero })
        let cut = SegmentShape.volume(of: try Self.slabs(padding: [0, 0, -1, 0]) { $0.cornerRadius = .zero })
        // Per cell and millimetre of depth: 42 mm less what the pocket has at that height.
        var lost = 0.0
        for step in 0..<4650 {
            let z = (Double(step) + 0.5) * 10
            let inset = Double(Profile.inset(at: Int(z))) / 10_000
            for y in stride(from: 0.005, to: 1, by: 0.01) {
                var open = 0.0
                if y > inset {
                    let radius = 4 - inset
                    open = 34 + 2 * (max(0, radius * radius - (4 - y) * (4 - y))).squareRoot()
                }
                lost += 2 * (42 - open) * 0.01 * 0.001
            }
        }
        #expect(abs(whole - cut - lost) < lost * 2e-3)
    }

    @Test func edgeTabsThatCannotHoldAreRefused() throws {
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: 84), depth: Length(millimetres: 84)),
            bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)))
        wish.edgeConnector = EdgeConnector()
        try SegmentShape.check(wish)
        wish.edgeConnector?.bar.depth = Length(millimetres: 1.3)
        #expect(throws: PlateRefusal.self) { try SegmentShape.check(wish) }
        wish.edgeConnector = EdgeConnector()
        wish.edgeConnector?.heightFemale = Length(millimetres: 4.65)
        #expect(throws: PlateRefusal.self) { try SegmentShape.check(wish) }
        wish.solidBase = Length(millimetres: 0.6)
        try SegmentShape.check(wish)
        wish.edgeConnector?.bar.width = Length(millimetres: 4.5)
        #expect(throws: PlateRefusal.self) { try SegmentShape.check(wish) }
    }

    @Test func emptyCellsThatTouchInACornerHangTogether() throws {
        let slabs = try Self.slabs(cells: [[.empty, .cell], [.cell, .empty]])
        try ShapeJudge.check(slabs)
        #expect(throws: PlateRefusal.self) {
            try Self.slabs(columns: [42, 42, 42], rows: [42], cells: [[.cell, .empty, .cell]])
        }
    }

    @Test func tabsStandOnlyWhereThereIsACell() throws {
        let cells: [[CellKind]] = [[.cell, .cell], [.cell, .empty]]
        let slabs = try Self.slabs(connects: [true, true, false, false], cells: cells)
        try ShapeJudge.check(slabs)
        let reach = SegmentShape.bounds(of: slabs)
        // The empty corner has neither a tab nor a tip of one.
        for slab in slabs {
            for point in slab.loops.flatMap(\.bottom) where point.x > 430_000 { #expect(point.y < 430_000) }
        }
        #expect(reach.size.width == Length(millimetres: 85.18))
    }

    @Test func magnetsAreCountedAsTheyAreMade() throws {
        let plan = SamplePlan.single(
            columns: [42, 21], rows: [42, 21], padding: [0, 0, 0, 0], connects: [false, false, false, false]
        ) { $0.magnets = Magnets() }
        #expect(SegmentShape.magnetCount(of: plan.segments[0], wish: plan.wish) == 4 + 2 + 2 + 1)
    }

    /// Where the way in of a quarter cell's magnet would end in the wall there is no magnet, nor a count of one.
    @Test func noMagnetWithoutAWayIn() {
        var magnets = Magnets()
        let third = Box(west: 0, south: 0, east: 140_000, north: 140_000)
        #expect(MagnetPlace.places(in: third, magnets: magnets).isEmpty)
        magnets.style = .glueFromTop
        #expect(MagnetPlace.places(in: third, magnets: magnets).count == 1)
    }

    /// A strip of 8 mm with all four corners in the open, and a plate radius of 10 mm.
    @Test func narrowStripsAreNoRounderThanTheyAreWide() throws {
        let strip = SegmentPlan(
            number: 1, origin: Point(0, 0), columns: 0..<0, rows: 0..<0, cellWidths: [], cellDepths: [],
            padding: Sides(
                north: Length(millimetres: 50), east: Length(millimetres: 8), south: .zero, west: .zero),
            connects: Sides(all: false), cells: [])
        var wish = PlateWish(drawer: strip.size, bed: strip.size)
        wish.cornerRadius = Length(millimetres: 10)
        let plan = PlatePlan(wish: wish, columns: [], rows: [], padding: strip.padding, segments: [strip])
        try ShapeJudge.check(SegmentShape.slabs(of: strip, in: plan))
    }

    /// Below, a pocket's arc was rounded where it meets a magnet's frame; the exact arc above crossed it, and the vertex
    /// that was to join both lay on the wrong side of a third edge.
    @Test func arcsRoundedInTheFloorMeetTheExactOnesAbove() throws {
        var random = RandomWish(seed: 300_112)
        let wish = random.wish()
        #expect(wish.magnets?.style == .glueFromTop && wish.magnets?.frame == .round)
        let plan = try Planner.plan(wish)
        for segment in plan.segments { try ShapeJudge.check(SegmentShape.slabs(of: segment, in: plan)) }
    }

    /// In a cell of 14 mm the bar behind the sockets reached past the magnet and closed its way in: a hollow within the
    /// solid (fuzz seed 421). A bar of usual width stood in the way of half a millimetre and more.
    @Test(arguments: [2.5, 9, 20]) func barsBehindSocketsLeaveTheMagnetsTheirWayIn(border: Double) throws {
        for (columns, rows) in [([14.0, 42.0], [42.0, 14.0]), ([21, 42], [42, 21]), ([42], [42]), ([21], [21])] {
            let slabs = try Self.slabs(columns: columns, rows: rows, connects: [false, false, true, true]) { wish in
                wish.edgeConnector = EdgeConnector()
                wish.edgeConnector?.magnetBorderWidth = Length(millimetres: border)
                wish.magnets = Magnets()
                wish.magnets?.releaseWidth = .zero
            }
            try ShapeJudge.check(slabs, "\(columns) \(rows)")
        }
    }

    /// Sockets 6 mm deep from two sides of a solid cell ran into each other, and so would the tabs (fuzz seed 19079).
    @Test func longTabsOfTwoSidesStayApart() throws {
        for kind in [CellKind.solid, .cell] {
            let slabs = try Self.slabs(connects: [true, true, true, true], cells: [[kind, kind], [kind, kind]]) {
                wish in
                var edge = EdgeConnector()
                edge.countPerCell = 2
                edge.bar = Size(width: Length(millimetres: 16), depth: Length(millimetres: 0.8664))
                edge.neck = Size(width: Length(millimetres: 5), depth: Length(millimetres: 5.1336))
                edge.gap = .zero
                wish.edgeConnector = edge
            }
            try ShapeJudge.check(slabs)
        }
    }

    @Test func ringsAreMirroredExactly() {
        for inset in [0, 3_333, Profile.uprightInset, 25_001, Profile.bottomInset] {
            let cell = Box(west: 0, south: 0, east: 420_000, north: 420_000)
            let ring = Set(PocketRing.hole(of: cell, inset: inset))
            #expect(ring.count == 44)
            #expect(ring == Set(ring.map { Point(420_000 - $0.x, $0.y) }))
            #expect(ring == Set(ring.map { Point($0.y, $0.x) }))
        }
    }

    /// A rest of exactly 8 mm became a cell whose pocket ended in one point twice.
    @Test func theSmallestCellHasAPocketAndASmallerRestIsPadding() throws {
        func wish(depth: Double, least: Double) throws -> PlateWish {
            var request = PlateRequest(
                drawerWidthMillimetres: 84, drawerDepthMillimetres: depth, bedWidthMillimetres: 250,
                bedDepthMillimetres: 250)
            (request.fillerY, request.fillerMinimumYMillimetres) = ("dynamic", least)
            return try request.wish()
        }
        let refusal = #expect(throws: PlateRefusal.self) { try wish(depth: 50, least: 8) }
        #expect(refusal?.items.map(\.nearest) == ["8.1"])
        for (depth, rows) in [(50.0, 1), (50.1, 2)] {
            let plan = try Planner.plan(try wish(depth: depth, least: 8.1))
            #expect(plan.rows.count == rows)
            for segment in plan.segments { try ShapeJudge.check(SegmentShape.slabs(of: segment, in: plan)) }
        }
    }
}
