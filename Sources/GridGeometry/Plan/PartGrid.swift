/// Which part each cell and each piece of padding belongs to: neighbours and joints follow from it.
struct PartGrid {
    private let wish: PlateWish
    private let layoutX: CellLayout
    private let layoutY: CellLayout
    private let strips: PaddingStrips
    /// Without those of which nothing is left.
    private let areas: [PartArea]
    private let width: Int
    private let height: Int
    /// The part of each square, by `row * width + column`; -1 where nothing is.
    private var parts: [Int]
    /// There is plastic in the square.
    private var isFilled: [Bool]
    /// Grid lines from the plate's south-west corner, one more than cells.
    private let linesX: [Int]
    private let linesY: [Int]

    init(wish: PlateWish, layoutX: CellLayout, layoutY: CellLayout, strips: PaddingStrips, areas: [PartArea]) {
        self.wish = wish
        self.layoutX = layoutX
        self.layoutY = layoutY
        self.strips = strips
        linesX = layoutX.lines
        linesY = layoutY.lines
        let columns = layoutX.cells.count
        let rows = layoutY.cells.count
        width = columns + 2
        height = rows + 2
        var filled = [Bool](repeating: false, count: width * height)
        for row in 0..<height {
            for column in 0..<width {
                let isInX = column > 0 ? column <= columns || layoutX.end > .zero : layoutX.start > .zero
                let isInY = row > 0 ? row <= rows || layoutY.end > .zero : layoutY.start > .zero
                let isCell = (1...columns).contains(column) && (1...rows).contains(row)
                let kind = isCell ? wish.kind(column: column - 1, row: row - 1, columns: columns) : .solid
                filled[row * width + column] = isInX && isInY && kind != .empty
            }
        }
        isFilled = filled
        let width = width
        self.areas = areas.filter { area in
            area.rows.contains { row in area.columns.contains { filled[row * width + $0] } }
        }
        parts = [Int](repeating: -1, count: width * height)
        for (index, area) in self.areas.enumerated() {
            for row in area.rows {
                for column in area.columns where filled[row * width + column] { parts[row * width + column] = index }
            }
        }
    }

    func segments() -> [SegmentPlan] { areas.indices.map(segment) }

    private func segment(_ index: Int) -> SegmentPlan {
        let area = areas[index]
        let columns = cellRange(area.columns, count: layoutX.cells.count)
        let rows = cellRange(area.rows, count: layoutY.cells.count)
        let x = bounds(area.columns, lines: linesX, layout: layoutX)
        let y = bounds(area.rows, lines: linesY, layout: layoutY)
        let isStrip = area.isStrip
        let padding = Sides(
            north: Length(tenthMicrometres: isStrip ? y.to - y.from : y.to - linesY[rows.upperBound]),
            east: Length(tenthMicrometres: isStrip ? x.to - x.from : x.to - linesX[columns.upperBound]),
            south: Length(tenthMicrometres: isStrip ? 0 : linesY[rows.lowerBound] - y.from),
            west: Length(tenthMicrometres: isStrip ? 0 : linesX[columns.lowerBound] - x.from))
        return SegmentPlan(
            number: index + 1, origin: Point(x.from, y.from), columns: isStrip ? 0..<0 : columns,
            rows: isStrip ? 0..<0 : rows, cellWidths: isStrip ? [] : Array(layoutX.cells[columns]),
            cellDepths: isStrip ? [] : Array(layoutY.cells[rows]), padding: padding,
            connects: sides(index) { $0 != $1 }, joints: joints(index, originX: x.from, originY: y.from),
            hasEdgeTabs: wish.edgeConnector == nil
                ? Sides(all: false) : sides(index) { $0 != $1 && !areas[$0].isStrip && !areas[$1].isStrip },
            cells: isStrip ? [] : kinds(columns, rows))
    }

    private func kinds(_ columns: Range<Int>, _ rows: Range<Int>) -> [[CellKind]] {
        if wish.cellOverride.isEmpty {
            let row = [CellKind](repeating: .cell, count: columns.count)
            return [[CellKind]](repeating: row, count: rows.count)
        }
        return rows.map { row in columns.map { wish.kind(column: $0, row: row, columns: layoutX.cells.count) } }
    }

    private func cellRange(_ range: Range<Int>, count: Int) -> Range<Int> {
        let from = min(max(range.lowerBound - 1, 0), count)
        return from..<max(from, min(range.upperBound - 1, count))
    }

    /// Where an area begins and ends on the plate. A negative padding cuts, so the plate's edge is always an edge.
    private func bounds(_ range: Range<Int>, lines: [Int], layout: CellLayout) -> (from: Int, to: Int) {
        let count = layout.cells.count
        let from = range.lowerBound == 0 ? 0 : lines[range.lowerBound - 1]
        let to = range.upperBound == count + 2 ? layout.length.tenthMicrometres : lines[range.upperBound - 1]
        return (from, to)
    }
}

extension PartGrid {
    /// The part of a square, -1 beyond the grid.
    private func part(_ column: Int, _ row: Int) -> Int {
        guard (0..<width).contains(column), (0..<height).contains(row) else { return -1 }
        return parts[row * width + column]
    }

