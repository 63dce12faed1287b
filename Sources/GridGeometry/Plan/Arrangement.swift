/// How the cells are shared out: lanes (columns of parts, or rows of parts) whose seams pass through, each cut on its
/// own. Only column lanes are upstream's way; row lanes are taken when they are better.
struct Arrangement {
    /// Lanes are rows of parts.
    let isTransposed: Bool
    /// Cells across each lane.
    let lanes: [Int]
    /// Cells of each part along even and odd lanes.
    let even: [Int]
    let odd: [Int]
    /// Points where four parts meet.
    let fourWayJoints: Int
    let parts: Int
    /// Pieces of the strips of padding, which are cut where the seams beside them allow.
    var stripPieces = 0
    /// Parts one cell wide or deep.
    let narrowParts: Int
    /// Of the areas of the parts' bodies.
    let balance: Balance

    /// - Parameters:
    ///   - across: the axis that the lanes divide.
    ///   - along: the axis that the parts of a lane divide.
    init(isTransposed: Bool, lanes: [Int], even: [Int], odd: [Int], across: PrintAxis, along: PrintAxis) {
        self.isTransposed = isTransposed
        self.lanes = lanes
        self.even = even
        self.odd = odd
        let evenSeams = Self.innerSeams(even)
        let oddSeams = Self.innerSeams(odd)
        fourWayJoints = evenSeams.count(where: oddSeams.contains) * (lanes.count - 1)
        var parts = 0
        var narrow = 0
        for (index, lane) in lanes.enumerated() {
            let cells = index.isMultiple(of: 2) ? even : odd
            parts += cells.count
            narrow += lane == 1 ? cells.count : cells.count { $0 == 1 }
        }
        self.parts = parts
        narrowParts = narrow
        // The largest and smallest of each side make the largest and smallest area: no size is negative.
        var areas: [Int] = []
        let lengths = [Balance(along.bodies(of: even)), Balance(along.bodies(of: odd))]
        for (index, width) in across.bodies(of: lanes).enumerated() {
            areas += [lengths[index % 2].largest * width, lengths[index % 2].smallest * width]
        }
        balance = Balance(areas)
    }

    private static func innerSeams(_ parts: [Int]) -> [Int] {
        var seam = 0
        return parts.dropLast().map { part in
            seam += part
            return seam
        }
    }

    /// Every part of either fits on the bed.
    func isBetter(than other: Arrangement, isBalanced: Bool) -> Bool {
        let own = (fourWayJoints, parts + stripPieces, narrowParts)
        let others = (other.fourWayJoints, other.parts + other.stripPieces, other.narrowParts)
        return own == others ? isBalanced && balance < other.balance : own < others
    }

    /// Ranges of columns and rows, lane after lane: the order of upstream's numbers.
    var areas: [(columns: Range<Int>, rows: Range<Int>)] {
        var areas: [(columns: Range<Int>, rows: Range<Int>)] = []
        var across = 0
        for (index, lane) in lanes.enumerated() {
            var along = 0
            for part in index.isMultiple(of: 2) ? even : odd {
                let lanes = across..<(across + lane)
                let parts = along..<(along + part)
                areas.append(isTransposed ? (parts, lanes) : (lanes, parts))
                along += part
            }
            across += lane
        }
        return areas
    }
}
