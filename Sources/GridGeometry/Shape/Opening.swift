/// A place where a pocket is open to the side: through a socket of the edge puzzle, or because the plate's edge cuts the
/// pocket. Walking around the body counter-clockwise one leaves the outline here, goes around the pocket and comes back.
struct Opening {
    enum Kind {
        case socket(EdgeTab, EdgeTabPlace)
        /// Depth of the cut into the cell.
        case cut(Int)
    }

    /// Where one leaves the outline and where one comes back to it: another side if the body's corner between lies in the
    /// pocket.
    let side: Side
    var exitSide: Side
    let column: Int
    let row: Int
    let kind: Kind
    let cell: Box

    init(_ place: EdgeTabPlace, socket: EdgeTab, cell: Box) {
        side = place.side
        exitSide = place.side
        column = place.column
        row = place.row
        kind = .socket(socket, place)
        self.cell = cell
    }

    init(cutting depth: Int, side: Side, column: Int, row: Int, cell: Box) {
        self.side = side
        exitSide = side
        self.column = column
        self.row = row
        kind = .cut(depth)
        self.cell = cell
    }

    /// Corners of the body passed between leaving the outline and coming back.
    var passedCorners: Int { (exitSide.rawValue - side.rawValue + 4) % 4 }

    /// From the outline to the pocket (`isFirst`), or the other flank, also from the outline to the pocket. The number of
    /// points does not depend on the height.
    func flank(isFirst: Bool, limit: SlopeLimit, ring: CutRing) -> [Point] {
        switch kind {
        case .socket(let tab, let place):
            place.flank(tab, isMale: false, isFirst: isFirst, limit: limit)
        case .cut:
            [isFirst ? ring.entry(of: side) : ring.exit(of: exitSide)]
        }
    }
}

/// A pocket's ring at one height with what lies beyond cut sides drawn back to the cuts.
struct CutRing {
    /// Clockwise, 44 points as `PocketRing.hole`.
    private(set) var points: [Point]
    private var entries: [Side: Point] = [:]
    private var exits: [Side: Point] = [:]

    /// Index of the first ring point after each side's straight part, going clockwise (westwards in the south).
    static func firstIndex(after side: Side) -> Int {
        switch side {
        case .south: 11
        case .west: 22
        case .north: 33
        case .east: 0
        }
    }

    /// - Parameter cuts: sides on which the pocket is open at this height, with the line that cuts it.
    init(cell: Box, z: Int, cuts: [(side: Side, line: Int)]) {
        let whole = PocketRing.hole(of: cell, inset: Profile.inset(at: z))
        points = whole
        for (side, line) in cuts {
            let first = Self.firstIndex(after: side)
            let entry = Self.passage(whole, from: first, step: 1, side: side, line: line)
            let exit = Self.passage(whole, from: (first + 43) % 44, step: -1, side: side, line: line)
            entries[side] = entry.point
            exits[side] = exit.point
            for offset in 0..<entry.count { points[(first + offset) % 44] = entry.point }
            for offset in 0..<exit.count { points[(first + 87 - offset) % 44] = exit.point }
        }
    }

    /// Where the ring comes back into the body after a side's straight part, walking in the direction of `step`.
    private static func passage(
        _ ring: [Point], from first: Int, step: Int, side: Side, line: Int
    ) -> (point: Point, count: Int) {
        func inner(_ point: Point) -> Int {
            switch side {
            case .south: point.y - line
            case .north: line - point.y
            case .west: point.x - line
            case .east: line - point.x
            }
        }
        var index = first
        var outside = ring[first]
        if inner(outside) >= 0 {
            // Not reached yet: straight down to the line.
            return (side.isHorizontal ? Point(outside.x, line) : Point(line, outside.y), 0)
        }
        var count = 0
        while inner(ring[index]) < 0 && count < 22 {
            outside = ring[index]
            index = (index + step + 44) % 44
            count += 1
        }
        let inside = ring[index]
        let (near, far) = (inner(inside), inner(outside))
        let x = inside.x + Clipping.divided((outside.x - inside.x) * near, near - far)
        let y = inside.y + Clipping.divided((outside.y - inside.y) * near, near - far)
        return (side.isHorizontal ? Point(x, line) : Point(line, y), count)
    }

    /// Where one comes to the pocket walking around the body, and where one leaves it.
    func entry(of side: Side) -> Point { entries[side] ?? points[Self.firstIndex(after: side)] }
    func exit(of side: Side) -> Point { exits[side] ?? points[(Self.firstIndex(after: side) + 43) % 44] }
}
