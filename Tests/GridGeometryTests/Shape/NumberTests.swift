import Testing

@testable import GridGeometry

@Suite struct NumberTests {
    private static func plan(number: Int, columns: [Double], padding: [Double], magnets: Magnets?) -> PlatePlan {
        SamplePlan.single(
            columns: columns, rows: [42], padding: padding, connects: [false, true, true, true], number: number
        ) { wish in
            wish.numbering = Numbering()
            wish.magnets = magnets
        }
    }

    @Test(arguments: [1, 8, 20, 345])
    func isDebossedInAWall(number: Int) throws {
        for magnets in [nil, Magnets()] {
            for columns in [[42.0, 42.0], [42.0]] {
                let plan = Self.plan(number: number, columns: columns, padding: [0, 0, 0, 0], magnets: magnets)
                let slabs = try SegmentShape.slabs(of: plan.segments[0], in: plan)
                try ShapeJudge.check(slabs)
                var plain = plan.wish
                plain.numbering = nil
                let bare = PlatePlan(
                    wish: plain, columns: plan.columns, rows: plan.rows, padding: plan.padding, segments: plan.segments)
                let missing = try SegmentShape.volume(of: bare.segments[0], in: bare) - SegmentShape.volume(of: slabs)
                let size = columns.count > 1 ? 30_000 : 20_000
                let area = Digits.loops(of: number, size: size).reduce(0) { $0 + LoopArea.twice($1) }
                #expect(abs(missing - Double(area) / 2e8 * 0.5) < 0.001, "\(number) \(columns)")
            }
        }
    }

    /// A 7 has its long stroke on the right of its bar; from below right is west.
    @Test func isReadableFromBelow() throws {
        let plan = SamplePlan.single(
            columns: [42], rows: [42], padding: [0, 0, 6, 0], connects: [false, false, false, false], number: 7
        ) { $0.numbering = Numbering() }
        let frame = SegmentFrame(plan.segments[0], wish: plan.wish)
        let holes = NumberPlace(frame: frame, edgeTabs: nil).holes()
        #expect(holes.count == 1)
        let hole = try #require(holes.first)
        let box = Box.around(hole)
        #expect(box.depth == 30_000 && box.north < 60_000 + Profile.bottomInset)
        let foot = hole.filter { $0.y == box.south }
        #expect(foot.allSatisfy { $0.x < (box.west + box.east) / 2 })
        #expect(LoopArea.twice(hole) < 0)
    }

    /// A number that finds no wall was left out without a word.
    @Test func partsWithoutRoomForTheirNumberAreTold() throws {
        var wish = PlateWish(
            drawer: Size(width: Length(millimetres: 87), depth: Length(millimetres: 84)),
            bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)))
        (wish.fillerX, wish.fillerY) = (.none, .none)
        wish.alignmentX = 10
        wish.hasSeparatePadding = true
        let plan = try Planner.plan(wish)
        #expect(plan.notes.isEmpty && plan.segments.count == 2)
        // A strip of 2 mm is narrower than the smallest number with its margins.
        wish.drawer.width = Length(millimetres: 86)
        let narrow = try Planner.plan(wish)
        #expect(narrow.notes == ["Part 2 carries no number: no wall has room for it."])
        let reports = try PlateMaker.make(narrow, formats: [], title: "") { _ in }
        #expect(reports.map(\.isNumbered) == [true, false])
        #expect(AssemblySheet.steps(narrow)[0].last == narrow.notes[0])
        wish.numbering = nil
        #expect(try Planner.plan(wish).notes.isEmpty)
    }
}
