/// The volume of a part from closed formulas, without a mesh: exact for plain cells, padding and rounded corners,
/// within about one per cent with magnets. Tabs and sockets nearly cancel out (a thousandth) and are left out.
///
/// Cubic millimetres in floating point: nothing but prices and hints are made of them.
package enum PlateVolume {
    /// Share of a quarter square that a quarter circle of 10 chords fills, as the mesh draws it: 5 · sin 9°.
    private static let quarter = 0.782_172_325_2
    private static let height = 4.65

    package static func estimate(_ segment: SegmentPlan, wish: PlateWish) -> Double {
        let layer = wish.magnets?.layerHeight.millimetres ?? 0
        let total = height + layer + wish.solidBase.millimetres
        let widths = segment.cellWidths.map(\.millimetres)
        let depths = segment.cellDepths.map(\.millimetres)
        let body = segment.size
        guard !segment.isStrip else {
            return (body.width.millimetres * body.depth.millimetres - corners(segment, wish)) * total
        }
        var volume = 0.0
        // Most cells are like the one before.
        var known: (width: Double, depth: Double, body: Double, layer: Double) = (0, 0, 0, 0)
        for (row, depth) in depths.enumerated() {
            for (column, width) in widths.enumerated() {
                switch segment.cells[row][column] {
                case .empty: break
                case .solid: volume += width * depth * total
                case .cell:
                    if known.width != width || known.depth != depth {
                        let body = width * depth * (height + wish.solidBase.millimetres) - pocket(width, depth)
                        known = (width, depth, body, wish.magnets.map { self.layer($0, wish, width, depth) } ?? 0)
                    }
                    volume += known.body
                    volume += known.layer
                }
            }
        }
        let cells = Size(
            width: segment.cellWidths.reduce(.zero, +), depth: segment.cellDepths.reduce(.zero, +))
        volume += padding(segment.padding, around: cells) * total
        volume -= cuts(segment, cells: cells, total: total)
        return max(volume - corners(segment, wish) * total, 0)
    }

    /// Of the pocket's area at an inset from the cell's edges; the corner arcs stay 4 mm from them.
    private static func area(_ width: Double, _ depth: Double, inset: Double) -> Double {
        let radius = 4 - inset
        return max(width - 2 * inset, 0) * max(depth - 2 * inset, 0) - 4 * (1 - quarter) * radius * radius
    }

    /// Insets 2.85, 2.15, 2.15 and 0 at the heights 0, 0.7, 2.5 and 4.65 mm. The area is a polynomial of the second
    /// degree between them, for which Simpson's rule is exact.
    private static func pocket(_ width: Double, _ depth: Double) -> Double {
        func taper(_ from: Double, _ to: Double) -> Double {
            let middle = area(width, depth, inset: (from + to) / 2)
            let ends = area(width, depth, inset: from) + area(width, depth, inset: to)
            return abs(from - to) * (ends + 4 * middle) / 6
        }
        return taper(2.85, 2.15) + 1.8 * area(width, depth, inset: 2.15) + taper(2.15, 0)
    }

    private static func layer(_ magnets: Magnets, _ wish: PlateWish, _ width: Double, _ depth: Double) -> Double {
        let layer = magnets.layerHeight.millimetres
        let diameter = magnets.diameter.millimetres
        let circle = Double.pi * diameter * diameter / 4
        let size = Size(width: Length(millimetres: width), depth: Length(millimetres: depth))
        let count = Double(magnets.count(in: size))
        let release = magnets.releaseWidth.millimetres
        var area = width * depth
        if magnets.frame == .round {
            let wall = area - Self.area(width, depth, inset: 2.85)
            let radius = diameter / 2 + magnets.border.millimetres
            let reach = 8 + radius
            // An L of two squares less what lies in the cell's wall, and the quarter disc outside of the L.
            let frame = 16 * reach - 64 - 5.7 * reach + 2.85 * 2.85 + Double.pi * radius * radius / 4
            area = min(area, wall + frame * count)
        }
        var hole = circle * magnets.height.millimetres
        switch magnets.style {
        case .pressFit:
            // The slot from the hole to the rim of the frame, whose disc cuts its corners.
            let slot = (diameter * (diameter / 2 + magnets.border.millimetres) - circle / 2) * 0.88
            // Below it and towards the cell's corner the way out: 2 mm longer than the hole, round at both ends.
            let ends = Double.pi * release * release / 4
            hole += (slot + (release > 0 ? release * 2 + ends / 2 : 0)) * magnets.height.millimetres
            hole += (release > 0 ? release * (diameter / 2 + 2) + ends : 0) * magnets.bottom.millimetres
        case .glueFromTop:
            hole += Double.pi * release * release / 4 * magnets.bottom.millimetres
        case .glueFromBottom:
            hole += Double.pi * release * release / 4 * magnets.top.millimetres
        }
        return area * layer - hole * count
    }

    /// Area of the padding around the cells, corners once; what is negative is cut elsewhere.
    private static func padding(_ padding: Sides<Length>, around cells: Size) -> Double {
        func positive(_ length: Length) -> Double { max(length.millimetres, 0) }
        let width = cells.width.millimetres
        let depth = cells.depth.millimetres
        let outer =
            (width + positive(padding.west) + positive(padding.east))
            * (depth + positive(padding.south) + positive(padding.north))
        return outer - width * depth
    }

    /// What a negative padding takes from the walls of the outer cells.
    private static func cuts(_ segment: SegmentPlan, cells: Size, total: Double) -> Double {
        func cut(_ padding: Length, along: Double, cells: Int) -> Double {
            guard padding < .zero else { return 0 }
            let depth = -padding.millimetres
            func removed(_ inset: Double) -> Double {
                along * min(depth, inset) + 2 * inset * Double(cells) * max(depth - inset, 0)
            }
            func taper(_ from: Double, _ to: Double) -> Double {
                (removed(from) + 4 * removed((from + to) / 2) + removed(to)) / 6
            }
            return 0.7 * taper(2.85, 2.15) + 1.8 * removed(2.15) + 2.15 * taper(2.15, 0)
                + (total - height) * removed(2.85)
        }
        let padding = segment.padding
        let width = cells.width.millimetres
        let depth = cells.depth.millimetres
        return cut(padding.north, along: width, cells: segment.cellWidths.count)
            + cut(padding.south, along: width, cells: segment.cellWidths.count)
            + cut(padding.east, along: depth, cells: segment.cellDepths.count)
            + cut(padding.west, along: depth, cells: segment.cellDepths.count)
    }

    /// Area that the plate's rounded corners take from this part.
    private static func corners(_ segment: SegmentPlan, _ wish: PlateWish) -> Double {
        let connects = segment.connects
        let count = [
            (connects.north, connects.east), (connects.east, connects.south), (connects.south, connects.west),
            (connects.west, connects.north),
        ].count { !$0.0 && !$0.1 }
        let radius = segment.cornerRadius(wish).millimetres
        return Double(count) * (1 - quarter) * radius * radius
    }
}

extension Magnets {
    /// In a cell: where the shape makes them.
    package func count(in size: Size) -> Int {
        let cell = Box(west: 0, south: 0, east: size.width.tenthMicrometres, north: size.depth.tenthMicrometres)
        return MagnetPlace.count(in: cell, magnets: self)
    }
}
