/// The outline of a segment between two heights, with male edge tabs put on and pockets joined where they are open to the
/// side. It is built of the same steps for both heights, so that the points of bottom and top belong together.
struct MovingOutline {
    private enum Step {
        case point(Point)
        case tab(EdgeTab, EdgeTabPlace)
        /// A socket that ends in solid material.
        case closedSocket(EdgeTab, EdgeTabPlace)
        case opening(Int)
    }

    /// A stretch of outline from one opening to the next.
    private struct Stretch {
        var steps: [Step]
        /// Openings it comes from and goes to.
        var from: Int
        var to: Int
    }

    let frame: SegmentFrame
    let openings: [Opening]
    private var closed: [[Step]] = []
    private var stretches: [Stretch] = []
    /// The opening before each one in the order of the outline, of those of the same cell.
    private var previous: [Int] = []

    /// - Parameters:
    ///   - openings: in any order.
    ///   - tabs: what else changes the straight sides.
    init(
        outline: [[Point]], frame: SegmentFrame, openings: [Opening], males: [(EdgeTab, EdgeTabPlace)],
        closedSockets: [(EdgeTab, EdgeTabPlace)]
    ) {
        self.frame = frame
        self.openings = openings
        var order: [Int] = []
        for loop in outline {
            let steps = Self.steps(
                of: loop, frame: frame, openings: openings, males: males, closedSockets: closedSockets)
            let marks = steps.indices.filter { if case .opening = steps[$0] { true } else { false } }
            guard let first = marks.first else {
                closed.append(steps)
                continue
            }
            let turned = Self.withoutPassedCorners(Array(steps[first...] + steps[..<first]), openings)
            var current: Stretch?
            for step in turned {
                if case .opening(let index) = step {
                    order.append(index)
                    if var stretch = current {
                        stretch.to = index
                        stretches.append(stretch)
                    }
                    current = Stretch(steps: [], from: index, to: index)
                } else {
                    current?.steps.append(step)
                }
            }
            if var last = current, case .opening(let index) = turned[0] {
                last.to = index
                stretches.append(last)
            }
        }
        previous = Self.predecessors(order: order, openings: openings)
    }

    private static func withoutPassedCorners(_ steps: [Step], _ openings: [Opening]) -> [Step] {
        var result: [Step] = []
        var toPass = 0
        for step in steps {
            if case .point = step, toPass > 0 {
                toPass -= 1
                continue
            }
            if case .opening(let index) = step { toPass = openings[index].passedCorners }
            result.append(step)
        }
        return result
    }

    /// For each opening the one of the same cell that comes before it around the body.
    private static func predecessors(order: [Int], openings: [Opening]) -> [Int] {
        var result = Array(openings.indices)
        for (place, index) in order.enumerated() {
            let opening = openings[index]
            for back in 1...order.count {
                let candidate = order[(place - back + order.count) % order.count]
                if openings[candidate].column == opening.column, openings[candidate].row == opening.row {
                    result[index] = candidate
                    break
                }
            }
        }
        return result
    }

    private static func steps(
        of loop: [Point], frame: SegmentFrame, openings: [Opening], males: [(EdgeTab, EdgeTabPlace)],
        closedSockets: [(EdgeTab, EdgeTabPlace)]
    ) -> [Step] {
        var steps: [Step] = []
        for (index, point) in loop.enumerated() {
            steps.append(.point(point))
            let next = loop[index + 1 == loop.count ? 0 : index + 1]
            guard let side = side(from: point, to: next, body: frame.body) else { continue }
            let along = side.isHorizontal ? (point.x, next.x) : (point.y, next.y)
            let range = min(along.0, along.1)..<max(along.0, along.1)
            var found: [(at: Int, step: Step)] = []
            for (index, opening) in openings.enumerated() where opening.side == side {
                let at =
                    switch opening.kind {
                    case .socket(_, let place): side.isHorizontal ? place.middle.x : place.middle.y
                    case .cut: opening.cell.middle(along: side)
                    }
                if range.contains(at) { found.append((at, .opening(index))) }
            }
            for (tab, place) in males where place.side == side {
                let at = side.isHorizontal ? place.middle.x : place.middle.y
                if range.contains(at) { found.append((at, .tab(tab, place))) }
            }
            for (tab, place) in closedSockets where place.side == side {
                let at = side.isHorizontal ? place.middle.x : place.middle.y
                if range.contains(at) { found.append((at, .closedSocket(tab, place))) }
            }
            found.sort { along.0 < along.1 ? $0.at < $1.at : $0.at > $1.at }
            steps += found.map(\.step)
        }
        return steps
    }

