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
    private static let overrides = ["CCC", "ecs", "xyz", "eeee", "s", String(repeating: "e", count: 10_001)]

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
        case .text(let path): request[keyPath: path] = text(for: field, &random)
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
        field.switchOn(in: &request)
        return field.name
    }

    /// One of the words with a slip of the keys.
    private static func text(for field: PlateRequest.Field, _ random: inout SeededRandom) -> String {
        guard case .words(let words, _) = field.bounds else { return pick(overrides, &random) }
        var word = pick(words, &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: word.removeLast()
        case 1: word = word.uppercased()
        default: word = " " + word
        }
        return word
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
        var refused = 0
        for index in 0..<260 {
            var request = Self.good(&random)
            guard Self.items(request).isEmpty else { continue }
            let field = Self.spoil(&request, &random)
            var items = Self.items(request)
            if !items.isEmpty { refused += 1 }
            let what = "seed \(seed), wish \(index), \(field)"
            for _ in 0..<6 where !items.isEmpty {
                #expect(items.allSatisfy { $0.allowed != nil && $0.nearest != nil }, "\(what): \(items)")
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
            #expect(items.isEmpty, "\(what) is still refused: \(items)")
        }
        #expect(refused > 80, "\(refused) refused")
    }

    /// Of several bad fields those that are told a nearest value are right with all of these values together; hardly any
    /// is told none.
    @Test func theNearestValuesOfSeveralFieldsGoTogether() {
        let seed: UInt64 = 0x5EED_0015
        var random = SeededRandom(seed: seed)
        var (refused, untold) = (0, 0)
        for index in 0..<400 {
            var request = Self.good(&random)
            let names = (0..<Int.random(in: 2...5, using: &random)).map { _ in Self.spoil(&request, &random) }
            let items = Self.wishItems(request)
            guard !items.isEmpty else { continue }
            refused += 1
            untold += items.contains { $0.nearest == nil } ? 1 : 0
            var mended = request
            for item in items {
                let isTaken = mended.take(item.nearest ?? "", for: item.field)
                #expect(isTaken || item.nearest == nil)
            }
            let told = items.filter { $0.nearest != nil }.map(\.field)
            let again = Self.wishItems(mended).filter { told.contains($0.field) }
            #expect(again.isEmpty, "seed \(seed), wish \(index), \(names): \(items) then \(again)")
        }
        #expect(refused > 200 && untold * 10 < refused, "\(refused) refused, \(untold) of them with a field left open")
    }

    private static func wishItems(_ request: PlateRequest) -> [PlateRefusal.Item] {
        do {
            _ = try request.wish()
            return []
        } catch {
            return error.items
        }
    }
}

extension PlateRequest.Field {
    /// Lets the field count.
    func switchOn(in request: inout PlateRequest) {
        for need in needs where !need.isMet(request) {
            let words = need.mend.split(separator: " ").map(String.init)
            _ = request.take(words[1], for: words[0])
        }
    }
}
