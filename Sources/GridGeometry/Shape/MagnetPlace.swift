/// A magnet in a corner of a cell.
struct MagnetPlace: Hashable {
    /// Of the magnet's centre from both edges of the cell: 0.25 + 2.15 + 0.8 + 4.8 mm.
    static let distance = 80_000

    /// Corner of the cell: 0 south-west, then counter-clockwise.
    let corner: Int
    /// The way in runs towards the middle of the cell, or along its edge in cells of half size.
    let isDiagonal: Bool

    /// Four in a whole cell, two in a half one (at opposite corners, so that half bins fit both ways), one in a quarter;
    /// none where there is no room for it.
    static func places(in cell: Box, magnets: Magnets) -> [MagnetPlace] {
        switch count(in: cell, magnets: magnets) {
        case 4: (0..<4).map { MagnetPlace(corner: $0, isDiagonal: true) }
        case 2 where cell.width < Profile.pitch: [1, 3].map { MagnetPlace(corner: $0, isDiagonal: false) }
        case 2: [0, 2].map { MagnetPlace(corner: $0, isDiagonal: false) }
        case 1: [MagnetPlace(corner: 3, isDiagonal: true)]
        default: []
        }
    }

    /// How many `places` there are.
    static func count(in cell: Box, magnets: Magnets) -> Int {
        let diameter = magnets.diameter.tenthMicrometres
        let smallest = min(cell.width, cell.depth)
        // The hole stays within the pocket's floor.
        guard smallest >= distance + diameter / 2 + Profile.bottomInset else { return 0 }
        switch (cell.width < Profile.pitch, cell.depth < Profile.pitch) {
        case (false, false): return 4
        case (true, false), (false, true): return 2
        case (true, true):
            if magnets.style == .pressFit {
                // Across the frame there is free floor as wide as the magnet, from which it is pushed in.
                let way = diameter / 2 + magnets.border.tenthMicrometres + diameter
                let free = smallest - Profile.bottomInset - distance
                if free < 0 || 2 * free * free < way * way { return 0 }
            }
            return 1
        }
    }

    /// From the frame of the corner (x and y run into the cell; its centre at (8, 8) mm) to the segment's coordinates.
    func place(_ point: Point, in cell: Box) -> Point {
        let corners = cell.corners
        return CircleTable.turned(point, quarters: corner) + corners[corner]
    }

    func centre(in cell: Box) -> Point { place(Point(Self.distance, Self.distance), in: cell) }

    /// A shape drawn around the magnet's centre with the way in towards the north, placed.
    func placeAlongWay(_ point: Point, in cell: Box) -> Point {
        let middle = Point(Self.distance, Self.distance)
        guard isDiagonal else { return place(CircleTable.turned(point, quarters: 3) + middle, in: cell) }
        return place(Self.turnedByEighth(point) + middle, in: cell)
    }

    /// Clockwise by 45°.
    private static func turnedByEighth(_ point: Point) -> Point {
        Point(
            Clipping.divided((point.x + point.y) * 707_106_781, 1_000_000_000),
            Clipping.divided((point.y - point.x) * 707_106_781, 1_000_000_000))
    }

    /// L of two rectangles in the cell's corner and a disc around the magnet.
    func frame(in cell: Box, magnets: Magnets) -> [[Point]] {
        let radius = magnets.diameter.tenthMicrometres / 2 + magnets.border.tenthMicrometres
        let far = Self.distance + radius
        let arms = [
            Box(west: 0, south: 0, east: Self.distance, north: far),
            Box(west: 0, south: 0, east: far, north: Self.distance),
        ]
        return arms.map { $0.corners.map { place($0, in: cell) } } + [
            CircleTable.circle(centre: centre(in: cell), radius: radius)
        ]
    }

    func hole(in cell: Box, diameter: Length) -> [Point] {
        CircleTable.circle(centre: centre(in: cell), radius: diameter.tenthMicrometres / 2)
    }

