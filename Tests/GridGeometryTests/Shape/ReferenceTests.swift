import Testing

@testable import GridGeometry

/// Parts as the upstream generator makes them, where it makes them right.
@Suite struct ReferenceTests {
    /// Area of the tip by which upstream's half tabs pass the end of their side (0.3 mm), in mm²: ours end there.
    private static let tip = 0.777

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
        let height = bounds.height.millimetres
        var tips = 0.0
        if plan.wish.intersectionConnector != nil {
            for side in [Side.north, .east] {
                for joint in plan.segments[0].joints[side] where joint.hasBefore != joint.hasAfter {
                    tips += Self.tip * height
                }
            }
        }
        let expected = part.volume - tips
        let volume = SegmentShape.volume(of: slabs)
        let tolerance = part.plate == "c10" ? 5e-4 : 1e-4
        print(part.plate, volume, expected, tips, (volume - expected) / expected)
        #expect(abs(volume - expected) / expected < tolerance, "\(part.plate)")
        // Where tips are cut off upstream reaches 0.3 mm beyond.
        let reach = [
            -Double(bounds.origin.x), -Double(bounds.origin.y),
            Double(bounds.origin.x + bounds.size.width.tenthMicrometres) - Double(plan.segments[0].size.width.tenthMicrometres),
            Double(bounds.origin.y + bounds.size.depth.tenthMicrometres) - Double(plan.segments[0].size.depth.tenthMicrometres),
        ].map { $0 / 10_000 }
        for (ours, theirs) in zip(reach, part.overhang) where theirs != 0.3 {
            #expect(abs(ours - theirs) < 0.001, "\(part.plate) \(reach) \(part.overhang)")
        }
        try ShapeJudge.check(slabs)
    }
}
