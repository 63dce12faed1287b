/// What a customer asks for, checked: every value is within its range and no two contradict each other (`WishReader`).
package struct PlateWish: Hashable, Sendable {
    /// The drawer, wall to wall.
    package var drawer: Size
    /// Left free between drawer and plate on each side: the plate's outer size is the drawer less these.
    package var clearance = Sides(all: Length.zero)
    package var bed: Size
    package var fillerX = Filler.fraction(2)
    package var fillerY = Filler.fraction(2)
    /// Share of the padding that goes west and south, in tenths (0...10).
    package var alignmentX = 5
    package var alignmentY = 5
    /// Added to each side's padding after the layout; negative cuts into cells.
    package var edgeAdjust = Sides(all: Length.zero)
    /// Padding as strips of its own instead of a part of the outer segments.
    package var hasSeparatePadding = false
    package var split = Split()
    package var intersectionConnector: IntersectionConnector? = IntersectionConnector()
    package var edgeConnector: EdgeConnector?
    package var magnets: Magnets?
    package var numbering: Numbering? = Numbering()
    package var cornerRadius = Length(millimetres: 4)
    /// Floor below the pockets; zero is none.
    package var solidBase = Length.zero
    /// For each cell from west to east, then south to north: nil keeps what the layout says.
    package var cellOverride: [CellKind] = []

    package init(drawer: Size, bed: Size) {
        self.drawer = drawer
        self.bed = bed
    }

    /// The plate's outer size.
    package var plate: Size {
        Size(
            width: drawer.width - clearance.west - clearance.east,
            depth: drawer.depth - clearance.north - clearance.south)
    }
}

/// What happens with the rest that is no whole cell of 42 mm.
package enum Filler: Hashable, Sendable {
    /// Padding.
    case none
    /// Cells of one n-th.
    case fraction(Int)
    /// One cell as large as the rest; a rest below the minimum makes the last cell larger.
    case dynamic(minimum: Length)

    /// In a request.
    static let words = ["none", "fraction", "dynamic"]
    static let usualWord = "fraction"
}

/// How the plate is divided; nil leaves it to the planner.
package struct Split: Hashable, Sendable {
    /// Cells of each column of segments, west to east.
    package var columns: [Int]?
    /// Cells of each segment of a column, south to north: one list for even columns and one for odd ones.
    package var rowsEven: [Int]?
    package var rowsOdd: [Int]?
    /// Seams of neighbouring columns do not meet: no four-way joint.
    package var isStaggered = true

    package init() {}
}

/// Puzzle tabs at the cell corners of a seam.
package struct IntersectionConnector: Hashable, Sendable {
    /// Tenths, 0 loose to 10 tight.
    package var fit = 10

    package init() {}
}

/// Puzzle tabs at the middles of cell edges; male on north and east, female on south and west.
package struct EdgeConnector: Hashable, Sendable {
    package var countPerCell = 1
    /// Along the seam, and away from it.
    package var bar = Size(width: Length(millimetres: 10), depth: Length(millimetres: 2.5))
    package var neck = Size(width: Length(millimetres: 3), depth: Length(millimetres: 1.2))
    package var gap = Length(millimetres: 0.15)
    package var heightFemale = Length(millimetres: 2.25)
    /// The male is lower by so much.
    package var maleDelta = Length(millimetres: 0.25)
    package var hasMagnetBorder = true
    package var magnetBorderWidth = Length(millimetres: 2.5)

    package init() {}
}

package struct Magnets: Hashable, Sendable {
    package enum Style: String, Hashable, Sendable, CaseIterable {
        case glueFromTop = "glue-from-top"
        case pressFit = "press-fit"
        case glueFromBottom = "glue-from-bottom"
    }
    package enum Frame: String, Hashable, Sendable, CaseIterable {
        case solid
        case round
    }

    package var style = Style.pressFit
    package var frame = Frame.round
    package var diameter = Length(millimetres: 5.9)
    package var height = Length(millimetres: 2.25)
    /// Skin above and below the slot.
    package var top = Length(millimetres: 0.5)
    package var bottom = Length(millimetres: 0.75)
    /// Wall around the slot.
    package var border = Length(millimetres: 2)
    /// Of the slot or hole by which a magnet is pushed out; zero is none.
    package var releaseWidth = Length(millimetres: 3)

    package init() {}

    /// Of the layer below the plate's own 4.65 mm.
    package var layerHeight: Length {
        height + (style == .glueFromTop ? .zero : top) + (style == .glueFromBottom ? .zero : bottom)
    }
}

/// Debossed on the underside.
package struct Numbering: Hashable, Sendable {
    package var depth = Length(millimetres: 0.5)
    package var size = Length(millimetres: 3)
    /// Where the segment is one cell wide.
    package var squeezedSize = Length(millimetres: 2)

    package init() {}
}

/// What stands in a cell's place.
package enum CellKind: String, Hashable, Sendable {
    /// A pocket, as the layout says.
    case cell = "c"
    /// Solid, flush with the top.
    case solid = "s"
    /// Nothing at all.
    case empty = "e"
}