    /// Around all its holes.
    func boxes(in cell: Box, magnets: Magnets) -> [Box] {
        var loops = [hole(in: cell, diameter: magnets.diameter)]
        if magnets.style == .pressFit {
            loops.append(wayIn(in: cell, magnets: magnets))
            loops += release(in: cell, magnets: magnets)
        }
        return loops.map { Box.around($0) }
    }

    /// The slot a magnet is pressed in through. It runs 0.5 mm beyond the frame: upstream ends it exactly on the frame's
    /// disc, which leaves a film without thickness.
    func wayIn(in cell: Box, magnets: Magnets) -> [Point] {
        let radius = magnets.diameter.tenthMicrometres / 2
        let box = Box(
            west: -radius, south: 0, east: radius, north: radius + magnets.border.tenthMicrometres + 5_000)
        return box.corners.map { placeAlongWay($0, in: cell) }
    }

    /// How wide a bar along the south or west side of a cell may be without standing in the way in of a magnet that is
    /// pressed in: a wider one made the magnet's place a hollow without an opening.
    static func roomForBar(on side: Side, in cell: Box, magnets: Magnets) -> Int {
        guard magnets.style == .pressFit else { return .max }
        let radius = magnets.diameter.tenthMicrometres / 2
        let border = magnets.border.tenthMicrometres
        let (across, along) = side.isHorizontal ? (cell.depth, cell.width) : (cell.width, cell.depth)
        switch (across < Profile.pitch, along < Profile.pitch) {
        // One of the two ways in runs along this side.
        case (true, false): return distance - radius
        // The one way in runs from the north-west to the south-east; its end is to stay open by half.
        case (true, true) where side == .south:
            return across - distance - (radius + border + 5_000) * 707_107 / 1_000_000
        // Ways in run away from the side.
        default: return distance + border * 707_107 / 1_000_000
        }
    }

    /// So that a wall of 1.2 mm stays between the slot's end and the cell's edge.
    private func longestRelease(radius: Int) -> Int {
        let room = max(0, Self.distance - radius - 12_000)
        return isDiagonal ? room * 141_421 / 100_000 : room
    }

    /// The slot in the underside through which a pressed-in magnet is pushed out again.
    func release(in cell: Box, magnets: Magnets) -> [[Point]] {
        guard let (slot, end, radius) = releaseSlot(in: cell, magnets: magnets) else { return [] }
        return [
            slot, CircleTable.circle(centre: end, radius: radius),
            CircleTable.circle(centre: centre(in: cell), radius: radius),
        ]
    }

    /// Its straight part, and its round end's centre and radius.
    private func releaseSlot(in cell: Box, magnets: Magnets) -> (slot: [Point], end: Point, radius: Int)? {
        let radius = magnets.releaseWidth.tenthMicrometres / 2
        guard radius > 0 else { return nil }
        let length = min(magnets.diameter.tenthMicrometres / 2 + 20_000, longestRelease(radius: radius))
        let box = Box(west: -radius, south: -length, east: radius, north: 0)
        return (
            box.corners.map { placeAlongWay($0, in: cell) }, placeAlongWay(Point(0, -length), in: cell), radius
        )
    }

    /// Around each of `hole` and `release`, without drawing them: a circle has a corner at each end of both diameters.
    func boxesInUnderside(in cell: Box, magnets: Magnets) -> [Box] {
        func square(_ centre: Point, _ radius: Int) -> Box {
            Box(west: centre.x, south: centre.y, east: centre.x, north: centre.y).grown(by: radius)
        }
        let centre = centre(in: cell)
        let hole = square(centre, magnets.diameter.tenthMicrometres / 2)
        guard let (slot, end, radius) = releaseSlot(in: cell, magnets: magnets) else { return [hole] }
        return [hole, Box.around(slot), square(end, radius), square(centre, radius)]
    }
}
