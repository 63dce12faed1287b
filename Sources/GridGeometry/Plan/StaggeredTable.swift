/// The dynamic programming of `StaggeredSplit`: for each pair of last seams of the even and odd lanes the best way to the
/// end. One table answers many questions.
///
/// The lane that lags behind steps, so no lane is ever further ahead than its longest part: only this band of pairs can
/// be met, and only it is worked out.
struct StaggeredTable {
    private let axis: PrintAxis
    private let evenLanes: Int
    private let oddLanes: Int
    private let evenCounted: Int
    private let oddCounted: Int
    /// The next seam after each place; empty for lanes that are free.
    private let evenNext: [Int]
    private let oddNext: [Int]
    /// Pairs of an even seam: from `leadOfEven` cells before it.
    private let band: Int
    private let leadOfEven: Int
    private let leadOfOdd: Int
    private var costs: [SeamCost]
    /// The next seam of the lane that lags behind.
    private var next: [Int]
    /// Of a free lane, to the end of the axis.
    private var fewest: [Int]

    /// What an answer is held to, beside its cost.
    struct Bounds {
        /// Cells, rounded, of the bodies of parts that are free.
        var longest = Int.max
        var shortest = 0
        /// Cells between two seams of neighbours, four-way joints excepted.
        var distance = 0
    }

    init(_ split: StaggeredSplit) {
        axis = split.axis
        evenLanes = split.evenLanes
        oddLanes = split.oddLanes
        evenCounted = split.evenCounted
        oddCounted = split.oddCounted
        let count = split.axis.count
        evenNext = split.fixedEven.map { Self.following($0, count: count) } ?? []
        oddNext = split.fixedOdd.map { Self.following($0, count: count) } ?? []
        leadOfEven = evenNext.isEmpty ? axis.longestPiece : Self.longestStep(evenNext)
        leadOfOdd = oddNext.isEmpty ? axis.longestPiece : Self.longestStep(oddNext)
        band = leadOfEven + leadOfOdd + 1
        costs = [SeamCost](repeating: .none, count: (count + 1) * band)
        next = [Int](repeating: 0, count: (count + 1) * band)
        fewest = [Int](repeating: 0, count: count + 1)
    }

    /// The next of these seams after each place; beyond the last one, the end.
    private static func following(_ parts: [Int], count: Int) -> [Int] {
        let seams = StaggeredSplit.seams(parts)
        return (0..<count).map { place in seams.first { $0 > place } ?? count } + [count]
    }

    private static func longestStep(_ next: [Int]) -> Int {
        next.enumerated().reduce(0) { max($0, $1.element - $1.offset) }
    }

    private func index(_ even: Int, _ odd: Int) -> Int { even * band + odd - even + leadOfEven }

    /// - Returns: nil when no lanes are within the bounds.
    mutating func solve(_ bounds: Bounds) -> StaggeredSplit.Answer? {
        let count = axis.count
        for even in stride(from: count, through: 0, by: -1) {
            for odd in stride(from: min(count, even + leadOfOdd), through: max(0, even - leadOfEven), by: -1) {
                if even == count, odd == count {
                    costs[index(even, odd)] = .zero
                } else {
                    step(even, odd, bounds)
                }
            }
        }
        return answer()
    }

    private mutating func step(_ even: Int, _ odd: Int, _ bounds: Bounds) {
        let isEven = even <= odd
        let fixed = isEven ? evenNext : oddNext
        let from = isEven ? even : odd
        if !fixed.isEmpty {
            let to = fixed[from]
            let cost = cost(even, odd, from: from, to: to, bounds)
            costs[index(even, odd)] = cost
            next[index(even, odd)] = cost == .none ? 0 : to
            return
        }
        var best = SeamCost.none
        var bestNext = 0
        for place in axis.pieces(from: from) {
            let piece = axis.pieces[place]
            if piece.cells > bounds.longest || piece.cells < bounds.shortest { continue }
            let cost = cost(even, odd, from: from, to: piece.end, bounds)
            if cost == .none { continue }
            // Among equals the even lanes begin with a long part and the odd ones with a short one.
            if isEven ? cost <= best : cost < best {
                best = cost
                bestNext = piece.end
            }
        }
        costs[index(even, odd)] = best
        next[index(even, odd)] = bestNext
    }

