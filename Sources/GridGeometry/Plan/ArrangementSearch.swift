/// Finds the best arrangement under a wish's split, upright or transposed.
struct ArrangementSearch {
    let x: PrintAxis
    let y: PrintAxis
    let split: Split
    /// False leaves balance out, as upstream does.
    let isBalanced: Bool
    /// Of an arrangement; nil where the plate has no strips of padding.
    let stripPieces: ((Arrangement) -> Int)?

    /// - Returns: nil when some cell fits on no part.
    func best() -> Arrangement? {
        guard var upright = Way(across: x, along: y, split: split, isTransposed: false) else { return nil }
        guard split.columns == nil, split.rowsEven == nil, split.rowsOdd == nil, split.isStaggered,
            var level = Way(across: y, along: x, split: Split(), isTransposed: true)
        else { return upright.arrangement(isBalanced: isBalanced) }
        if stripPieces == nil, let isLevel = level.isPlainlyBetter(than: upright) {
            return isLevel ? level.arrangement(isBalanced: isBalanced) : upright.arrangement(isBalanced: isBalanced)
        }
        var (one, other) = (
            upright.arrangement(isBalanced: isBalanced), level.arrangement(isBalanced: isBalanced)
        )
        one.stripPieces = stripPieces?(one) ?? 0
        other.stripPieces = stripPieces?(other) ?? 0
        return other.isBetter(than: one, isBalanced: isBalanced) ? other : one
    }

    /// Lanes of one direction: first without a look at balance, which takes many times as long.
    private struct Way {
        private let across: PrintAxis
        private let along: PrintAxis
        private let split: StaggeredSplit
        private var table: StaggeredTable?
        private let first: StaggeredSplit.Answer?
        private let rough: Arrangement

        /// - Returns: nil when some cell fits on no part.
        init?(across: PrintAxis, along: PrintAxis, split: Split, isTransposed: Bool) {
            guard let lanes = split.columns ?? SingleSplit(axis: across).best() else { return nil }
            self.across = across
            self.along = along
            let (even, odd) = (split.rowsEven, split.rowsOdd)
            let wide = lanes.enumerated().filter { $0.element > 1 }
            self.split = StaggeredSplit(
                axis: along, evenLanes: (lanes.count + 1) / 2, oddLanes: lanes.count / 2,
                evenCounted: wide.count { $0.offset.isMultiple(of: 2) },
                oddCounted: wide.count { !$0.offset.isMultiple(of: 2) }, fixedEven: even, fixedOdd: odd)
            func arrangement(_ even: [Int], _ odd: [Int]) -> Arrangement {
                Arrangement(
                    isTransposed: isTransposed, lanes: lanes, even: even, odd: odd, across: across, along: along)
            }
            if lanes.count == 1 || !split.isStaggered {
                guard let single = even ?? odd ?? SingleSplit(axis: along).best() else { return nil }
                (table, first) = (nil, nil)
                rough = arrangement(single, odd ?? single)
                return
            }
            var table = StaggeredTable(self.split)
            guard let first = self.split.first(&table) else { return nil }
            (self.table, self.first) = (table, first)
            rough = arrangement(first.even, first.odd)
        }

        mutating func arrangement(isBalanced: Bool) -> Arrangement {
            guard var table, let first else { return rough }
            self.table = nil
            let answer = split.refined(first, isBalanced: isBalanced, &table)
            return Arrangement(
                isTransposed: rough.isTransposed, lanes: rough.lanes, even: answer.even, odd: answer.odd,
                across: across, along: along)
        }

        /// What a closer look at balance leaves as it is: joints and parts, and narrow parts where no lane is narrow.
        /// - Returns: nil where that does not decide.
        func isPlainlyBetter(than other: Way) -> Bool? {
            let own = (rough.fourWayJoints, rough.parts)
            let others = (other.rough.fourWayJoints, other.rough.parts)
            if own != others { return own < others }
            guard !rough.lanes.contains(1), !other.rough.lanes.contains(1), rough.narrowParts != other.rough.narrowParts
            else { return nil }
            return rough.narrowParts < other.rough.narrowParts
        }
    }
}
