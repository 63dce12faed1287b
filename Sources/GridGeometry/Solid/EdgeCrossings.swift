/// Finds where edges of a level meet in their inner parts, as an edge of the slab below and one of the slab above may.
enum EdgeCrossings {
    /// A place through which an edge is to run.
    struct Cut {
        let edge: Int
        let place: Point
    }

    /// Only edges that bound a face are looked at: one that slabs on both sides share crosses nothing.
    /// - Parameter hasTouches: a vertex less than a unit beside an edge is taken as lying on it. Edges bent by rounding
    ///   may have it on their wrong side; where they do not, joining them would pinch the solid.
    static func find(in level: Level, hasTouches: Bool) -> [Cut] {
        let edges = (0..<level.edgeCount).filter { level.counts[$0] != 0 && level.isWhole($0) }
        var found: [Cut] = []
        for bucket in buckets(of: edges, in: level) {
            for (position, first) in bucket.enumerated() {
                for second in bucket[(position + 1)...] {
                    if hasTouches, touch(first, second, in: level, into: &found) { continue }
                    cross(first, second, in: level, into: &found)
                }
            }
        }
        return found
    }

    /// Squares of a grid, about as many as edges, each with the edges whose box, a unit wider all around, reaches it.
    private static func buckets(of edges: [Int], in level: Level) -> [[Int]] {
        guard let west = level.xs.min(), let east = level.xs.max(), let south = level.ys.min(),
            let north = level.ys.max()
        else { return [] }
        let (left, bottom, width, depth) = (west - 1, south - 1, east - west + 2, north - south + 2)
        var shift = 0
        while (width >> shift + 1) * (depth >> shift + 1) > edges.count + 16 { shift += 1 }
        let rows = depth >> shift + 1
        var buckets = [[Int]](repeating: [], count: (width >> shift + 1) * rows)
        for edge in edges {
            let (low, high) = level.ends(of: edge)
            let (lowX, highX) = (level.xs[low] - left, level.xs[high] - left)
            let (lowY, highY) = (level.ys[low] - bottom, level.ys[high] - bottom)
            for column in (min(lowX, highX) - 1) >> shift...(max(lowX, highX) + 1) >> shift {
                for row in (min(lowY, highY) - 1) >> shift...(max(lowY, highY) + 1) >> shift {
                    buckets[column * rows + row].append(edge)
                }
            }
        }
        return buckets
    }

    private static func touch(_ first: Int, _ second: Int, in level: Level, into cuts: inout [Cut]) -> Bool {
        let ((a, b), (c, d)) = (level.ends(of: first), level.ends(of: second))
        let count = cuts.count
        for (edge, vertex) in [(first, c), (first, d), (second, a), (second, b)] where level.passes(edge, vertex) {
            cuts.append(Cut(edge: edge, place: Point(level.xs[vertex], level.ys[vertex])))
        }
        return cuts.count > count
    }

    private static func cross(_ first: Int, _ second: Int, in level: Level, into cuts: inout [Cut]) {
        let ((a, b), (c, d)) = (level.ends(of: first), level.ends(of: second))
        let (turnC, turnD) = (level.turn(a, b, c), level.turn(a, b, d))
        guard turnC.signum() * turnD.signum() < 0, level.turn(c, d, a).signum() * level.turn(c, d, b).signum() < 0
        else { return }
        // The crossing divides the second edge as its ends' distances from the first one.
        let (part, whole) = (Int128(turnC.magnitude), Int128(turnC.magnitude) + Int128(turnD.magnitude))
        func between(_ start: Int, _ end: Int) -> Int {
            let product = Int128(end - start) * part * 2 + whole
            let double = whole * 2
            let quotient = product / double
            let floor = product < 0 && quotient * double != product ? quotient - 1 : quotient
            return start + Int(floor)
        }
        let place = Point(between(level.xs[c], level.xs[d]), between(level.ys[c], level.ys[d]))
        cuts.append(Cut(edge: first, place: place))
        cuts.append(Cut(edge: second, place: place))
    }
}

extension Level {
    /// Twice the area of a triangle, above zero if it runs counter-clockwise.
    fileprivate func turn(_ start: Int, _ end: Int, _ point: Int) -> Int {
        (xs[end] - xs[start]) * (ys[point] - ys[start]) - (ys[end] - ys[start]) * (xs[point] - xs[start])
    }

    /// Whether an edge runs past a vertex, between its ends, at less than a unit.
    fileprivate func passes(_ edge: Int, _ vertex: Int) -> Bool {
        let (low, high) = ends(of: edge)
        let turn = turn(low, high, vertex)
        let (deltaX, deltaY) = (xs[high] - xs[low], ys[high] - ys[low])
        let square = deltaX * deltaX + deltaY * deltaY
        // The turn is the distance times the edge's length.
        guard turn.magnitude < UInt(abs(deltaX) + abs(deltaY)), turn * turn < square else { return false }
        let along = (xs[vertex] - xs[low]) * deltaX + (ys[vertex] - ys[low]) * deltaY
        return along > 0 && along < square
    }
}
