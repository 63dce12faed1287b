/// Seams along one axis where no neighbour's seams matter: few parts, few parts one cell wide, a small largest part,
/// parts of equal size, seams near to where equal parts would have them.
struct SingleSplit {
    let axis: PrintAxis

    private struct Cost: Comparable {
        var narrow = 0
        /// Sum of the squares of the bodies: smallest when they are equal.
        var squares = 0
        /// Of the seams from those of equal parts.
        var deviation = 0

        static func < (left: Cost, right: Cost) -> Bool {
            (left.narrow, left.squares, left.deviation) < (right.narrow, right.squares, right.deviation)
        }
    }

    private struct Step {
        var cost: Cost
        var next: Int
    }

    /// Cells of each part; nil when some cell fits on no part.
    func best() -> [Int]? {
        guard let parts = fewest() else { return nil }
        guard let first = solve(parts: parts, longest: Int.max) else { return nil }
        let sizes = axis.bodies()
        var low = 0
        var high = sizes.count - 1
        while low < high {
            let middle = (low + high) / 2
            if let answer = solve(parts: parts, longest: sizes[middle]), answer.narrow == first.narrow {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return solve(parts: parts, longest: sizes[high])?.cells ?? first.cells
    }

    /// How many parts it takes at least. A range that fits may have a smaller one that does not (a lone first cell
    /// reaches out where the whole plate does not), so this counts instead of taking the longest part each time.
    private func fewest() -> Int? {
        var parts = [Int?](repeating: nil, count: axis.count + 1)
        parts[0] = 0
        for to in 1...axis.count {
            for from in 0..<to where axis.fits(from, to) {
                if let before = parts[from], before + 1 < parts[to] ?? Int.max { parts[to] = before + 1 }
            }
        }
        return parts[axis.count]
    }

    private func solve(parts: Int, longest: Int) -> (narrow: Int, cells: [Int])? {
        let count = axis.count
        let width = count + 1
        let total = axis.body(0, count)
        var steps = [Step?](repeating: nil, count: (parts + 1) * width)
        steps[parts * width + count] = Step(cost: Cost(), next: count)
        for index in stride(from: parts - 1, through: 0, by: -1) {
            for from in 0..<count {
                var best: Step?
                for to in (from + 1)...count where axis.fits(from, to) && axis.body(from, to) <= longest {
                    guard var cost = steps[(index + 1) * width + to]?.cost else { continue }
                    let body = axis.body(from, to)
                    cost.narrow += to - from == 1 ? 1 : 0
                    cost.squares += body * body
                    if to < count {
                        cost.deviation += abs((axis.start + axis.lines[to]) * parts - total * (index + 1))
                    }
                    if let known = best, cost > known.cost { continue }
                    best = Step(cost: cost, next: to)
                }
                steps[index * width + from] = best
            }
        }
        guard let start = steps[0] else { return nil }
        var cells: [Int] = []
        var from = 0
        for index in 0..<parts {
            guard let step = steps[index * width + from] else { return nil }
            cells.append(step.next - from)
            from = step.next
        }
        return (start.cost.narrow, cells)
    }
}
