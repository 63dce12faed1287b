/// Puts the slabs of a segment on each other.
struct SlabStack {
    let frame: SegmentFrame
    let outline: [[Point]]

    func slabs() -> [Slab] {
        var slabs: [Slab] = []
        let levels = [0, Profile.lowerSlopeTop, Profile.upperSlopeBottom, Profile.height]
        for (bottom, top) in zip(levels, levels.dropFirst()) {
            var loops = outline.map { Slab.Loop(prism: top == Profile.height ? withRidgePoints($0) : $0) }
            for row in 0..<frame.rowCount {
                for column in 0..<frame.columnCount where frame.kind(column: column, row: row) == .cell {
                    let cell = frame.cell(column: column, row: row)
                    loops.append(
                        Slab.Loop(
                            bottom: PocketRing.hole(of: cell, inset: Profile.inset(at: bottom)),
                            top: PocketRing.hole(of: cell, inset: Profile.inset(at: top))))
                }
            }
            slabs.append(Slab(bottomZ: frame.pocketZ + bottom, topZ: frame.pocketZ + top, loops: loops))
        }
        return slabs
    }

    /// At the top the pockets meet the body's sides: the sides get the pockets' corner points, so that the edges lying on
    /// each other are the same.
    private func withRidgePoints(_ loop: [Point]) -> [Point] {
        let reach = Profile.cornerCentre
        let atX = Set(zip(frame.cellX, frame.cellX.dropFirst()).flatMap { [$0 + reach, $1 - reach] }).sorted()
        let atY = Set(zip(frame.cellY, frame.cellY.dropFirst()).flatMap { [$0 + reach, $1 - reach] }).sorted()
        var result: [Point] = []
        guard var previous = loop.last else { return loop }
        for point in loop {
            if previous.y == point.y {
                let between = atX.filter { min(previous.x, point.x) < $0 && $0 < max(previous.x, point.x) }
                result += (previous.x < point.x ? between : between.reversed()).map { Point($0, point.y) }
            } else if previous.x == point.x {
                let between = atY.filter { min(previous.y, point.y) < $0 && $0 < max(previous.y, point.y) }
                result += (previous.y < point.y ? between : between.reversed()).map { Point(point.x, $0) }
            }
            result.append(point)
            previous = point
        }
        return result
    }
}
