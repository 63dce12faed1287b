@testable import GridGeometry

/// The foot of a Gridfinity bin: 41.5 mm wide with corners of 3.75 mm at its top, below in stacked steps of 2.15 mm at
/// 45°, 1.8 mm upright and 0.8 mm at 45° (gridfinity-rebuilt `standard.scad`, dimensions only). It stands on the height
/// of the pockets' bottoms: on the drawer's floor, or on that of the pocket where there is one.
enum BinFoot {
    static let height = 47_500
    private static let halfWidth = 207_500
    private static let radius = 37_500
    /// Heights over its bottom at which its sides change direction.
    static let levels = [0, 8_000, 26_000, 47_500]
    /// Between its upright sides and those of a pocket, and between their slopes: 42 mm less 41.5 mm, and 0.1 mm more
    /// because the pocket's slopes begin 0.1 mm lower.
    static let uprightClearance = 2_500
    static let slopeClearance = 3_500

    /// How far its side lies inwards of its widest place.
    static func inset(at z: Int) -> Int {
        if z < 8_000 { return 29_500 - z }
        if z <= 26_000 { return 21_500 }
        return max(0, 47_500 - z)
    }

    /// Counter-clockwise and convex, around (0, 0), nowhere smaller than the foot with its true arcs.
    /// - Parameter growth: of all sides outwards.
    static func section(at z: Int, grownBy growth: Int = 0) -> [Point] {
        let half = halfWidth - inset(at: z)
        let round = radius - inset(at: z) + growth
        let centre = half + growth - round
        var points: [Point] = []
        for quadrant in 0..<4 {
            let middle = CircleTable.turned(Point(centre, centre), quarters: quadrant)
            points += arc(radius: round).map { CircleTable.turned($0, quarters: quadrant) + middle }
        }
        return points
    }

    /// A quarter of a circle from the east to the north as the corners of a polygon around it: the tangents at every 9°
    /// meet there.
    private static func arc(radius: Int) -> [Point] {
        let sides = CircleTable.sidesPerQuarter
        let tangents = (0...sides).map { CircleTable.point(radius: 1_000_000_000, step: $0) }
        let corners = zip(tangents, tangents.dropFirst()).map { first, second in
            // Where the tangents at two points of the unit circle meet: their sum over one and their scalar product.
            let scale = 1_000_000_000 + (first.x * second.x + first.y * second.y) / 1_000_000_000
            return Point(
                ((first.x + second.x) * radius + scale - 1) / scale, ((first.y + second.y) * radius + scale - 1) / scale
            )
        }
        return [Point(radius, 0)] + corners + [Point(0, radius)]
    }
}

/// A convex polygon that is to have nothing of a plate in it.
struct FreeRoom {
    /// Counter-clockwise.
    let corners: [Point]
    let box: Box

    init(_ corners: [Point]) {
        self.corners = corners
        box = Box.around(corners)
    }

    /// Whether the polygon's inside meets what lies on the left of closed loops: an edge of theirs passes through it, or
    /// all of it is inside of them. Two convex shapes are apart exactly when a line along a side of one divides them, so
    /// whole numbers decide.
    func meets(_ loops: [[Point]]) -> Bool {
        for loop in loops {
            guard var previous = loop.last else { continue }
            for point in loop {
                if passes(previous, point) { return true }
                previous = point
            }
        }
        return winding(of: loops, around: Point((box.west + box.east) / 2, (box.south + box.north) / 2)) != 0
    }

    private func passes(_ start: Point, _ end: Point) -> Bool {
        if max(start.x, end.x) <= box.west || min(start.x, end.x) >= box.east { return false }
        if max(start.y, end.y) <= box.south || min(start.y, end.y) >= box.north { return false }
        guard var previous = corners.last else { return false }
        var (isLeft, isRight) = (false, false)
        for corner in corners {
            if previous.cross(corner, start) <= 0, previous.cross(corner, end) <= 0 { return false }
            let turn = start.cross(end, corner)
            if turn > 0 { isLeft = true }
            if turn < 0 { isRight = true }
            previous = corner
        }
        return isLeft && isRight
    }

    private func winding(of loops: [[Point]], around place: Point) -> Int {
        var winding = 0
        for loop in loops {
            guard var previous = loop.last else { continue }
            for point in loop {
                if (previous.y <= place.y) != (point.y <= place.y) {
                    let turn = previous.cross(point, place)
                    if point.y > previous.y, turn > 0 { winding += 1 }
                    if point.y < previous.y, turn < 0 { winding -= 1 }
                }
                previous = point
            }
        }
        return winding
    }
}
