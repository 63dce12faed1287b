import Testing

@testable import GridGeometry

/// What makes planning quick changes no plan.
@Suite struct ArrangementSearchTests {
    /// Balance is looked at for one direction only where joints and parts decide; here it always is for both.
    @Test func theShortWayEndsWhereTheLongOneDoes() throws {
        var random = SeededRandom(seed: 31)
        var transposed = 0
        for index in 0..<150 {
            let wish = RandomDrawer.likeUpstream(&random)
            let layoutX = try #require(wish.layoutX)
            let layoutY = try #require(wish.layoutY)
            let padding = Sides(north: layoutY.end, east: layoutX.end, south: layoutY.start, west: layoutX.start)
            let strips = PaddingStrips(wish: wish, padding: padding)
            let x = PrintAxis(.width, layout: layoutX, wish: wish, strips: strips)
            let y = PrintAxis(.depth, layout: layoutY, wish: wish, strips: strips)
            func best(_ stripPieces: ((Arrangement) -> Int)?) -> Arrangement? {
                ArrangementSearch(x: x, y: y, split: wish.split, isBalanced: true, stripPieces: stripPieces).best()
            }
            let short = try #require(best(nil))
            let long = try #require(best { _ in 0 })
            #expect(short.isTransposed == long.isTransposed, "seed 31, drawer \(index)")
            #expect(short.lanes == long.lanes && short.even == long.even && short.odd == long.odd)
            if short.isTransposed { transposed += 1 }
        }
        #expect(transposed > 10)
    }

    @Test func partsThatAreMadeAlikeAreFoundByTheirShapes() throws {
        var random = SeededRandom(seed: 32)
        for index in 0..<60 {
            guard let plan = try? Planner.plan(RandomDrawer.any(&random)) else { continue }
            let keys = plan.segments.map(SegmentShapeKey.init)
            #expect(plan.firstAlike == keys.map { keys.firstIndex(of: $0) }, "seed 32, drawer \(index)")
        }
    }

    /// Boxes stand for circles that are not drawn.
    @Test func boxesOfMagnetsAreThoseOfTheirHoles() {
        for style in Magnets.Style.allCases {
            var magnets = Magnets()
            magnets.style = style
            for (width, depth) in [(420_000, 420_000), (210_000, 420_000), (420_000, 210_000), (300_000, 310_000)] {
                let cell = Box(west: 1_234, south: -777, east: 1_234 + width, north: depth - 777)
                for place in MagnetPlace.places(in: cell, magnets: magnets) {
                    let loops =
                        [place.hole(in: cell, diameter: magnets.diameter)]
                        + place.release(in: cell, magnets: magnets)
                    #expect(place.boxesInUnderside(in: cell, magnets: magnets) == loops.map { Box.around($0) })
                }
            }
        }
    }
}
