/// A plate divided into parts, without a triangle. Coordinates are the plate's own: (0, 0) is its south-west corner.
package struct PlatePlan: Hashable, Sendable {
    package let wish: PlateWish
    /// Widths of the columns of cells, west to east, and depths of the rows, south to north.
    package let columns: [Length]
    package let rows: [Length]
    package let padding: Sides<Length>
    /// In the order of their numbers.
    package let segments: [SegmentPlan]
    /// For each of them the place of the first one that is made alike: its own where there is none before.
    package let firstAlike: [Int]

    package init(
        wish: PlateWish, columns: [Length], rows: [Length], padding: Sides<Length>, segments: [SegmentPlan]
    ) {
        self.wish = wish
        self.columns = columns
        self.rows = rows
        self.padding = padding
        self.segments = segments
        var places: [SegmentShapeKey: Int] = [:]
        firstAlike = segments.indices.map { index in
            let key = SegmentShapeKey(segments[index])
            if let place = places[key] { return place }
            places[key] = index
            return index
        }
    }
}

/// One part as it is printed.
package struct SegmentPlan: Hashable, Sendable {
    /// From 1.
    package let number: Int
    /// South-west corner of its body (tabs reach beyond) on the plate.
    package let origin: Point
    /// Cells, as ranges of the plan's columns and rows; both empty for a strip of padding.
    package let columns: Range<Int>
    package let rows: Range<Int>
    /// Of its cells, west to east and south to north.
    package let cellWidths: [Length]
    package let cellDepths: [Length]
    /// What it has of the plate's padding. A strip is all padding: its body is `west + east` wide and `south + north`
    /// deep.
    package let padding: Sides<Length>
    /// The side has a neighbour. A corner between two sides without one is a corner of the plate and is rounded.
    package let connects: Sides<Bool>
    /// Tabs of the intersection puzzle on each side; none where the wish has no such connector. The side decides the
    /// kind: male on north and east, sockets on south and west.
    package let joints: Sides<[Joint]>
    /// Tabs of the edge puzzle stand in the middle of this side's cell edges: never towards a strip of padding.
    package let hasEdgeTabs: Sides<Bool>
    /// Kinds of its cells by `[row][column]`.
    package let cells: [[CellKind]]

    /// `joints` and `hasEdgeTabs` that are not said are those of a plate cut into columns: see `usualJoints`.
    package init(
        number: Int, origin: Point, columns: Range<Int>, rows: Range<Int>, cellWidths: [Length], cellDepths: [Length],
        padding: Sides<Length>, connects: Sides<Bool>, joints: Sides<[Joint]>? = nil, hasEdgeTabs: Sides<Bool>? = nil,
        cells: [[CellKind]]
    ) {
        self.number = number
        self.origin = origin
        self.columns = columns
        self.rows = rows
        self.cellWidths = cellWidths
        self.cellDepths = cellDepths
        self.padding = padding
        self.connects = connects
        self.joints =
            joints ?? Self.usualJoints(widths: cellWidths, depths: cellDepths, padding: padding, connects: connects)
        self.hasEdgeTabs = hasEdgeTabs ?? connects
        self.cells = cells
    }

    /// Of its body, without tabs.
    package var size: Size {
        Size(
            width: cellWidths.reduce(padding.west + padding.east, +),
            depth: cellDepths.reduce(padding.south + padding.north, +))
    }

    package var isStrip: Bool { cellWidths.isEmpty }
}
