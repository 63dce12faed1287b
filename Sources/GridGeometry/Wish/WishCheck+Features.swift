extension WishCheck {
    mutating func checkMagnets() {
        guard let magnets = wish.magnets else { return }
        if magnets.frame == .solid, magnets.style == .pressFit {
            refuse(
                "magnetFrame", "a solid frame has no way in for magnets that are pressed in from the side",
                allowed: "round with press-fit; solid with glue-from-top or glue-from-bottom", nearest: "round")
        }
        if magnets.releaseWidth > magnets.diameter {
            refuse(
                "magnetReleaseWidthMillimetres", "is wider than the magnet", allowed: "at most the magnet's diameter",
                nearest: MillimetreText.of(magnets.diameter))
        }
        let hole = Length(millimetres: 10)
        if magnets.style == .glueFromTop, magnets.diameter > hole {
            refuse(
                "magnetDiameterMillimetres", "a magnet glued in from the top lies in the floor of the pocket",
                allowed: "at most 10 mm with glue-from-top", nearest: "10")
        }
    }

    mutating func checkEdgeConnector() {
        guard let edge = wish.edgeConnector else { return }
        if edge.neck.width >= edge.bar.width { refuseNeck(of: edge) }
        let widestGap = edge.neck.depth - PlateLimits.edgeNeckLeft
        if edge.gap > widestGap {
            refuse(
                "edgeConnectorGapMillimetres", "takes the whole neck",
                allowed: "at most the neck's depth less 0.1 mm", nearest: MillimetreText.of(widestGap))
        }
        let largestDelta = edge.heightFemale - PlateLimits.edgeTabLeft
        if edge.maleDelta > largestDelta {
            refuse(
                "edgeConnectorMaleDeltaMillimetres", "leaves nothing of the tab",
                allowed: "at most the connector's height less 0.2 mm", nearest: MillimetreText.of(largestDelta))
        }
        if edge.heightFemale > wish.height {
            refuse(
                "edgeConnectorHeightMillimetres", "is higher than the plate",
                allowed: "at most \(MillimetreText.of(wish.height)) mm", nearest: MillimetreText.of(wish.height))
        }
        if items.isEmpty { checkEdgeShape(edge) }
    }

    /// The neck is made narrower, or where nothing would be left of it the bar wider.
    private mutating func refuseNeck(of edge: EdgeConnector) {
        let narrower = edge.bar.width - edge.neck.depth - EdgeConnector.shoulder
        let wider = edge.leastBarWidth
        if narrower < Length(millimetres: PlateLimits.edgeNeckWidth.least),
            wider <= Length(millimetres: PlateLimits.edgeBarWidth.most)
        {
            refuse(
                "edgeConnectorBarWidthMillimetres", "is not wider than the neck, so nothing would hold",
                allowed: "at least the neck's width and depth and 0.8 mm", nearest: MillimetreText.of(wider))
            return
        }
        let isPossible = narrower >= Length(millimetres: PlateLimits.edgeNeckWidth.least)
        refuse(
            "edgeConnectorNeckWidthMillimetres", "is not narrower than the bar, so nothing would hold",
            allowed: "less than the bar's width", nearest: isPossible ? MillimetreText.of(narrower) : nil)
    }

    /// What the shape of the tabs themselves rules out.
    private mutating func checkEdgeShape(_ edge: EdgeConnector) {
        do {
            try SegmentShape.check(wish)
        } catch {
            for item in error.items {
                let isDepth = item.field == "edgeConnectorBarDepthMillimetres"
                refuse(
                    item.field, item.reason, allowed: item.allowed,
                    nearest: item.nearest ?? (isDepth ? Self.nearestBarDepth(edge) : nil))
            }
        }
    }

    /// On this or that side of the slope of the pocket's wall; a high socket has to end behind it.
    private static func nearestBarDepth(_ edge: EdgeConnector) -> String {
        let behind = Length(millimetres: 2.95) - edge.neck.depth
        let before = Length(millimetres: 2.05) - edge.neck.depth
        let canEndBefore =
            before >= Length(millimetres: PlateLimits.edgeBarDepth.least)
            && edge.heightFemale.tenthMicrometres <= Profile.upperSlopeBottom
        return MillimetreText.of(canEndBefore && edge.bar.depth - before < behind - edge.bar.depth ? before : behind)
    }

    /// What has to fit into the smallest cell, and the override's length.
    mutating func checkCells(_ x: CellLayout, _ y: CellLayout) {
        let axes = [
            Axis(name: "X", smallest: x.cells.min() ?? .zero, filler: wish.fillerX),
            Axis(name: "Y", smallest: y.cells.min() ?? .zero, filler: wish.fillerY),
        ]
        if let magnets = wish.magnets { check(magnets, axes) }
        if let edge = wish.edgeConnector { check(edge, axes) }
        let count = x.cells.count * y.cells.count
        if !wish.cellOverride.isEmpty, wish.cellOverride.count != count {
            refuse(
                "cellOverride", "has \(wish.cellOverride.count) letters",
                allowed: "\(count) letters for \(x.cells.count) × \(y.cells.count) cells, or none at all",
                nearest: CellKind.letters(nearestTo: wish.cellOverride.map(\.rawValue).joined(), count: count))
        }
    }

    struct Axis {
        let name: String
        let smallest: Length
        let filler: Filler
    }

    private mutating func check(_ magnets: Magnets, _ axes: [Axis]) {
        let smallest = axes.map(\.smallest).min() ?? .zero
        // A magnet that is glued in from the top lies in the floor of the pocket.
        let floor = magnets.style == .glueFromTop ? Length(tenthMicrometres: Profile.bottomInset) : .zero
        let beside = max(magnets.border, floor)
        let needed = Magnets.distanceFromEdge + magnets.radius + beside
        guard needed > smallest else { return }
        let reason =
            "magnet and frame need a cell of \(MillimetreText.of(needed)) mm, the smallest here is "
            + "\(MillimetreText.of(smallest)) mm"
        let allowed = "a smaller magnet or border, or a filler without such small cells"
        let diameter = (smallest - Magnets.distanceFromEdge - beside) * 2
        let border = smallest - Magnets.distanceFromEdge - magnets.radius
        if diameter >= Length(millimetres: PlateLimits.magnetDiameter.least) {
            refuse("magnetDiameterMillimetres", reason, allowed: allowed, nearest: MillimetreText.of(diameter))
        } else if border >= max(floor, Length(millimetres: PlateLimits.magnetBorder.least)), magnets.frame == .round {
            refuse("magnetBorderMillimetres", reason, allowed: allowed, nearest: MillimetreText.of(border))
        } else {
            refuseFillers(axes, needed: needed, reason, allowed: allowed)
        }
    }

    private mutating func check(_ edge: EdgeConnector, _ axes: [Axis]) {
        let smallest = axes.map(\.smallest).min() ?? .zero
        let widest = edge.widestBar(count: edge.countPerCell, smallest: smallest)
        guard widest < edge.bar.width else { return }
        let reason = "\(edge.countPerCell) connectors per cell do not fit the edge of a cell"
        let allowed = "a narrower bar, fewer connectors, or a filler without such small cells"
        let fewer = (1..<max(edge.countPerCell, 1)).last {
            edge.widestBar(count: $0, smallest: smallest) >= edge.bar.width
        }
        if widest >= max(edge.leastBarWidth, Length(millimetres: PlateLimits.edgeBarWidth.least)) {
            refuse(
                "edgeConnectorBarWidthMillimetres", reason, allowed: allowed, nearest: MillimetreText.of(widest))
        } else if let fewer {
            refuse("edgeConnectorCountPerCell", reason, allowed: allowed, nearest: String(fewer))
        } else {
            refuseFillers(axes, needed: edge.bar.width + edge.gap * 2, reason, allowed: allowed)
        }
    }

    /// What does not fit in any size that can be made needs larger cells.
    private mutating func refuseFillers(_ axes: [Axis], needed: Length, _ reason: String, allowed: String) {
        for axis in axes where axis.smallest < needed {
            switch axis.filler {
            case .fraction:
                let parts = CellLayout.pitch.tenthMicrometres / max(needed.tenthMicrometres, 1)
                refuse("fillerFraction\(axis.name)", reason, allowed: allowed, nearest: String(max(parts, 1)))
            case .dynamic:
                let least = min(needed, CellLayout.pitch)
                refuse(
                    "fillerMinimum\(axis.name)Millimetres", reason, allowed: allowed,
                    nearest: MillimetreText.of(least))
            case .none:
                refuse("filler\(axis.name)", reason, allowed: allowed)
            }
        }
    }
}

extension EdgeConnector {
    /// So that a shoulder stays beside the neck (`EdgeTabs`).
    var leastBarWidth: Length { neck.width + neck.depth + Self.shoulder }

    static let shoulder = Length(tenthMicrometres: EdgeTab.leastShoulder)

    /// With so many of them along a whole cell, and half as many along a smaller one: upstream's spacing is the bar and
    /// 2 mm.
    func widestBar(count: Int, smallest: Length) -> Length {
        func widest(_ count: Int, in cell: Length) -> Length {
            let room = cell - Length(millimetres: 2) * (count - 1) - gap * 2
            return Length(tenthMicrometres: room.tenthMicrometres / count)
        }
        let whole = widest(count, in: CellLayout.pitch)
        return min(whole, smallest < CellLayout.pitch ? widest(max(1, count / 2), in: smallest) : whole)
    }
}
