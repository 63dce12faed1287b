@testable import GridGeometry

/// Plans laid out by hand.
enum SamplePlan {
    static func plate(width: Double, depth: Double, columns: [Double], rows: [Double]) -> PlatePlan {
        single(columns: columns, rows: rows, padding: [0, 0, 0, 0], connects: [false, false, false, false])
    }

    /// One segment as it would be a part of a larger plate; padding and seams clockwise from the north.
    static func single(
        columns: [Double], rows: [Double], padding: [Double], connects: [Bool], number: Int = 1,
        cells: [[CellKind]]? = nil,
        change: (inout PlateWish) -> Void = { _ in }
    ) -> PlatePlan {
        let sides = padding.map(Length.init(millimetres:))
        let widths = columns.map(Length.init(millimetres:))
        let depths = rows.map(Length.init(millimetres:))
        let around = Sides(north: sides[0], east: sides[1], south: sides[2], west: sides[3])
        let segment = SegmentPlan(
            number: number, origin: Point(0, 0), columns: 0..<columns.count, rows: 0..<rows.count, cellWidths: widths,
            cellDepths: depths, padding: around,
            connects: Sides(north: connects[0], east: connects[1], south: connects[2], west: connects[3]),
            cells: cells ?? rows.map { _ in columns.map { _ in .cell } })
        var wish = PlateWish(
            drawer: segment.size, bed: Size(width: Length(millimetres: 250), depth: Length(millimetres: 220)))
        wish.numbering = nil
        change(&wish)
        return PlatePlan(wish: wish, columns: widths, rows: depths, padding: around, segments: [segment])
    }
}
