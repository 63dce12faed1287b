/// Pockets of outer cells that the plate's edge cuts (negative padding): from which height on they are open to the side.
struct CutEdges {
    /// A wall thinner than this is left out, so that no film and no needle remains where a slope runs out.
    static let film = 500

    let frame: SegmentFrame
    let sides: [Side]

    init(_ frame: SegmentFrame) {
        self.frame = frame
        sides = Side.allCases.filter { frame.cut($0) > 0 && frame.columnCount > 0 }
    }

    var isEmpty: Bool { sides.isEmpty }

    /// Whether a wall is gone for the whole height of a pocket's upright part.
    var reachesPastWalls: Bool { sides.contains { frame.cut($0) + Self.film >= Profile.uprightInset } }

    /// Walls between cells hang together by any whole wall across them: nothing falls off unless both walls of a single
    /// row or column are gone, the corner between two sides stands alone, or cells are left out.
    var mayLeavePieces: Bool {
        let gone = sides.filter { frame.cut($0) + Self.film >= Profile.uprightInset }
        guard !gone.isEmpty else { return false }
        let isPlain = frame.segment.cells.allSatisfy { $0.allSatisfy { $0 == .cell } }
        return !isPlain || gone.count > 1
    }

    /// Heights (over the pockets' bottoms) at which something opens, and steps between them where an arc moves along a cut.
    var levels: [Int] {
        var levels: [Int] = []
        for side in sides {
            let cut = frame.cut(side)
            let opening = Self.lowest { Profile.inset(at: $0) <= cut + Self.film }
            levels.append(opening)
            // On the straight part of a pocket's neighbouring side the passage moves in a straight line.
            guard cut < Profile.cornerCentre else { continue }
            levels += Self.steps(from: max(opening, 0), to: Profile.lowerSlopeTop)
            levels += Self.steps(from: max(opening, Profile.upperSlopeBottom), to: Profile.height)
        }
        for (first, second) in adjacent {
            levels.append(Self.lowest { isPassed(first, second, at: $0) })
        }
        return levels
    }

    /// Openings between two levels; `middle` is any height between them.
    func openings(at middle: Int) -> [Opening] {
        let open = sides.filter { Profile.inset(at: middle) <= frame.cut($0) + Self.film }
        var openings: [Opening] = []
        for row in 0..<frame.rowCount {
            for column in 0..<frame.columnCount where frame.kind(column: column, row: row) == .cell {
                let here = open.filter { frame.isAt($0, column: column, row: row) }
                let cell = frame.cell(column: column, row: row)
                // Sides follow each other counter-clockwise; one whose corner to the one before is passed belongs to it.
                for side in here {
                    if let before = Self.before(side), here.contains(before), isPassed(before, side, at: middle) {
                        continue
                    }
                    var opening = Opening(cutting: frame.cut(side), side: side, column: column, row: row, cell: cell)
                    while let next = Self.after(opening.exitSide), next != side, here.contains(next),
                        isPassed(opening.exitSide, next, at: middle)
                    {
                        opening.exitSide = next
                    }
                    openings.append(opening)
                }
            }
        }
        return openings
    }

    /// Open sides of a cell with the lines that cut it.
    func lines(column: Int, row: Int, at middle: Int) -> [(side: Side, line: Int)] {
        sides.filter {
            frame.isAt($0, column: column, row: row) && Profile.inset(at: middle) <= frame.cut($0) + Self.film
        }.map { side in
            switch side {
            case .south: (side, frame.body.south)
            case .north: (side, frame.body.north)
            case .west: (side, frame.body.west)
            case .east: (side, frame.body.east)
            }
        }
    }

    private var adjacent: [(Side, Side)] {
        sides.compactMap { side in
            guard let next = Self.after(side), sides.contains(next) else { return nil }
            return (side, next)
        }
    }

    /// Whether nothing is left of the material in the corner between two cut sides.
    private func isPassed(_ first: Side, _ second: Side, at z: Int) -> Bool {
        let a = frame.cut(first)
        let b = frame.cut(second)
        let inset = Profile.inset(at: z) - Self.film
        let centre = Profile.cornerCentre
        if a < centre && b < centre {
            let radius = centre - inset
            return (centre - a) * (centre - a) + (centre - b) * (centre - b) <= radius * radius
        }
        return min(a, b) >= inset
    }

    private static func after(_ side: Side) -> Side? { Side(rawValue: (side.rawValue + 1) % 4) }
    private static func before(_ side: Side) -> Side? { Side(rawValue: (side.rawValue + 3) % 4) }

    /// The lowest height at which something holds that, once true, stays so further up.
    private static func lowest(_ holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = Profile.height
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func steps(from: Int, to: Int) -> [Int] {
        guard from < to else { return [] }
        let count = (to - from + 2_699) / 2_700
        return (0...count).map { from + (to - from) * $0 / count }
    }
}
