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
            if left.narrow != right.narrow { return left.narrow < right.narrow }
            return left.squares == right.squares ? left.deviation < right.deviation : left.squares < right.squares
        }
    }

    private struct Step {
        var cost: Cost
        /// Where the part ends; -1 where there is no way to the end.
        var next: Int

        static let none = Step(cost: Cost(), next: -1)
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
        let none = Int.max
        var parts = [Int](repeating: none, count: axis.count + 1)
        parts[0] = 0
        for from in 0..<axis.count where parts[from] != none {
            for place in axis.pieces(from: from) {
                let end = axis.pieces[place].end
                parts[end] = min(parts[end], parts[from] + 1)
            }
        }
        return parts[axis.count] == none ? nil : parts[axis.count]
    }

    private func solve(parts: Int, longest: Int) -> (narrow: Int, cells: [Int])? {
        let count = axis.count
        let width = count + 1
        let total = axis.body(0, count)
        var steps = [Step](repeating: .none, count: (parts + 1) * width)
        steps[parts * width + count] = Step(cost: Cost(), next: count)
        for index in stride(from: parts - 1, through: 0, by: -1) {
            // Each part has a cell at least.
            for from in index..<max(index, index == 0 ? 1 : count) {
                var best = Step.none
                for place in axis.pieces(from: from) {
                    let piece = axis.pieces[place]
                    let rest = steps[(index + 1) * width + piece.end]
                    guard piece.size <= longest, rest.next >= 0 else { continue }
                    var cost = rest.cost
                    cost.narrow += piece.end - from == 1 ? 1 : 0
                    cost.squares += piece.size * piece.size
                    if piece.end < count {
                        cost.deviation += abs((axis.start + axis.lines[piece.end]) * parts - total * (index + 1))
                    }
                    if best.next >= 0, cost > best.cost { continue }
                    best = Step(cost: cost, next: piece.end)
                }
                steps[index * width + from] = best
            }
        }
        guard steps[0].next >= 0 else { return nil }
        var cells: [Int] = []
        var from = 0
        for index in 0..<parts {
            let next = steps[index * width + from].next
            guard next >= 0 else { return nil }
            cells.append(next - from)
            from = next
        }
        return (steps[0].cost.narrow, cells)
    }
}
