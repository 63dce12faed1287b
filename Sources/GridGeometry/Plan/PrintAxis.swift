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
        var line = 0
        lines =
            [0]
            + cells.map { cell in
                line += cell
                return line
            }
    }

    var count: Int { cells.count }

    /// Of the body of a part with these cells.
    func body(_ from: Int, _ to: Int) -> Int {
        lines[to] - lines[from] + (from == 0 ? start : 0) + (to == count ? end : 0)
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
        var sizes: [Int] = []
        for from in 0..<count {
            for to in (from + 1)...count {
                if fits(from, to) {
                    sizes.append(body(from, to))
                } else if lines[to] - lines[from] > bed {
                    break
                }
            }
        }
        sizes.sort()
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