    /// Sides on which the part meets a neighbour that `isMeant`.
    private func sides(_ index: Int, _ isMeant: (Int, Int) -> Bool) -> Sides<Bool> {
        let area = areas[index]
        func meets(_ column: Int, _ row: Int, _ otherColumn: Int, _ otherRow: Int) -> Bool {
            let other = part(otherColumn, otherRow)
            return part(column, row) == index && other >= 0 && isMeant(index, other)
        }
        let last = (column: area.columns.upperBound - 1, row: area.rows.upperBound - 1)
        return Sides(
            north: area.columns.contains { meets($0, last.row, $0, last.row + 1) },
            east: area.rows.contains { meets(last.column, $0, last.column + 1, $0) },
            south: area.columns.contains { meets($0, area.rows.lowerBound, $0, area.rows.lowerBound - 1) },
            west: area.rows.contains { meets(area.columns.lowerBound, $0, area.columns.lowerBound - 1, $0) })
    }

    private func joints(_ index: Int, originX: Int, originY: Int) -> Sides<[Joint]> {
        guard wish.intersectionConnector != nil else { return Sides(all: []) }
        let area = areas[index]
        // Grid line k lies between the squares k and k + 1.
        let linesAcross = max(area.columns.lowerBound - 1, 0)...min(area.columns.upperBound - 1, linesX.count - 1)
        let linesAlong = max(area.rows.lowerBound - 1, 0)...min(area.rows.upperBound - 1, linesY.count - 1)
        func upright(_ line: Int, isEast: Bool) -> [Joint] {
            linesAlong.compactMap { row in
                joint(
                    offset: linesY[row] - originY, length: layoutY.length.tenthMicrometres, at: linesY[row],
                    halves: uprightHalves(line, row, of: index, isEast: isEast))
            }
        }
        func level(_ line: Int, isNorth: Bool) -> [Joint] {
            linesAcross.compactMap { column in
                joint(
                    offset: linesX[column] - originX, length: layoutX.length.tenthMicrometres, at: linesX[column],
                    halves: levelHalves(column, line, of: index, isNorth: isNorth))
            }
        }
        return Sides(
            north: level(area.rows.upperBound - 1, isNorth: true),
            east: upright(area.columns.upperBound - 1, isEast: true),
            south: level(area.rows.lowerBound - 1, isNorth: false),
            west: upright(area.columns.lowerBound - 1, isEast: false))
    }

    private func joint(offset: Int, length: Int, at line: Int, halves: (Bool, Bool)) -> Joint? {
        guard halves.0 || halves.1, (0...length).contains(line) else { return nil }
        return Joint(offset: Length(tenthMicrometres: offset), hasBefore: halves.0, hasAfter: halves.1)
    }

    /// Two squares belong to parts that lock into each other.
    private func locks(_ first: Int, _ second: Int) -> Bool {
        guard first >= 0, second >= 0, first != second else { return false }
        switch (areas[first].isStrip, areas[second].isStrip) {
        case (false, false): return true
        case (true, true): return false
        case (true, false): return stripLocks(areas[first])
        case (false, true): return stripLocks(areas[second])
        }
    }

    private func stripLocks(_ area: PartArea) -> Bool {
        if area.columns == 0..<1 { return strips.locks.west }
        if area.columns == (width - 1)..<width { return strips.locks.east }
        return area.rows.lowerBound == 0 ? strips.locks.south : strips.locks.north
    }

    /// A locking seam from west to east passes through the corner between four squares.
    private func isLevelThrough(_ column: Int, _ row: Int) -> Bool {
        locks(part(column, row), part(column, row + 1)) && locks(part(column + 1, row), part(column + 1, row + 1))
    }

    /// The halves that the part has of the tab at a corner of its west or east side.
    private func uprightHalves(_ column: Int, _ row: Int, of index: Int, isEast: Bool) -> (Bool, Bool) {
        let before = locks(part(column, row), part(column + 1, row))
        let after = locks(part(column, row + 1), part(column + 1, row + 1))
        if !(before && after), isLevelThrough(column, row) { return (false, false) }
        let own = isEast ? column : column + 1
        return (before && part(own, row) == index, after && part(own, row + 1) == index)
    }

    /// The same of its south or north side; where four parts meet the seam from south to north has the tab.
    private func levelHalves(_ column: Int, _ row: Int, of index: Int, isNorth: Bool) -> (Bool, Bool) {
        let isUprightThrough =
            locks(part(column, row), part(column + 1, row)) && locks(part(column, row + 1), part(column + 1, row + 1))
        if isUprightThrough { return (false, false) }
        let own = isNorth ? row : row + 1
        let before = locks(part(column, row), part(column, row + 1))
        let after = locks(part(column + 1, row), part(column + 1, row + 1))
        return (before && part(column, own) == index, after && part(column + 1, own) == index)
    }
}

extension PartGrid {
    /// Empty cells have not left the part in several pieces.
    func isOnePiece(_ segment: SegmentPlan) -> Bool {
        // Without empty cells every part is a rectangle.
        guard wish.cellOverride.contains(.empty) else { return true }
        let index = segment.number - 1
        let area = areas[index]
        let own = area.rows.flatMap { row in
            area.columns.compactMap { part($0, row) == index ? row * width + $0 : nil }
        }
        guard var open = own.first.map({ [$0] }) else { return false }
        var seen = Set(open)
        while let square = open.popLast() {
            let (row, column) = square.quotientAndRemainder(dividingBy: width)
            for (nextColumn, nextRow) in [(column - 1, row), (column + 1, row), (column, row - 1), (column, row + 1)] {
                let next = nextRow * width + nextColumn
                if part(nextColumn, nextRow) == index, seen.insert(next).inserted { open.append(next) }
            }
        }
        return seen.count == own.count
    }
}

extension PlateWish {
    /// Of a cell of a plate with so many columns.
    func kind(column: Int, row: Int, columns: Int) -> CellKind {
        let index = row * columns + column
        return cellOverride.indices.contains(index) ? cellOverride[index] : .cell
    }
}
