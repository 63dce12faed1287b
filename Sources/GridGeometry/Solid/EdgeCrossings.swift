/// Finds edges of a level that cross in their inner parts, as an edge of the slab below and one of the slab above may.
enum EdgeCrossings {
    struct Crossing {
        let first: Int
        let second: Int
        /// The whole place nearest to where they cross.
        let place: Point
    }

    /// Only edges that bound a face are looked at: one that slabs on both sides share crosses nothing.
    static func find(in level: Level) -> [Crossing] {
        let edges = (0..<level.edgeCount).filter { level.counts[$0] != 0 && level.isWhole($0) }
        var found: [Crossing] = []
        for bucket in buckets(of: edges, in: level) {
            for (position, first) in bucket.enumerated() {
                for second in bucket[(position + 1)...] {
                    guard let place = crossing(first, second, in: level) else { continue }
                    found.append(Crossing(first: first, second: second, place: place))
                }
            }
        }
        return found
    }

    /// Squares of a grid, about as many as edges, each with the edges whose box reaches it.
    private static func buckets(of edges: [Int], in level: Level) -> [[Int]] {
        guard let left = level.xs.min(), let right = level.xs.max(), let bottom = level.ys.min(),
            let top = level.ys.max()
        else { return [] }
        var shift = 0
        while ((right - left) >> shift + 1) * ((top - bottom) >> shift + 1) > edges.count + 16 { shift += 1 }
        let rows = (top - bottom) >> shift + 1
        var buckets = [[Int]](repeating: [], count: ((right - left) >> shift + 1) * rows)
        for edge in edges {
            let (low, high) = level.ends(of: edge)
            let (lowX, highX) = (level.xs[low] - left, level.xs[high] - left)
            let (lowY, highY) = (level.ys[low] - bottom, level.ys[high] - bottom)
            for column in min(lowX, highX) >> shift...max(lowX, highX) >> shift {
                for row in min(lowY, highY) >> shift...max(lowY, highY) >> shift {
                    buckets[column * rows + row].append(edge)
                }
            }
        }
        return buckets
    }

    private static func crossing(_ first: Int, _ second: Int, in level: Level) -> Point? {
        let ((a, b), (c, d)) = (level.ends(of: first), level.ends(of: second))
        func turn(_ start: Int, _ end: Int, _ point: Int) -> Int {
            (level.xs[end] - level.xs[start]) * (level.ys[point] - level.ys[start])
                - (level.ys[end] - level.ys[start]) * (level.xs[point] - level.xs[start])
        }
        let (turnC, turnD) = (turn(a, b, c), turn(a, b, d))
        guard turnC.signum() * turnD.signum() < 0, turn(c, d, a).signum() * turn(c, d, b).signum() < 0 else {
            return nil
        }
        // The crossing divides the second edge as its ends' distances from the first one.
        let (part, whole) = (Int128(turnC.magnitude), Int128(turnC.magnitude) + Int128(turnD.magnitude))
        func between(_ start: Int, _ end: Int) -> Int {
            let product = Int128(end - start) * part * 2 + whole
            let double = whole * 2
            let quotient = product / double
            let floor = product < 0 && quotient * double != product ? quotient - 1 : quotient
            return start + Int(floor)
        }
        return Point(between(level.xs[c], level.xs[d]), between(level.ys[c], level.ys[d]))
    }
}
