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
    /// Of each edge: where its inner points begin in `innerPoints`, or -1.
    private var innerStarts: [Int32] = []
    private var innerPoints: [Int32] = []

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
            innerStarts.append(-1)
        }
        counts[number] += isForward ? weight : -weight
        return number
    }

    /// The ends of an edge, the one with the lower number first.
    func ends(of edge: Int) -> (low: Int, high: Int) {
        let key = edges.keys[edge]
        return (Int(key >> 32), Int(key & 0xFFFF_FFFF))
    }

    /// Splits each edge at every vertex that lies on it.
    mutating func splitEdges() {
        let grid = PointGrid(xs: xs, ys: ys)
        var inner: [Int32] = []
        for edge in 0..<counts.count {
            let (low, high) = ends(of: edge)
            inner.removeAll(keepingCapacity: true)
            grid.collect(onEdgeFrom: low, to: high, into: &inner)
            guard !inner.isEmpty else { continue }
            let (x, y) = (xs[low], ys[low])
            // On one line the sum of both distances grows as the distance does.
            let distances = inner.map { (abs(xs[Int($0)] - x) + abs(ys[Int($0)] - y), $0) }.sorted { $0.0 < $1.0 }
            innerStarts[edge] = Int32(innerPoints.count)
            innerPoints.append(Int32(inner.count))
            innerPoints.append(contentsOf: distances.lazy.map(\.1))
            let count = counts[edge]
            counts[edge] = 0
            var start = low
            for (_, point) in distances {
                _ = add(from: start, to: Int(point), weight: count)
                start = Int(point)
            }
            _ = add(from: start, to: high, weight: count)
        }
    }

    /// The points of an edge from one of its ends, `start`, to the other, both included.
    func appendChain(of edge: Int, from start: Int, into chain: inout [Int32]) {
        let (low, high) = ends(of: edge)
        chain.append(Int32(start))
        let first = Int(innerStarts[edge])
        if first >= 0 {
            let range = first + 1..<first + 1 + Int(innerPoints[first])
            if start == low {
                chain.append(contentsOf: innerPoints[range])
            } else {
                chain.append(contentsOf: innerPoints[range].reversed())
            }
        }
        chain.append(Int32(start == low ? high : low))
    }

    /// Whether an edge has no point between its ends.
    func isWhole(_ edge: Int) -> Bool { innerStarts[edge] < 0 }
}
