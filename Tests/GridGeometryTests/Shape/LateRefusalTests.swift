import Testing

@testable import GridGeometry

/// What generation refuses is refused by the plan.
@Suite struct LateRefusalTests {
    private static func wish(_ width: Double = 371, _ depth: Double = 254) -> PlateWish {
        PlateWish(
            drawer: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)),
            bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)))
    }

    private static func field(_ wish: PlateWish) -> String? {
        do {
            _ = try Planner.plan(wish)
            return nil
        } catch {
            return error.items.first?.field
        }
    }

    @Test func tabsThatCannotBeShapedAreNotPlanned() {
        var wish = Self.wish()
        wish.edgeConnector = EdgeConnector()
        #expect(Self.field(wish) == nil)
        var changed = wish
        changed.edgeConnector?.bar.depth = Length(millimetres: 1.3)
        #expect(Self.field(changed) == "edgeConnectorBarDepthMillimetres")
        changed = wish
        changed.edgeConnector?.bar.width = Length(millimetres: 4.5)
        #expect(Self.field(changed) == "edgeConnectorBarWidthMillimetres")
        changed = wish
        changed.edgeConnector?.heightFemale = Length(millimetres: 4.65)
        #expect(Self.field(changed) == "edgeConnectorHeightMillimetres")
        changed = wish
        changed.magnets = Magnets()
        // 8 mm less the radius is where a socket of 3.7 mm ends.
        changed.magnets?.diameter = Length(millimetres: 8.6)
        changed.magnets?.border = Length(millimetres: 0.5)
        #expect(Self.field(changed) == "magnetDiameterMillimetres")
    }

    @Test func partsThatFallApartAreNotPlanned() throws {
        var wish = Self.wish(126, 42)
        wish.edgeAdjust.north = Length(millimetres: -4)
        #expect(Self.field(wish) == nil)
        wish.edgeAdjust.south = Length(millimetres: -4)
        #expect(Self.field(wish) == "edgeAdjustMillimetres")
        wish.solidBase = Length(millimetres: 1)
        #expect(Self.field(wish) == nil)
    }

    @Test func randomPlansAreNeverRefusedLater() throws {
        var planned = 0
        for seed in 0..<40 as Range<UInt64> {
            var random = RandomWish(seed: 9_000 + seed)
            let wish = random.wish()
            guard let plan = try? Planner.plan(wish) else { continue }
            planned += 1
            var shaper = PlateShaper(plan)
            for segment in plan.segments {
                do {
                    _ = try shaper.slabs(of: segment)
                } catch {
                    Issue.record("seed \(9_000 + seed): \(error)")
                }
            }
        }
        #expect(planned > 10)
    }
}
