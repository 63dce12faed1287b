/// Outline of one tab of the edge puzzle, or of the socket it goes into: a neck with hollow flanks and a bar with round
/// ends. u runs along the seam from the tab's middle, v away from the seam.
struct EdgeTab: Equatable {
    /// The half with u above zero, from the seam to the bar's far side; v never falls along it.
    let half: [Point]
    /// v of the bar's far side and of its shoulder.
    let reach: Int
    let shoulder: Int

    /// Sockets are larger than tabs by the gap at the shoulder and at the neck's flanks, and by half of it at each end of
    /// the bar: upstream leaves the whole gap at one end and none at the other.
    init(_ connector: EdgeConnector, isMale: Bool) {
        let gap = isMale ? 0 : connector.gap.tenthMicrometres
        let neckHalf = connector.neck.width.tenthMicrometres / 2 + gap
        let neckDepth = connector.neck.depth.tenthMicrometres - gap
        let barHalf = (connector.bar.width.tenthMicrometres + gap) / 2
        reach = (connector.neck.depth + connector.bar.depth).tenthMicrometres
        shoulder = neckDepth
        let flank = neckDepth / 2
        let end = (reach - neckDepth) / 2
        let hollow = Point(neckHalf + flank, flank)
        // A short bar has less round ends: the shoulder it hangs by stays.
        let radius = min(end, barHalf - hollow.x - Self.leastShoulder / 2)
        let round = Point(barHalf - radius, neckDepth + radius)
        var points = [Point(hollow.x, 0)]
        points += CircleTable.quarter(centre: hollow, radius: flank, quadrant: 2).reversed().dropFirst()
        points += CircleTable.quarter(centre: hollow, radius: flank, quadrant: 1).reversed().dropFirst()
        points[points.count - 1] = Point(hollow.x, neckDepth)
        points += CircleTable.quarter(centre: round, radius: radius, quadrant: 3)
        let far = Point(round.x, reach - radius)
        points += CircleTable.quarter(centre: far, radius: radius, quadrant: 0).dropFirst(far == round ? 1 : 0)
        points[points.count - 1] = Point(round.x, reach)
        half = points
    }

    /// Of the bar beyond the neck, both ends together, so that the tab holds.
    static let leastShoulder = 8_000

    /// Half of its extent along the seam.
    var halfWidth: Int { half.reduce(0) { max($0, $1.x) } }

    /// Counter-clockwise if v is to the left of u.
    var polygon: [Point] { half + half.reversed().map { Point(-$0.x, $0.y) } }

    /// `half` cut off at a height over the seam: what lies beyond is drawn back to the place where the outline passes the
    /// limit, so that the number of points is the same for every limit. What is reached at `highest` only, where a slab
    /// begins, is drawn back as well: it would be a fin without thickness.
    func half(upTo limit: SlopeLimit) -> [Point] {
        guard let first = half.firstIndex(where: { $0.y > limit.here || $0.y >= limit.highest }) else {
            return half + half.suffix(1)
        }
        guard first > 0 else { return [Point](repeating: half[0], count: half.count + 1) }
        let (inside, outside) = (half[first - 1], half[first])
        let u =
            inside.x
            + Clipping.divided((outside.x - inside.x) * (limit.here - inside.y), outside.y - inside.y)
        let end = Point(u, limit.here)
        return half[..<first] + [Point](repeating: end, count: half.count - first + 1)
    }
}

/// How far over the seam the wall beside a pocket reaches: at a height, and at the bottom of the slab it belongs to.
struct SlopeLimit {
    let here: Int
    let highest: Int

    static let none = SlopeLimit(here: .max, highest: .max)

    init(here: Int, highest: Int) {
        self.here = here
        self.highest = highest
    }

    init(at z: Int, slabBottom: Int) {
        here = Profile.inset(at: z)
        highest = Profile.inset(at: slabBottom)
    }
}

/// The places of a side's edge tabs.
struct EdgeTabPlace: Equatable {
    let side: Side
    let column: Int
    let row: Int
    /// On the seam.
    let middle: Point

    /// Stands between a socket and the end of its side.
    private static let wall = 12_000
    /// At least between the sockets of two sides, where a corner is.
    private static let wallBetween = 1_000

    /// The tabs of one side: as many per cell as asked for, half as many (at least one) in cells below 42 mm, and fewer
    /// where a socket would leave the straight part of the pocket's side. Both parts of a seam get the same.
    static func places(on side: Side, of frame: SegmentFrame, connector: EdgeConnector) -> [EdgeTabPlace] {
        guard frame.segment.hasEdgeTabs[side] else { return [] }
        let socket = EdgeTab(connector, isMale: false)
        let spacing = connector.bar.width.tenthMicrometres + 20_000
        let borders = side.isHorizontal ? frame.cellX : frame.cellY
        let body = frame.body
        let ends = side.isHorizontal ? (from: body.west, to: body.east) : (from: body.south, to: body.north)
        var places: [EdgeTabPlace] = []
        for index in borders.indices.dropLast() {
            let column = side.isHorizontal ? index : (side == .west ? 0 : frame.columnCount - 1)
            let row = side.isHorizontal ? (side == .south ? 0 : frame.rowCount - 1) : index
            if frame.kind(column: column, row: row) == .empty { continue }
            let width = borders[index + 1] - borders[index]
            var count = connector.countPerCell
            if width < Profile.pitch { count = max(1, count / 2) }
            // An end of the socket may pass the straight part by 0.15 mm, where the arc has not gone 0.01 mm yet. Long
            // tabs stay off those of the seam around the corner, which reach as far.
            let room = width / 2 - max(Profile.cornerCentre - 1_500, socket.reach + Self.wallBetween)
            while count > 0, (count - 1) * spacing / 2 + socket.halfWidth > room { count -= 1 }
            for number in 0..<count {
                let along = (borders[index] + borders[index + 1]) / 2 + (2 * number - (count - 1)) * spacing / 2
                // An outer cell may be cut off before the tab's place.
                guard along - socket.halfWidth >= ends.from + Self.wall, along + socket.halfWidth <= ends.to - Self.wall
                else { continue }
                let middle = frame.body.point(on: side, at: along)
                places.append(EdgeTabPlace(side: side, column: column, row: row, middle: middle))
            }
        }
        return places
    }

    /// From (u, v) to the segment's coordinates; the socket's v runs inwards.
    func place(_ point: Point, isMale: Bool) -> Point {
        side.place(Point(isMale ? point.y : -point.y, point.x), at: middle)
    }

    /// The whole tab, counter-clockwise.
    func polygon(_ tab: EdgeTab, isMale: Bool) -> [Point] {
        let placed = tab.polygon.map { place($0, isMale: isMale) }
        return LoopArea.twice(placed) > 0 ? placed : placed.reversed()
    }

    /// The half first met walking around the body counter-clockwise, from the seam away, or the other one, cut off at
    /// `limit` over the seam.
    func flank(_ tab: EdgeTab, isMale: Bool, isFirst: Bool, limit: SlopeLimit) -> [Point] {
        let sign = (side == .south || side == .east) == isFirst ? -1 : 1
        return tab.half(upTo: limit).map { place(Point($0.x * sign, $0.y), isMale: isMale) }
    }
}
