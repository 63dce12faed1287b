import GridGeometry

/// A random solid of sheared boxes on a grid: its slabs meet in every way that slabs can (edges that end on longer
/// edges, holes, overhangs, islands, corners that touch), and its volume and bodies can be counted.
struct VoxelSolid {
    let side: Int
    let layers: Int
    private(set) var isFilled: [Bool]
    private var scale: (xx: Int, xy: Int, yx: Int, yy: Int)
    private let layerHeight = 700

    init(side: Int, layers: Int, percent: Int, random: inout SeededNumbers) {
        self.side = side
        self.layers = layers
        isFilled = (0..<side * side * layers).map { _ in Int.random(in: 0..<100, using: &random) < percent }
        // A positive determinant keeps the solid on the left.
        scale = (
            Int.random(in: 50...900, using: &random), Int.random(in: -40...40, using: &random),
            Int.random(in: -40...40, using: &random), Int.random(in: 50...900, using: &random)
        )
        isFilled[0] = true
        fillSharedEdges()
    }

    func has(_ x: Int, _ y: Int, _ z: Int) -> Bool {
        guard (0..<side).contains(x), (0..<side).contains(y), (0..<layers).contains(z) else { return false }
        return isFilled[(z * side + y) * side + x]
    }

    /// Boxes that touch in an edge only make no solid; one more box beside each such edge mends it.
    private mutating func fillSharedEdges() {
        var isChanged = true
        while isChanged {
            isChanged = false
            for z in 0..<layers {
                for y in 0..<side {
                    for x in 0..<side where !has(x, y, z) {
                        let touches = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
                        let isInner = touches.indices.contains { first in
                            touches.indices.contains { second in
                                let (a, b) = (touches[first], touches[second])
                                let isCorner = a.0 * b.0 + a.1 * b.1 + a.2 * b.2 == 0
                                return isCorner && has(x + a.0, y + a.1, z + a.2) && has(x + b.0, y + b.1, z + b.2)
                                    && !has(x + a.0 + b.0, y + a.1 + b.1, z + a.2 + b.2)
                            }
                        }
                        guard isInner else { continue }
                        isFilled[(z * side + y) * side + x] = true
                        isChanged = true
                    }
                }
            }
        }
    }

    /// Bodies and hollows within them: each surface divides two regions, so there is one less than regions.
    var surfaceCount: Int {
        // With a margin, so that all outside is one region.
        let (wide, high) = (side + 2, layers + 2)
        func isSolid(_ cell: Int) -> Bool { has(cell % wide - 1, cell / wide % wide - 1, cell / wide / wide - 1) }
        var seen = [Bool](repeating: false, count: wide * wide * high)
        var regions = 0
        for start in seen.indices where !seen[start] {
            regions += 1
            seen[start] = true
            var open = [start]
            while let cell = open.popLast() {
                let (x, y, z) = (cell % wide, cell / wide % wide, cell / wide / wide)
                for (dx, dy, dz) in [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
                where (0..<wide).contains(x + dx) && (0..<wide).contains(y + dy) && (0..<high).contains(z + dz) {
                    let next = ((z + dz) * wide + y + dy) * wide + x + dx
                    guard !seen[next], isSolid(next) == isSolid(start) else { continue }
                    seen[next] = true
                    open.append(next)
                }
            }
        }
        return regions - 1
    }

    var sixfoldVolume: Int128 {
        let determinant = Int128(scale.xx * scale.yy - scale.xy * scale.yx)
        return Int128(isFilled.count { $0 }) * determinant * Int128(layerHeight) * 6
    }

    private func point(_ x: Int, _ y: Int) -> Point {
        Point(scale.xx * x + scale.xy * y, scale.yx * x + scale.yy * y)
    }

    /// Loops of each layer; some of the points on straight edges are left out, so that edges of different length meet.
    func slabs(random: inout SeededNumbers) -> [Slab] {
        (0..<layers).compactMap { z in
            let loops = outlines(of: z, random: &random).map { Slab.Loop(prism: $0) }
            guard !loops.isEmpty else { return nil }
            return Slab(bottomZ: z * layerHeight, topZ: (z + 1) * layerHeight, loops: loops)
        }
    }

    private func outlines(of z: Int, random: inout SeededNumbers) -> [[Point]] {
        // Directed unit edges by their start; no start has two, as boxes never touch in a corner only.
        var ends: [Int: Int] = [:]
        let width = side + 1
        for y in 0..<side {
            for x in 0..<side where has(x, y, z) {
                if !has(x, y - 1, z) { ends[y * width + x] = y * width + x + 1 }
                if !has(x + 1, y, z) { ends[y * width + x + 1] = (y + 1) * width + x + 1 }
                if !has(x, y + 1, z) { ends[(y + 1) * width + x + 1] = (y + 1) * width + x }
                if !has(x - 1, y, z) { ends[(y + 1) * width + x] = y * width + x }
            }
        }
        var loops: [[Point]] = []
        while let start = ends.keys.min() {
            var corners: [Int] = []
            var corner = start
            while let next = ends.removeValue(forKey: corner) {
                corners.append(corner)
                corner = next
            }
            let kept = corners.indices.filter { index in
                let (before, here) = (corners[(index + corners.count - 1) % corners.count], corners[index])
                let isStraight = here - before == corners[(index + 1) % corners.count] - here
                return !isStraight || Int.random(in: 0..<3, using: &random) == 0
                    || isCrossed(at: here % width, here / width, layer: z)
            }
            loops.append(kept.map { point(corners[$0] % width, corners[$0] / width) })
        }
        return loops
    }

    /// A straight edge of this layer and one of a neighbouring layer cross here: that needs a point.
    private func isCrossed(at x: Int, _ y: Int, layer: Int) -> Bool {
        func directions(_ z: Int) -> (isAlongX: Bool, isAlongY: Bool) {
            let (a, b) = (has(x - 1, y - 1, z), has(x, y - 1, z))
            let (c, d) = (has(x - 1, y, z), has(x, y, z))
            return (a == b && c == d && a != c, a == c && b == d && a != b)
        }
        let here = directions(layer)
        return [directions(layer - 1), directions(layer + 1)].contains {
            here.isAlongX && $0.isAlongY || here.isAlongY && $0.isAlongX
        }
    }
}
