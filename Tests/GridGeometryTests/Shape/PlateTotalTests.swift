import Testing

@testable import GridGeometry

/// Volumes of upstream's whole plates of 371 × 254 mm (four parts, numbering off) with other options, mm³.
@Suite struct PlateTotalTests {
    private static func magnets(_ style: Magnets.Style, _ frame: Magnets.Frame) -> Magnets {
        var magnets = Magnets()
        magnets.style = style
        magnets.frame = frame
        return magnets
    }

    private static let plates: [(name: String, volume: Double, change: @Sendable (inout PlateWish) -> Void)] = [
        ("c08 glue from top, solid", 356_510.42, { $0.magnets = magnets(.glueFromTop, .solid) }),
        ("c09 glue from bottom, round", 204_462.39, { $0.magnets = magnets(.glueFromBottom, .round) }),
        ("c37 glue from top, round", 215_940.09, { $0.magnets = magnets(.glueFromTop, .round) }),
        (
            "c12 edge puzzle, press-fit", 229_148.16,
            {
                $0.intersectionConnector = nil
                $0.edgeConnector = EdgeConnector()
                $0.magnets = Magnets()
            }
        ),
    ]

    @Test(arguments: plates.indices)
    func sameTotal(index: Int) throws {
        let (name, expected, change) = Self.plates[index]
        var sum = 0.0
        for part in ReferencePart.all where part.plate == "c04" {
            let plan = SamplePlan.single(
                columns: part.columns, rows: part.rows, padding: part.padding, connects: part.connects, change: change)
            let slabs = try SegmentShape.slabs(of: plan.segments[0], in: plan)
            sum += SegmentShape.volume(of: slabs)
            let height = SegmentShape.bounds(of: slabs).height.millimetres
            sum += ReferenceTests.tips(of: plan.segments[0], in: plan, height: height)
        }
        #expect(abs(sum - expected) / expected < 1e-4, "\(name)")
    }
}
