/// The layers of a segment below its pockets, from the underside up, and what is open in them.
struct LayerPlan: Hashable {
    struct Layer: Hashable {
        let bottom: Int
        let top: Int
        /// Beside the magnets' frames one sees through to below; a solid base has no such openings.
        let hasPockets: Bool
        let hasMagnets: Bool
        let hasWaysIn: Bool
        let hasReleases: Bool
    }

    let layers: [Layer]
    let magnets: Magnets?

    init(_ frame: SegmentFrame) {
        magnets = frame.wish.magnets
        guard let magnets = frame.wish.magnets else {
            layers =
                frame.base > 0
                ? [
                    Layer(
                        bottom: 0, top: frame.base, hasPockets: false, hasMagnets: false, hasWaysIn: false,
                        hasReleases: false)
                ] : []
            return
        }
        let top = frame.pocketZ
        let slotBottom = magnets.style == .glueFromBottom ? 0 : frame.base + magnets.bottom.tenthMicrometres
        let slotTop = magnets.style == .glueFromTop ? top : top - magnets.top.tenthMicrometres
        let levels = Set([0, frame.base, slotBottom, slotTop, top]).sorted()
        layers = zip(levels, levels.dropFirst()).map { bottom, above in
            let isSlot = bottom >= slotBottom && above <= slotTop
            return Layer(
                bottom: bottom, top: above, hasPockets: bottom >= frame.base, hasMagnets: isSlot,
                hasWaysIn: isSlot && magnets.style == .pressFit,
                hasReleases: magnets.style == .pressFit ? above <= slotTop : true)
        }
    }
}

/// The holes of cells that occur again and again, worked out once.
struct CellCache {
    private struct Key: Hashable {
        let width: Int
        let depth: Int
        let bars: CellFloor.Bars
        let plan: LayerPlan
    }

    private var known: [Key: [[[Point]]]] = [:]

    init() {}

    /// For each layer the holes of a cell with its south-west corner at (0, 0).
    mutating func holes(width: Int, depth: Int, bars: CellFloor.Bars, plan: LayerPlan) -> [[[Point]]] {
        let key = Key(width: width, depth: depth, bars: bars, plan: plan)
        if let found = known[key] { return found }
        var overlay = Overlay()
        let cell = Box(west: 0, south: 0, east: width, north: depth)
        CellFloor(cell: cell, bars: bars, plan: plan).add(to: &overlay)
        overlay.node()
        let windings = overlay.windings()
        let holes = plan.layers.map { layer in
            overlay.loops(windings: windings) { !CellFloor.isOpen($0, in: layer) }
        }
        known[key] = holes
        return holes
    }
}
