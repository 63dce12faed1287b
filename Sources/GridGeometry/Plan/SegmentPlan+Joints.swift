extension SegmentPlan {
    /// The joints of a part of a plate that is cut into columns whose seams pass through, as upstream cuts it: all cell
    /// corners of the east and west sides, and those of the north and south sides but for the ends where the part has a
    /// neighbour around the corner.
    static func usualJoints(
        widths: [Length], depths: [Length], padding: Sides<Length>, connects: Sides<Bool>
    ) -> Sides<[Joint]> {
        let upright = joints(depths, start: padding.south, end: padding.north, skipsStart: false, skipsEnd: false)
        let level = joints(
            widths, start: padding.west, end: padding.east, skipsStart: connects.west, skipsEnd: connects.east)
        return Sides(
            north: connects.north ? level : [], east: connects.east ? upright : [],
            south: connects.south ? level : [], west: connects.west ? upright : [])
    }

    private static func joints(
        _ cells: [Length], start: Length, end: Length, skipsStart: Bool, skipsEnd: Bool
    ) -> [Joint] {
        var found: [Joint] = []
        var offset = start
        for index in 0...cells.count {
            let isFirst = index == 0
            let isLast = index == cells.count
            let isSkipped = isFirst && skipsStart || isLast && skipsEnd
            if !isSkipped && !(isFirst && start < .zero) && !(isLast && end < .zero) {
                found.append(
                    Joint(
                        offset: offset, hasBefore: !isFirst || start > .zero, hasAfter: !isLast || end > .zero))
            }
            if !isLast { offset = offset + cells[index] }
        }
        return found
    }

    /// Of those of its corners that are corners of the plate. A strip may be narrower than the plate's radius; its corner
    /// is then as round as the strip allows.
    package func cornerRadius(_ wish: PlateWish) -> Length {
        isStrip ? min(wish.cornerRadius, min(size.width, size.depth)) : wish.cornerRadius
    }

    /// It has a corner of the plate.
    var hasPlateCorner: Bool {
        (!connects.north || !connects.south) && (!connects.east || !connects.west)
    }

    /// What it reaches beyond its body on each side.
    package func overhang(_ overhang: Overhang) -> Sides<Length> {
        func reach(_ hasEdgeTabs: Bool, _ joints: [Joint], _ reach: Length) -> Length {
            joints.isEmpty && !hasEdgeTabs ? .zero : reach
        }
        return Sides(
            north: reach(hasEdgeTabs.north, joints.north, overhang.male),
            east: reach(hasEdgeTabs.east, joints.east, overhang.male),
            south: reach(hasEdgeTabs.south, joints.south, overhang.female),
            west: reach(hasEdgeTabs.west, joints.west, overhang.female))
    }

    /// What it takes on the bed: its body with tabs and jaws.
    package func printedSize(_ overhang: Overhang) -> Size {
        let reach = self.overhang(overhang)
        return Size(width: size.width + reach.west + reach.east, depth: size.depth + reach.south + reach.north)
    }
}
