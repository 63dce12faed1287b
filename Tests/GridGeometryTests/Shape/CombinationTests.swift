import FoundationEssentials
import Testing

@testable import GridGeometry

/// Every combination of options makes closed parts of one body. `SHAPE_PLATES` and `SHAPE_SEED` make it longer.
@Suite struct CombinationTests {
    private static func described(_ wish: PlateWish, _ segment: SegmentPlan) -> String {
        "\(wish)\n\(segment)".replacing("GridGeometry.", with: "").replacing("Length(tenthMicrometres: ", with: "(")
    }

    @Test func randomPlatesAreClosed() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["SHAPE_PLATES"].flatMap { Int($0) } ?? 25
        let seed = environment["SHAPE_SEED"].flatMap { UInt64($0) } ?? 20_261_129
        print("seed \(seed), \(count) plates")
        var parts = 0
        var refused = 0
        for index in 0..<count {
            var random = RandomWish(seed: seed &+ UInt64(index))
            let wish = random.wish()
            do {
                let plan = try Planner.plan(wish)
                var shaper = PlateShaper(plan)
                for segment in plan.segments {
                    let slabs = try shaper.slabs(of: segment)
                    do {
                        try ShapeJudge.check(slabs, "seed \(seed) + \(index), part \(segment.number)")
                        parts += 1
                    } catch {
                        if environment["SHAPE_PLATES"] == "1" { print(Self.described(plan.wish, segment)) }
                        Issue.record("seed \(seed &+ UInt64(index)), part \(segment.number): \(error)")
                    }
                }
            } catch {
                let refusal: PlateRefusal = error
                if environment["SHAPE_SEED"] != nil {
                    print("refused", refusal.items.map { "\($0.field) \($0.reason)" })
                }
                refused += 1
            }
        }
        print("\(parts) parts closed, \(refused) of \(count) plates refused")
        #expect(parts > count / 4)
    }
}