    /// From a pair to the end when the lane that lags behind steps to a seam.
    @inline(__always)
    private func cost(_ even: Int, _ odd: Int, from: Int, to: Int, _ bounds: Bounds) -> SeamCost {
        let isEven = even <= odd
        let other = isEven ? odd : even
        let rest = costs[isEven ? index(to, odd) : index(even, to)]
        if rest == .none { return .none }
        var fourWay = 0
        var apart = 0
        if to < axis.count, other > 0, other < axis.count {
            apart = abs(to - other)
            if apart == 0 { fourWay = 1 } else if apart < bounds.distance { return .none }
        }
        let counted = isEven ? evenCounted : oddCounted
        return rest
            + SeamCost(
                fourWay: fourWay, parts: isEven ? evenLanes : oddLanes, narrow: to - from == 1 ? counted : 0,
                distance: apart)
    }

    private func answer() -> StaggeredSplit.Answer? {
        let cost = costs[index(0, 0)]
        guard cost != .none else { return nil }
        var even = 0
        var odd = 0
        var evenParts: [Int] = []
        var oddParts: [Int] = []
        while even < axis.count || odd < axis.count {
            let next = next[index(even, odd)]
            if even <= odd {
                evenParts.append(next - even)
                even = next
            } else {
                oddParts.append(next - odd)
                odd = next
            }
        }
        return StaggeredSplit.Answer(cost: cost, even: evenParts, odd: oddParts)
    }

    /// Whether the lanes, each by itself, could have so few parts: asked first, since most questions end here.
    mutating func mayHaveParts(_ answer: StaggeredSplit.Answer, within bounds: Bounds) -> Bool {
        let count = axis.count
        let none = count + 1
        fewest[count] = 0
        for from in stride(from: count - 1, through: 0, by: -1) {
            var least = none
            for place in axis.pieces(from: from) {
                let piece = axis.pieces[place]
                if piece.cells > bounds.longest || piece.cells < bounds.shortest { continue }
                least = min(least, fewest[piece.end] + 1)
            }
            fewest[from] = least
        }
        let even = evenNext.isEmpty ? fewest[0] : answer.even.count
        let odd = oddNext.isEmpty ? fewest[0] : answer.odd.count
        guard evenNext.isEmpty ? even < none : true, oddNext.isEmpty ? odd < none : true else { return false }
        return evenLanes * even + oddLanes * odd <= evenLanes * answer.even.count + oddLanes * answer.odd.count
    }
}

/// Four-way joints, parts, narrow parts and, negative, the sum of the distances between neighbouring seams: in one
/// number, so that costs add and compare as one. Each has 15 bits, and an axis has fewer than 90 cells (`PlateLimits`),
/// so no sum reaches 2¹⁵.
struct SeamCost: Comparable {
    private var packed: Int

    static let none = SeamCost(packed: Int.max)
    static let zero = SeamCost(packed: 0)

    private init(packed: Int) { self.packed = packed }

    init(fourWay: Int = 0, parts: Int = 0, narrow: Int = 0, distance: Int = 0) {
        packed = fourWay << 45 + parts << 30 + narrow << 15 - distance
    }

    static func < (left: SeamCost, right: SeamCost) -> Bool { left.packed < right.packed }
    static func + (left: SeamCost, right: SeamCost) -> SeamCost { SeamCost(packed: left.packed + right.packed) }

    /// But for the distances.
    func isAsGood(as other: SeamCost) -> Bool { (packed + 0x7FFF) >> 15 == (other.packed + 0x7FFF) >> 15 }
}
