/// What a part covers of the plate's grid: its cells have the numbers 1... from the west and south, the padding around
/// them is column and row 0 and the ones after the last cell.
struct PartArea {
    let columns: Range<Int>
    let rows: Range<Int>
    let isStrip: Bool
}

/// All parts as areas: those with cells in the order of their numbers, then the strips clockwise from the north.
struct StripAreas {
    let wish: PlateWish
    let layoutX: CellLayout
    let layoutY: CellLayout
    let strips: PaddingStrips
    let arrangement: Arrangement

    func all() throws(PlateRefusal) -> [PartArea] {
        let cells = arrangement.areas
        let columnCount = layoutX.cells.count
        let rowCount = layoutY.cells.count
        let parts = cells.map { area in
            PartArea(
                columns: widened(area.columns, count: columnCount, strips.isStrip.west, strips.isStrip.east),
                rows: widened(area.rows, count: rowCount, strips.isStrip.south, strips.isStrip.north),
                isStrip: false)
        }
        let between = (strips.isStrip.west ? 1 : 0)..<(strips.isStrip.east ? columnCount + 1 : columnCount + 2)
        var found = parts
        if strips.isStrip.north {
            found += try level(
                row: rowCount + 1, between: between, beside: cells.filter { $0.rows.upperBound == rowCount })
        }
        if strips.isStrip.east {
            found += try upright(column: columnCount + 1, beside: cells.filter { $0.columns.upperBound == columnCount })
        }
        if strips.isStrip.south {
            found += try level(row: 0, between: between, beside: cells.filter { $0.rows.lowerBound == 0 })
        }
        if strips.isStrip.west {
            found += try upright(column: 0, beside: cells.filter { $0.columns.lowerBound == 0 })
        }
        return found
    }

    private typealias Cells = (columns: Range<Int>, rows: Range<Int>)

    /// Outer parts take the padding that is no strip.
    private func widened(_ range: Range<Int>, count: Int, _ stripAtStart: Bool, _ stripAtEnd: Bool) -> Range<Int> {
        let from = range.lowerBound == 0 && !stripAtStart ? 0 : range.lowerBound + 1
        let to = range.upperBound == count && !stripAtEnd ? count + 2 : range.upperBound + 1
        return from..<to
    }

    private func upright(column: Int, beside parts: [Cells]) throws(PlateRefusal) -> [PartArea] {
        let seams = parts.map(\.rows).sorted { $0.lowerBound < $1.lowerBound }.map(\.count)
        let axis = PrintAxis(along: .depth, layout: layoutY, wish: wish, strips: strips)
        guard let pieces = PaddingStrips.pieces(axis: axis, beside: seams) else {
            throw PlateRefusal("bedDepthMillimetres", "a strip of padding does not fit on the bed")
        }
        return ranges(pieces, within: 0..<(layoutY.cells.count + 2)).map { rows in
            PartArea(columns: column..<(column + 1), rows: rows, isStrip: true)
        }
    }

    private func level(row: Int, between: Range<Int>, beside parts: [Cells]) throws(PlateRefusal) -> [PartArea] {
        let seams = parts.map(\.columns).sorted { $0.lowerBound < $1.lowerBound }.map(\.count)
        let axis = PrintAxis(along: .width, layout: layoutX, wish: wish, strips: strips)
        guard let pieces = PaddingStrips.pieces(axis: axis, beside: seams) else {
            throw PlateRefusal("bedWidthMillimetres", "a strip of padding does not fit on the bed")
        }
        return ranges(pieces, within: between).map { columns in
            PartArea(columns: columns, rows: row..<(row + 1), isStrip: true)
        }
    }

    /// Cut after so many cells; the first and last piece reach to the ends of `whole`.
    private func ranges(_ pieces: [Int], within whole: Range<Int>) -> [Range<Int>] {
        var from = whole.lowerBound
        var cell = 1
        return pieces.enumerated().map { index, count in
            cell += count
            let to = index == pieces.count - 1 ? whole.upperBound : cell
            defer { from = to }
            return from..<to
        }
    }
}