    /// The side of the body an edge lies on, walked counter-clockwise.
    private static func side(from: Point, to: Point, body: Box) -> Side? {
        if from.y == to.y {
            if from.y == body.south, from.x < to.x { return .south }
            if from.y == body.north, from.x > to.x { return .north }
        } else if from.x == to.x {
            if from.x == body.east, from.y < to.y { return .east }
            if from.x == body.west, from.y > to.y { return .west }
        }
        return nil
    }

    /// All loops at a height over the pockets' bottoms; their numbers of points do not depend on it.
    func loops(at z: Int, slabBottom: Int, ring: (Opening) -> CutRing) -> [[Point]] {
        let limit = SlopeLimit(at: z, slabBottom: slabBottom)
        var loops = closed.map { points(of: $0, limit: limit) }
        var isUsed = [Bool](repeating: false, count: stretches.count)
        for first in stretches.indices where !isUsed[first] {
            var loop: [Point] = []
            var current = first
            while !isUsed[current] {
                isUsed[current] = true
                loop += points(of: stretches[current].steps, limit: limit)
                let entry = openings[stretches[current].to]
                let exitIndex = previous[stretches[current].to]
                let exit = openings[exitIndex]
                let pocket = ring(entry)
                let inwards = entry.flank(isFirst: true, limit: limit, ring: pocket)
                let outwards = exit.flank(isFirst: false, limit: limit, ring: pocket)
                loop += inwards
                loop += Self.around(
                    pocket, from: entry, to: exit, isWhole: exitIndex == stretches[current].to, start: inwards,
                    end: outwards)
                loop += outwards.reversed()
                guard let next = stretches.firstIndex(where: { $0.from == exitIndex }) else { break }
                current = next
            }
            loops.append(loop)
        }
        return loops
    }

    /// The points of a pocket's ring between two openings, clockwise.
    private static func around(
        _ ring: CutRing, from entry: Opening, to exit: Opening, isWhole: Bool, start: [Point], end: [Point]
    ) -> [Point] {
        guard let first = start.last, let last = end.last else { return [] }
        // Two sockets side by side: straight from one to the other.
        if entry.side == exit.exitSide, !isWhole, isBefore(first, last, side: entry.side) { return [] }
        let from = CutRing.firstIndex(after: entry.side)
        let to = (CutRing.firstIndex(after: exit.exitSide) + 43) % 44
        var points: [Point] = []
        var index = from
        while true {
            points.append(ring.points[index])
            if index == to { break }
            index = (index + 1) % 44
        }
        // A socket's end may lie just beyond the straight part: the ring's points that it passed are drawn to it.
        for place in 0..<min(2, points.count) where isBefore(points[place], first, side: entry.side) {
            if case .socket = entry.kind { points[place] = first }
        }
        for place in max(0, points.count - 2)..<points.count where isBefore(last, points[place], side: exit.exitSide) {
            if case .socket = exit.kind { points[place] = last }
        }
        return points
    }

    /// Whether `a` comes before `b` on a side of the ring, walked clockwise.
    private static func isBefore(_ a: Point, _ b: Point, side: Side) -> Bool {
        switch side {
        case .south: a.x > b.x
        case .north: a.x < b.x
        case .west: a.y < b.y
        case .east: a.y > b.y
        }
    }

    private func points(of steps: [Step], limit: SlopeLimit) -> [Point] {
        var points: [Point] = []
        points.reserveCapacity(steps.count)
        for step in steps {
            switch step {
            case .point(let point): points.append(point)
            case .tab(let tab, let place):
                // The neighbour's pocket must stay free.
                points += place.flank(tab, isMale: true, isFirst: true, limit: limit)
                points += place.flank(tab, isMale: true, isFirst: false, limit: limit).reversed()
            case .closedSocket(let tab, let place):
                points += place.flank(tab, isMale: false, isFirst: true, limit: .none)
                points += place.flank(tab, isMale: false, isFirst: false, limit: .none).reversed()
            case .opening: break
            }
        }
        return points
    }
}
