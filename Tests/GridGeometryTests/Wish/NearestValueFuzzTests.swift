import Kernel
import Testing

@testable import GridGeometry

/// Random wishes with one bad field: with the refusal's nearest value the refusal is gone, and what is left leads to
/// a plate.
@Suite struct NearestValueFuzzTests {
    private static let numbers: [Double] = [
        .nan, .infinity, -.infinity, -1e300, -40, -3, -0.4, 0, 1e-9, 0.15, 0.55, 1.7, 2.4, 5, 9.9, 14, 33.3, 41, 90,
        400, 999.99, 2_500, 1e5, 1e7, 1e300,
    ]
    private static let wholes = [Int.min, -1, 0, 2, 3, 4, 5, 6, 1 << 40, Int.max]
    private static let texts = [
        "non", "fractio", "Dynamic", "pressfit", "glue-top", "glue-from-botom", "rond", "SOLID", "CCC", "ecs", "xyz",
        "prusa mini", "bambu-h2", "glue-from-top", "solid", "eeee",
    ]

    private static func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    private static func good(_ random: inout SeededRandom) -> PlateRequest {
        var request = PlateRequest(
            drawerWidthMillimetres: random.millimetres(60...700), drawerDepthMillimetres: random.millimetres(60...500),
            bedWidthMillimetres: random.millimetres(120...400), bedDepthMillimetres: random.millimetres(120...400))
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        request.fillerX = pick(["none", "fraction", "dynamic"], &random)
        request.fillerY = pick(["none", "fraction", "dynamic"], &random)
        if chance(50) { request.magnets = true }
        if chance(50) { request.edgeConnector = true }
        if chance(20) { request.clearanceMillimetres = Sides(all: 0.5) }
        if chance(20) { request.separatePadding = true }
        if chance(20) { request.solidBaseMillimetres = 1 }
        if chance(20), request.magnets == true { request.magnetStyle = "glue-from-top" }
        return request
    }

    /// A value that is probably bad, with what it needs to count.
    private static func spoil(_ request: inout PlateRequest, _ random: inout SeededRandom) -> String {
        let fields = PlateRequest.fields
        let field = fields[Int.random(in: 0..<fields.count, using: &random)]
        switch field.place {
        case .number(let path): request[keyPath: path] = pick(numbers, &random)
        case .whole(let path): request[keyPath: path] = pick(wholes, &random)
        case .flag: break
        case .text(let path): request[keyPath: path] = pick(texts, &random)
        case .list(let path):
            let count = Int.random(in: 0...6, using: &random)
            request[keyPath: path] = (0..<count).map { _ in pick([-2, 0, 1, 2, 3, 4, 5, 9, Int.max], &random) }
        case .sides(let path):
            var sides = request[keyPath: path] ?? Sides(all: 0)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: sides.north = pick(numbers, &random)
            case 1: sides.east = pick(numbers, &random)
            case 2: sides.south = pick(numbers, &random)
            default: sides.west = pick(numbers, &random)
            }
            request[keyPath: path] = sides
        }
        for name in ["magnets", "edgeConnector"] where field.needs.contains(where: { $0.mend == "\(name) true" }) {
            _ = request.take("true", for: name)
        }
        for (prefix, word) in [("fillerMinimum", "dynamic"), ("fillerFraction", "fraction")]
        where field.name.hasPrefix(prefix) {
            _ = request.take(word, for: "filler\(field.name.dropFirst(prefix.count).prefix(1))")
        }
        return field.name
    }

    private static func items(_ request: PlateRequest) -> [PlateRefusal.Item] {
        do {
            _ = try Planner.plan(request.wish())
            return []
        } catch {
            return error.items
        }
    }

    @Test func theNearestValueMakesTheRefusalGoAway() {
        let seed: UInt64 = 0x5EED_0014
        var random = SeededRandom(seed: seed)
        var (refused, withNearest, made) = (0, 0, 0)
        for index in 0..<900 {
            var request = Self.good(&random)
            guard Self.items(request).isEmpty else { continue }
            let field = Self.spoil(&request, &random)
            var items = Self.items(request)
            guard !items.isEmpty else { continue }
            refused += 1
            let what = "seed \(seed), wish \(index), \(field)"
            #expect(items.allSatisfy { $0.allowed != nil }, "\(what): \(items)")
            for _ in 0..<6 where !items.isEmpty && items.allSatisfy({ $0.nearest != nil }) {
                for item in items {
                    let isTaken = request.take(item.nearest ?? "", for: item.field)
                    #expect(isTaken, "\(what): \(item)")
                }
                let left = Self.items(request)
                for item in items {
                    let same = left.first { $0.field == item.field && $0.reason == item.reason }
                    #expect(same == nil, "\(what): \(item)")
                }
                items = left
            }
            if items.isEmpty { made += 1 }
            if items.allSatisfy({ $0.nearest != nil }) {
                withNearest += 1
                #expect(items.isEmpty, "\(what) is still refused: \(items)")
            } else {
                print("without:", what, items)
            }
        }
        #expect(refused > 300 && made * 10 >= refused * 9, "\(refused) refused, \(made) made, \(withNearest)")
    }
}
