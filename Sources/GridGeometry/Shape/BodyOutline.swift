/// The outline of a segment without its pockets: the body with rounded outer corners and the puzzle tabs, which are the same
/// at every height because they stay within the stars between the pockets' corners.
struct BodyOutline {
    private enum Shape {
        static let body = 0
        static let cuts = 1
        static let adds = 2
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
        for side in Side.allCases where frame.segment.connects[side] {
            for seam in seams(of: side) { add(seam, on: side, to: &overlay) }
        }
        return overlay.loops { ($0[Shape.body] > 0 && $0[Shape.cuts] <= 0) || $0[Shape.adds] > 0 }
    }

    /// The body; its corners are round where the plate's corners are, between two sides without neighbours.
    func roundedBody() -> [Point] {
        let body = frame.body
        let connects = frame.segment.connects
        let corners = [
            (Point(body.east, body.north), connects.north || connects.east),
            (Point(body.west, body.north), connects.north || connects.west),
            (Point(body.west, body.south), connects.south || connects.west),
            (Point(body.east, body.south), connects.south || connects.east),
        ]
        let radius = frame.wish.cornerRadius.tenthMicrometres
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

    /// Corner of two cells on a side, with the halves of the tab that exist there.
    private struct Seam {
        var corner: Point
        var hasLower: Bool
        var hasUpper: Bool
    }

    private func seams(of side: Side) -> [Seam] {
        let body = frame.body
        let connects = frame.segment.connects
        let places = side.isHorizontal ? frame.seamX : frame.seamY
        let end = side.isHorizontal ? body.east : body.north
        return places.compactMap { place in
            // Where two seams meet at the segment's corner there is room for one half only: west and east have it.
            if side.isHorizontal, (place == 0 && connects.west) || (place == end && connects.east) { return nil }
            let corner =
                switch side {
                case .south: Point(place, body.south)
                case .north: Point(place, body.north)
                case .west: Point(body.west, place)
                case .east: Point(body.east, place)
                }
            return Seam(corner: corner, hasLower: place > 0, hasUpper: place < end)
        }
    }

    private func add(_ seam: Seam, on side: Side, to overlay: inout Overlay) {
        guard let tab = side.isMale ? male : female else { return }
        // Nothing of a tab goes beyond the ends of its side: upstream's halves stick out by 0.3 mm there, into the
        // neighbour at a T-joint and into the drawer's wall at the plate's edge.
        let far = 100_000
        let box =
            side.isHorizontal
            ? Box(
                west: 0, south: side == .north ? 0 : -far, east: frame.body.east,
                north: side == .south ? frame.body.north : frame.body.north + far)
            : Box(
                west: side == .east ? 0 : -far, south: 0,
                east: side == .west ? frame.body.east : frame.body.east + far, north: frame.body.north)
        for isUpper in [false, true] where isUpper ? seam.hasUpper : seam.hasLower {
            for loop in tab.cut {
                overlay.add(
                    Clipping.clip(side.place(loop, at: seam.corner, mirrored: isUpper), to: box), to: Shape.cuts)
            }
            for loop in tab.add {
                overlay.add(
                    Clipping.clip(side.place(loop, at: seam.corner, mirrored: isUpper), to: box), to: Shape.adds)
            }
        }
    }
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
