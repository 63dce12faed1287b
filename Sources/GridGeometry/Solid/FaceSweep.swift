/// Triangulates the faces at one level: the areas that its edges bound, those that look up and those that look down in
/// one pass from west to east, without new points and keeping points on straight edges.
///
/// A sweep over the vertices (by x, then y) keeps the edges that the sweep line cuts in order from south to north; the
/// strip between two of them that belongs to a face carries one monotone piece (`MonotonePieces`), or two where two
/// strips have met and wait for the next vertex (de Berg et al., Computational Geometry, §3.2–3.3, in one pass instead
/// of two). Comparisons are exact: with coordinates below 2^30 a product of differences fits 63 bits.
struct FaceSweep {
    private struct Edge {
        var west: Int32
        var east: Int32
        /// What the area north of it has more than the area south of it.
        var step: Int32
        /// Of the strip north of it, while the sweep line cuts it: +1 looks up, -1 looks down, 0 is no face.
        var winding: Int32 = 0
        var piece: Int32 = -1
        /// The northern one of two pieces that wait to be joined.
        var waitingPiece: Int32 = -1
    }

    private let xs: [Int]
    private let ys: [Int]
    private let z: Int
    private var edges: [Edge] = []
    private var order: [Int32] = []
    /// Edges by their western vertex: the range of each vertex in `edges`.
    private var starts: [Int32]
    private var endCounts: [Int32]
    /// Edges that the sweep line cuts, from south to north; the first is a sentinel below all.
    private var active: [Int32] = []
    private var pieces: MonotonePieces

    init(level: Level) throws(MeshFault) {
        xs = level.xs
        ys = level.ys
        z = level.z
        starts = [Int32](repeating: 0, count: xs.count + 1)
        endCounts = [Int32](repeating: 0, count: xs.count)
        pieces = MonotonePieces(xs: level.xs, ys: level.ys, z: level.z)
        try collect(level)
    }

    /// Triangles over the level's vertices, counter-clockwise seen from outside.
    mutating func triangles() throws(MeshFault) -> [Mesh.Triangle] {
        for vertex in order { try pass(Int(vertex)) }
        guard active.count == 1 else { throw crossing(at: Int(order[order.count - 1])) }
        return pieces.triangles
    }

    private func isBefore(_ first: Int, _ second: Int) -> Bool {
        xs[first] != xs[second] ? xs[first] < xs[second] : ys[first] < ys[second]
    }

    private func crossing(at vertex: Int) -> MeshFault { .crossing(x: xs[vertex], y: ys[vertex], z: z) }

    private mutating func collect(_ level: Level) throws(MeshFault) {
        var found: [Edge] = []
        for edge in 0..<level.edgeCount where level.counts[edge] != 0 {
            let count = level.counts[edge]
            let (low, high) = level.ends(of: edge)
            guard abs(count) == 1 else { throw .sharedEdge(x: xs[low], y: ys[low], z: z) }
            let isEastward = isBefore(low, high)
            let (west, east) = isEastward ? (low, high) : (high, low)
            // A loop has its solid on the left, which is north of an edge that runs east.
            found.append(Edge(west: Int32(west), east: Int32(east), step: isEastward ? count : -count))
            starts[west + 1] += 1
            endCounts[east] += 1
        }
        for vertex in xs.indices where starts[vertex + 1] > 0 || endCounts[vertex] > 0 { order.append(Int32(vertex)) }
        for vertex in 1..<max(1, starts.count) { starts[vertex] += starts[vertex - 1] }
        sortOrder()
        let sentinel = Edge(west: -1, east: -1, step: 0)
        edges = [Edge](repeating: sentinel, count: found.count + 1)
        var next = starts
        for edge in found {
            edges[Int(next[Int(edge.west)])] = edge
            next[Int(edge.west)] += 1
        }
        for vertex in order { sortStarting(at: Int(vertex)) }
        active = [Int32(found.count)]
        pieces.reserve(order.count)
    }

    private mutating func sortOrder() {
        // Biased, so that unsigned keys sort as (x, y) does.
        var keyed = order.map { (vertex: Int32) -> (UInt64, Int32) in
            let x = UInt64(UInt32(bitPattern: Int32(xs[Int(vertex)])) ^ 0x8000_0000)
            let y = UInt64(UInt32(bitPattern: Int32(ys[Int(vertex)])) ^ 0x8000_0000)
            return (x << 32 | y, vertex)
        }
        keyed.sort { $0.0 < $1.0 }
        for index in keyed.indices { order[index] = keyed[index].1 }
    }

    /// Edges that start at a vertex, from south to north; hardly ever more than two.
    private mutating func sortStarting(at vertex: Int) {
        let range = Int(starts[vertex])..<Int(starts[vertex + 1])
        guard range.count > 1 else { return }
        for position in range.dropFirst() {
            var index = position
            while index > range.lowerBound,
                orientation(vertex, Int(edges[index - 1].east), Int(edges[index].east)) < 0
            {
                edges.swapAt(index - 1, index)
                index -= 1
            }
        }
    }

