import FoundationEssentials
import Testing

@testable import GridGeometry

/// Prints what slabs cost; run alone in a release build for figures.
@Suite struct SpeedTests {
    @Test(arguments: [(371, 254, false), (371, 254, true), (1000, 600, true)])
    func slabsAreQuick(width: Int, depth: Int, hasMagnets: Bool) throws {
        // The large one takes seconds in a debug build.
        if width > 400, ProcessInfo.processInfo.environment["SHAPE_SPEED"] == nil { return }
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: Double(width)), depth: Length(millimetres: Double(depth))),
            bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)))
        if hasMagnets { wish.magnets = Magnets() }
        let plan = try Planner.plan(wish)
        let clock = ContinuousClock()
        var best = Duration.seconds(100)
        for _ in 0..<3 {
            let time = try clock.measure {
                var shaper = PlateShaper(plan)
                for segment in plan.segments { _ = try shaper.slabs(of: segment) }
            }
            best = min(best, time)
        }
        print("\(width) × \(depth), magnets \(hasMagnets), \(plan.segments.count) parts: slabs in \(best)")
        #expect(best < .seconds(5))
    }
}
