/// Circles as polygons of 40 sides, from one table of integers: the same points on every machine and mirrored exactly in
/// all four quadrants.
enum CircleTable {
    /// Cosines of 0°, 9° … 90° in billionths.
    private static let cosines = [
        1_000_000_000, 987_688_341, 951_056_516, 891_006_524, 809_016_994, 707_106_781, 587_785_252, 453_990_500,
        309_016_994, 156_434_465, 0,
    ]
    static let sidesPerQuarter = 10

    /// The point at `step` × 9° (0...10) of a circle around (0, 0).
    static func point(radius: Int, step: Int) -> Point {
        Point(scaled(radius, cosines[step]), scaled(radius, cosines[sidesPerQuarter - step]))
    }

    /// A quarter of a circle, counter-clockwise, 11 points: quadrant 0 runs from east to north.
    static func quarter(centre: Point, radius: Int, quadrant: Int) -> [Point] {
        (0...sidesPerQuarter).map { turned(point(radius: radius, step: $0), quarters: quadrant) + centre }
    }

    /// Counter-clockwise, 40 points.
    static func circle(centre: Point, radius: Int) -> [Point] {
        (0..<4).flatMap { quarter(centre: centre, radius: radius, quadrant: $0).dropLast() }
    }

    /// Turned counter-clockwise around (0, 0) by right angles.
    static func turned(_ point: Point, quarters: Int) -> Point {
        switch quarters & 3 {
        case 0: point
        case 1: Point(-point.y, point.x)
        case 2: Point(-point.x, -point.y)
        default: Point(point.y, -point.x)
        }
    }

    private static func scaled(_ radius: Int, _ billionths: Int) -> Int {
        (radius * billionths + 500_000_000) / 1_000_000_000
    }
}

extension Point {
    static func + (left: Point, right: Point) -> Point { Point(left.x + right.x, left.y + right.y) }
    static func - (left: Point, right: Point) -> Point { Point(left.x - right.x, left.y - right.y) }

    /// Twice the area of the triangle (self, a, b): above zero if it runs counter-clockwise.
    @inline(__always)
    func cross(_ a: Point, _ b: Point) -> Int { (a.x - x) * (b.y - y) - (a.y - y) * (b.x - x) }
}

/// An upright rectangle.
struct Box: Hashable, Sendable {
    var west: Int
    var south: Int
    var east: Int
    var north: Int

    var width: Int { east - west }
    var depth: Int { north - south }
    /// Counter-clockwise.
    var corners: [Point] { [Point(west, south), Point(east, south), Point(east, north), Point(west, north)] }

    func overlaps(_ other: Box) -> Bool {
        west < other.east && other.west < east && south < other.north && other.south < north
    }

    func grown(by margin: Int) -> Box {
        Box(west: west - margin, south: south - margin, east: east + margin, north: north + margin)
    }

    func intersection(_ other: Box) -> Box? {
        let common = Box(
            west: max(west, other.west), south: max(south, other.south), east: min(east, other.east),
            north: min(north, other.north))
        return common.west < common.east && common.south < common.north ? common : nil
    }

    static func around(_ points: some Sequence<Point>) -> Box {
        var box = Box(west: .max, south: .max, east: .min, north: .min)
        for point in points {
            box.west = min(box.west, point.x)
            box.east = max(box.east, point.x)
            box.south = min(box.south, point.y)
            box.north = max(box.north, point.y)
        }
        return box
    }
}
