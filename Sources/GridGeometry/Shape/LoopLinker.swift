/// Joins directed edges to loops.
enum LoopLinker {
    struct Edge {
        var start: Point
        var end: Point
    }

    /// Solid on the left; where several edges leave a point the sharpest turn to the left is taken, so that solids which
    /// touch in a point stay apart. Points in the middle of a straight run are left out.
    static func loops(of unordered: [Edge]) -> [[Point]] {
        let edges = unordered.sorted {
            $0.start != $1.start
                ? Overlay.isBefore($0.start, $1.start) : Overlay.isBefore($0.end, $1.end)
        }
        var firstOf: [Point: Int] = [:]
        firstOf.reserveCapacity(edges.count)
        for (index, edge) in edges.enumerated() where index == 0 || edges[index - 1].start != edge.start {
            firstOf[edge.start] = index
        }
        var isUsed = [Bool](repeating: false, count: edges.count)
        var loops: [[Point]] = []
        for first in edges.indices where !isUsed[first] {
            var walk: [Point] = []
            var current = first
            while !isUsed[current] {
                isUsed[current] = true
                walk.append(edges[current].start)
                guard var candidate = firstOf[edges[current].end] else { break }
                var best: Int?
                while candidate < edges.count, edges[candidate].start == edges[current].end {
                    if !isUsed[candidate] || candidate == first {
                        if let chosen = best {
                            if isSharper(edges[candidate], than: edges[chosen], after: edges[current]) {
                                best = candidate
                            }
                        } else {
                            best = candidate
                        }
                    }
                    candidate += 1
                }
                guard let next = best else { break }
                current = next
            }
            for loop in separated(walk) {
                let simple = withoutStraightPoints(loop)
                if simple.count >= 3 { loops.append(simple) }
            }
        }
        return loops
    }

    /// Turns further to the left, measured from straight back over the left.
    private static func isSharper(_ left: Edge, than right: Edge, after incoming: Edge) -> Bool {
        let back = incoming.start - incoming.end
        let a = left.end - left.start
        let b = right.end - right.start
        return angleOrder(back, a, b)
    }

    /// Whether `a` comes before `b` going clockwise from `reference`.
    private static func angleOrder(_ reference: Point, _ a: Point, _ b: Point) -> Bool {
        func half(_ direction: Point) -> Int {
            let cross = reference.x * direction.y - reference.y * direction.x
            if cross != 0 { return cross < 0 ? 0 : 1 }
            return reference.x * direction.x + reference.y * direction.y > 0 ? 2 : 0
        }
        let halfA = half(a)
        let halfB = half(b)
        if halfA != halfB { return halfA < halfB }
        return a.x * b.y - a.y * b.x < 0
    }

    /// A walk that visits a point twice is two loops.
    private static func separated(_ walk: [Point]) -> [[Point]] {
        var loops: [[Point]] = []
        var stack: [Point] = []
        var place: [Point: Int] = [:]
        place.reserveCapacity(walk.count)
        for point in walk {
            if let earlier = place[point] {
                loops.append(Array(stack[earlier...]))
                for dropped in stack[(earlier + 1)...] { place[dropped] = nil }
                stack.removeSubrange((earlier + 1)...)
            } else {
                place[point] = stack.count
                stack.append(point)
            }
        }
        loops.append(stack)
        return loops
    }

    static func withoutStraightPoints(_ loop: [Point]) -> [Point] {
        guard loop.count > 3 else { return loop }
        var kept: [Point] = []
        kept.reserveCapacity(loop.count)
        for (index, point) in loop.enumerated() {
            let before = kept.last ?? loop[loop.count - 1]
            let after = loop[index + 1 == loop.count ? 0 : index + 1]
            if before.cross(point, after) != 0 { kept.append(point) }
        }
        if kept.count > 2, kept[kept.count - 1].cross(kept[0], kept[1]) == 0 { kept.removeFirst() }
        return kept
    }
}
