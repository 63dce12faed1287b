import Testing

@testable import GridGeometry

/// Whole plates, planned with upstream's seams, against what is known of upstream's.
@Suite struct PlannedPlateTests {
    /// Measured of the upstream generator (yawkat/GridFlock 3f04abb2, numbering off); where its engine stops with an
    /// assertion, of a direct mesher of the same shapes that was proved against it on the others.
    private struct Plate: Sendable {
        let name: String
        let size: (width: Double, depth: Double)
        let bed: Double
        let parts: Int
        let cubicMillimetres: Double
        /// Where upstream is wrong, its volume is more: half tabs are 0.3 mm too long, into the neighbour where a seam
        /// ends at another one and out of the plate where it ends at an edge without padding. So many are taken off.
        let tips: Int
        let change: @Sendable (inout PlateWish) -> Void
    }

    private static func hasNoFiller(_ wish: inout PlateWish, alignment: (Int, Int)) {
        (wish.fillerX, wish.fillerY) = (.none, .none)
        (wish.alignmentX, wish.alignmentY) = alignment
    }

    private static let plates = [
        // Upstream's engine aborts at c06, c15, c35 and c38.
        Plate(
            name: "c06", size: (1000, 600), bed: 180, parts: 24, cubicMillimetres: 520_061.50, tips: 30,
            change: { _ in }),
        // Three tabs per cell over the pockets' whole height.
        Plate(
            name: "c13", size: (168, 168), bed: 100, parts: 5, cubicMillimetres: 60_451.38, tips: 0,
            change: {
                $0.intersectionConnector = nil
                $0.edgeConnector = EdgeConnector()
                $0.edgeConnector?.countPerCell = 3
                $0.edgeConnector?.heightFemale = Length(millimetres: 4.65)
                $0.edgeConnector?.maleDelta = .zero
                $0.magnets = Magnets()
            }),
        Plate(
            name: "c15", size: (371, 254), bed: 0, parts: 4, cubicMillimetres: 106_346.38, tips: 4,
            change: { hasNoFiller(&$0, alignment: (10, 10)) }),
        Plate(
            name: "c16", size: (371, 254), bed: 0, parts: 4, cubicMillimetres: 106_344.68, tips: 4,
            change: { hasNoFiller(&$0, alignment: (0, 0)) }),
        Plate(
            name: "c17", size: (371, 254), bed: 0, parts: 4, cubicMillimetres: 106_334.77, tips: 2,
            change: { hasNoFiller(&$0, alignment: (2, 8)) }),
        Plate(
            name: "c30", size: (126, 84), bed: 0, parts: 1, cubicMillimetres: 7746.85, tips: 0,
            change: { $0.cornerRadius = Length(millimetres: 1) }),
        Plate(
            name: "c35", size: (1000, 600), bed: 180, parts: 24, cubicMillimetres: 1_380_358, tips: 30,
            change: { $0.magnets = Magnets() }),
        Plate(
            name: "c38", size: (600, 400), bed: 256, parts: 6, cubicMillimetres: 542_898, tips: 4,
            change: { $0.magnets = Magnets() }),
    ]

    /// Divided as upstream divides it, so that the seams are as long.
    private static func plan(_ plate: Plate) throws -> PlatePlan {
        let bed = plate.bed > 0 ? (plate.bed, plate.bed) : (250, 220)
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: plate.size.width), depth: Length(millimetres: plate.size.depth)),
            bed: Size(width: Length(millimetres: bed.0), depth: Length(millimetres: bed.1)))
        wish.numbering = nil
        plate.change(&wish)
        let upstream = try #require(UpstreamOracle(wish))
        (wish.split.columns, wish.split.rowsEven, wish.split.rowsOdd) = (upstream.columns, upstream.even, upstream.odd)
        return try Planner.plan(wish)
    }

    @Test(arguments: plates.indices)
    func sameVolumeAndBoxes(index: Int) throws {
        let plate = Self.plates[index]
        let plan = try Self.plan(plate)
        #expect(plan.segments.count == plate.parts, "\(plate.name)")
        var shaper = PlateShaper(plan)
        var known: [SegmentShapeKey: (volume: Double, box: Box)] = [:]
        var (sum, outer, tips) = (0.0, [Point](), 0)
        for segment in plan.segments {
            let key = SegmentShapeKey(segment)
            if known[key] == nil {
                let slabs = try shaper.slabs(of: segment)
                let bounds = SegmentShape.bounds(of: slabs)
                let far = bounds.origin + Point(bounds.size.width.tenthMicrometres, bounds.size.depth.tenthMicrometres)
                known[key] = (SegmentShape.volume(of: slabs), Box.around([bounds.origin, far]))
            }
            let shape = try #require(known[key])
            sum += shape.volume
            outer += shape.box.corners.map { $0 + segment.origin }
            tips += (segment.joints.north + segment.joints.east).count { $0.hasBefore != $0.hasAfter }
            checkReach(of: segment, shape.box, hasEdgeTabs: plan.wish.edgeConnector != nil, plate.name)
        }
        #expect(tips == plate.tips, "\(plate.name)")
        let expected =
            plate.cubicMillimetres - Double(tips) * ReferenceTests.tip * plan.wish.height.millimetres
        #expect(abs(sum - expected) / expected < 1e-4, "\(plate.name): \(sum) instead of \(expected)")
        let width = Length(millimetres: plate.size.width).tenthMicrometres
        let depth = Length(millimetres: plate.size.depth).tenthMicrometres
        #expect(Box.around(outer) == Box(west: 0, south: 0, east: width, north: depth), "\(plate.name)")
    }

    /// Tabs reach 1.18 mm out of the body, jaws 0.5739 mm, edge tabs with magnets 3.7 mm; a side without a neighbour is
    /// the body's.
    private func checkReach(of segment: SegmentPlan, _ box: Box, hasEdgeTabs: Bool, _ name: String) {
        let far = Point(segment.size.width.tenthMicrometres, segment.size.depth.tenthMicrometres)
        let reaches: [(side: Side, reach: Int)] = [
            (.west, -box.west), (.south, -box.south), (.east, box.east - far.x), (.north, box.north - far.y),
        ]
        for (side, reach) in reaches {
            var expected = segment.joints[side].isEmpty ? 0 : side.isMale ? 1.18 : 0.5739
            if hasEdgeTabs, segment.hasEdgeTabs[side], side.isMale { expected = 3.7 }
            let found = Double(reach) / 10_000
            #expect(abs(found - expected) < 0.001, "\(name), part \(segment.number): \(found) instead of \(expected)")
        }
    }
}
