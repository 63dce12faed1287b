import GridGeometry

/// Plans of random drawers, without a triangle, against the rules of a plan and against upstream's own plans.
enum PlannerRun {
    /// - Returns: whether nothing was wrong.
    static func run(seed: UInt64, count: Int) -> Bool {
        let rules = checkRules(seed: seed, count: count)
        return compare(seed: seed &+ 1, count: count) && rules
    }

    /// Everything that changes a plan.
    private static func checkRules(seed: UInt64, count: Int) -> Bool {
        var random = SeededRandom(seed: seed)
        var (planned, parts, tooLarge, fourWay, broken) = (0, 0, 0, 0, 0)
        for index in 0..<count {
            let wish = RandomDrawer.any(&random)
            guard let plan = try? Planner.plan(wish) else { continue }
            planned += 1
            parts += plan.segments.count
            let overhang = Overhang(of: wish)
            let over = plan.segments.count { segment in
                let printed = segment.printedSize(overhang)
                return printed.width > wish.bed.width || printed.depth > wish.bed.depth
            }
            tooLarge += over
            let rules = PlanRules(plan: plan)
            let joints = wish.split.isStaggered ? rules.fourWayJoints : 0
            fourWay += joints
            let sentences = rules.broken()
            if !sentences.isEmpty { broken += 1 }
            if over + joints > 0 || !sentences.isEmpty {
                print(Line([("drawer", index), ("broken", "\(sentences)"), ("wish", text(wish))]).text)
            }
        }
        print(
            Line([
                ("seed", Int(seed)), ("drawers", count), ("planned", planned), ("parts", parts),
                ("partsOverTheBed", tooLarge), ("fourWayJoints", fourWay), ("plansThatBreakARule", broken),
            ]).text)
        return tooLarge + fourWay + broken == 0 && planned * 10 >= count * 9
    }

    /// Only what upstream knows as well.
    private static func compare(seed: UInt64, count: Int) -> Bool {
        var random = SeededRandom(seed: seed)
        var (compared, fits, more, fewer) = (0, 0, 0, 0)
        var (narrow, upstreamNarrow, fourWay) = (0, 0, 0)
        for index in 0..<count {
            let wish = RandomDrawer.likeUpstream(&random)
            guard let oracle = UpstreamOracle(wish), let plan = try? Planner.plan(wish) else { continue }
            compared += 1
            let rules = PlanRules(plan: plan)
            fourWay += rules.fourWayJoints
            // A plate one cell wide has no other parts.
            if plan.columns.count > 1, plan.rows.count > 1 {
                if rules.narrowParts > 0 { narrow += 1 }
                if (oracle.columns + oracle.even + oracle.odd).contains(1) { upstreamNarrow += 1 }
            }
            var manual = wish
            manual.split.columns = oracle.columns
            manual.split.rowsEven = oracle.even
            manual.split.rowsOdd = oracle.odd
            guard (try? Planner.plan(manual)) != nil else { continue }
            fits += 1
            if plan.segments.count < oracle.parts { fewer += 1 }
            if plan.segments.count > oracle.parts {
                more += 1
                print(Line([("drawer", index), ("moreParts", plan.segments.count), ("wish", text(wish))]).text)
            }
        }
        print(
            Line([
                ("seed", Int(seed)), ("drawers", count), ("compared", compared), ("upstreamFits", fits),
                ("upstreamOverTheBed", compared - fits), ("moreParts", more), ("fewerParts", fewer),
                ("fourWayJoints", fourWay), ("percentWithOneCellParts", percent(narrow, compared)),
                ("upstreamPercentWithOneCellParts", percent(upstreamNarrow, compared)),
            ]).text)
        return more + fourWay == 0 && narrow <= upstreamNarrow && compared * 10 >= count * 9
    }

    private static func percent(_ part: Int, _ whole: Int) -> Double {
        whole == 0 ? 0 : (Double(part) / Double(whole) * 10_000).rounded() / 100
    }

    private static func text(_ wish: PlateWish) -> String {
        wish.canonicalText.split(separator: "\n").joined(separator: "; ")
    }
}
