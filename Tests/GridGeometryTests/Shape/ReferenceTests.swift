import Testing

@testable import GridGeometry

/// Parts as the upstream generator makes them, where it makes them right.
@Suite struct ReferenceTests {
    /// Area of the tip by which upstream's half tabs pass the end of their side (0.3 mm), in mm²: ours end there.
    static let tip = 0.777

    /// What upstream's half tabs have beyond the ends of their sides.
    static func tips(of segment: SegmentPlan, in plan: PlatePlan, height: Double) -> Double {
        guard plan.wish.intersectionConnector != nil else { return 0 }
        let joints = segment.joints.north + segment.joints.east
        return Double(joints.filter { $0.hasBefore != $0.hasAfter }.count) * tip * height
    }

    private static func change(_ plate: String) -> (inout PlateWish) -> Void {
        { wish in
            switch plate {
            case "c07", "c36": wish.magnets = Magnets()
            case "c10": wish.intersectionConnector?.fit = 0
            case "c11":
                wish.intersectionConnector = nil
                wish.edgeConnector = EdgeConnector()
            case "c33": wish.intersectionConnector = nil
            default: break
            }
        }
    }

    @Test(arguments: ReferencePart.all.indices)
    func sameAsUpstream(index: Int) throws {
        let part = ReferencePart.all[index]
        let plan = SamplePlan.single(
            columns: part.columns, rows: part.rows, padding: part.padding, connects: part.connects,
            change: Self.change(part.plate))
        let slabs = try SegmentShape.slabs(of: plan.segments[0], in: plan)
        let bounds = SegmentShape.bounds(of: slabs)
        let tips = Self.tips(of: plan.segments[0], in: plan, height: bounds.height.millimetres)
        let expected = part.volume - tips
        let volume = SegmentShape.volume(of: slabs)
        let tolerance = part.plate == "c10" ? 5e-4 : 1e-4
        #expect(abs(volume - expected) / expected < tolerance, "\(part.plate)")
        // Where tips are cut off upstream reaches 0.3 mm beyond.
        let origin = bounds.origin
        let over = (bounds.size.width - plan.segments[0].size.width, bounds.size.depth - plan.segments[0].size.depth)
        let reach = [
            -origin.x, -origin.y, origin.x + over.0.tenthMicrometres, origin.y + over.1.tenthMicrometres,
        ].map { Double($0) / 10_000 }
        for (ours, theirs) in zip(reach, part.overhang) where theirs != 0.3 {
            #expect(abs(ours - theirs) < 0.001, "\(part.plate) \(reach) \(part.overhang)")
        }
        try ShapeJudge.check(slabs)
    }
}
