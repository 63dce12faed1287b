import FoundationEssentials
import GridGeometry
import Testing

/// Random drawers, a few in a debug build and 20,000 in a release build (`GRIDFLOCK_FUZZ=n` says how many).
@Suite struct PlannerFuzzTests {
    private static var count: Int {
        if let text = ProcessInfo.processInfo.environment["GRIDFLOCK_FUZZ"], let count = Int(text) { return count }
        var isDebug = false
        assert(
            {
                isDebug = true
                return true
            }())
        return isDebug ? 150 : 20_000
    }
    private static let seed: UInt64 = 0x5EED_0005

    @Test func everyPlanObeysTheRules() throws {
        var random = SeededRandom(seed: Self.seed)
        var planned = 0
        for index in 0..<Self.count {
            let wish = RandomDrawer.any(&random)
            let plan: PlatePlan
            do {
                plan = try Planner.plan(wish)
            } catch {
                // Refused with words; counted below so that the test cannot pass on refusals alone.
                #expect(!error.items.isEmpty)
                continue
            }
            planned += 1
            let broken = PlanRules(plan: plan).broken()
            #expect(broken.isEmpty, "seed \(Self.seed), drawer \(index): \(broken) \(wish.canonicalText)")
            if index % 50 == 0 { #expect(try Planner.plan(wish) == plan) }
        }
        #expect(planned * 10 >= Self.count * 9, "\(planned) of \(Self.count) planned")
    }

    @Test func neverMorePartsThanUpstreamAndFewNarrowOnes() throws {
        var random = SeededRandom(seed: Self.seed &+ 1)
        var withNarrow = 0
        var upstreamNarrow = 0
        var upstreamTooLarge = 0
        var fewer = 0
        var rowLanes = 0
        var compared = 0
        for index in 0..<Self.count {
            let wish = RandomDrawer.likeUpstream(&random)
            let plan = try Planner.plan(wish)
            let rules = PlanRules(plan: plan)
            let isOneRow = plan.columns.count == 1 || plan.rows.count == 1
            #expect(rules.fourWayJoints == 0, "seed \(Self.seed), drawer \(index): \(wish.canonicalText)")
            if rules.narrowParts > 0, !isOneRow { withNarrow += 1 }
            if isUncommon(plan) { rowLanes += 1 }
            guard let oracle = UpstreamOracle(wish) else { continue }
            compared += 1
            if !isOneRow, (oracle.columns + oracle.even + oracle.odd).contains(1) { upstreamNarrow += 1 }
            var manual = wish
            manual.split.columns = oracle.columns
            manual.split.rowsEven = oracle.even
            manual.split.rowsOdd = oracle.odd
            guard (try? Planner.plan(manual)) != nil else {
                upstreamTooLarge += 1
                continue
            }
            #expect(
                plan.segments.count <= oracle.parts, "seed \(Self.seed), drawer \(index): \(wish.canonicalText)")
            if plan.segments.count < oracle.parts { fewer += 1 }
        }
        print(
            "drawers \(Self.count), compared \(compared), upstream too large \(upstreamTooLarge), fewer parts \(fewer),",
            "row lanes \(rowLanes), narrow \(withNarrow), upstream's narrow \(upstreamNarrow)")
        #expect(compared * 10 >= Self.count * 9)
        // Upstream: 6.7 % of drawers.
        #expect(withNarrow * 100 <= Self.count * 3, "\(withNarrow) of \(Self.count) drawers have a narrow part")
    }

    /// Cut into rows of parts instead of columns.
    private func isUncommon(_ plan: PlatePlan) -> Bool {
        let byColumn = Set(plan.segments.filter { !$0.isStrip }.map { [$0.columns.lowerBound, $0.columns.upperBound] })
        let starts = Set(byColumn.map { $0[0] })
        return starts.count != byColumn.count || byColumn.count > Set(byColumn.flatMap(\.self)).count - 1
    }
}
