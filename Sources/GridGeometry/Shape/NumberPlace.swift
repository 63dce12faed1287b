/// Finds a wall of the first cell that is wide enough for the segment's number.
struct NumberPlace {
    let frame: SegmentFrame
    let edgeTabs: EdgeTabs?

    private static let marginOfLarge = 3_000
    private static let marginOfSmall = 1_500

    /// Not deeper than leaves something above the number.
    var depth: Int {
        min(frame.wish.numbering?.depth.tenthMicrometres ?? 0, frame.pocketZ + Profile.height - 10_000)
    }

    /// Clockwise loops in the underside, readable from below; none if the number finds no room or is not wanted.
    func holes() -> [[Point]] {
        guard let spot = spot() else { return [] }
        return Digits.loops(of: frame.segment.number, size: spot.size).map { loop in
            // Seen from below west is east: mirrored, which also turns solids into holes.
            loop.map { point in
                let mirrored = Point(-point.x, point.y)
                return spot.centre + (spot.isUpright ? CircleTable.turned(mirrored, quarters: 1) : mirrored)
            }
        }
    }

    /// Where a number stands.
    struct Spot {
        let centre: Point
        let isUpright: Bool
        let size: Int
    }

    /// - Returns: nil if the number finds no room or is not wanted. Of the number only its width counts.
    func spot() -> Spot? {
        guard let numbering = frame.wish.numbering, depth > 0 else { return nil }
        let obstacles = obstacles()
        let sizes = [(numbering.size, Self.marginOfLarge), (numbering.squeezedSize, Self.marginOfSmall)]
        for (size, margin) in sizes {
            for wall in walls() {
                if let spot = place(size.tenthMicrometres, margin: margin, in: wall, obstacles: obstacles) {
                    return spot
                }
            }
        }
        return nil
    }

    /// Walls at the height of the number's bottom: what is solid there all over.
    private func walls() -> [Box] {
        let body = frame.body
        guard frame.columnCount > 0, frame.rowCount > 0 else { return [body] }
        let inset = Profile.inset(at: depth - frame.pocketZ)
        let cell = frame.cell(column: 0, row: 0)
        let (west, east) = (max(body.west, cell.west), min(body.east, cell.east))
        let (south, north) = (max(body.south, cell.south), min(body.north, cell.north))
        var walls: [Box] = []
        if frame.kind(column: 0, row: 0) == .empty { return otherWalls() }
        walls.append(Box(west: west, south: body.south, east: east, north: cell.south + inset))
        if frame.columnCount > 1, frame.kind(column: 1, row: 0) != .empty {
            walls.append(Box(west: cell.east - inset, south: south, east: cell.east + inset, north: north))
        }
        if frame.rowCount > 1, frame.kind(column: 0, row: 1) != .empty {
            walls.append(Box(west: west, south: cell.north - inset, east: east, north: cell.north + inset))
        }
        walls.append(Box(west: body.west, south: south, east: cell.west + inset, north: north))
        if frame.columnCount == 1 {
            walls.append(Box(west: cell.east - inset, south: south, east: body.east, north: north))
        }
        if frame.rowCount == 1 {
            walls.append(Box(west: west, south: cell.north - inset, east: east, north: body.north))
        }
        return walls
    }

    /// Where the first cell is empty: the south and west walls of the first one that is not.
    private func otherWalls() -> [Box] {
        let inset = Profile.inset(at: depth - frame.pocketZ)
        for row in 0..<frame.rowCount {
            for column in 0..<frame.columnCount where frame.kind(column: column, row: row) != .empty {
                let cell = frame.cell(column: column, row: row)
                guard let inside = cell.intersection(frame.body) else { continue }
                var south = inside
                south.north = cell.south + inset
                var west = inside
                west.east = cell.west + inset
                return [south, west]
            }
        }
        return []
    }

    private func place(_ size: Int, margin: Int, in wall: Box, obstacles: [Box]) -> Spot? {
        let width = Digits.width(of: frame.segment.number, size: size)
        let isUpright = wall.depth > wall.width
        let (across, along) = isUpright ? (wall.width, wall.depth) : (wall.depth, wall.width)
        guard across >= size + 2 * margin, along >= width + 2 * margin else { return nil }
        let middle = Point((wall.west + wall.east) / 2, (wall.south + wall.north) / 2)
        let start = isUpright ? wall.south : wall.west
        // From the middle of the wall outwards in steps of 1 mm.
        let room = (along - width) / 2 - margin
        for step in 0...max(0, room / 10_000) {
            for sign in step == 0 ? 1...1 : 0...1 {
                let centreAlong = start + along / 2 + (2 * sign - 1) * step * 10_000
                let centre = isUpright ? Point(middle.x, centreAlong) : Point(centreAlong, middle.y)
                let half = isUpright ? Point(size / 2, width / 2) : Point(width / 2, size / 2)
                let box = Box(
                    west: centre.x - half.x, south: centre.y - half.y, east: centre.x + half.x, north: centre.y + half.y
                ).grown(by: margin)
                if obstacles.contains(where: box.overlaps) { continue }
                return Spot(centre: centre, isUpright: isUpright, size: size)
            }
        }
        return nil
    }

    /// Boxes the number must not touch: tabs and sockets, holes of the magnets, round corners of the plate.
    private func obstacles() -> [Box] {
        var boxes: [Box] = []
        let reach = Profile.cornerCentre
        for side in Side.allCases {
            for joint in frame.segment.joints[side] {
                let along = joint.offset.tenthMicrometres
                let corner = frame.body.point(on: side, at: along)
                boxes.append(Box(west: corner.x, south: corner.y, east: corner.x, north: corner.y).grown(by: reach))
            }
        }
        if let edgeTabs {
            boxes += edgeTabs.femalePlaces.map { Box.around($0.polygon(edgeTabs.female, isMale: false)) }
        }
        let radius = frame.cornerRadius
        for corner in frame.body.corners where radius > 0 {
            boxes.append(Box(west: corner.x, south: corner.y, east: corner.x, north: corner.y).grown(by: radius))
        }
        if let magnets = frame.wish.magnets {
            for row in 0..<min(2, frame.rowCount) {
                for column in 0..<min(2, frame.columnCount) where frame.kind(column: column, row: row) == .cell {
                    let cell = frame.cell(column: column, row: row)
                    for place in MagnetPlace.places(in: cell, magnets: magnets) {
                        boxes += place.boxesInUnderside(in: cell, magnets: magnets)
                    }
                }
            }
        }
        return boxes
    }
}
