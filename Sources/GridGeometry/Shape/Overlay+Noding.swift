extension Overlay {
    /// A place at which an edge is cut.
    private struct Cut {
        var edge: Int
        var point: Point
    }

    /// Cuts the edges until none crosses or touches another one but at common ends.
    mutating func node() {
        merge()
        // Rounding a crossing moves the halves by less than a unit, which rarely makes a new crossing: two or three rounds.
        for _ in 0..<16 {
            let cuts = findCuts()
            if cuts.isEmpty { return }
            split(at: cuts)
            merge()
        }
    }

    /// Cuts of all pairs whose boxes overlap. They are looked for in bands from south to north; a pair that shares two
    /// bands is found twice, which cuts nothing twice.
    private func findCuts() -> [Cut] {
        var south = Int.max
        var north = Int.min
        for edge in edges {
            south = min(south, edge.start.y, edge.end.y)
            north = max(north, edge.start.y, edge.end.y)
        }
        guard south <= north else { return [] }
        let bandCount = edges.count / Self.edgesPerBand + 1
        let bandHeight = (north - south) / bandCount + 1
        var bands = [[Int]](repeating: [], count: bandCount)
        for (index, edge) in edges.enumerated() {
            let low = max(south, min(edge.start.y, edge.end.y) - 1)
            let high = min(north, max(edge.start.y, edge.end.y) + 1)
            for band in (low - south) / bandHeight...(high - south) / bandHeight { bands[band].append(index) }
        }
        var cuts: [Cut] = []
        for band in bands { findCuts(in: band, into: &cuts) }
        return cuts
    }

    private static let edgesPerBand = 64

    /// Edges are sorted by their west ends, so a sweep meets each pair whose boxes overlap once.
    private func findCuts(in band: [Int], into cuts: inout [Cut]) {
        var active: [Int] = []
        for index in band {
            let edge = edges[index]
            let low = min(edge.start.y, edge.end.y) - 1
            let high = max(edge.start.y, edge.end.y) + 1
            var kept = 0
            for other in active {
                let candidate = edges[other]
                if candidate.end.x < edge.start.x - 1 { continue }
                active[kept] = other
                kept += 1
                if min(candidate.start.y, candidate.end.y) > high { continue }
                if max(candidate.start.y, candidate.end.y) < low { continue }
                compare(other, index, into: &cuts)
            }
            active.removeSubrange(kept...)
            active.append(index)
        }
    }

    private func compare(_ first: Int, _ second: Int, into cuts: inout [Cut]) {
        let a = edges[first]
        let b = edges[second]
        let bStart = a.start.cross(a.end, b.start)
        let bEnd = a.start.cross(a.end, b.end)
        let aStart = b.start.cross(b.end, a.start)
        let aEnd = b.start.cross(b.end, a.end)
        var touches = false
        touches = touch(a, b.start, bStart, edge: first, into: &cuts) || touches
        touches = touch(a, b.end, bEnd, edge: first, into: &cuts) || touches
        touches = touch(b, a.start, aStart, edge: second, into: &cuts) || touches
        touches = touch(b, a.end, aEnd, edge: second, into: &cuts) || touches
        guard !touches, (bStart > 0) != (bEnd > 0), (aStart > 0) != (aEnd > 0), bStart != 0, bEnd != 0, aStart != 0,
            aEnd != 0
        else { return }
        let point = Self.crossing(a, b, bStart: bStart, bEnd: bEnd)
        if point != a.start && point != a.end { cuts.append(Cut(edge: first, point: point)) }
        if point != b.start && point != b.end { cuts.append(Cut(edge: second, point: point)) }
    }

    /// Cuts `edge` at a point less than one unit away from it, as if the edge ran through the point.
    private func touch(_ edge: Edge, _ point: Point, _ cross: Int, edge index: Int, into cuts: inout [Cut]) -> Bool {
        let dx = edge.end.x - edge.start.x
        let dy = edge.end.y - edge.start.y
        guard abs(cross) < dx + abs(dy), cross * cross < dx * dx + dy * dy else { return false }
        if point == edge.start || point == edge.end { return true }
        let along = (point.x - edge.start.x) * dx + (point.y - edge.start.y) * dy
        guard along > 0, along < dx * dx + dy * dy else { return false }
        cuts.append(Cut(edge: index, point: point))
        return true
    }

    /// Rounded to the nearest grid point; products go beyond 64 bits.
    static func crossing(_ a: Edge, _ b: Edge, bStart: Int, bEnd: Int) -> Point {
        let share = Int128(bStart)
        let whole = Int128(bStart - bEnd)
        return Point(
            b.start.x + rounded(share * Int128(b.end.x - b.start.x), whole),
            b.start.y + rounded(share * Int128(b.end.y - b.start.y), whole))
    }

    private static func rounded(_ numerator: Int128, _ denominator: Int128) -> Int {
        let sign: Int128 = denominator < 0 ? -1 : 1
        let top = 2 * numerator * sign + denominator * sign
        let bottom = 2 * denominator * sign
        var quotient = top / bottom
        if top < 0 && quotient * bottom != top { quotient -= 1 }
        return Int(quotient)
    }

    private mutating func split(at cuts: [Cut]) {
        var byEdge = cuts
        byEdge.sort {
            $0.edge != $1.edge ? $0.edge < $1.edge : Self.isBefore($0.point, $1.point)
        }
        var pieces: [Edge] = []
        pieces.reserveCapacity(edges.count + cuts.count)
        var next = 0
        for index in edges.indices {
            let edge = edges[index]
            if next == byEdge.count || byEdge[next].edge != index {
                pieces.append(edge)
                continue
            }
            var from = edge.start
            while next < byEdge.count, byEdge[next].edge == index {
                appendPiece(from: from, to: byEdge[next].point, step: edge.step, to: &pieces)
                from = byEdge[next].point
                next += 1
            }
            appendPiece(from: from, to: edge.end, step: edge.step, to: &pieces)
        }
        replaceEdges(pieces)
    }

    private func appendPiece(from: Point, to: Point, step: Winding, to pieces: inout [Edge]) {
        if from == to { return }
        pieces.append(
            Self.isBefore(from, to)
                ? Edge(start: from, end: to, step: step) : Edge(start: to, end: from, step: .zero &- step))
    }

    /// The winding on the right of each edge (below it, or east of an upright one).
    func windings() -> [Winding] {
        var result = [Winding](repeating: .zero, count: edges.count)
        guard let first = edges.first else { return result }
        let west = first.start.x
        let east = edges.reduce(west) { max($0, $1.end.x) }
        let columnCount = max(1, edges.count / 4)
        let columnWidth = (east - west) / columnCount + 1
        var columns = [[Int32]](repeating: [], count: columnCount)
        for (index, edge) in edges.enumerated() where edge.start.x != edge.end.x {
            for column in (edge.start.x - west) / columnWidth...(edge.end.x - west) / columnWidth {
                columns[column].append(Int32(index))
            }
        }
        for index in edges.indices {
            let edge = edges[index]
            // Twice the middle, so that it is a grid point.
            let middle = Point(edge.start.x + edge.end.x, edge.start.y + edge.end.y)
            var sum = Winding.zero
            for candidate in columns[(middle.x / 2 - west) / columnWidth] {
                let other = edges[Int(candidate)]
                guard 2 * other.start.x <= middle.x, middle.x < 2 * other.end.x else { continue }
                let dx = other.end.x - other.start.x
                let dy = other.end.y - other.start.y
                if dx * (middle.y - 2 * other.start.y) - dy * (middle.x - 2 * other.start.x) > 0 {
                    sum &+= other.step
                }
            }
            result[index] = sum
        }
        return result
    }
}
