/// One axis as a printer sees it: which ranges of cells fit on the bed in one part.
struct PrintAxis {
    /// Of each cell.
    let cells: [Int]
    /// Padding that belongs to the first and to the last part.
    let start: Int
    let end: Int
    /// What the first part reaches beyond its body at the start, where a strip of padding may stand, and the last at
    /// the end.
    let startReach: Int
    let endReach: Int
    /// At a seam: sockets at the start of a part, tabs at its end.
    let innerStartReach: Int
    let innerEndReach: Int
    let bed: Int
    /// `lines[i]` is the start of cell `i`, counted from the start of cell 0.
    let lines: [Int]
    /// All parts that fit on the bed, by their first cell and then their end.
    let pieces: [Piece]
    /// Where the parts of each first cell begin among `pieces`, and, last, how many there are.
    private let firstPieces: [Int]
    /// Cells of the part with the most.
    let longestPiece: Int

    /// A part that fits on the bed.
    struct Piece {
        /// After its last cell.
        let end: Int
        /// Of its body.
        let size: Int
        /// The same, rounded to cells.
        let cells: Int
    }

    init(
        cells: [Int], start: Int, end: Int, startReach: Int, endReach: Int, innerStartReach: Int, innerEndReach: Int,
        bed: Int
    ) {
        self.cells = cells
        self.start = start
        self.end = end
        self.startReach = startReach
        self.endReach = endReach
        self.innerStartReach = innerStartReach
        self.innerEndReach = innerEndReach
        self.bed = bed
        var lines = [0]
        lines.reserveCapacity(cells.count + 1)
        for cell in cells { lines.append(lines[lines.count - 1] + cell) }
        self.lines = lines
        var pieces: [Piece] = []
        var firstPieces = [0]
        var longest = 0
        for from in cells.indices {
            for to in (from + 1)...cells.count {
                let size = Self.body(from, to, lines, start: start, end: end)
                let printed =
                    size + (from == 0 ? startReach : innerStartReach) + (to == cells.count ? endReach : innerEndReach)
                if printed <= bed {
                    pieces.append(Piece(end: to, size: size, cells: Self.cells(size)))
                    longest = max(longest, to - from)
                } else if lines[to] - lines[from] > bed {
                    // A cut leaves something of the last cell: no longer part fits.
                    break
                }
            }
            firstPieces.append(pieces.count)
        }
        self.pieces = pieces
        self.firstPieces = firstPieces
        longestPiece = longest
    }

    var count: Int { cells.count }

    /// Those of `pieces` that begin with a cell.
    func pieces(from: Int) -> Range<Int> {
        from < count ? firstPieces[from]..<firstPieces[from + 1] : pieces.count..<pieces.count
    }

    /// Of the body of a part with these cells.
    func body(_ from: Int, _ to: Int) -> Int { Self.body(from, to, lines, start: start, end: end) }

    private static func body(_ from: Int, _ to: Int, _ lines: [Int], start: Int, end: Int) -> Int {
        lines[to] - lines[from] + (from == 0 ? start : 0) + (to == lines.count - 1 ? end : 0)
    }

    /// The size of a body, rounded to cells.
    static func cells(_ size: Int) -> Int {
        let pitch = CellLayout.pitch.tenthMicrometres
        return (size + pitch / 2) / pitch
    }

    /// Of a part with these cells, tabs and jaws included.
    func printed(_ from: Int, _ to: Int) -> Int {
        body(from, to) + (from == 0 ? startReach : innerStartReach) + (to == count ? endReach : innerEndReach)
    }

    func fits(_ from: Int, _ to: Int) -> Bool { printed(from, to) <= bed }

    /// The smallest bed on which every cell can be printed in some part.
    var smallestBed: Int {
        (0..<count).map { printed($0, $0 + 1) }.max() ?? 0
    }

    /// All sizes that a part can have, ascending.
    func bodies() -> [Int] {
        let sizes = pieces.map(\.size).sorted()
        // Most sizes are multiples of a cell: each is worth one question only.
        var distinct: [Int] = []
        for size in sizes where size != distinct.last { distinct.append(size) }
        return distinct
    }

    /// Of parts with so many cells each.
    func bodies(of parts: [Int]) -> [Int] {
        var from = 0
        return parts.map { part in
            defer { from += part }
            return body(from, from + part)
        }
    }
}