    /// Positive when the third point is left of the line from the first to the second.
    @inline(__always)
    private func orientation(_ first: Int, _ second: Int, _ third: Int) -> Int {
        (xs[second] &- xs[first]) &* (ys[third] &- ys[first]) &- (ys[second] &- ys[first]) &* (xs[third] &- xs[first])
    }

    private mutating func pass(_ vertex: Int) throws(MeshFault) {
        // The first active edge that the vertex is not north of.
        var (low, high) = (1, active.count)
        while low < high {
            let middle = (low + high) >> 1
            let edge = Int(active[middle])
            if orientation(Int(edges[edge].west), Int(edges[edge].east), vertex) > 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        let ending = low..<low + Int(endCounts[vertex])
        guard ending.upperBound <= active.count else { throw crossing(at: vertex) }
        for position in ending where Int(edges[Int(active[position])].east) != vertex { throw crossing(at: vertex) }
        let starting = Int(starts[vertex])..<Int(starts[vertex + 1])
        let south = Int(active[low - 1])
        let winding = edges[south].winding
        var northern: (piece: Int32, waiting: Int32) = (-1, -1)
        var northWinding = winding
        if ending.isEmpty {
            if winding != 0 { northern.piece = try split(south, at: vertex) }
        } else {
            if winding != 0 { try reach(south, at: vertex, isNorthern: true) }
            for position in ending.dropLast() { try close(Int(active[position]), at: vertex) }
            let last = Int(active[ending.upperBound - 1])
            northWinding = edges[last].winding
            if northWinding != 0 {
                try reach(last, at: vertex, isNorthern: false)
                northern.piece = edges[last].piece
            }
            if starting.isEmpty {
                guard northWinding == winding else { throw crossing(at: vertex) }
                edges[south].waitingPiece = northern.piece
            }
        }
        try begin(starting, at: vertex, winding: winding, northWinding: northWinding, northern: northern.piece)
        replace(ending, with: starting)
    }

    private mutating func begin(
        _ starting: Range<Int>, at vertex: Int, winding: Int32, northWinding: Int32, northern: Int32
    ) throws(MeshFault) {
        var sum = winding
        for edge in starting {
            sum += edges[edge].step
            guard abs(sum) <= 1 else { throw crossing(at: vertex) }
            edges[edge].winding = sum
            if edge == starting.upperBound - 1 {
                edges[edge].piece = northern
            } else if sum != 0 {
                edges[edge].piece = pieces.begin(at: vertex, facing: sum)
            }
        }
        guard starting.isEmpty || sum == northWinding else { throw crossing(at: vertex) }
    }

    private mutating func replace(_ ending: Range<Int>, with starting: Range<Int>) {
        let common = min(ending.count, starting.count)
        for offset in 0..<common { active[ending.lowerBound + offset] = Int32(starting.lowerBound + offset) }
        let rest = ending.lowerBound + common
        if ending.count > common {
            active.removeSubrange(rest..<ending.upperBound)
        } else if starting.count > common {
            let added = starting.lowerBound + common..<starting.upperBound
            active.insert(contentsOf: added.lazy.map(Int32.init), at: rest)
        }
    }

    /// The vertex lies on the northern or southern side of the strip north of an edge; one piece remains.
    private mutating func reach(_ edge: Int, at vertex: Int, isNorthern: Bool) throws(MeshFault) {
        var piece = edges[edge].piece
        let waiting = edges[edge].waitingPiece
        if waiting >= 0 {
            try pieces.end(isNorthern ? waiting : piece, at: vertex)
            if !isNorthern { piece = waiting }
            edges[edge].piece = piece
            edges[edge].waitingPiece = -1
        }
        try pieces.add(vertex, to: piece, isNorthern: isNorthern)
    }

    private mutating func close(_ edge: Int, at vertex: Int) throws(MeshFault) {
        guard edges[edge].winding != 0 else { return }
        try pieces.end(edges[edge].piece, at: vertex)
        if edges[edge].waitingPiece >= 0 { try pieces.end(edges[edge].waitingPiece, at: vertex) }
    }

    /// The vertex lies inside the strip, which goes on as two; returns the northern one's piece.
    private mutating func split(_ edge: Int, at vertex: Int) throws(MeshFault) -> Int32 {
        let piece = edges[edge].piece
        let waiting = edges[edge].waitingPiece
        if waiting >= 0 {
            edges[edge].waitingPiece = -1
            try pieces.add(vertex, to: piece, isNorthern: true)
            try pieces.add(vertex, to: waiting, isNorthern: false)
            return waiting
        }
        let other = pieces.branch(from: piece, to: vertex)
        let isNorthern = pieces.isNorthern(piece)
        try pieces.add(vertex, to: piece, isNorthern: isNorthern)
        guard isNorthern else {
            // The old piece stays in the north.
            edges[edge].piece = other
            return piece
        }
        return other
    }
}
