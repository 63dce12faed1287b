import GridFlock
import GridGeometry
import HTTPWire
import Kernel
import TestKit
import Testing

/// What could not be kept is refused before it is made.
@Suite(.timeLimit(.minutes(5))) struct PlateBulkTests {
    private func plan(_ width: Double, _ depth: Double, bed: Double, _ change: (inout PlateWish) -> Void) throws
        -> PlatePlan
    {
        let side = Length(millimetres: bed)
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: width), depth: Length(millimetres: depth)),
            bed: Size(width: side, depth: side))
        change(&wish)
        return try Planner.plan(wish)
    }

    /// Never fewer than are made: a plate that is accepted can be kept.
    @Test(arguments: 0..<10)
    func noMoreTrianglesAreMadeThanAreReckoned(_ index: Int) throws {
        let plan = try plan(210, 126, bed: index == 9 ? 300 : 140) { wish in
            if index > 0 { wish.magnets = Magnets() }
            if index == 2 { wish.magnets?.style = .glueFromTop }
            if index == 3 { wish.magnets?.style = .glueFromBottom }
            if index == 4 {
                wish.magnets?.style = .glueFromTop
                wish.magnets?.frame = .solid
            }
            if index > 4, index < 9 { wish.edgeConnector = EdgeConnector() }
            if index == 6 {
                wish.edgeConnector?.countPerCell = 5
                wish.edgeConnector?.bar.width = Length(millimetres: 6)
            }
            if index > 5 { wish.solidBase = Length(millimetres: 1) }
            if index == 7 { wish.edgeAdjust.north = Length(millimetres: -2) }
            if index == 8 { wish.magnets = nil }
            if index.isMultiple(of: 2) { wish.numbering = nil }
        }
        let reports = try PlateMaker.make(plan, formats: [], title: "") { _ in }
        let made = reports.filter { $0.sameAs == $0.number }.map(\.facts.triangleCount)
        let reckoned = PlateBulk.triangles(plan)
        #expect(reckoned.largest >= made.max() ?? 0, "made \(made), reckoned \(reckoned)")
        let sum = made.reduce(0, +)
        #expect(reckoned.all >= sum && reckoned.all <= sum * 3, "made \(sum), reckoned \(reckoned)")
    }

    /// A part of 970 mm with pressed-in magnets has 1,361,488 triangles, measured: 68 MB as STL, more than one file may
    /// have.
    @Test func thePartThatJustCannotBeKeptIsRefused() throws {
        let plan = try plan(970, 970, bed: 1_000) { $0.magnets = Magnets() }
        #expect(PlateBulk.triangles(plan).largest >= 1_361_488 && !PlateBulk.fits(plan))
    }

    @Test func whatIsTooLargeToBeKeptIsRefusedWithWhatCouldBe() throws {
        // Two thousand cells with magnets: more than 256 MiB.
        let large = try plan(3_000, 1_200, bed: 1_000) { $0.magnets = Magnets() }
        #expect(!PlateBulk.fits(large))
        let refusal = try #require(throws: PlateRefusal.self) { try PlateBulk.check(large) }
        let item = try #require(refusal.items.first)
        #expect(item.field == "drawerWidthMillimetres" && item.allowed?.contains("mm") == true)
        let nearest = try #require(item.nearest.flatMap { Double($0) })
        #expect(nearest > 200 && nearest < 3_000)
        #expect(PlateBulk.fits(try plan(nearest, 1_200, bed: 1_000) { $0.magnets = Magnets() }))
        // Without magnets it can be kept, and so can the largest drawer on a bed of usual size that people have.
        #expect(PlateBulk.fits(try plan(1_600, 1_200, bed: 1_000) { _ in }))
        #expect(PlateBulk.fits(try plan(1_000, 600, bed: 256) { $0.magnets = Magnets() }))
    }

    /// Whoever asks for what is too heavy gets an answer for three plans more, and one that is true.
    @Test(arguments: 0..<8)
    func aPlateThatIsTooHeavyCostsFewPlans(_ index: Int) throws {
        let seed = 0x5EED_0041 &+ UInt64(index)
        var random = SeededGenerator(seed: seed)
        let sides = (0..<2).map { _ in Double(Int.random(in: 22_000...30_000, using: &random)) / 10 }
        let isNumbered = index < 6
        let heavy = try plan(sides[0], sides[1], bed: [250, 360, 1_000][index % 3]) { wish in
            wish.magnets = Magnets()
            let fillers = [Filler.none, .fraction(2), .fraction(3), .dynamic(minimum: Length(millimetres: 15))]
            wish.fillerX = fillers.randomElement(using: &random) ?? .none
            wish.fillerY = fillers.randomElement(using: &random) ?? .none
            wish.hasSeparatePadding = index == 4
            if index == 5 { wish.edgeConnector = EdgeConnector() }
            if !isNumbered { wish.numbering = nil }
        }
        // Parts that are alike are made once.
        guard !PlateBulk.fits(heavy) else { return #expect(!isNumbered) }
        var plans = 0
        let refusal = try #require(throws: PlateRefusal.self) {
            try PlateBulk.check(heavy) { wish in
                plans += 1
                return try Planner.plan(wish)
            }
        }
        #expect(plans <= LongestPlate.trialsMaximum, "seed \(seed)")
        let item = try #require(refusal.items.first)
        let isWidth = item.field == "drawerWidthMillimetres"
        #expect(isWidth == (sides[0] >= sides[1]))
        guard let nearest = item.nearest.flatMap({ Int($0) }) else { return #expect(!isNumbered, "seed \(seed)") }
        func planned(_ millimetres: Int) throws -> PlatePlan {
            var wish = heavy.wish
            let length = Length(millimetres: Double(millimetres))
            if isWidth { wish.drawer.width = length } else { wish.drawer.depth = length }
            return try Planner.plan(wish)
        }
        #expect(PlateBulk.fits(try planned(nearest)), "seed \(seed)")
        // Not far from what would be too heavy: four cells.
        if isNumbered {
            let longer = min(nearest + 168, Int(max(sides[0], sides[1])))
            #expect(!PlateBulk.fits(try planned(longer)), "seed \(seed): \(nearest)")
        }
    }

    /// What divides this very drawer divides no other: there is nothing to look for.
    @Test func aManualSplitThatIsTooHeavyCostsNoPlanAtAll() throws {
        let heavy = try plan(3_000, 1_200, bed: 1_000) { wish in
            wish.magnets = Magnets()
            wish.fillerX = .none
            wish.split.columns = [18, 18, 18, 17]
        }
        let refusal = try #require(throws: PlateRefusal.self) {
            try PlateBulk.check(heavy) { _ in
                Issue.record("it is planned again")
                throw CancellationError()
            }
        }
        #expect(refusal.items.first?.nearest == nil && refusal.items.first?.allowed != nil)
    }

    /// Where no plan succeeds, the search ends all the same.
    @Test func aSearchThatFindsNothingEndsWithoutANearest() throws {
        let heavy = try plan(3_000, 1_200, bed: 1_000) { $0.magnets = Magnets() }
        var plans = 0
        let refusal = try #require(throws: PlateRefusal.self) {
            try PlateBulk.check(heavy) { _ in
                plans += 1
                throw CancellationError()
            }
        }
        #expect(plans == LongestPlate.trialsMaximum && refusal.items.first?.nearest == nil)
        #expect(refusal.items.first?.allowed == "a smaller plate, or fewer features")
    }

    @Test func itIsRefusedWhereverItIsAskedFor() async throws {
        let wish =
            #"{"drawerWidthMillimetres":3000,"drawerDepthMillimetres":1200,"magnets":true,"bedWidthMillimetres":1000,"bedDepthMillimetres":1000}"#
        try await PlateAPI.with { api in
            for path in ["/api/v1/gridflock/quotes", "/api/v1/gridflock/designs"] {
                let answer = try await api.send(.post, path, wish)
                #expect(answer.status == 422 && answer.json["field"] == "drawerWidthMillimetres")
                #expect(answer.json["fields"]?[0]?["nearest"]?.string.flatMap { Int($0) } != nil)
            }
            #expect(try await api.room.designs.page(state: nil, before: nil, limit: 1).isEmpty)
        }
    }
}
