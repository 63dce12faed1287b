/// One height of a solid: every point and edge that the slabs below and above have there, each once.
///
/// Equal points are one vertex by construction, so that walls and faces which meet at a level share it. An edge's count
/// is the boundary of (below − above): what is left of it bounds the faces that look up (+1 inside) or down (−1).
struct Level {
    let z: Int
    private(set) var xs: [Int] = []
    private(set) var ys: [Int] = []
    private var points: KeyTable
    private var edges: KeyTable
    private(set) var counts: [Int32] = []
    /// Of each edge: where its parts begin in `parts`, or -1 where it is whole.
    private var partStarts: [Int32] = []
    /// For each divided edge the count of its parts and then their edges, from its lower end to its higher one.
    private var parts: [Int32] = []
    private var inner: [Int32] = []

    init(z: Int, expecting count: Int) {
        self.z = z
        points = KeyTable(expecting: count)
        edges = KeyTable(expecting: count)
    }

    var pointCount: Int { xs.count }
    var edgeCount: Int { counts.count }

    mutating func vertex(at point: Point) -> Int {
        let key = UInt64(UInt32(bitPattern: Int32(point.x))) << 32 | UInt64(UInt32(bitPattern: Int32(point.y)))
        let number = points.number(of: key)
        if number == xs.count {
            xs.append(point.x)
            ys.append(point.y)
        }
        return number
    }

    /// Counts the edge between two different vertices; `weight` is +1 for the slab below and -1 for the one above.
    mutating func add(from start: Int, to end: Int, weight: Int32) -> Int {
        let isForward = start < end
        let key = UInt64(isForward ? start : end) << 32 | UInt64(isForward ? end : start)
        let number = edges.number(of: key)
        if number == counts.count {
            counts.append(0)
            partStarts.append(-1)
        }
        counts[number] += isForward ? weight : -weight
        return number
    }

    /// The ends of an edge, the one with the lower number first.
    func ends(of edge: Int) -> (low: Int, high: Int) {
        let key = edges.keys[edge]
        return (Int(key >> 32), Int(key & 0xFFFF_FFFF))
    }

    func isWhole(_ edge: Int) -> Bool { partStarts[edge] < 0 }

    /// Divides each edge at every vertex that lies on it.
    mutating func divideEdges() {
        let grid = PointGrid(xs: xs, ys: ys, points: xs.indices)
        for edge in 0..<counts.count { divide(edge, at: [], and: grid) }
    }

    /// Gives edges that cross a common vertex at the nearest whole place, by which each is bent less than a unit; the
    /// walls above and below follow.
    /// - Returns: whether there were any; the bent ones may cross others.
    mutating func joinCrossings(hasTouches: Bool) -> Bool {
        let cuts = EdgeCrossings.find(in: self, hasTouches: hasTouches)
        guard !cuts.isEmpty else { return false }
        let (pointCount, edgeCount) = (xs.count, counts.count)
        var points = [[Int32]](repeating: [], count: edgeCount)
        for cut in cuts {
            let vertex = Int32(vertex(at: cut.place))
            if !points[cut.edge].contains(vertex) { points[cut.edge].append(vertex) }
        }
        let newGrid = PointGrid(xs: xs, ys: ys, points: pointCount..<xs.count)
        for edge in 0..<edgeCount where isWhole(edge) { divide(edge, at: points[edge], and: newGrid) }
        let grid = PointGrid(xs: xs, ys: ys, points: xs.indices)
        for edge in edgeCount..<counts.count { divide(edge, at: [], and: grid) }
        handDown()
        return true
    }

    /// A part of a bent edge may be an edge that was divided before: what it counts belongs to that one's parts.
    private mutating func handDown() {
        for _ in 0..<16 {
            let late = counts.indices.filter { counts[$0] != 0 && !isWhole($0) }
            if late.isEmpty { return }
            for edge in late {
                let count = counts[edge]
                counts[edge] = 0
                var start = ends(of: edge).low
                let first = Int(partStarts[edge])
                for part in parts[first + 1...first + Int(parts[first])].map({ Int($0) }) {
                    let (low, high) = ends(of: part)
                    counts[part] += low == start ? count : -count
                    start = low == start ? high : low
                }
            }
        }
    }

    private mutating func divide(_ edge: Int, at points: [Int32], and grid: PointGrid) {
        let (low, high) = ends(of: edge)
        inner.removeAll(keepingCapacity: true)
        grid.collect(onEdgeFrom: low, to: high, into: &inner)
        for point in points where point != low && point != high && !inner.contains(point) { inner.append(point) }
        guard !inner.isEmpty else { return }
        let (x, y, deltaX, deltaY) = (xs[low], ys[low], xs[high] - xs[low], ys[high] - ys[low])
        let sorted =
            inner
            .map { (($0, (xs[Int($0)] - x) * deltaX + (ys[Int($0)] - y) * deltaY)) }
            .sorted { $0.1 < $1.1 }
        let count = counts[edge]
        counts[edge] = 0
        var start = low
        var divided = [Int32(sorted.count + 1)]
        for end in sorted.map({ Int($0.0) }) + [high] {
            let part = add(from: start, to: end, weight: count)
            divided.append(Int32(part))
            start = end
        }
        partStarts[edge] = Int32(parts.count)
        parts.append(contentsOf: divided)
    }

    /// The points of an edge from one of its ends, `start`, to the other, both included.
    func appendChain(of edge: Int, from start: Int, into chain: inout [Int32]) {
        chain.append(Int32(start))
        appendRest(of: edge, from: start, into: &chain)
    }

    private func appendRest(of edge: Int, from start: Int, into chain: inout [Int32]) {
        let (low, high) = ends(of: edge)
        let first = Int(partStarts[edge])
        guard first >= 0 else { return chain.append(Int32(start == low ? high : low)) }
        let range = first + 1..<first + 1 + Int(parts[first])
        for offset in 0..<range.count {
            let part = start == low ? range.lowerBound + offset : range.upperBound - 1 - offset
            appendRest(of: Int(parts[part]), from: Int(chain[chain.count - 1]), into: &chain)
        }
    }
}
