/// Divides a plate into parts that fit on the bed and lock together.
///
/// In this order: every part fits with its tabs and jaws; no four-way joint, unless the wish says so or the cells leave
/// no choice (where every part is one cell deep, neighbours' seams cannot be apart: then as few as possible); fewest
/// parts; fewest parts one cell wide or deep; balance (`Balance`: parts of even size, which also decides whether columns
/// or rows of parts are staggered); seams of neighbours far apart. Manual columns and rows are taken as they are. All in
/// whole numbers, so every machine makes the same plan.
package enum Planner {
    /// - Throws: what cannot be made, with the nearest that can.
    package static func plan(_ wish: PlateWish) throws(PlateRefusal) -> PlatePlan {
        let check = WishCheck(wish)
        guard let layoutX = wish.layoutX, let layoutY = wish.layoutY, check.items.isEmpty else {
            throw PlateRefusal(check.items)
        }
        let padding = Sides(north: layoutY.end, east: layoutX.end, south: layoutY.start, west: layoutX.start)
        let strips = PaddingStrips(wish: wish, padding: padding)
        guard let arrangement = arrangement(of: wish, layoutX, layoutY, strips, isBalanced: true) else {
            throw PlateRefusal(
                "bedWidthMillimetres", "no way to divide the plate so that every part fits on the bed")
        }
        guard arrangement.parts <= PlateLimits.parts else {
            throw PlateRefusal(
                "bedWidthMillimetres", "the plate would fall into \(arrangement.parts) parts",
                allowed: "a bed that needs at most \(PlateLimits.parts) parts",
                nearest: wish.nearestBedWidthForParts)
        }
        let areas = try StripAreas(
            wish: wish, layoutX: layoutX, layoutY: layoutY, strips: strips, arrangement: arrangement
        ).all()
        let grid = PartGrid(wish: wish, layoutX: layoutX, layoutY: layoutY, strips: strips, areas: areas)
        let segments = grid.segments()
        let broken = segments.filter { !grid.isOnePiece($0) }
        if let first = broken.first {
            throw PlateRefusal(
                "cellOverride", "the empty cells leave part \(first.number) in pieces that nothing holds together",
                allowed: "empty cells that leave every part in one piece",
                nearest: wish.cellOverride(filling: broken, columns: layoutX.cells.count))
        }
        guard !segments.isEmpty else {
            throw PlateRefusal(
                "cellOverride", "nothing is left of the plate", allowed: "at least one cell",
                nearest: wish.cellOverrideOfCells)
        }
        try checkCorners(segments, wish: wish)
        let plan = PlatePlan(
            wish: wish, columns: layoutX.cells, rows: layoutY.cells, padding: padding, segments: segments)
        guard segments.contains(where: { $0.mayFallApart || $0.hasOpenSlots(wish) }) else { return plan }
        var shaper = PlateShaper(plan)
        do {
            try shaper.checkPieces()
        } catch {
            throw error.mended(by: plan)
        }
        return plan
    }
}

extension Planner {
    private static func arrangement(
        of wish: PlateWish, _ layoutX: CellLayout, _ layoutY: CellLayout, _ strips: PaddingStrips, isBalanced: Bool
    ) -> Arrangement? {
        let x = PrintAxis(.width, layout: layoutX, wish: wish, strips: strips)
        let y = PrintAxis(.depth, layout: layoutY, wish: wish, strips: strips)
        let hasStrips = strips.isStrip != Sides(all: false)
        func stripPieces(_ arrangement: Arrangement) -> Int {
            let areas = try? StripAreas(
                wish: wish, layoutX: layoutX, layoutY: layoutY, strips: strips, arrangement: arrangement
            ).all()
            return areas?.count(where: \.isStrip) ?? PlateLimits.parts
        }
        return ArrangementSearch(
            x: x, y: y, split: wish.split, isBalanced: isBalanced, stripPieces: hasStrips ? stripPieces : nil
        ).best()
    }

    /// How many parts the plate falls into; nil where it cannot be laid out, or no part fits on the bed.
    static func partCount(of wish: PlateWish) -> Int? {
        guard let layoutX = wish.layoutX, let layoutY = wish.layoutY else { return nil }
        let padding = Sides(north: layoutY.end, east: layoutX.end, south: layoutY.start, west: layoutX.start)
        let strips = PaddingStrips(wish: wish, padding: padding)
        return arrangement(of: wish, layoutX, layoutY, strips, isBalanced: true)?.parts
    }

