import GridGeometry
import Testing

@Suite struct CellCountTextTests {
    @Test(arguments: [
        ([42.0, 42, 42], "3"), ([42, 42, 42, 42, 21], "4½"), ([21], "½"), ([42, 14], "1⅓"), ([42, 14, 14], "1⅔"),
        ([10.5, 10.5, 42], "1½"), ([42, 10.5, 10.5, 10.5], "1¾"), ([42, 8.4, 8.4], "1 2/5"), ([8.4], "1/5"),
        ([42, 57], "2.35"), ([42, 15.3], "1.36"), ([42, 41.999], "1.99"), ([42.001], "1"),
    ])
    func aSmallerCellIsNoWholeOne(cells: [Double], text: String) {
        #expect(CellCountText.of(cells.map(Length.init(millimetres:))) == text)
    }

    /// A column of half cells was counted as a whole one on the sheet in the parcel.
    @Test func theSheetTellsHalfCells() throws {
        let request = PlateRequest(
            drawerWidthMillimetres: 371, drawerDepthMillimetres: 254, printer: "prusa-core-one")
        let plan = try Planner.plan(request.wish())
        #expect(plan.cellsText == "8½ × 6")
        let halves = plan.segments.filter { $0.cellWidths.contains(Length(millimetres: 21)) }
        #expect(!halves.isEmpty)
        let sheet = AssemblySheet.svg(plan)
        for segment in plan.segments { #expect(sheet.contains(">\(segment.cellsText)</text>")) }
        #expect(halves.allSatisfy { $0.cellsText.contains("½ × ") })
        #expect(PlanDrawing.svg(plan).contains("8½ × 6 cells"))
    }

    @Test func aStripHasNone() throws {
        var request = PlateRequest(
            drawerWidthMillimetres: 150, drawerDepthMillimetres: 100, printer: "prusa-core-one")
        (request.fillerX, request.fillerY, request.separatePadding) = ("none", "none", true)
        let plan = try Planner.plan(request.wish())
        #expect(plan.cellsText == "3 × 2")
        let strips = plan.segments.filter(\.isStrip)
        #expect(!strips.isEmpty && strips.allSatisfy { $0.cellsText == "none" })
    }
}
