/// The manual split that is nearest to one that cannot be made: every part fits on the bed, the parts share out all
/// cells, and together they differ from the wanted numbers by as few cells as possible.
struct NearestSplit {
    let axis: PrintAxis
    let wanted: [Int]

    private struct Best {
        /// Cells that differ, then parts: there are fewer than a thousand of them.
        let cost: Int
        /// Where the next part begins.
        let next: Int
    }

    private static let cell = 1_000

    /// - Returns: nil when some cell fits on no bed.
    func parts() -> [Int]? {
        let count = axis.count
        // No part has more cells than there are, and there are no more parts than cells.
        let wanted = self.wanted.prefix(count).map { min(max($0, 0), count + 1) }
        let reach = (0..<count).map { self.reach(from: $0) }
        // Behind the wanted parts every cell is one too many, however it is divided: as few parts as possible.
        var best = [Best?](repeating: nil, count: count + 1)
        best[count] = Best(cost: 0, next: count)
        for from in (0..<count).reversed() {
            best[from] = reach[from].last { best[$0] != nil }.map { next in
                let parts = (best[next]?.cost ?? 0) % Self.cell + 1
                return Best(cost: (count - from) * Self.cell + parts, next: next)
            }
        }
        var steps = [best]
        for want in wanted.reversed() {
            let later = steps[steps.count - 1]
            // Nothing is left for this part: it is missing whole.
            var now: [Best?] = later
            now[count] = later[count].map { Best(cost: $0.cost + want * Self.cell, next: count) }
            for from in 0..<count {
                now[from] = nil
                for to in reach[from] {
                    guard let rest = later[to] else { continue }
                    let cost = abs(to - from - want) * Self.cell + 1 + rest.cost
                    if now[from].map({ cost < $0.cost }) ?? true { now[from] = Best(cost: cost, next: to) }
                }
            }
            steps.append(now)
        }
        var from = 0
        var parts: [Int] = []
        for step in steps.reversed() where from < count {
            guard let next = step[from]?.next else { return nil }
            parts.append(next - from)
            from = next
        }
        while from < count {
            guard let next = best[from]?.next else { return nil }
            parts.append(next - from)
            from = next
        }
        return parts
    }

    /// Ends of the parts that begin there and fit on the bed.
    private func reach(from: Int) -> [Int] {
        var ends: [Int] = []
        for to in (from + 1)...axis.count {
            if axis.fits(from, to) {
                ends.append(to)
            } else if axis.lines[to] - axis.lines[from] > axis.bed {
                break
            }
        }
        return ends
    }
}
