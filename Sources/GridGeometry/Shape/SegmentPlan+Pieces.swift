extension SegmentPlan {
    /// Whether its cells hang together by themselves, so that nothing that tabs and rounded corners take away can leave
    /// pieces. True of most parts with empty cells, which then need not be shaped to know it.
    ///
    /// Tabs take away less than 4 mm of a seam's corners (`Tab`) and the usual rounding as much of the plate's: two
    /// cells of 12 mm that share an edge still do. Padding beside an empty cell is a strip of whatever width, and deeper
    /// cuts and roundings are another matter: only the shape tells what becomes of those.
    func hangsTogether(_ wish: PlateWish) -> Bool {
        guard cellWidths.allSatisfy({ $0 >= Self.firm }), cellDepths.allSatisfy({ $0 >= Self.firm }),
            padding.north >= .zero, padding.east >= .zero, padding.south >= .zero, padding.west >= .zero,
            !hasPlateCorner || wish.cornerRadius <= Self.usualRadius, wish.edgeConnector == nil
        else { return false }
        return !hasPaddingBesideEmpty && areCellsInOnePiece
    }

    private static let firm = Length(millimetres: 12)
    private static let usualRadius = Length(millimetres: 4)

    private var hasPaddingBesideEmpty: Bool {
        padding.south > .zero && cells.first?.contains(.empty) == true
            || padding.north > .zero && cells.last?.contains(.empty) == true
            || padding.west > .zero && cells.contains { $0.first == .empty }
            || padding.east > .zero && cells.contains { $0.last == .empty }
    }

    private var areCellsInOnePiece: Bool {
        let width = columns.count
        var isOpen = cells.joined().map { $0 != .empty }
        guard let first = isOpen.firstIndex(of: true) else { return false }
        var left = isOpen.count(where: \.self) - 1
        isOpen[first] = false
        var reached = [first]
        func visit(_ cell: Int) {
            guard isOpen[cell] else { return }
            isOpen[cell] = false
            left -= 1
            reached.append(cell)
        }
        while let cell = reached.popLast() {
            let column = cell % width
            if column > 0 { visit(cell - 1) }
            if column < width - 1 { visit(cell + 1) }
            if cell >= width { visit(cell - width) }
            if cell + width < isOpen.count { visit(cell + width) }
        }
        return left == 0
    }
}
