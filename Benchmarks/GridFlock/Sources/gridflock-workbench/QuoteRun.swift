import Foundation
import GridGeometry

/// What a quote takes without the server, stage by stage, for the drawers that `scripts/bench quotes` asks for; and one
/// number over all that was told, so that two builds can be held against each other.
enum QuoteRun {
    /// Name, how many of a hundred, millimetres of both sides, and the bed where it is not drawn.
    private static let kinds:
        [(name: String, share: Int, width: ClosedRange<Int>, depth: ClosedRange<Int>, bed: Int?)] =
            [
                ("customers", 70, 60...600, 60...600, nil), ("large", 20, 600...1200, 600...1200, nil),
                ("1000 x 600 on 180", 5, 980...1020, 580...620, 180), ("largest", 5, 1200...3000, 1200...3000, nil),
            ]
    private static let stages = ["plan", "needs", "notes", "drawing", "all"]

    static func run(seed: UInt64, count: Int) {
        var random = SeededRandom(seed: seed)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for kind in kinds {
            var taken = [[Double]](repeating: [], count: stages.count)
            let wishes = (0..<max(1, count * kind.share / 100)).map { _ in
                wish(&random, kind.width, kind.depth, kind.bed)
            }
            for wish in wishes {
                guard let times = quote(wish, &hash) else { continue }
                for (stage, time) in (times + [times.reduce(0, +)]).enumerated() { taken[stage].append(time) }
            }
            var members: [(String, Any)] = [("drawers", kind.name), ("quotes", taken[0].count)]
            for (stage, times) in zip(stages, taken) {
                members.append((stage, [share(0.5, of: times), share(0.99, of: times), share(1, of: times)]))
            }
            print(Line(members).text)
        }
        print(Line([("seed", Int(seed)), ("hash", String(hash, radix: 16))]).text)
    }

    /// The time that `part` of them do not exceed, in thousandths of a millisecond.
    private static func share(_ part: Double, of times: [Double]) -> Double {
        let index = max(0, Int((Double(times.count) * part).rounded(.up)) - 1)
        return times.isEmpty ? 0 : (times.sorted()[index] * 1e3).rounded() / 1e3
    }

    /// One number over plans, needs and drawings of any wishes, those of the fuzzer among them.
    static func fingerprint(seeds: Range<UInt64>) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var told = 0
        for seed in seeds {
            var drawer = SeededRandom(seed: seed)
            var any = RandomWish(seed: seed)
            let first = any.wish()
            var wishes = [RandomDrawer.any(&drawer), first]
            if let plan = try? Planner.plan(first), let second = any.second(plan) { wishes.append(second) }
            for wish in wishes {
                mix(wish.canonicalText.utf8, &hash)
                if quote(wish, &hash) != nil { told += 1 }
            }
        }
        print(Line([("seeds", seeds.count), ("told", told), ("hash", String(hash, radix: 16))]).text)
    }

    /// Milliseconds of each stage; nil when the wish is refused.
    private static func quote(_ wish: PlateWish, _ hash: inout UInt64) -> [Double]? {
        var times: [Double] = []
        var began = milliseconds()
        func passed() -> Double {
            let now = milliseconds()
            defer { began = now }
            return now - began
        }
        let plan: PlatePlan
        do {
            plan = try Planner.plan(wish)
        } catch {
            mix("\(error)".utf8, &hash)
            return nil
        }
        times.append(passed())
        let needs = PlateQuote(plan)
        times.append(passed())
        let notes = plan.notes
        times.append(passed())
        let drawing = PlanDrawing.svg(plan)
        times.append(passed())
        mix("\(plan.segments)".utf8, &hash)
        mix("\(needs.parts)\(needs.bedCount) \(needs.magnetCount) \(needs.distinctPartCount)".utf8, &hash)
        mix("\(needs.wholeCellCount) \(needs.cubicMillimetres) \(needs.grams) \(needs.minutes)".utf8, &hash)
        mix("\(notes)".utf8, &hash)
        mix(drawing.utf8, &hash)
        return times
    }

    private static func wish(
        _ random: inout SeededRandom, _ width: ClosedRange<Int>, _ depth: ClosedRange<Int>, _ bed: Int?
    ) -> PlateWish {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        func filler() -> Filler {
            [.none, .fraction(2), .dynamic(minimum: Length(millimetres: 15))][Int.random(in: 0..<3, using: &random)]
        }
        let drawn = RandomDrawer.beds[Int.random(in: 0..<RandomDrawer.beds.count, using: &random)]
        var wish = PlateWish(
            drawer: Size(
                width: Length(millimetres: random.millimetres(width)),
                depth: Length(millimetres: random.millimetres(depth))),
            bed: Size(
                width: Length(millimetres: Double(bed ?? drawn.0)), depth: Length(millimetres: Double(bed ?? drawn.1))))
        wish.clearance = Sides(all: Length(millimetres: [0, 0.5, 1][Int.random(in: 0..<3, using: &random)]))
        wish.fillerX = filler()
        wish.fillerY = filler()
        wish.numbering = chance(80) ? Numbering() : nil
        wish.magnets = chance(50) ? Magnets() : nil
        wish.hasSeparatePadding = chance(15)
        if chance(20) { wish.edgeConnector = EdgeConnector() }
        return wish
    }

    /// What this process has had of a processor.
    private static func milliseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }

    /// FNV-1a.
    private static func mix(_ bytes: some Sequence<UInt8>, _ hash: inout UInt64) {
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
}
