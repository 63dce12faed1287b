/// The layers below the pockets: a solid base at the bottom, magnets above it. All upright, so a layer is one combination of
/// shapes laid over each other.
struct UnderLayers {
    let frame: SegmentFrame
    let outline: [[Point]]
    let edgeTabs: EdgeTabs?
    let cuts: CutEdges
    private var layers: [(bottom: Int, top: Int, loops: [[Point]])] = []

    init(
        frame: SegmentFrame, outline: [[Point]], edgeTabs: EdgeTabs?, cuts: CutEdges, cache: inout CellCache
    ) {
        self.frame = frame
        self.outline = outline
        self.edgeTabs = edgeTabs
        self.cuts = cuts
        guard frame.pocketZ > 0 else { return }
        let plan = LayerPlan(frame)
        var loops = sides(plan)
        for row in 0..<frame.rowCount {
            for column in 0..<frame.columnCount where frame.kind(column: column, row: row) == .cell {
                if isTouched(column: column, row: row) { continue }
                let cell = frame.cell(column: column, row: row)
                let bars = bars(column: column, row: row)
                let holes = cache.holes(width: cell.width, depth: cell.depth, bars: bars, plan: plan)
                for layer in plan.layers.indices {
                    loops[layer] += holes[layer].map { $0.map { $0 + Point(cell.west, cell.south) } }
                }
            }
        }
        layers = zip(plan.layers, loops).map { ($0.bottom, $0.top, $1) }
    }

    func slabs() -> [Slab] {
        layers.map { layer in
            Slab(bottomZ: layer.bottom, topZ: layer.top, loops: layer.loops.map { Slab.Loop(prism: $0) })
        }
    }

    /// Whether a cell's floor meets the outline: at a cut side, or where a socket runs into its pocket or its magnets.
    private func isTouched(column: Int, row: Int) -> Bool {
        for side in cuts.sides where frame.isAt(side, column: column, row: row) { return true }
        guard let edgeTabs, let magnets = frame.wish.magnets else { return false }
        let sockets = edgeTabs.femalePlaces.filter { $0.column == column && $0.row == row }
        if sockets.isEmpty { return false }
        let bars = bars(column: column, row: row)
        let cell = frame.cell(column: column, row: row)
        let holes = MagnetPlace.places(in: cell, magnets: magnets).flatMap { $0.boxes(in: cell, magnets: magnets) }
        for socket in sockets {
            let bar = socket.side == .south ? bars.south : bars.west
            if magnets.frame != .solid, bar < edgeTabs.female.reach + Self.wall { return true }
            let box = Box.around(socket.polygon(edgeTabs.female, isMale: false)).grown(by: Self.wall)
            if holes.contains(where: box.overlaps) { return true }
        }
        return false
    }

    /// What stands between a socket and an opening that has nothing to do with it.
    private static let wall = 1_000

    /// Bars behind the sockets of a cell.
    private func bars(column: Int, row: Int) -> CellFloor.Bars {
        guard let connector = frame.wish.edgeConnector, connector.hasMagnetBorder, frame.wish.magnets != nil,
            let edgeTabs
        else { return CellFloor.Bars(south: 0, west: 0) }
        let width = (connector.reach + connector.magnetBorderWidth).tenthMicrometres
        let cell = frame.cell(column: column, row: row)
        func bar(_ side: Side) -> Int {
            guard frame.isAt(side, column: column, row: row), edgeTabs.femalePlaces.contains(where: { $0.side == side })
            else { return 0 }
            guard let magnets = frame.wish.magnets else { return width }
            let room = MagnetPlace.roomForBar(on: side, in: cell, magnets: magnets)
            return min(width, max(room, edgeTabs.female.reach + Self.wall))
        }
        return CellFloor.Bars(south: bar(.south), west: bar(.west))
    }

    /// For each layer the outline, together with the floors of the cells that touch it.
    private func sides(_ plan: LayerPlan) -> [[[Point]]] {
        let isPlain = cuts.isEmpty && edgeTabs?.isEmpty ?? true
        if isPlain { return plan.layers.map { _ in outline } }
        var overlay = Overlay()
        overlay.add(outline, to: CellFloor.Shape.outline)
        if let edgeTabs {
            for place in edgeTabs.malePlaces {
                overlay.add(place.polygon(edgeTabs.male, isMale: true), to: CellFloor.Shape.tabs)
            }
            for place in edgeTabs.femalePlaces {
                overlay.add(place.polygon(edgeTabs.female, isMale: false), to: CellFloor.Shape.sockets)
            }
        }
        for row in 0..<frame.rowCount {
            for column in 0..<frame.columnCount where frame.kind(column: column, row: row) == .cell {
                guard isTouched(column: column, row: row) else { continue }
                let cell = frame.cell(column: column, row: row)
                CellFloor(cell: cell, bars: bars(column: column, row: row), plan: plan).add(to: &overlay)
                addCuts(column: column, row: row, cell: cell, to: &overlay)
            }
        }
        overlay.node()
        let windings = overlay.windings()
        return plan.layers.map { layer in
            overlay.loops(windings: windings) { winding in
                guard winding[CellFloor.Shape.outline] > 0 || winding[CellFloor.Shape.tabs] > 0 else { return false }
                if winding[CellFloor.Shape.sockets] > 0 { return false }
                return !CellFloor.isOpen(winding, in: layer)
            }
        }
    }

    /// A pocket that is open to a cut side at its bottom is so below as well, without a film between.
    private func addCuts(column: Int, row: Int, cell: Box, to overlay: inout Overlay) {
        for side in cuts.sides where frame.isAt(side, column: column, row: row) {
            let cut = frame.cut(side)
            guard cut + CutEdges.film >= Profile.bottomInset, cut < Profile.bottomInset else { continue }
            let straight = cell.grown(by: -Profile.cornerCentre)
            var gap = straight
            switch side {
            case .south:
                gap.south = frame.body.south
                gap.north = cell.south + Profile.bottomInset
            case .north:
                gap.north = frame.body.north
                gap.south = cell.north - Profile.bottomInset
            case .west:
                gap.west = frame.body.west
                gap.east = cell.west + Profile.bottomInset
            case .east:
                gap.east = frame.body.east
                gap.west = cell.east - Profile.bottomInset
            }
            overlay.add(gap.corners, to: CellFloor.Shape.pockets)
        }
    }
}
