extension WishCheck {
    /// Values that are right one by one and wrong together.
    mutating func checkTogether() {
        checkMagnets()
        checkEdgeConnector()
        guard let x = layout(wish.layoutX, "Width", wish.drawer.width, wish.plate.width, wish.fillerX) else {
            _ = layout(wish.layoutY, "Depth", wish.drawer.depth, wish.plate.depth, wish.fillerY)
            return
        }
        guard let y = layout(wish.layoutY, "Depth", wish.drawer.depth, wish.plate.depth, wish.fillerY) else { return }
        checkCuts(x, start: ("west", wish.edgeAdjust.west), end: ("east", wish.edgeAdjust.east))
        checkCuts(y, start: ("south", wish.edgeAdjust.south), end: ("north", wish.edgeAdjust.north))
        checkCells(x, y)
        guard items.isEmpty else { return }
        let padding = Sides(north: y.end, east: x.end, south: y.start, west: x.start)
        checkCorners(x, y, padding)
        let strips = PaddingStrips(wish: wish, padding: padding)
        checkBed(x, .width, "bedWidthMillimetres", strips: strips, [(padding.west, false), (padding.east, true)])
        checkBed(y, .depth, "bedDepthMillimetres", strips: strips, [(padding.south, false), (padding.north, true)])
        let printX = PrintAxis(.width, layout: x, wish: wish, strips: strips)
        let printY = PrintAxis(.depth, layout: y, wish: wish, strips: strips)
        checkManual(wish.split.columns, "columns", "columns of cells", printX)
        checkManual(wish.split.rowsEven, "rowsEven", "rows of cells", printY)
        checkManual(wish.split.rowsOdd, "rowsOdd", "rows of cells", printY)
    }

    private mutating func layout(
        _ layout: CellLayout?, _ name: String, _ drawer: Length, _ plate: Length, _ filler: Filler
    ) -> CellLayout? {
        if let layout { return layout }
        let least = CellLayout.shortest(filler) + (drawer - plate)
        let cell = MillimetreText.of(CellLayout.shortest(filler))
        refuse(
            "drawer\(name)Millimetres", "is too small for one cell of \(cell) mm and the clearance",
            allowed: "at least \(MillimetreText.of(least)) mm", nearest: MillimetreText.of(least))
        return nil
    }

    private mutating func checkCuts(_ layout: CellLayout, start: (String, Length), end: (String, Length)) {
        guard let first = layout.cells.first, let last = layout.cells.last else { return }
        let isOne = layout.cells.count == 1
        checkCut(
            start.0, padding: layout.start, adjust: start.1,
            cell: isOne && layout.end < .zero ? first + layout.end : first)
        checkCut(
            end.0, padding: layout.end, adjust: end.1, cell: isOne && layout.start < .zero ? last + layout.start : last)
    }

    private mutating func checkCut(_ side: String, padding: Length, adjust: Length, cell: Length) {
        guard padding < .zero else { return }
        var most = max(cell - PlateLimits.leftOfCutCell, .zero)
        var reason = "cuts off so much of the outer cells that nothing firm is left"
        if let magnets = wish.magnets {
            let wall = Magnets.distanceFromEdge - magnets.radius - PlateLimits.wallAtCutMagnet
            if wall < most {
                most = max(wall, .zero)
                reason = "cuts into the magnets of the outer cells"
            }
        }
        guard -padding > most else { return }
        let nearest = MillimetreText.of(adjust - padding - most)
        refuse("edgeAdjustMillimetres.\(side)", reason, allowed: "at least \(nearest) mm", nearest: nearest)
    }

    /// The plate's rounding stays off the pockets of the corner cells.
    private mutating func checkCorners(_ x: CellLayout, _ y: CellLayout, _ padding: Sides<Length>) {
        let columns = x.cells.count
        let rows = y.cells.count
        var most = min(x.length, y.length).tenthMicrometres / 2
        for (column, width) in [(0, padding.west), (columns - 1, padding.east)] {
            for (row, depth) in [(0, padding.south), (rows - 1, padding.north)]
            where wish.kind(column: column, row: row, columns: columns) == .cell {
                most = min(most, Self.largestRadius(width.tenthMicrometres, depth.tenthMicrometres))
            }
        }
        let largest = Length(tenthMicrometres: most)
        guard wish.cornerRadius > largest else { return }
        refuse(
            "cornerRadiusMillimetres", "would cut into the pocket of a corner cell",
            allowed: "0 to \(MillimetreText.of(largest)) mm", nearest: MillimetreText.of(largest))
    }