    /// The columns and rows in which upstream cuts the plate.
    /// - Returns: nil where rows of parts are better by more than balance, and where nothing is cut.
    static func upstreamSplit(of wish: PlateWish) -> Split? {
        guard let layoutX = wish.layoutX, let layoutY = wish.layoutY, WishCheck(wish).items.isEmpty else { return nil }
        let padding = Sides(north: layoutY.end, east: layoutX.end, south: layoutY.start, west: layoutX.start)
        let strips = PaddingStrips(wish: wish, padding: padding)
        guard let usual = arrangement(of: wish, layoutX, layoutY, strips, isBalanced: false), !usual.isTransposed,
            usual.parts > 1
        else { return nil }
        var split = wish.split
        split.columns = usual.lanes
        split.rowsEven = usual.even
        split.rowsOdd = usual.lanes.count > 1 ? usual.odd : nil
        return split
    }
}

extension PlateRequest {
    /// Has the plate cut as upstream cuts it, where no other way is better by more than balance: whoever brings a saved
    /// configuration has such parts already.
    package mutating func cutLikeUpstream() {
        guard columns == nil, rowsEven == nil, rowsOdd == nil, staggered != false, let wish = try? wish(),
            let split = Planner.upstreamSplit(of: wish)
        else { return }
        (columns, rowsEven, rowsOdd) = (split.columns, split.rowsEven, split.rowsOdd)
    }
}

extension Planner {
    /// A corner stays clear of the seams and tabs of its part. 4 mm always do: no cell is smaller than 8 mm.
    private static func checkCorners(_ segments: [SegmentPlan], wish: PlateWish) throws(PlateRefusal) {
        let room = segments.filter { !$0.isStrip && $0.hasPlateCorner && $0.connects != Sides(all: false) }
            .map { min($0.size.width, $0.size.depth) - Length(millimetres: 4) }.min()
        guard let room, wish.cornerRadius > max(room, Length(millimetres: 4)) else { return }
        let text = MillimetreText.of(max(room, Length(millimetres: 4)))
        throw PlateRefusal(
            "cornerRadiusMillimetres", "reaches into the seams of the part at the corner",
            allowed: "0 to \(text) mm", nearest: text)
    }
}

extension PrintAxis {
    enum Direction { case width, depth }

    /// The axis of the parts that have cells.
    init(_ direction: Direction, layout: CellLayout, wish: PlateWish, strips: PaddingStrips) {
        let overhang = Overhang(of: wish)
        let isWidth = direction == .width
        let stripAtStart = isWidth ? strips.isStrip.west : strips.isStrip.south
        let stripAtEnd = isWidth ? strips.isStrip.east : strips.isStrip.north
        let locksAtStart = isWidth ? strips.locks.west : strips.locks.south
        let locksAtEnd = isWidth ? strips.locks.east : strips.locks.north
        self.init(
            cells: layout.cells.map(\.tenthMicrometres),
            start: stripAtStart ? 0 : layout.start.tenthMicrometres,
            end: stripAtEnd ? 0 : layout.end.tenthMicrometres,
            startReach: locksAtStart ? overhang.female.tenthMicrometres : 0,
            endReach: locksAtEnd ? overhang.male.tenthMicrometres : 0,
            innerStartReach: overhang.female.tenthMicrometres, innerEndReach: overhang.male.tenthMicrometres,
            bed: isWidth ? wish.bed.width.tenthMicrometres : wish.bed.depth.tenthMicrometres)
    }

    /// The axis along strips: they butt against each other without tabs.
    init(along direction: Direction, layout: CellLayout, wish: PlateWish, strips: PaddingStrips) {
        // Strips on the west and east run over the whole depth, the others lie between them.
        let isWidth = direction == .width
        self.init(
            cells: layout.cells.map(\.tenthMicrometres),
            start: isWidth && strips.isStrip.west ? 0 : layout.start.tenthMicrometres,
            end: isWidth && strips.isStrip.east ? 0 : layout.end.tenthMicrometres,
            startReach: 0, endReach: 0, innerStartReach: 0, innerEndReach: 0,
            bed: isWidth ? wish.bed.width.tenthMicrometres : wish.bed.depth.tenthMicrometres)
    }
}
