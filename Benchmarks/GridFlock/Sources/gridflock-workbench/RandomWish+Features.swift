import GridGeometry

/// Magnets and tabs: every option within its range, mostly such that the plate's smallest cell holds them.
extension RandomWish {
    mutating func magnets(smallest: Length) -> Magnets? {
        var magnets = Magnets()
        magnets.style = Magnets.Style.allCases[number(0...2)]
        magnets.frame = magnets.style == .pressFit && !isCareless || chance(1, in: 2) ? .round : .solid
        if chance(1, in: 4) {
            (magnets.diameter, magnets.height) = (Length(millimetres: 6.1), Length(millimetres: 2))
        } else if chance(1, in: 3) {
            magnets.diameter = length(PlateLimits.magnetDiameter.least...(magnets.style == .glueFromTop ? 10 : 12))
            magnets.height = length(PlateLimits.magnetHeight.least...(chance(1, in: 6) ? 10 : 4))
            magnets.top = length(PlateLimits.magnetSkin.least...(chance(1, in: 6) ? 5 : 1.5))
            magnets.bottom = length(PlateLimits.magnetSkin.least...(chance(1, in: 6) ? 5 : 2))
            magnets.border = length(PlateLimits.magnetBorder.least...PlateLimits.magnetBorder.most)
        }
        switch number(0...5) {
        case 0: magnets.releaseWidth = .zero
        case 1: magnets.releaseWidth = length(0.3...PlateLimits.magnetRelease.most)
        default: break
        }
        if isCareless { return magnets }
        return fitted(magnets, smallest: smallest)
    }

    /// Made smaller for a small cell, nil where none fits.
    private func fitted(_ magnets: Magnets, smallest: Length) -> Magnets? {
        var magnets = magnets
        let room = smallest - Magnets.distanceFromEdge
        let wall = magnets.style == .glueFromTop ? Length(millimetres: 2.85) : Length(millimetres: 0.4)
        guard room >= wall + Length(millimetres: 1) else { return nil }
        if magnets.radius + max(magnets.border, wall) > room {
            magnets.border = max(Length(millimetres: 0.4), min(magnets.border, room - Length(millimetres: 1)))
            let most = room - max(magnets.border, wall)
            magnets.diameter = min(magnets.diameter, Length(tenthMicrometres: most.tenthMicrometres / 1000 * 2000))
            guard magnets.diameter.millimetres >= PlateLimits.magnetDiameter.least else { return nil }
        }
        magnets.releaseWidth = min(magnets.releaseWidth, magnets.diameter)
        return magnets
    }

    mutating func edgeConnector(smallest: Length, _ wish: PlateWish) -> EdgeConnector? {
        var edge = EdgeConnector()
        if isCareless { return anyEdgeConnector() }
        edge.hasMagnetBorder = chance(2, in: 3)
        if chance(1, in: 2) { edge.magnetBorderWidth = length(0...(chance(1, in: 4) ? 20 : 5)) }
        if chance(1, in: 3) {
            let reach = chance(1, in: 4) ? 1.2...2.05 : 2.95...9.0
            let whole = length(reach)
            let barDepth = length(PlateLimits.edgeBarDepth.least...max(0.8, whole.millimetres * 0.8))
            edge.bar.depth = min(barDepth, whole - Length(millimetres: PlateLimits.edgeNeckDepth.least))
            edge.neck.depth = min(whole - edge.bar.depth, Length(millimetres: PlateLimits.edgeNeckDepth.most))
            edge.neck.width = length(PlateLimits.edgeNeckWidth.least...6)
            let narrowest = (edge.neck.width + edge.neck.depth).millimetres + 0.8
            edge.bar.width = length(max(PlateLimits.edgeBarWidth.least, narrowest)...max(18, narrowest))
            edge.gap = min(length(0...0.4), edge.neck.depth - Length(tenthMicrometres: 500))
            let isShort = edge.bar.depth + edge.neck.depth < Length(millimetres: 2.5)
            // Above 4.15 mm only a floor holds the wall between the sockets.
            let full = wish.solidBase > .zero ? wish.height.millimetres : 4.15
            let height = isShort ? 2.5 : min(full, PlateLimits.edgeHeight.most)
            edge.heightFemale = length(PlateLimits.edgeHeight.least...height)
            let delta = edge.heightFemale - Length(millimetres: 0.2)
            edge.maleDelta = length(0...min(1, delta.millimetres))
        }
        edge.countPerCell = number(PlateLimits.edgeCount)
        return fitted(edge, smallest: smallest)
    }

    /// As many as fit the smallest cell; nil where not one does.
    private func fitted(_ edge: EdgeConnector, smallest: Length) -> EdgeConnector? {
        var edge = edge
        func width(_ count: Int) -> Length {
            edge.bar.width * count + Length(millimetres: 2) * (count - 1) + edge.gap * 2
        }
        guard width(1) <= smallest else { return nil }
        while edge.countPerCell > 1,
            width(edge.countPerCell) > CellLayout.pitch
                || width(smallest < CellLayout.pitch ? edge.countPerCell / 2 : edge.countPerCell) > smallest
        {
            edge.countPerCell -= 1
        }
        return edge
    }

    private mutating func anyEdgeConnector() -> EdgeConnector {
        func any(_ range: PlateLimits.Range) -> Length { length(range.least...range.most) }
        var edge = EdgeConnector()
        edge.countPerCell = number(PlateLimits.edgeCount)
        edge.bar = Size(width: any(PlateLimits.edgeBarWidth), depth: any(PlateLimits.edgeBarDepth))
        edge.neck = Size(width: any(PlateLimits.edgeNeckWidth), depth: any(PlateLimits.edgeNeckDepth))
        edge.gap = any(PlateLimits.edgeGap)
        edge.heightFemale = any(PlateLimits.edgeHeight)
        edge.maleDelta = any(PlateLimits.edgeDelta)
        edge.hasMagnetBorder = chance(1, in: 2)
        edge.magnetBorderWidth = any(PlateLimits.edgeBorderWidth)
        return edge
    }
}
