import FoundationEssentials
import GridGeometry
import Testing

@Suite struct DrawingTests {
    static func wish(_ width: Double, _ depth: Double, _ bed: String) throws -> PlateWish {
        try PlateRequest(drawerWidthMillimetres: width, drawerDepthMillimetres: depth, printer: bed).wish()
    }

    static func samples() throws -> [(name: String, wish: PlateWish)] {
        var plain = try wish(371, 254, "prusa-core-one")
        plain.clearance = Sides(all: Length(millimetres: 0.5))
        var strips = try wish(586, 533, "prusa-core-one")
        strips.hasSeparatePadding = true
        strips.fillerX = .none
        strips.fillerY = .none
        strips.magnets = Magnets()
        var odd = try wish(300, 200, "bambu-a1-mini")
        odd.edgeAdjust = Sides(
            north: Length(millimetres: 3), east: Length(millimetres: -2), south: .zero, west: Length(millimetres: 5))
        odd.cellOverride = (0..<35).map { [.cell, .cell, .solid, .cell, .empty][$0 % 5] }
        return [
            ("plain", plain), ("strips", strips), ("many", try wish(1000, 600, "bambu-a1-mini")),
            ("odd", odd), ("single", try wish(84, 126, "prusa-mini")), ("long", try wish(1200, 90, "prusa-mini")),
        ]
    }

    /// Well formed: every element that is opened is closed in order, and quotes are paired.
    private func isWellFormed(_ svg: String) -> Bool {
        var open: [Substring] = []
        var rest = svg[...]
        while let from = rest.firstIndex(of: "<") {
            guard let to = rest[from...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: from)..<to]
            rest = rest[rest.index(after: to)...]
            if tag.hasPrefix("?") { continue }
            if tag.count(where: { $0 == "\"" }) % 2 != 0 { return false }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
        }
        return open.isEmpty
    }

    @Test func drawingsAreWellFormedAndTheSameEachTime() throws {
        for (name, wish) in try Self.samples() {
            let plan = try Planner.plan(wish)
            let drawing = PlanDrawing.svg(plan)
            let sheet = AssemblySheet.svg(plan, title: "Order 1042")
            #expect(isWellFormed(drawing), "\(name)")
            #expect(isWellFormed(sheet), "\(name)")
            #expect(PlanDrawing.svg(try Planner.plan(wish)) == drawing)
            #expect(!(drawing + sheet).contains("nan") && !(drawing + sheet).contains("inf"))
            for segment in plan.segments { #expect(drawing.contains(">\(segment.number)</text>"), "\(name)") }
            if let folder = ProcessInfo.processInfo.environment["GRIDFLOCK_DRAWINGS"] {
                try Data(drawing.utf8).write(to: URL(filePath: folder).appending(path: "\(name).svg"))
                try Data(sheet.utf8).write(to: URL(filePath: folder).appending(path: "\(name)-sheet.svg"))
            }
        }
    }

    @Test func titlesCannotBecomeMarkup() throws {
        let plan = try Planner.plan(Self.wish(84, 84, "prusa-mini"))
        let sheet = AssemblySheet.svg(plan, title: "<script>alert(\"1\")</script> & 'Søren' \u{0}\u{1B}")
        #expect(isWellFormed(sheet))
        #expect(!sheet.contains("<script"))
        #expect(sheet.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Søren&#39; "))
        #expect(!sheet.unicodeScalars.contains("\u{0}") && !sheet.unicodeScalars.contains("\u{1B}"))
    }

    @Test func sheetCountsEqualParts() throws {
        var wish = try Self.wish(42 * 12, 42 * 3, "prusa-mini")
        wish.bed = Size(width: Length(millimetres: 130), depth: Length(millimetres: 130))
        let sheet = AssemblySheet.svg(try Planner.plan(wish))
        #expect(sheet.contains(">2, 3</text>"))
        #expect(sheet.contains(">126 × 126</text>"))
    }
}
