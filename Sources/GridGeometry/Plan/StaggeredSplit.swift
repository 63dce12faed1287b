/// Seams along one axis for even and odd lanes (columns of parts, say), so that neighbours' seams do not meet.
///
/// Wanted, in this order: few four-way joints, few parts, few parts one cell wide, parts of even length (`Balance`),
/// seams of neighbours far apart (first the nearest pair, then all of them). Solved exactly by dynamic programming over
/// the last seam of both lanes: the lane that lags behind takes its next step, so a new seam can only meet the last one
/// of the other lane.
struct StaggeredSplit {
    let axis: PrintAxis
    /// How many lanes are even and odd, and how many of each count when parts one cell wide are counted.
    let evenLanes: Int
    let oddLanes: Int
    let evenCounted: Int
    let oddCounted: Int
    /// Seams that are not free to move: cells of each part, of whatever size.
    var fixedEven: [Int]?
    var fixedOdd: [Int]?
    /// False asks for a small longest part only.
    var isBalanced = true

    struct Answer {
        fileprivate let cost: Cost
        /// Cells of each part.
        let even: [Int]
        let odd: [Int]
    }

    /// What an answer is held to, beside its cost.
    private struct Bounds {
        /// Cells, rounded, of the bodies of parts that are free.
        var longest = Int.max
        var shortest = 0
        /// Cells between two seams of neighbours, four-way joints excepted.
        var distance = 0
    }

    /// - Returns: nil when some cell fits on no part.
    func best() -> Answer? {
        guard let first = solve(Bounds()) else { return nil }
        func asGood(_ bounds: Bounds) -> Answer? {
            guard let answer = solve(bounds), answer.cost.isAsGood(as: first.cost) else { return nil }
            return answer
        }
        var (answer, bounds) = mostEven(first, asGood)
        // Each answer tells how far apart its nearest seams are, so the next question is one cell more.
        while let nearest = Self.nearest(answer) {
            bounds.distance = nearest + 1
            // Around seams that meet, a pair can escape the bound: an answer that is no better ends the search.
            guard let next = asGood(bounds), Self.nearest(next).map({ $0 > nearest }) ?? true else { break }
            answer = next
        }
        return answer
    }

    /// In whole cells: seams further apart are worth more than parts that are more even by a bit of padding.
    private func mostEven(_ first: Answer, _ asGood: (Bounds) -> Answer?) -> (Answer, Bounds) {
        let counts = (fixedEven == nil ? [first.even.count] : []) + (fixedOdd == nil ? [first.odd.count] : [])
        guard let fewest = counts.min(), fewest > 0 else { return (first, Bounds()) }
        var answer = first
        var bounds = Bounds(longest: balance(first).largest)
        var low = 0
        while low < bounds.longest {
            let middle = (low + bounds.longest) / 2
            if let smaller = asGood(Bounds(longest: middle)) {
                answer = smaller
                bounds.longest = middle
            } else {
                low = middle + 1
            }
        }
        guard isBalanced else { return (answer, bounds) }
        bounds.shortest = balance(answer).smallest
        // No part is shorter than all the others would be if they were equal.
        let mean = Self.cells(axis.body(0, axis.count) / fewest)
        var high = min(mean, bounds.longest)
        while bounds.shortest < high {
            let middle = (bounds.shortest + high + 1) / 2
            if let longer = asGood(Bounds(longest: bounds.longest, shortest: middle)) {
                answer = longer
                bounds.shortest = middle
            } else {
                high = middle - 1
            }
        }
        // A longer longest part may let the shortest one gain more.
        var longest = bounds.longest + 1
        while longest - mean < bounds.longest - bounds.shortest {
            let closer = Bounds(longest: longest, shortest: longest - (bounds.longest - bounds.shortest) + 1)
            if let more = asGood(closer) {
                answer = more
                bounds = closer
            } else {
                longest += 1
            }
        }
        return (answer, bounds)
    }

    /// Of the parts that are free, in whole cells.
    private func balance(_ answer: Answer) -> Balance {
        let even = fixedEven == nil ? axis.bodies(of: answer.even) : []
        let odd = fixedOdd == nil ? axis.bodies(of: answer.odd) : []
        return Balance((even + odd).map(Self.cells))
    }

    /// The size of a body, rounded to cells.
    private static func cells(_ body: Int) -> Int {
        let pitch = CellLayout.pitch.tenthMicrometres
        return (body + pitch / 2) / pitch
    }

    /// Cells between the nearest seams of neighbours that do not meet; nil when there are no two seams.
    private static func nearest(_ answer: Answer) -> Int? {
        let odd = seams(answer.odd).dropLast()
        return seams(answer.even).dropLast().flatMap { even in odd.map { abs($0 - even) }.filter { $0 > 0 } }.min()
    }

