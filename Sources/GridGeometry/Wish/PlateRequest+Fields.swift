extension PlateRequest {
    /// One field of the body: its name and where its value is kept. Reading, writing and the list of known names come
    /// from one table, so none can be forgotten in one of them.
    struct Field: Sendable {
        typealias Path<Value> = any (WritableKeyPath<PlateRequest, Value?> & Sendable)

        enum Place: Sendable {
            case number(Path<Double>)
            case whole(Path<Int>)
            case flag(Path<Bool>)
            case text(Path<String>)
            case list(Path<[Int]>)
            case sides(Path<Sides<Double>>)
        }

        let name: String
        let place: Place

        init(_ name: String, _ place: Place) {
            self.name = name
            self.place = place
        }
    }

    static let fields: [Field] = [
        Field("drawerWidthMillimetres", .number(\.drawerWidthMillimetres)),
        Field("drawerDepthMillimetres", .number(\.drawerDepthMillimetres)),
        Field("printer", .text(\.printer)),
        Field("bedWidthMillimetres", .number(\.bedWidthMillimetres)),
        Field("bedDepthMillimetres", .number(\.bedDepthMillimetres)),
        Field("clearanceMillimetres", .sides(\.clearanceMillimetres)),
        Field("fillerX", .text(\.fillerX)),
        Field("fillerY", .text(\.fillerY)),
        Field("fillerFractionX", .whole(\.fillerFractionX)),
        Field("fillerFractionY", .whole(\.fillerFractionY)),
        Field("fillerMinimumXMillimetres", .number(\.fillerMinimumXMillimetres)),
        Field("fillerMinimumYMillimetres", .number(\.fillerMinimumYMillimetres)),
        Field("alignmentX", .number(\.alignmentX)),
        Field("alignmentY", .number(\.alignmentY)),
        Field("edgeAdjustMillimetres", .sides(\.edgeAdjustMillimetres)),
        Field("separatePadding", .flag(\.separatePadding)),
        Field("columns", .list(\.columns)),
        Field("rowsEven", .list(\.rowsEven)),
        Field("rowsOdd", .list(\.rowsOdd)),
        Field("staggered", .flag(\.staggered)),
        Field("intersectionConnector", .flag(\.intersectionConnector)),
        Field("intersectionFit", .number(\.intersectionFit)),
        Field("edgeConnector", .flag(\.edgeConnector)),
        Field("edgeConnectorCountPerCell", .whole(\.edgeConnectorCountPerCell)),
        Field("edgeConnectorBarWidthMillimetres", .number(\.edgeConnectorBarWidthMillimetres)),
        Field("edgeConnectorBarDepthMillimetres", .number(\.edgeConnectorBarDepthMillimetres)),
        Field("edgeConnectorNeckWidthMillimetres", .number(\.edgeConnectorNeckWidthMillimetres)),
        Field("edgeConnectorNeckDepthMillimetres", .number(\.edgeConnectorNeckDepthMillimetres)),
        Field("edgeConnectorGapMillimetres", .number(\.edgeConnectorGapMillimetres)),
        Field("edgeConnectorHeightMillimetres", .number(\.edgeConnectorHeightMillimetres)),
        Field("edgeConnectorMaleDeltaMillimetres", .number(\.edgeConnectorMaleDeltaMillimetres)),
        Field("edgeConnectorMagnetBorder", .flag(\.edgeConnectorMagnetBorder)),
        Field("edgeConnectorMagnetBorderWidthMillimetres", .number(\.edgeConnectorMagnetBorderWidthMillimetres)),
        Field("magnets", .flag(\.magnets)),
        Field("magnetStyle", .text(\.magnetStyle)),
        Field("magnetFrame", .text(\.magnetFrame)),
        Field("magnetDiameterMillimetres", .number(\.magnetDiameterMillimetres)),
        Field("magnetHeightMillimetres", .number(\.magnetHeightMillimetres)),
        Field("magnetTopMillimetres", .number(\.magnetTopMillimetres)),
        Field("magnetBottomMillimetres", .number(\.magnetBottomMillimetres)),
        Field("magnetBorderMillimetres", .number(\.magnetBorderMillimetres)),
        Field("magnetReleaseWidthMillimetres", .number(\.magnetReleaseWidthMillimetres)),
        Field("numbering", .flag(\.numbering)),
        Field("numberDepthMillimetres", .number(\.numberDepthMillimetres)),
        Field("numberSizeMillimetres", .number(\.numberSizeMillimetres)),
        Field("numberSqueezedSizeMillimetres", .number(\.numberSqueezedSizeMillimetres)),
        Field("cornerRadiusMillimetres", .number(\.cornerRadiusMillimetres)),
        Field("solidBaseMillimetres", .number(\.solidBaseMillimetres)),
        Field("cellOverride", .text(\.cellOverride)),
    ]

    /// Features that follow later: known by name so that they are refused as what they are when switched on, and
    /// accepted when off (`false`, 0, a list or object of such, null).
    static let laterNames = [
        "bottomChamferMillimetres", "topChamferMillimetres", "topSliceMillimetres", "plateWallThicknessMillimetres",
        "plateWallHeightMillimetres", "verticalScrews", "horizontalScrews", "thumbScrews", "clickLatch", "hollow",
        "removeBottomLip", "stackedPrint", "adapters",
    ]
}
