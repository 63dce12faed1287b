/// Seams along one axis for even and odd lanes (columns of parts, say), so that neighbours' seams do not meet.
///
/// Wanted, in this order: few four-way joints, few parts, few parts one cell wide, a small largest part, seams of
/// neighbours far apart (first the nearest pair, then all of them). Solved exactly by dynamic programming over the last
/// seam of both lanes: the lane that lags behind takes its next step, so a new seam can only meet the last one of the
/// other lane.
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

    struct Cost: Comparable {
        var fourWay = 0
        var parts = 0
        var narrow = 0
        /// Minus the sum of the distances between neighbouring seams, in cells.
        var closeness = 0

        static func < (left: Cost, right: Cost) -> Bool {
            (left.fourWay, left.parts, left.narrow, left.closeness)
                < (right.fourWay, right.parts, right.narrow, right.closeness)
        }
        static func + (left: Cost, right: Cost) -> Cost {
            Cost(
                fourWay: left.fourWay + right.fourWay, parts: left.parts + right.parts,
                narrow: left.narrow + right.narrow, closeness: left.closeness + right.closeness)
        }

        func isAsGood(as other: Cost) -> Bool {
            (fourWay, parts, narrow) == (other.fourWay, other.parts, other.narrow)
        }
    }

    struct Answer {
        let cost: Cost
        /// Cells of each part.
        let even: [Int]
        let odd: [Int]
    }

    /// - Returns: nil when some cell fits on no part.
    func best() -> Answer? {
        guard let first = solve(longest: Int.max, distance: 0) else { return nil }
        // The sizes that a part can have, so that the smallest largest one is found by bisection.
        let sizes = bodies()
        guard !sizes.isEmpty else { return first }
        var low = 0
        var high = sizes.count - 1
        while low < high {
            let middle = (low + high) / 2
            if let answer = solve(longest: sizes[middle], distance: 0), answer.cost.isAsGood(as: first.cost) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        let longest = sizes[high]
        var answer = solve(longest: longest, distance: 0) ?? first
        // Each answer tells how far apart its nearest seams are, so the next question is one cell more.
        while let nearest = Self.nearest(answer), let next = solve(longest: longest, distance: nearest + 1),
            next.cost.isAsGood(as: first.cost)
        {
            answer = next
        }
        return answer
    }

    private func bodies() -> [Int] {
        var sizes: [Int] = []
        for from in 0..<axis.count {
            for to in (from + 1)...axis.count where axis.fits(from, to) { sizes.append(axis.body(from, to)) }
        }
        return sizes.sorted()
    }
}

extension StaggeredSplit {
    private struct Step {
        var cost: Cost
        /// The next seam of the lane that lags behind.
        var next: Int
    }

    /// - Parameters:
    ///   - longest: no body may be longer.
    ///   - distance: in cells; two seams are at least so far apart, four-way joints excepted.
    private func solve(longest: Int, distance: Int) -> Answer? {
        let count = axis.count
        let width = count + 1
        let evenSeams = fixedEven.map(Self.seams)
        let oddSeams = fixedOdd.map(Self.seams)
        var steps = [Step?](repeating: nil, count: width * width)
        steps[count * width + count] = Step(cost: Cost(), next: count)
        for even in stride(from: count, through: 0, by: -1) {
            for odd in stride(from: count, through: 0, by: -1) where even < count || odd < count {
                let isEven = even <= odd
                let from = isEven ? even : odd
                let other = isEven ? odd : even
                let fixed = isEven ? evenSeams : oddSeams
                let lanes = isEven ? evenLanes : oddLanes
                let counted = isEven ? evenCounted : oddCounted
                var best: Step?
                for to in candidates(after: from, fixed: fixed, longest: longest) {
                    guard let rest = steps[isEven ? to * width + odd : even * width + to] else { continue }
                    guard var cost = meeting(to, other, distance: distance) else { continue }
                    cost.parts = lanes
                    cost.narrow = to - from == 1 ? counted : 0
                    let total = cost + rest.cost
                    // Among equals the even lanes begin with a long part and the odd ones with a short one.
                    if let known = best, isEven ? total > known.cost : total >= known.cost { continue }
                    best = Step(cost: total, next: to)
                }
                steps[even * width + odd] = best
            }
        }
        return answer(steps, width: width)
    }

    private func candidates(after from: Int, fixed: [Int]?, longest: Int) -> [Int] {
        if let fixed {
            return fixed.first { $0 > from }.map { [$0] } ?? []
        }
        var found: [Int] = []
        for to in (from + 1)...axis.count {
            if axis.fits(from, to), axis.body(from, to) <= longest {
                found.append(to)
            } else if axis.lines[to] - axis.lines[from] > axis.bed {
                break
            }
        }
        return found
    }

    /// The cost of a seam so near to the other lane's last one; nil when that is forbidden.
    private func meeting(_ seam: Int, _ other: Int, distance: Int) -> Cost? {
        guard seam < axis.count, other > 0, other < axis.count else { return Cost() }
        if seam == other { return Cost(fourWay: 1) }
        let apart = abs(seam - other)
        return apart >= distance ? Cost(closeness: -apart) : nil
    }

    private func answer(_ steps: [Step?], width: Int) -> Answer? {
        guard let cost = steps[0]?.cost else { return nil }
        var even = 0
        var odd = 0
        var evenParts: [Int] = []
        var oddParts: [Int] = []
        while even < axis.count || odd < axis.count {
            guard let step = steps[even * width + odd] else { return nil }
            if even <= odd {
                evenParts.append(step.next - even)
                even = step.next
            } else {
                oddParts.append(step.next - odd)
                odd = step.next
            }
        }
        return Answer(cost: cost, even: evenParts, odd: oddParts)
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
