/// Shapes laid over each other on the integer grid: every edge is cut where another one crosses or touches it, until
/// nothing crosses; then any combination of the shapes is the edges whose two sides differ in it. Exact but for the
/// rounding of crossings to the grid; all combinations taken from one overlay share their vertices.
struct Overlay {
    /// Of how many shapes an overlay can be made; the lanes of `Winding`.
    static let shapeLimit = 16
    /// How often each shape goes around a place.
    typealias Winding = SIMD16<Int8>

    /// Between two different points, `start` before `end` from west to east, then from south to north. `step` is the
    /// winding on its left less the one on its right.
    struct Edge {
        var start: Point
        var end: Point
        var step: Winding
    }

    private(set) var edges: [Edge] = []

    /// Adds a closed loop; what is on its left belongs to the shape.
    mutating func add(_ loop: [Point], to shape: Int) {
        guard var previous = loop.last else { return }
        for point in loop {
            if previous != point {
                var edge = Edge(start: previous, end: point, step: .zero)
                edge.step[shape] = 1
                if Self.isBefore(point, previous) {
                    edge = Edge(start: point, end: previous, step: .zero)
                    edge.step[shape] = -1
                }
                edges.append(edge)
            }
            previous = point
        }
    }

    mutating func add(_ loops: [[Point]], to shape: Int) {
        for loop in loops { add(loop, to: shape) }
    }

    static func isBefore(_ left: Point, _ right: Point) -> Bool {
        left.x != right.x ? left.x < right.x : left.y < right.y
    }

    /// The loops around everything for which `isInside` holds, solid on the left, none visiting a point twice.
    consuming func loops(where isInside: (Winding) -> Bool) -> [[Point]] {
        var noded = self
        noded.node()
        let windings = noded.windings()
        return noded.loops(windings: windings, where: isInside)
    }

    /// As `loops(where:)` for an overlay that is cut already.
    func loops(windings: [Winding], where isInside: (Winding) -> Bool) -> [[Point]] {
        var chosen: [LoopLinker.Edge] = []
        for (edge, right) in zip(edges, windings) {
            let isLeftInside = isInside(right &+ edge.step)
            if isLeftInside == isInside(right) { continue }
            chosen.append(
                isLeftInside
                    ? LoopLinker.Edge(start: edge.start, end: edge.end)
                    : LoopLinker.Edge(start: edge.end, end: edge.start))
        }
        return LoopLinker.loops(of: chosen)
    }

    /// Makes one edge of those that lie on each other and forgets those that bound nothing.
    mutating func merge() {
        edges.sort {
            $0.start != $1.start ? Self.isBefore($0.start, $1.start) : Self.isBefore($0.end, $1.end)
        }
        var merged: [Edge] = []
        merged.reserveCapacity(edges.count)
        for edge in edges {
            if let last = merged.last, last.start == edge.start, last.end == edge.end {
                merged[merged.count - 1].step &+= edge.step
            } else {
                if let last = merged.last, last.step == .zero { merged.removeLast() }
                merged.append(edge)
            }
        }
        if let last = merged.last, last.step == .zero { merged.removeLast() }
        edges = merged
    }

    mutating func replaceEdges(_ replacement: [Edge]) { edges = replacement }
}
