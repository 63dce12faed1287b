/// A side of a segment, with the frame its tabs are drawn in.
enum Side: Int, CaseIterable, Sendable {
    case south
    case east
    case north
    case west

    /// Tabs stick out of north and east, sockets lie in south and west.
    var isMale: Bool { self == .north || self == .east }
    /// Runs west to east.
    var isHorizontal: Bool { self == .south || self == .north }

    /// From (outwards, along) around `corner`, which lies on the seam; along is to the north or to the east.
    func place(_ point: Point, at corner: Point) -> Point {
        switch self {
        case .south: Point(corner.x + point.y, corner.y - point.x)
        case .east: Point(corner.x + point.x, corner.y + point.y)
        case .north: Point(corner.x + point.y, corner.y + point.x)
        case .west: Point(corner.x - point.x, corner.y + point.y)
        }
    }

    /// As `place`, keeping the loop's sense of rotation; `mirrored` swaps the direction along the seam.
    func place(_ loop: [Point], at corner: Point, mirrored: Bool) -> [Point] {
        let placed = loop.map { place(mirrored ? Point($0.x, -$0.y) : $0, at: corner) }
        let turnsOver = (self == .north || self == .west) != mirrored
        return turnsOver ? placed.reversed() : placed
    }
}

extension Box {
    /// Of the side's extent, in x or y.
    func middle(along side: Side) -> Int { side.isHorizontal ? (west + east) / 2 : (south + north) / 2 }

    /// The point of a side at a place along it.
    func point(on side: Side, at along: Int) -> Point {
        switch side {
        case .south: Point(along, south)
        case .north: Point(along, north)
        case .west: Point(west, along)
        case .east: Point(east, along)
        }
    }
}

extension Sides {
    subscript(side: Side) -> Value {
        switch side {
        case .south: south
        case .east: east
        case .north: north
        case .west: west
        }
    }
}
