/// Where the parts of a segment lie, in its own coordinates: (0, 0) is the south-west corner of its body.
struct SegmentFrame {
    let segment: SegmentPlan
    let wish: PlateWish
    let body: Box
    /// Borders of its cells, west to east and south to north; empty for a strip of padding.
    let cellX: [Int]
    let cellY: [Int]
    /// Heights of the layers below the pockets, and z of the pockets' bottoms.
    let base: Int
    let magnetLayer: Int
    var pocketZ: Int { base + magnetLayer }

    init(_ segment: SegmentPlan, wish: PlateWish) {
        self.segment = segment
        self.wish = wish
        let size = segment.size
        body = Box(west: 0, south: 0, east: size.width.tenthMicrometres, north: size.depth.tenthMicrometres)
        cellX = Self.borders(segment.cellWidths, from: segment.padding.west)
        cellY = Self.borders(segment.cellDepths, from: segment.padding.south)
        base = wish.solidBase.tenthMicrometres
        magnetLayer = wish.magnets?.layerHeight.tenthMicrometres ?? 0
    }

    var columnCount: Int { segment.cellWidths.count }
    var rowCount: Int { segment.cellDepths.count }

    func cell(column: Int, row: Int) -> Box {
        Box(west: cellX[column], south: cellY[row], east: cellX[column + 1], north: cellY[row + 1])
    }

    /// A cell's kind; outside of the cells all is padding, solid.
    func kind(column: Int, row: Int) -> CellKind {
        guard segment.cells.indices.contains(row), segment.cells[row].indices.contains(column) else { return .solid }
        return segment.cells[row][column]
    }

    /// Of the plate's corners on this segment; a strip without neighbours is no rounder than half its width.
    var cornerRadius: Int {
        let connects = segment.connects
        let radius = segment.cornerRadius(wish).tenthMicrometres
        var most = Int.max
        if !connects.west, !connects.east { most = min(most, body.width / 2) }
        if !connects.south, !connects.north { most = min(most, body.depth / 2) }
        return min(radius, most)
    }

    /// How much of its outer cells is cut off on a side.
    func cut(_ side: Side) -> Int { max(0, -segment.padding[side].tenthMicrometres) }

    func isAt(_ side: Side, column: Int, row: Int) -> Bool {
        switch side {
        case .south: row == 0
        case .north: row == rowCount - 1
        case .west: column == 0
        case .east: column == columnCount - 1
        }
    }

    private static func borders(_ lengths: [Length], from start: Length) -> [Int] {
        guard !lengths.isEmpty else { return [] }
        var at = start.tenthMicrometres
        var result = [at]
        for length in lengths {
            at += length.tenthMicrometres
            result.append(at)
        }
        return result
    }
}
