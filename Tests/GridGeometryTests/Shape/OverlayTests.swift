import Testing

@testable import GridGeometry

@Suite struct OverlayTests {
    /// Union and intersection together have the area of both shapes, whatever they are.
    @Test func areasAddUp() {
        var state: UInt64 = 20_261_129
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        print("seed \(state)")
        for round in 0..<200 {
            // Small coordinates make many touches and overlaps.
            let span = round % 2 == 0 ? 40 : 400_000
            func box() -> [Point] {
                let west = next(span)
                let south = next(span)
                return Box(west: west, south: south, east: west + 1 + next(span), north: south + 1 + next(span)).corners
            }
            func disc() -> [Point] {
                CircleTable.circle(centre: Point(next(span), next(span)), radius: span / 4 + next(span))
            }
            let first = round % 3 == 0 ? box() : disc()
            let second = round % 5 == 0 ? box() : disc()
            var overlay = Overlay()
            overlay.add(first, to: 0)
            overlay.add(second, to: 1)
            overlay.node()
            let windings = overlay.windings()
            func area(_ isInside: (Overlay.Winding) -> Bool) -> Int {
                overlay.loops(windings: windings, where: isInside).reduce(0) { $0 + LoopArea.twice($1) }
            }
            let sum = area { $0[0] > 0 || $0[1] > 0 } + area { $0[0] > 0 && $0[1] > 0 }
            let both = area { $0[0] > 0 } + area { $0[1] > 0 }
            #expect(sum == both)
            let expected = LoopArea.twice(first) + LoopArea.twice(second)
            // A crossing is rounded by at most a unit: an edge sweeps less than twice its length.
            #expect(abs(sum - expected) <= 16 * 8 * span, "round \(round)")
        }
    }

    @Test func touchingSquaresStayApart() {
        var overlay = Overlay()
        overlay.add(Box(west: 0, south: 0, east: 10, north: 10).corners, to: 0)
        overlay.add(Box(west: 10, south: 10, east: 20, north: 20).corners, to: 0)
        #expect(overlay.loops { $0[0] > 0 }.count == 2)
    }

    @Test func sharedEdgesVanish() {
        var overlay = Overlay()
        overlay.add(Box(west: 0, south: 0, east: 10, north: 10).corners, to: 0)
        overlay.add(Box(west: 10, south: 2, east: 20, north: 8).corners, to: 0)
        let loops = overlay.loops { $0[0] > 0 }
        #expect(loops.count == 1)
        #expect(loops.first?.count == 8)
    }
}
