import Testing

@testable import GridGeometry

@Suite struct MagnetCountTests {
    /// The holes in the layer of glued magnets of a solid floor are those that a quote counts.
    @Test func aQuoteCountsTheHolesThatAreMade() throws {
        var counted = 0
        for seed in 0..<60 as Range<UInt64> {
            var random = RandomWish(seed: 7_000 + seed)
            var wish = random.wish()
            var magnets = wish.magnets ?? Magnets()
            (magnets.style, magnets.frame, magnets.releaseWidth) = (.glueFromTop, .solid, .zero)
            wish.magnets = magnets
            wish.edgeConnector = nil
            wish.edgeAdjust = Sides(all: .zero)
            guard let plan = try? Planner.plan(wish) else { continue }
            let quote = PlateQuote(plan)
            for (segment, part) in zip(plan.segments, quote.parts) {
                let slabs = try SegmentShape.slabs(of: segment, in: plan)
                let pockets = SegmentFrame(segment, wish: plan.wish).pocketZ
                let floor = try #require(slabs.first { $0.topZ == pockets })
                let diameter = magnets.diameter.tenthMicrometres / 2 * 2
                let holes = floor.loops.count { loop in
                    let box = Box.around(loop.bottom)
                    return LoopArea.twice(loop.bottom) < 0 && box.width == diameter && box.depth == diameter
                }
                #expect(holes == part.magnetCount, "seed \(7_000 + seed), part \(part.number)")
                #expect(holes == SegmentShape.magnetCount(of: segment, wish: plan.wish))
                counted += holes
            }
        }
        #expect(counted > 100)
    }
}
