import Testing

@testable import GridGeometry

/// Numbers that are read by whoever picks a part up, whichever way round.
@Suite struct DigitsTests {
    @Test(arguments: [
        (1, false), (2, false), (3, false), (6, true), (8, false), (9, true), (10, false), (16, false), (20, true),
        (22, false), (25, true), (52, true), (60, true), (66, true), (69, false), (89, true), (96, false), (98, true),
        (101, false), (256, true), (609, false), (999, true),
    ])
    func aNumberThatCouldBeAnotherOneHasAStop(number: Int, hasStop: Bool) {
        #expect(Digits.hasStop(number) == hasStop)
    }

    /// No number turned by half a turn looks like any number, but for those that are the same both ways.
    @Test func noNumberTurnedIsAnotherOne() {
        let size = 30_000
        /// Around the middle of its box, which is what an eye sees.
        func shape(_ loops: [[Point]], isTurned: Bool) -> Set<[Point]> {
            let turned = isTurned ? loops.map { $0.map { Point(-$0.x, -$0.y) } } : loops
            let points = turned.flatMap(\.self)
            let west = points.map(\.x).min() ?? 0
            let south = points.map(\.y).min() ?? 0
            return Set(
                turned.map { loop in
                    loop.map { Point($0.x - west, $0.y - south) }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
                }
            )
        }
        var upright: [Set<[Point]>: Int] = [:]
        for number in 1...299 { upright[shape(Digits.loops(of: number, size: size), isTurned: false)] = number }
        #expect(upright.count == 299)
        for number in 1...299 {
            let turned = upright[shape(Digits.loops(of: number, size: size), isTurned: true)]
            #expect(turned == nil || turned == number, "\(number) turned is \(turned ?? 0)")
        }
    }

    /// The 1 was a bar.
    @Test func theOneHasAFlagAndAFoot() throws {
        let loops = Digits.loops(of: 1, size: 30_000)
        #expect(loops.count == 1)
        let loop = try #require(loops.first)
        let box = Box.around(loop)
        #expect(box.width == 18_000 && box.depth == 30_000, "as wide as every digit, for its foot")
        let middle = loop.filter { abs($0.y) < 2_000 }
        #expect(middle.allSatisfy { $0.x > box.west && $0.x < box.east })
        // The flag points to the left.
        let west = loop.filter { $0.y > 0 }.map(\.x).min() ?? 0
        let east = loop.filter { $0.y > 0 }.map(\.x).max() ?? 0
        #expect(-west > east)
    }

    /// A groove narrower than a nozzle's line closes; a small number has no room for wider ones.
    @Test(arguments: [(50_000, 8_333), (30_000, 5_000), (20_000, 4_000), (10_000, 2_000)])
    func strokesCanBePrinted(size: Int, stroke: Int) {
        let seven = Digits.loops(of: 7, size: size).flatMap(\.self)
        let south = seven.map(\.y).min() ?? 0
        let foot = seven.filter { $0.y == south }.map(\.x)
        #expect((foot.max() ?? 0) - (foot.min() ?? 0) == stroke)
    }

    @Test(arguments: [1, 6, 25, 345, 999]) func aNumberIsAsWideAsItSays(number: Int) {
        let box = Box.around(Digits.loops(of: number, size: 30_000).flatMap(\.self))
        #expect(box.width == Digits.width(of: number, size: 30_000))
        #expect(abs(box.west + box.east) <= 1 && box.depth == 30_000)
    }
}
