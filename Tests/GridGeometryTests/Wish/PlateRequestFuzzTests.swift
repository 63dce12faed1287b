@testable import GridGeometry
import Kernel
import Testing

/// Whatever a program says, it gets a plan that fits or a refusal with words; nothing traps.
@Suite struct PlateRequestFuzzTests {
    private static let numbers: [Double] = [
        .nan, .infinity, -.infinity, -1e300, -1, 0, 1e-9, 0.1, 0.5, 1, 3, 4, 8, 15, 21, 41.9999, 42, 42.1, 63, 180, 371,
        999.95, 3000, 1e6, 1e7, 1e300,
    ]
    private static let wholes = [Int.min, -1, 0, 1, 2, 3, 5, 6, 1 << 40, Int.max]
    private static let lists = [[], [0], [1], [4, 5], [5, 4], [-1, 10], [Int.max, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]]
    private static let texts = [
        "", "none", "fraction", "dynamic", "press-fit", "glue-from-top", "glue-from-bottom", "round", "solid", "ccc",
        "ecs", "prusa-mini", "😀",
    ]

    private func change(_ request: inout PlateRequest, _ random: inout SeededRandom) {
        let field = PlateRequest.fields[Int.random(in: 0..<PlateRequest.fields.count, using: &random)]
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        switch field.place {
        case .number(let path): request[keyPath: path] = pick(Self.numbers)
        case .whole(let path): request[keyPath: path] = pick(Self.wholes)
        case .flag(let path): request[keyPath: path] = Bool.random(using: &random)
        case .text(let path): request[keyPath: path] = pick(Self.texts)
        case .list(let path): request[keyPath: path] = pick(Self.lists)
        case .sides(let path):
            request[keyPath: path] = Sides(
                north: pick(Self.numbers), east: pick(Self.numbers), south: 0, west: pick(Self.numbers))
        }
        if Int.random(in: 0...3, using: &random) > 0 { field.switchOn(in: &request) }
    }

    @Test func anyRequestIsPlannedOrRefused() throws {
        let seed: UInt64 = 0x5EED_0009
        var random = SeededRandom(seed: seed)
        var planned = 0
        var refused = 0
        for index in 0..<600 {
            var request = PlateRequest(
                drawerWidthMillimetres: 371, drawerDepthMillimetres: 254, bedWidthMillimetres: 250,
                bedDepthMillimetres: 220)
            for _ in 0..<Int.random(in: 1...3, using: &random) { change(&request, &random) }
            do {
                let wish = try request.wish()
                let plan = try Planner.plan(wish)
                planned += 1
                let broken = PlanRules(plan: plan).broken()
                #expect(broken.isEmpty, "seed \(seed), request \(index): \(broken) \(wish.canonicalText)")
                // What was planned is the same design when it is read back; JSON has no infinity for what is off.
                if let json = try? JSON.encode(request) {
                    #expect(try PlateRequest.read(json).wish().canonicalText == wish.canonicalText)
                }
            } catch {
                refused += 1
                #expect(!error.items.isEmpty && error.items.allSatisfy { !$0.field.isEmpty && !$0.reason.isEmpty })
            }
        }
        #expect(planned > 80 && refused > 80, "\(planned) planned, \(refused) refused")
    }
}
