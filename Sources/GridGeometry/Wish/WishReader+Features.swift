extension WishReader {
    mutating func edgeConnector() -> EdgeConnector {
        var edge = EdgeConnector()
        edge.countPerCell = request.edgeConnectorCountPerCell ?? edge.countPerCell
        edge.bar.width = length(
            "edgeConnectorBarWidthMillimetres", request.edgeConnectorBarWidthMillimetres, edge.bar.width,
            PlateLimits.edgeBarWidth)
        edge.bar.depth = length(
            "edgeConnectorBarDepthMillimetres", request.edgeConnectorBarDepthMillimetres, edge.bar.depth,
            PlateLimits.edgeBarDepth)
        edge.neck.width = length(
            "edgeConnectorNeckWidthMillimetres", request.edgeConnectorNeckWidthMillimetres, edge.neck.width,
            PlateLimits.edgeNeckWidth)
        edge.neck.depth = length(
            "edgeConnectorNeckDepthMillimetres", request.edgeConnectorNeckDepthMillimetres, edge.neck.depth,
            PlateLimits.edgeNeckDepth)
        edge.gap = length(
            "edgeConnectorGapMillimetres", request.edgeConnectorGapMillimetres, edge.gap, PlateLimits.edgeGap)
        edge.heightFemale = length(
            "edgeConnectorHeightMillimetres", request.edgeConnectorHeightMillimetres, edge.heightFemale,
            PlateLimits.edgeHeight)
        edge.maleDelta = length(
            "edgeConnectorMaleDeltaMillimetres", request.edgeConnectorMaleDeltaMillimetres, edge.maleDelta,
            PlateLimits.edgeDelta)
        edge.hasMagnetBorder = request.edgeConnectorMagnetBorder ?? edge.hasMagnetBorder
        edge.magnetBorderWidth = length(
            "edgeConnectorMagnetBorderWidthMillimetres", request.edgeConnectorMagnetBorderWidthMillimetres,
            edge.magnetBorderWidth, PlateLimits.edgeBorderWidth)
        return edge
    }

    mutating func magnets() -> Magnets {
        var magnets = Magnets()
        if let text = request.magnetStyle {
            if let style = Magnets.Style(rawValue: text) {
                magnets.style = style
            } else {
                refuse(
                    "magnetStyle", "is not a way to hold magnets",
                    allowed: Magnets.Style.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }
        if let text = request.magnetFrame {
            if let frame = Magnets.Frame(rawValue: text) {
                magnets.frame = frame
            } else {
                refuse(
                    "magnetFrame", "is not a frame",
                    allowed: Magnets.Frame.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }
        magnets.diameter = length(
            "magnetDiameterMillimetres", request.magnetDiameterMillimetres, magnets.diameter,
            PlateLimits.magnetDiameter)
        magnets.height = length(
            "magnetHeightMillimetres", request.magnetHeightMillimetres, magnets.height, PlateLimits.magnetHeight)
        magnets.top = length("magnetTopMillimetres", request.magnetTopMillimetres, magnets.top, PlateLimits.magnetSkin)
        magnets.bottom = length(
            "magnetBottomMillimetres", request.magnetBottomMillimetres, magnets.bottom, PlateLimits.magnetSkin)
        magnets.border = length(
            "magnetBorderMillimetres", request.magnetBorderMillimetres, magnets.border, PlateLimits.magnetBorder)
        magnets.releaseWidth = length(
            "magnetReleaseWidthMillimetres", request.magnetReleaseWidthMillimetres, magnets.releaseWidth,
            PlateLimits.magnetRelease)
        return magnets
    }

    mutating func numbering() -> Numbering {
        var numbering = Numbering()
        numbering.depth = length(
            "numberDepthMillimetres", request.numberDepthMillimetres, numbering.depth, PlateLimits.numberDepth)
        numbering.size = length(
            "numberSizeMillimetres", request.numberSizeMillimetres, numbering.size, PlateLimits.numberSize)
        numbering.squeezedSize = length(
            "numberSqueezedSizeMillimetres", request.numberSqueezedSizeMillimetres, numbering.squeezedSize,
            PlateLimits.numberSize)
        return numbering
    }

    mutating func override() -> [CellKind] {
        guard let text = request.cellOverride, !text.isEmpty else { return [] }
        guard text.utf8.count <= Self.longestOverride else {
            refuse("cellOverride", "is too long", allowed: "at most \(Self.longestOverride) letters")
            return []
        }
        let kinds = text.map { CellKind(rawValue: String($0)) }
        if kinds.contains(nil) {
            refuse("cellOverride", "has a letter that is no kind of cell", allowed: "c cell, s solid, e empty")
            return []
        }
        return kinds.compactMap(\.self)
    }

    /// More than the largest plate has cells of the smallest filler.
    private static let longestOverride = 10_000

    mutating func refuseLaterFeatures(_ wish: PlateWish) {
        for name in request.laterFeatures {
            let hasBase = wish.solidBase > .zero || wish.magnets?.frame == .solid
            let needsBase = name == "thumbScrews" || name == "thumbscrews"
            let base = needsBase && !hasBase ? "; they would also need a solid base or a solid magnet frame" : ""
            refuse(name, "is not made yet\(base)", allowed: "off", nearest: "off")
        }
    }
}
