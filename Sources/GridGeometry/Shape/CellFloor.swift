/// What lies below one cell's pocket, as shapes of an overlay.
struct CellFloor {
    enum Shape {
        static let outline = 0
        static let tabs = 1
        static let sockets = 2
        static let pockets = 3
        static let frames = 4
        static let magnets = 5
        static let waysIn = 6
        static let releases = 7
    }

    /// Widths of the bars that stand behind sockets.
    struct Bars: Hashable {
        let south: Int
        let west: Int
    }

    let cell: Box
    let bars: Bars
    let plan: LayerPlan

    func add(to overlay: inout Overlay) {
        overlay.add(PocketRing.hole(of: cell, inset: Profile.bottomInset).reversed(), to: Shape.pockets)
        guard let magnets = plan.magnets else { return }
        var bar = cell
        bar.north = min(cell.north, cell.south + bars.south)
        if bars.south > 0 { overlay.add(bar.corners, to: Shape.frames) }
        bar = cell
        bar.east = min(cell.east, cell.west + bars.west)
        if bars.west > 0 { overlay.add(bar.corners, to: Shape.frames) }
        if magnets.frame == .solid { overlay.add(cell.corners, to: Shape.frames) }
        for place in MagnetPlace.places(in: cell, magnets: magnets) {
            if magnets.frame == .round { overlay.add(place.frame(in: cell, magnets: magnets), to: Shape.frames) }
            overlay.add(place.hole(in: cell, diameter: magnets.diameter), to: Shape.magnets)
            if magnets.style == .pressFit {
                overlay.add(place.wayIn(in: cell, magnets: magnets), to: Shape.waysIn)
                for loop in place.release(in: cell, magnets: magnets) {
                    overlay.add(LoopArea.twice(loop) > 0 ? loop : loop.reversed(), to: Shape.releases)
                }
            } else if magnets.releaseWidth > .zero {
                overlay.add(place.hole(in: cell, diameter: magnets.releaseWidth), to: Shape.releases)
            }
        }
    }

    static func isOpen(_ winding: Overlay.Winding, in layer: LayerPlan.Layer) -> Bool {
        if layer.hasMagnets, winding[Shape.magnets] > 0 { return true }
        if layer.hasWaysIn, winding[Shape.waysIn] > 0 { return true }
        if layer.hasReleases, winding[Shape.releases] > 0 { return true }
        return layer.hasPockets && winding[Shape.pockets] > 0 && winding[Shape.frames] <= 0
    }
}
