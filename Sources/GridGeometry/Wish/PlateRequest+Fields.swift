extension PlateRequest {
    /// One field of the body: its name and where its value is kept. Reading, writing and the list of known names come
    /// from one table, so none can be forgotten in one of them.
    package struct Field: Sendable {
        package typealias Path<Value> = any (WritableKeyPath<PlateRequest, Value?> & Sendable)

        package enum Place: Sendable {
            case number(Path<Double>)
            case whole(Path<Int>)
            case flag(Path<Bool>)
            case text(Path<String>)
            case list(Path<[Int]>)
            case sides(Path<Sides<Double>>)
        }

        package let name: String
        package let place: Place
        /// What a value may be by itself; nil where that hangs on the others.
        let bounds: FieldBounds?
        /// What has to be on for the value to count.
        let needs: [FieldNeed]

        init(_ name: String, _ place: Place, _ bounds: FieldBounds? = nil, needs: [FieldNeed] = []) {
            self.name = name
            self.place = place
            self.bounds = bounds
            self.needs = needs
        }
    }

    package static let fields: [Field] = [
        Field("drawerWidthMillimetres", .number(\.drawerWidthMillimetres), .length(PlateLimits.drawer)),
        Field("drawerDepthMillimetres", .number(\.drawerDepthMillimetres), .length(PlateLimits.drawer)),
        Field("printer", .text(\.printer), .printers),
        Field("bedWidthMillimetres", .number(\.bedWidthMillimetres), .length(PlateLimits.bed)),
        Field("bedDepthMillimetres", .number(\.bedDepthMillimetres), .length(PlateLimits.bed)),
        Field("clearanceMillimetres", .sides(\.clearanceMillimetres), .length(PlateLimits.clearance)),
        Field("fillerX", .text(\.fillerX), .fillers),
        Field("fillerY", .text(\.fillerY), .fillers),
        Field("fillerFractionX", .whole(\.fillerFractionX), .count(PlateLimits.fillerFractions), needs: [.fractionX]),
        Field("fillerFractionY", .whole(\.fillerFractionY), .count(PlateLimits.fillerFractions), needs: [.fractionY]),
        Field(
            "fillerMinimumXMillimetres", .number(\.fillerMinimumXMillimetres),
            .length(PlateLimits.fillerMinimum), needs: [.dynamicX]),
        Field(
            "fillerMinimumYMillimetres", .number(\.fillerMinimumYMillimetres),
            .length(PlateLimits.fillerMinimum), needs: [.dynamicY]),
        Field("alignmentX", .number(\.alignmentX), .tenths),
        Field("alignmentY", .number(\.alignmentY), .tenths),
        Field("edgeAdjustMillimetres", .sides(\.edgeAdjustMillimetres), .length(PlateLimits.edgeAdjust)),
        Field("separatePadding", .flag(\.separatePadding)),
        Field("columns", .list(\.columns)),
        Field("rowsEven", .list(\.rowsEven)),
        Field("rowsOdd", .list(\.rowsOdd)),
        Field("staggered", .flag(\.staggered)),
        Field("intersectionConnector", .flag(\.intersectionConnector)),
        Field("intersectionFit", .number(\.intersectionFit), .tenths, needs: [.intersectionConnector]),
        Field("edgeConnector", .flag(\.edgeConnector)),
        Field(
            "edgeConnectorCountPerCell", .whole(\.edgeConnectorCountPerCell),
            .count(PlateLimits.edgeCount), needs: [.edgeConnector]),
        Field(
            "edgeConnectorBarWidthMillimetres", .number(\.edgeConnectorBarWidthMillimetres),
            .length(PlateLimits.edgeBarWidth), needs: [.edgeConnector]),
        Field(
            "edgeConnectorBarDepthMillimetres", .number(\.edgeConnectorBarDepthMillimetres),
            .length(PlateLimits.edgeBarDepth), needs: [.edgeConnector]),
        Field(
            "edgeConnectorNeckWidthMillimetres", .number(\.edgeConnectorNeckWidthMillimetres),
            .length(PlateLimits.edgeNeckWidth), needs: [.edgeConnector]),
        Field(
            "edgeConnectorNeckDepthMillimetres", .number(\.edgeConnectorNeckDepthMillimetres),
            .length(PlateLimits.edgeNeckDepth), needs: [.edgeConnector]),
        Field(
            "edgeConnectorGapMillimetres", .number(\.edgeConnectorGapMillimetres),
            .length(PlateLimits.edgeGap), needs: [.edgeConnector]),
        Field(
            "edgeConnectorHeightMillimetres", .number(\.edgeConnectorHeightMillimetres),
            .length(PlateLimits.edgeHeight), needs: [.edgeConnector]),
        Field(
            "edgeConnectorMaleDeltaMillimetres", .number(\.edgeConnectorMaleDeltaMillimetres),
            .length(PlateLimits.edgeDelta), needs: [.edgeConnector]),
        Field("edgeConnectorMagnetBorder", .flag(\.edgeConnectorMagnetBorder), needs: [.edgeConnector, .magnets]),
        Field(
            "edgeConnectorMagnetBorderWidthMillimetres", .number(\.edgeConnectorMagnetBorderWidthMillimetres),
            .length(PlateLimits.edgeBorderWidth), needs: [.edgeConnector, .magnets, .magnetBorder]),
        Field("magnets", .flag(\.magnets)),
        Field("magnetStyle", .text(\.magnetStyle), .magnetStyles, needs: [.magnets]),
        Field("magnetFrame", .text(\.magnetFrame), .magnetFrames, needs: [.magnets]),
        Field(
            "magnetDiameterMillimetres", .number(\.magnetDiameterMillimetres),
            .length(PlateLimits.magnetDiameter), needs: [.magnets]),
        Field(
            "magnetHeightMillimetres", .number(\.magnetHeightMillimetres),
            .length(PlateLimits.magnetHeight), needs: [.magnets]),
        Field(
            "magnetTopMillimetres", .number(\.magnetTopMillimetres),
            .length(PlateLimits.magnetSkin), needs: [.magnets, .skinAbove]),
        Field(
            "magnetBottomMillimetres", .number(\.magnetBottomMillimetres),
            .length(PlateLimits.magnetSkin), needs: [.magnets, .skinBelow]),
        Field(
            "magnetBorderMillimetres", .number(\.magnetBorderMillimetres),
            .length(PlateLimits.magnetBorder), needs: [.magnets, .roundFrame]),
        Field(
            "magnetReleaseWidthMillimetres", .number(\.magnetReleaseWidthMillimetres),
            .length(PlateLimits.magnetRelease), needs: [.magnets]),
        Field("numbering", .flag(\.numbering)),
        Field(
            "numberDepthMillimetres", .number(\.numberDepthMillimetres),
            .length(PlateLimits.numberDepth), needs: [.numbering]),
        Field(
            "numberSizeMillimetres", .number(\.numberSizeMillimetres),
            .length(PlateLimits.numberSize), needs: [.numbering]),
        Field(
            "numberSqueezedSizeMillimetres", .number(\.numberSqueezedSizeMillimetres),
            .length(PlateLimits.numberSize), needs: [.numbering]),
        Field("cornerRadiusMillimetres", .number(\.cornerRadiusMillimetres), .length(PlateLimits.cornerRadius)),
        Field("solidBaseMillimetres", .number(\.solidBaseMillimetres), .length(PlateLimits.solidBase)),
        Field("cellOverride", .text(\.cellOverride)),
    ]

    /// Features that follow later: known by name so that they are refused as what they are when switched on, and
    /// accepted when off (`false`, 0, a list or object of such, null).
    package static let laterNames = [
        "bottomChamferMillimetres", "topChamferMillimetres", "topSliceMillimetres", "plateWallThicknessMillimetres",
        "plateWallHeightMillimetres", "verticalScrews", "horizontalScrews", "thumbScrews", "clickLatch", "hollow",
        "removeBottomLip", "stackedPrint", "adapters",
    ]
}
