import GridGeometry

/// The longest plate whose files can be kept, where a longer one was refused. From a plan it is reckoned what a shorter
/// plate would have; only what seems to be right is planned, so that few plans are enough, whatever is asked.
package struct LongestPlate {
    let wish: PlateWish
    /// The side that is made shorter; else the depth.
    let isWidth: Bool
    let planning: PlateBulk.Planning

    /// A plan of a large plate takes milliseconds, and whoever asks for what is refused pays nothing.
    package static let trialsMaximum = 3

    /// A length to be tried.
    private struct Candidate {
        let millimetres: Int
        let cells: Int
    }

    /// - Returns: whole millimetres of a plate that was planned and can be kept; nil where none was found.
    func millimetres(below plan: PlatePlan) -> Int? {
        // Manual splits, and cells that are said one by one, are of this very drawer.
        let manual = isWidth ? [wish.split.columns] : [wish.split.rowsEven, wish.split.rowsOdd]
        guard wish.cellOverride.isEmpty, manual.allSatisfy({ $0 == nil }) else { return nil }
        var open = candidates()[...]
        var found: Int?
        var known = Reckoning(plan, isWidth: isWidth)
        for trial in 1...Self.trialsMaximum {
            // Some answer is better than the best one: the last trial is careful while nothing is known to fit.
            let isCareful = found == nil && trial == Self.trialsMaximum
            guard let index = open.lastIndex(where: { known.fits(cells: $0.cells, isCareful: isCareful) }) else {
                break
            }
            let candidate = open[index]
            let shorter = try? planning(shortened(to: candidate.millimetres))
            if let shorter { known = Reckoning(shorter, isWidth: isWidth) }
            if let shorter, PlateBulk.fits(shorter) {
                found = candidate.millimetres
                open = open[(index + 1)...]
            } else {
                open = open[..<index]
            }
        }
        return found
    }

    /// Ascending; of all lengths in whole millimetres that have the same number of cells only the longest, since none of
    /// them has smaller files.
    private func candidates() -> [Candidate] {
        let side = isWidth ? wish.drawer.width : wish.drawer.depth
        var candidates: [Candidate] = []
        for millimetres in 1..<max(Int(side.millimetres.rounded(.up)), 2) {
            let shorter = shortened(to: millimetres)
            guard let cells = (isWidth ? shorter.layoutX : shorter.layoutY)?.cells.count else { continue }
            if candidates.last?.cells == cells { candidates.removeLast() }
            candidates.append(Candidate(millimetres: millimetres, cells: cells))
        }
        return candidates
    }

    private func shortened(to millimetres: Int) -> PlateWish {
        var shorter = wish
        let length = Length(millimetres: Double(millimetres))
        if isWidth { shorter.drawer.width = length } else { shorter.drawer.depth = length }
        return shorter
    }
}

/// What a plate's files would take if it had more or fewer cells along one side: cells grow with them, and seams with
/// the parts that they need at least.
private struct Reckoning {
    private let largest: PlateBulk.Triangles
    private let all: PlateBulk.Triangles
    private let cells: Int
    /// Whole cells that a part can have.
    private let cellsOfPart: Int
    private let isNumbered: Bool

    init(_ plan: PlatePlan, isWidth: Bool) {
        (largest, all) = PlateBulk.triangles(plan, alongWidth: isWidth)
        cells = isWidth ? plan.columns.count : plan.rows.count
        let overhang = Overhang(of: plan.wish)
        let bed = isWidth ? plan.wish.bed.width : plan.wish.bed.depth
        let room = bed - overhang.male - overhang.female
        cellsOfPart = max(room.tenthMicrometres / CellLayout.pitch.tenthMicrometres, 1)
        isNumbered = plan.wish.numbering != nil
    }

    /// - Parameter isCareful: a tenth is left free, and parts that are made once because they are alike do not become
    ///   fewer with a shorter plate until there are hardly any.
    func fits(cells: Int, isCareful: Bool) -> Bool {
        let (parts, known) = (parts(cells), parts(self.cells))
        func made(_ parts: Int) -> Int { isCareful && !isNumbered ? min(parts, Self.alikeMaximum) : parts }
        func longest(_ cells: Int, _ parts: Int) -> Int { (cells + parts - 1) / parts }
        let growing = all.growing * (cells * made(parts) * known) / (self.cells * made(known) * parts)
        // Every other lane has a part more where seams are staggered.
        let fixed = all.fixed * (2 * made(parts) + 1) / (2 * made(known) + 1)
        let millionths = PlateBulk.millionths(
            largest: largest.growing * longest(cells, parts) / longest(self.cells, known) + largest.fixed,
            all: growing + fixed)
        return millionths <= (isCareful ? PlateBulk.whole / 10 * 9 : PlateBulk.whole)
    }

    private func parts(_ cells: Int) -> Int { max((cells + cellsOfPart - 1) / cellsOfPart, 1) }

    /// Along one side: the first, the last, and two lengths in between.
    private static let alikeMaximum = 4
}
