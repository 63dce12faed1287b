/// The outline of a segment without its pockets: the body with rounded outer corners and the puzzle tabs, which are the same
/// at every height because they stay within the stars between the pockets' corners.
struct BodyOutline {
    private enum Shape {
        static let body = 0
        static let cuts = 1
        static let adds = 2
        static let empty = 3
        static let patches = 4
    }

    let frame: SegmentFrame
    let male: Tab?
    let female: Tab?

    init(frame: SegmentFrame, tabs: TabPair?) {
        self.frame = frame
        male = tabs?.male
        female = tabs?.female
    }

    /// Counter-clockwise around solids, clockwise around what cells left empty.
    func loops() -> [[Point]] {
        var overlay = Overlay()
        overlay.add(roundedBody(), to: Shape.body)
        for side in Side.allCases {
            for joint in frame.segment.joints[side] { add(joint, on: side, to: &overlay) }
        }
        addEmptyCells(to: &overlay)
        let loops = overlay.loops { winding in
            let isBody = winding[Shape.body] > 0 && (winding[Shape.empty] <= 0 || winding[Shape.patches] > 0)
            return (isBody && winding[Shape.cuts] <= 0) || winding[Shape.adds] > 0
        }
        // Where padding ends before a socket does, the tip of its jaw would be left without a root.
        return loops.filter { !(0..<Self.smallestPiece).contains(LoopArea.twice($0)) }
    }

    /// The body; its corners are round where the plate's corners are, between two sides without neighbours, but square
    /// beside a side that cuts into cells: an arc there would cut into the pocket once more.
    func roundedBody() -> [Point] {
        let body = frame.body
        let connects = frame.segment.connects
        func isSquare(_ first: Side, _ second: Side) -> Bool {
            connects[first] || connects[second] || frame.cut(first) > 0 || frame.cut(second) > 0
        }
        let corners = [
            (Point(body.east, body.north), isSquare(.north, .east)),
            (Point(body.west, body.north), isSquare(.north, .west)),
            (Point(body.west, body.south), isSquare(.south, .west)),
            (Point(body.east, body.south), isSquare(.south, .east)),
        ]
        let radius = frame.cornerRadius
        var loop: [Point] = []
        for (quadrant, (corner, isSquare)) in corners.enumerated() {
            if isSquare || radius <= 0 {
                loop.append(corner)
                continue
            }
            let inwards = CircleTable.turned(Point(-radius, -radius), quarters: quadrant)
            loop += CircleTable.quarter(centre: corner + inwards, radius: radius, quadrant: quadrant)
        }
        return loop
    }

    private func add(_ joint: Joint, on side: Side, to overlay: inout Overlay) {
        guard let tab = side.isMale ? male : female else { return }
        let along = joint.offset.tenthMicrometres
        let corner = frame.body.point(on: side, at: along)
        let hasLower = joint.hasBefore && !isEmpty(side, beside: along - 1)
        let hasUpper = joint.hasAfter && !isEmpty(side, beside: along + 1)
        let box = reach(of: side, from: hasLower ? nil : along, to: hasUpper ? nil : along)
        for isUpper in [false, true] where isUpper ? hasUpper : hasLower {
            for loop in tab.cut {
                overlay.add(Clipping.clip(side.place(loop, at: corner, mirrored: isUpper), to: box), to: Shape.cuts)
            }
            for loop in tab.add {
                overlay.add(Clipping.clip(side.place(loop, at: corner, mirrored: isUpper), to: box), to: Shape.adds)
            }
        }
    }

    /// Where tabs of a side may be: not beyond its ends, and not beyond the corner they stand at if there is only one half.
    /// Upstream's halves reach 0.3 mm too far, into the neighbour at a T-joint and out of the plate at its edge.
    private func reach(of side: Side, from: Int?, to: Int?) -> Box {
        let body = frame.body
        let far = 100_000
        if side.isHorizontal {
            return Box(
                west: from ?? body.west, south: side == .north ? body.south : body.south - far, east: to ?? body.east,
                north: side == .south ? body.north : body.north + far)
        }
        return Box(
            west: side == .east ? body.west : body.west - far, south: from ?? body.south,
            east: side == .west ? body.east : body.east + far, north: to ?? body.north)
    }

    /// Whether the cell at a place of a side is left empty.
    private func isEmpty(_ side: Side, beside along: Int) -> Bool {
        let borders = side.isHorizontal ? frame.cellX : frame.cellY
        guard let next = borders.firstIndex(where: { $0 > along }), next > 0 else { return false }
        let index = next - 1
        switch side {
        case .south: return frame.kind(column: index, row: 0) == .empty
        case .north: return frame.kind(column: index, row: frame.rowCount - 1) == .empty
        case .west: return frame.kind(column: 0, row: index) == .empty
        case .east: return frame.kind(column: frame.columnCount - 1, row: index) == .empty
        }
    }

    /// Takes the empty cells out. Two of them that touch in a corner would leave two solids touching in a line; there a
    /// square of 2 mm stays on each.
    private func addEmptyCells(to overlay: inout Overlay) {
        for row in 0..<frame.rowCount {
            for column in 0..<frame.columnCount where frame.kind(column: column, row: row) == .empty {
                overlay.add(frame.cell(column: column, row: row).corners, to: Shape.empty)
            }
        }
        guard frame.rowCount > 1, frame.columnCount > 1 else { return }
        for row in 1..<frame.rowCount {
            for column in 1..<frame.columnCount {
                let isEmpty = [(0, 0), (1, 0), (0, 1), (1, 1)].map {
                    frame.kind(column: column - 1 + $0.0, row: row - 1 + $0.1) == .empty
                }
                if isEmpty[0] == isEmpty[3], isEmpty[1] == isEmpty[2], isEmpty[0] != isEmpty[1] {
                    let corner = Point(frame.cellX[column], frame.cellY[row])
                    let patch = Box(west: corner.x, south: corner.y, east: corner.x, north: corner.y)
                    overlay.add(patch.grown(by: Self.patch).corners, to: Shape.patches)
                }
            }
        }
    }

    private static let patch = 20_000
    /// Twice 2 mm².
    private static let smallestPiece = 400_000_000
}

/// Both halves of the puzzle, drawn once for all segments of a plate.
struct TabPair {
    let male: Tab
    let female: Tab

    init(fit: Int) {
        male = Tab(isMale: true, fit: fit)
        female = Tab(isMale: false, fit: fit)
    }
}
