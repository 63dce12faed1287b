import Foundation
import GridGeometry

/// Random drawers with random options: whatever is planned must be made, and proved (`PlateProof`).
struct Fuzz {
    /// Of the wishes that must be made: a generator of refusals proves nothing.
    static let leastShareMade = 0.85

    private var proof = PlateProof()
    private var made = 0
    private var late = 0
    private var faults = 0
    private var refused: [String: Int] = [:]

    /// - Parameter folder: for the STL files of every hundredth plate, for a judge.
    /// - Returns: whether all that was planned was made and is right, and enough was planned.
    static func run(seeds: Range<UInt64>, folder: String?) -> Bool {
        var fuzz = Fuzz()
        let clock = ContinuousClock()
        let start = clock.now
        for seed in seeds {
            fuzz.prove(seed: seed, folder: seed % 100 == 0 ? folder : nil)
            let done = seed - seeds.lowerBound + 1
            if done % 1000 == 0 {
                let seconds = start.duration(to: clock.now).components.seconds
                FileHandle.standardError.write(
                    Data("\(done) seeds, \(fuzz.made) plates, \(fuzz.faults + fuzz.late) wrong, \(seconds) s\n".utf8))
            }
        }
        let isEnough = Double(fuzz.made) >= leastShareMade * Double(seeds.count)
        fuzz.report(seeds: seeds, seconds: start.duration(to: clock.now).components.seconds)
        if !isEnough { print(Line([("failure", "fewer than \(leastShareMade) of the wishes were made")]).text) }
        return fuzz.faults == 0 && fuzz.late == 0 && isEnough
    }

    private mutating func prove(seed: UInt64, folder: String?) {
        var random = RandomWish(seed: seed)
        var wish = random.wish()
        do {
            var plan: PlatePlan
            do throws(PlateRefusal) {
                plan = try Planner.plan(wish)
                if let changed = random.second(plan) {
                    wish = changed
                    plan = try Planner.plan(wish)
                }
            } catch {
                refused[Self.reason(error), default: 0] += 1
                return
            }
            try proof.prove(plan, isCompared: seed % 20 == 0)
            if let folder { try keep(plan, in: "\(folder)/seed-\(seed)") }
            made += 1
        } catch {
            if error is PlateRefusal { late += 1 } else { faults += 1 }
            let canonical = wish.canonicalText.split(separator: "\n").joined(separator: "; ")
            print(Line([("seed", Int(seed)), ("failure", "\(error)"), ("wish", canonical)]).text)
        }
    }

    private func keep(_ plan: PlatePlan, in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try PlateMaker.make(plan, formats: [.stl], title: "") { file in
            try Data(file.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(file.name)"))
        }
    }

    private func report(seeds: Range<UInt64>, seconds: Int64) {
        for (reason, count) in refused.sorted(by: { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }) {
            print(Line([("refusedEarly", count), ("reason", reason)]).text)
        }
        print(
            Line([
                ("firstSeed", Int(seeds.lowerBound)), ("seeds", seeds.count), ("made", made),
                ("refusedEarly", refused.values.reduce(0, +)), ("refusedLate", late), ("faults", faults),
                ("parts", proof.parts), ("shapes", proof.shapes), ("triangles", proof.triangles),
                ("largestTriangleCount", proof.largestTriangleCount), ("seconds", Int(seconds)),
            ]).text)
    }

    /// Field and reason without their numbers, so that equal ones are counted together.
    private static func reason(_ refusal: PlateRefusal) -> String {
        guard let item = refusal.items.first else { return "without a reason" }
        let field = item.field.prefix { $0 != "[" && $0 != "." }
        let words = item.reason.split(separator: " ").map { $0.contains(where: \.isNumber) ? "n" : $0 }
        return "\(field): \(words.joined(separator: " "))"
    }
}
