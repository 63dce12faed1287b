/// The walls of one slab: for each edge of its loops a strip between what the edge is at the bottom and at the top.
struct SlabWalls {
    private struct Wall {
        var bottomStart: Int32
        var topStart: Int32
        /// -1 where the edge is a single point.
        var bottomEdge: Int32
        var topEdge: Int32
        /// Where the loop begins, of its last wall; -1 of others, which the next one follows.
        var next: Int32 = -1
    }

    private let bottom: Int
    private let top: Int
    private var walls: [Wall] = []

    /// Enters the slab's points and edges at its two levels (`bottom` and `top` are their numbers).
    init(_ slab: Slab, bottom: Int, top: Int, levels: inout [Level]) {
        self.bottom = bottom
        self.top = top
        for loop in slab.loops {
            let first = walls.count
            let count = loop.bottom.count
            for index in 0..<count {
                walls.append(
                    Wall(
                        bottomStart: Int32(levels[bottom].vertex(at: loop.bottom[index])),
                        topStart: Int32(levels[top].vertex(at: loop.top[index])), bottomEdge: -1, topEdge: -1))
            }
            walls[first + count - 1].next = Int32(first)
            for index in first..<first + count {
                let next = index + 1 < first + count ? index + 1 : first
                // At its bottom level the slab is what lies above, at its top level what lies below.
                walls[index].bottomEdge = Self.add(
                    walls[index].bottomStart, walls[next].bottomStart, weight: -1, to: &levels[bottom])
                walls[index].topEdge = Self.add(
                    walls[index].topStart, walls[next].topStart, weight: 1, to: &levels[top])
            }
        }
    }

    private static func add(_ start: Int32, _ end: Int32, weight: Int32, to level: inout Level) -> Int32 {
        start == end ? -1 : Int32(level.add(from: Int(start), to: Int(end), weight: weight))
    }

    /// Appends the triangles; levels must have been divided.
    func append(to mesh: inout Mesh, levels: [Level], firstVertices: [Int32]) {
        let (bottomFirst, topFirst) = (firstVertices[bottom], firstVertices[top])
        let (lower, upper) = (levels[bottom], levels[top])
        var (below, above): ([Int32], [Int32]) = ([], [])
        for (index, wall) in walls.enumerated() {
            guard Self.isWhole(wall.bottomEdge, at: lower), Self.isWhole(wall.topEdge, at: upper) else {
                below.removeAll(keepingCapacity: true)
                above.removeAll(keepingCapacity: true)
                Self.appendChain(of: wall.bottomEdge, from: wall.bottomStart, at: lower, into: &below)
                Self.appendChain(of: wall.topEdge, from: wall.topStart, at: upper, into: &above)
                Self.zip(below, at: lower, bottomFirst, above, at: upper, topFirst, into: &mesh)
                continue
            }
            let next = Int(wall.next < 0 ? Int32(index) + 1 : wall.next)
            let (low, high) = (wall.bottomStart + bottomFirst, wall.topStart + topFirst)
            let (lowNext, highNext) = (walls[next].bottomStart + bottomFirst, walls[next].topStart + topFirst)
            if wall.bottomEdge >= 0 { mesh.triangles.append(Mesh.Triangle(low, lowNext, high)) }
            if wall.topEdge >= 0 { mesh.triangles.append(Mesh.Triangle(lowNext, highNext, high)) }
        }
    }

    private static func isWhole(_ edge: Int32, at level: Level) -> Bool { edge < 0 || level.isWhole(Int(edge)) }

    private static func appendChain(of edge: Int32, from start: Int32, at level: Level, into chain: inout [Int32]) {
        guard edge >= 0 else { return chain.append(start) }
        level.appendChain(of: Int(edge), from: Int(start), into: &chain)
    }

    /// Triangles between two chains, seen from outside: below from left to right, above likewise. The next vertex is
    /// taken from the chain that has come less far.
    private static func zip(
        _ below: [Int32], at lower: Level, _ lowerFirst: Int32, _ above: [Int32], at upper: Level, _ upperFirst: Int32,
        into mesh: inout Mesh
    ) {
        var (low, high) = (0, 0)
        while low + 1 < below.count || high + 1 < above.count {
            let isLowNext =
                high + 1 == above.count
                || low + 1 < below.count
                    && isNoFarther(below, low + 1, at: lower, than: above, high + 1, at: upper)
            let (lowVertex, highVertex) = (below[low] + lowerFirst, above[high] + upperFirst)
            if isLowNext {
                low += 1
                mesh.triangles.append(Mesh.Triangle(lowVertex, below[low] + lowerFirst, highVertex))
            } else {
                high += 1
                mesh.triangles.append(Mesh.Triangle(lowVertex, above[high] + upperFirst, highVertex))
            }
        }
    }

    /// Compares the shares of the two chains' lengths that lie before the two positions.
    private static func isNoFarther(
        _ chain: [Int32], _ position: Int, at level: Level, than other: [Int32], _ otherPosition: Int,
        at otherLevel: Level
    ) -> Bool {
        if chain.count == 2 && other.count == 2 { return true }
        let share = distances(chain, position, at: level)
        let otherShare = distances(other, otherPosition, at: otherLevel)
        return share.part * otherShare.whole <= otherShare.part * share.whole
    }

    private static func distances(_ chain: [Int32], _ position: Int, at level: Level) -> (part: Int, whole: Int) {
        let (start, end, middle) = (Int(chain[0]), Int(chain[chain.count - 1]), Int(chain[position]))
        return (
            abs(level.xs[middle] - level.xs[start]) + abs(level.ys[middle] - level.ys[start]),
            abs(level.xs[end] - level.xs[start]) + abs(level.ys[end] - level.ys[start])
        )
    }
}
