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

    struct Answer {
        let cost: SeamCost
        /// Cells of each part.
        let even: [Int]
        let odd: [Int]
    }

    private typealias Bounds = StaggeredTable.Bounds

    /// - Returns: nil when some cell fits on no part.
    func best() -> Answer? {
        var table = StaggeredTable(self)
        return first(&table).map { refined($0, isBalanced: true, &table) }
    }

    /// As good as the best but for how even the parts are and how far apart the seams.
    func first(_ table: inout StaggeredTable) -> Answer? { table.solve(Bounds()) }

    /// - Parameters:
    ///   - first: the answer of `first`, of the same table.
    ///   - isBalanced: false asks for a small longest part only.
    func refined(_ first: Answer, isBalanced: Bool, _ table: inout StaggeredTable) -> Answer {
        func asGood(_ bounds: Bounds) -> Answer? {
            guard table.mayHaveParts(first, within: bounds), let answer = table.solve(bounds),
                answer.cost.isAsGood(as: first.cost)
            else { return nil }
            return answer
        }
        var (answer, bounds) = mostEven(first, isBalanced: isBalanced, asGood)
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
    private func mostEven(_ first: Answer, isBalanced: Bool, _ asGood: (Bounds) -> Answer?) -> (Answer, Bounds) {
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
        let mean = PrintAxis.cells(axis.body(0, axis.count) / fewest)
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
        return Balance((even + odd).map(PrintAxis.cells))
    }

    /// Cells between the nearest seams of neighbours that do not meet; nil when there are no two seams.
    private static func nearest(_ answer: Answer) -> Int? {
        let odd = seams(answer.odd).dropLast()
        var nearest: Int?
        for even in seams(answer.even).dropLast() {
            for odd in odd where odd != even { nearest = min(nearest ?? .max, abs(odd - even)) }
        }
        return nearest
    }

    /// Ends of the parts.
    static func seams(_ parts: [Int]) -> [Int] {
        var seam = 0
        return parts.map { part in
            seam += part
            return seam
        }
    }
}