    /// A pocket is rounded with 4 mm. The plate's circle of radius 4 + u stays outside of it as long as
    /// (u - a)² + (u - b)² ≤ u², with the padding a and b beside the corner; so u ≤ a + b + √(2ab).
    static func largestRadius(_ a: Int, _ b: Int) -> Int {
        let a = max(a, 0)
        let b = max(b, 0)
        let square = 2 * a * b
        var root = Int(Double(square).squareRoot())
        while root * root > square { root -= 1 }
        while (root + 1) * (root + 1) <= square { root += 1 }
        return 40_000 + a + b + root
    }

    private mutating func checkBed(
        _ layout: CellLayout, _ direction: PrintAxis.Direction, _ field: String, strips: PaddingStrips,
        _ paddings: [(width: Length, isAtEnd: Bool)]
    ) {
        let overhang = Overhang(of: wish)
        var needed = PrintAxis(direction, layout: layout, wish: wish, strips: strips).smallestBed
        if wish.hasSeparatePadding {
            needed = max(needed, PrintAxis(along: direction, layout: layout, wish: wish, strips: strips).smallestBed)
            for padding in paddings where padding.width >= PaddingStrips.narrowest {
                // A strip at the end has the sockets, one at the start the tabs.
                let reach = padding.isAtEnd ? overhang.female : overhang.male
                needed = max(needed, (padding.width + reach).tenthMicrometres)
            }
        }
        let bed = direction == .width ? wish.bed.width : wish.bed.depth
        let least = Length(tenthMicrometres: needed)
        guard bed < least else { return }
        refuse(
            field, "is too small for the largest cell with its padding and tabs",
            allowed: "at least \(MillimetreText.of(least)) mm", nearest: MillimetreText.of(least))
    }

    private mutating func checkManual(_ parts: [Int]?, _ field: String, _ what: String, _ axis: PrintAxis) {
        guard let parts else { return }
        func nearest() -> String? { NearestSplit(axis: axis, wanted: parts).parts().map { PlateRequest.text(of: $0) } }
        guard parts.allSatisfy({ (1...axis.count).contains($0) }), Self.sum(parts) == axis.count else {
            refuse(
                field, "does not share out the \(axis.count) \(what)",
                allowed: "numbers from 1 that add up to \(axis.count), of parts that fit on the bed with their tabs",
                nearest: nearest())
            return
        }
        var from = 0
        for (index, part) in parts.enumerated() {
            if !axis.fits(from, from + part) {
                let printed = MillimetreText.of(Length(tenthMicrometres: axis.printed(from, from + part)))
                let bed = MillimetreText.of(Length(tenthMicrometres: axis.bed))
                refuse(
                    field, "makes a part of \(printed) mm (number \(index + 1) of the list), the bed has \(bed) mm",
                    allowed: "parts that fit on the bed with their tabs", nearest: nearest())
                return
            }
            from += part
        }
    }

    private static func sum(_ parts: [Int]) -> Int? {
        var sum = 0
        for part in parts {
            let (next, isOver) = sum.addingReportingOverflow(part)
            if isOver { return nil }
            sum = next
        }
        return sum
    }
}

extension Magnets {
    /// Of each magnet's centre from both cell edges: 0.25 + 2.15 + 0.8 + 4.8 mm by the Gridfinity specification.
    package static let distanceFromEdge = Length(millimetres: 8)

    package var radius: Length { Length(tenthMicrometres: (diameter.tenthMicrometres + 1) / 2) }
}

extension PlateWish {
    /// Of the profile of pockets, by the Gridfinity specification (0.7 + 1.8 + 2.15 mm).
    package static let profileHeight = Length(millimetres: 4.65)

    /// From the underside to the ridges.
    package var height: Length { Self.profileHeight + (magnets?.layerHeight ?? .zero) + solidBase }
}
