/// What is wrong with a wish: first each value by itself, then, when all are within their ranges, what they make
/// together (`WishCheck+Layout`). Field names are those of `PlateRequest`.
struct WishCheck {
    let wish: PlateWish
    private(set) var items: [PlateRefusal.Item] = []

    init(_ wish: PlateWish) {
        self.wish = wish
        checkRanges()
        if items.isEmpty { checkTogether() }
    }

    /// Only each value by itself, for a wish of which some field could not be read.
    init(rangesOf wish: PlateWish) {
        self.wish = wish
        checkRanges()
    }

    mutating func refuse(_ field: String, _ reason: String, allowed: String? = nil, nearest: String? = nil) {
        items.append(PlateRefusal.Item(field, reason, allowed: allowed, nearest: nearest))
    }

    private mutating func check(_ field: String, _ value: Length, _ range: PlateLimits.Range) {
        let least = Length(millimetres: range.least)
        let most = Length(millimetres: range.most)
        if value < least {
            let reason = value < .zero && least >= .zero ? "is negative" : "is too small"
            refuse(field, reason, allowed: range.words, nearest: MillimetreText.of(least))
        } else if value > most {
            refuse(field, "is too large", allowed: range.words, nearest: MillimetreText.of(most))
        }
    }

    private mutating func check(_ field: String, _ sides: Sides<Length>, _ range: PlateLimits.Range) {
        check(field + ".north", sides.north, range)
        check(field + ".east", sides.east, range)
        check(field + ".south", sides.south, range)
        check(field + ".west", sides.west, range)
    }

    private mutating func check(_ field: String, _ value: Int, _ range: ClosedRange<Int>) {
        guard !range.contains(value) else { return }
        refuse(
            field, "is out of range", allowed: "\(range.lowerBound) to \(range.upperBound)",
            nearest: String(min(max(value, range.lowerBound), range.upperBound)))
    }

    private mutating func checkRanges() {
        check("drawerWidthMillimetres", wish.drawer.width, PlateLimits.drawer)
        check("drawerDepthMillimetres", wish.drawer.depth, PlateLimits.drawer)
        check("bedWidthMillimetres", wish.bed.width, PlateLimits.bed)
        check("bedDepthMillimetres", wish.bed.depth, PlateLimits.bed)
        check("clearanceMillimetres", wish.clearance, PlateLimits.clearance)
        checkFiller(wish.fillerX, "X")
        checkFiller(wish.fillerY, "Y")
        checkTenths("alignmentX", wish.alignmentX)
        checkTenths("alignmentY", wish.alignmentY)
        check("edgeAdjustMillimetres", wish.edgeAdjust, PlateLimits.edgeAdjust)
        if let connector = wish.intersectionConnector { checkTenths("intersectionFit", connector.fit) }
        if let connector = wish.edgeConnector { checkRanges(connector) }
        if let magnets = wish.magnets { checkRanges(magnets) }
        if let numbering = wish.numbering {
            check("numberDepthMillimetres", numbering.depth, PlateLimits.numberDepth)
            check("numberSizeMillimetres", numbering.size, PlateLimits.numberSize)
            check("numberSqueezedSizeMillimetres", numbering.squeezedSize, PlateLimits.numberSize)
        }
        check("cornerRadiusMillimetres", wish.cornerRadius, PlateLimits.cornerRadius)
        check("solidBaseMillimetres", wish.solidBase, PlateLimits.solidBase)
    }

    private mutating func checkTenths(_ field: String, _ tenths: Int) {
        guard !(0...10).contains(tenths) else { return }
        refuse(field, "is out of range", allowed: "0 to 1 in steps of 0.1", nearest: tenths < 0 ? "0" : "1")
    }

    private mutating func checkFiller(_ filler: Filler, _ axis: String) {
        switch filler {
        case .none: break
        case .fraction(let parts): check("fillerFraction\(axis)", parts, PlateLimits.fillerFractions)
        case .dynamic(let minimum): check("fillerMinimum\(axis)Millimetres", minimum, PlateLimits.fillerMinimum)
        }
    }

    private mutating func checkRanges(_ edge: EdgeConnector) {
        check("edgeConnectorCountPerCell", edge.countPerCell, PlateLimits.edgeCount)
        check("edgeConnectorBarWidthMillimetres", edge.bar.width, PlateLimits.edgeBarWidth)
        check("edgeConnectorBarDepthMillimetres", edge.bar.depth, PlateLimits.edgeBarDepth)
        check("edgeConnectorNeckWidthMillimetres", edge.neck.width, PlateLimits.edgeNeckWidth)
        check("edgeConnectorNeckDepthMillimetres", edge.neck.depth, PlateLimits.edgeNeckDepth)
        check("edgeConnectorGapMillimetres", edge.gap, PlateLimits.edgeGap)
        check("edgeConnectorHeightMillimetres", edge.heightFemale, PlateLimits.edgeHeight)
        check("edgeConnectorMaleDeltaMillimetres", edge.maleDelta, PlateLimits.edgeDelta)
        check("edgeConnectorMagnetBorderWidthMillimetres", edge.magnetBorderWidth, PlateLimits.edgeBorderWidth)
    }

    private mutating func checkRanges(_ magnets: Magnets) {
        check("magnetDiameterMillimetres", magnets.diameter, PlateLimits.magnetDiameter)
        check("magnetHeightMillimetres", magnets.height, PlateLimits.magnetHeight)
        check("magnetTopMillimetres", magnets.top, PlateLimits.magnetSkin)
        check("magnetBottomMillimetres", magnets.bottom, PlateLimits.magnetSkin)
        check("magnetBorderMillimetres", magnets.border, PlateLimits.magnetBorder)
        check("magnetReleaseWidthMillimetres", magnets.releaseWidth, PlateLimits.magnetRelease)
    }
}