    /// Ends of the parts.
    private static func seams(_ parts: [Int]) -> [Int] {
        var seam = 0
        return parts.map { part in
            seam += part
            return seam
        }
    }
}

/// Four-way joints, parts, narrow parts and, negative, the sum of the distances between neighbouring seams: in one
/// number, so that costs add and compare as one. Each has 15 bits, and an axis has fewer than 90 cells (`PlateLimits`),
/// so no sum reaches 2¹⁵.
private struct Cost: Comparable {
    var packed: Int

    static let none = Cost(packed: Int.max)
    static let zero = Cost(packed: 0)

    init(packed: Int) { self.packed = packed }

    init(fourWay: Int = 0, parts: Int = 0, narrow: Int = 0, distance: Int = 0) {
        packed = fourWay << 45 + parts << 30 + narrow << 15 - distance
    }

    static func < (left: Cost, right: Cost) -> Bool { left.packed < right.packed }
    static func + (left: Cost, right: Cost) -> Cost { Cost(packed: left.packed + right.packed) }

    /// But for the distances.
    func isAsGood(as other: Cost) -> Bool { (packed + 0x7FFF) >> 15 == (other.packed + 0x7FFF) >> 15 }
}

extension StaggeredSplit {
    /// The best from each pair of last seams to the end, by `even * width + odd`.
    private struct Table {
        let width: Int
        var costs: [Cost]
        /// The next seam of the lane that lags behind.
        var next: [Int]
    }

    private func solve(_ bounds: Bounds) -> Answer? {
        let count = axis.count
        let width = count + 1
        var table = Table(
            width: width, costs: [Cost](repeating: .none, count: width * width),
            next: [Int](repeating: 0, count: width * width))
        table.costs[count * width + count] = .zero
        let evenNext = fixedEven.map { following(Self.seams($0)) }
        let oddNext = fixedOdd.map { following(Self.seams($0)) }
        for even in stride(from: count, through: 0, by: -1) {
            for odd in stride(from: count, through: 0, by: -1) where even < count || odd < count {
                step(even, odd, evenNext, oddNext, bounds, in: &table)
            }
        }
        return answer(table)
    }

    private func step(
        _ even: Int, _ odd: Int, _ evenNext: [Int]?, _ oddNext: [Int]?, _ bounds: Bounds, in table: inout Table
    ) {
        let isEven = even <= odd
        let from = isEven ? even : odd
        let other = isEven ? odd : even
        let lanes = isEven ? evenLanes : oddLanes
        let counted = isEven ? evenCounted : oddCounted
        let fixed = (isEven ? evenNext : oddNext)?[from]
        var best = Cost.none
        var bestNext = 0
        for to in (fixed ?? from + 1)...(fixed ?? axis.count) {
            if fixed == nil {
                let cells = Self.cells(axis.body(from, to))
                if cells > bounds.longest || !axis.fits(from, to) {
                    if axis.lines[to] - axis.lines[from] > axis.bed { break }
                    continue
                }
                if cells < bounds.shortest { continue }
            }
            let rest = table.costs[isEven ? to * table.width + odd : even * table.width + to]
            if rest == .none { continue }
            var fourWay = 0
            var apart = 0
            if to < axis.count, other > 0, other < axis.count {
                apart = abs(to - other)
                if apart == 0 { fourWay = 1 } else if apart < bounds.distance { continue }
            }
            let cost =
                rest + Cost(fourWay: fourWay, parts: lanes, narrow: to - from == 1 ? counted : 0, distance: apart)
            // Among equals the even lanes begin with a long part and the odd ones with a short one.
            if isEven ? cost <= best : cost < best {
                best = cost
                bestNext = to
            }
        }
        table.costs[even * table.width + odd] = best
        table.next[even * table.width + odd] = bestNext
    }

    /// The next of these seams after each place; beyond the last one, the end.
    private func following(_ seams: [Int]) -> [Int] {
        (0..<axis.count).map { place in seams.first { $0 > place } ?? axis.count } + [axis.count]
    }

    private func answer(_ table: Table) -> Answer? {
        guard table.costs[0] != .none else { return nil }
        var even = 0
        var odd = 0
        var evenParts: [Int] = []
        var oddParts: [Int] = []
        while even < axis.count || odd < axis.count {
            let next = table.next[even * table.width + odd]
            if even <= odd {
                evenParts.append(next - even)
                even = next
            } else {
                oddParts.append(next - odd)
                odd = next
            }
        }
        return Answer(cost: table.costs[0], even: evenParts, odd: oddParts)
    }
}
