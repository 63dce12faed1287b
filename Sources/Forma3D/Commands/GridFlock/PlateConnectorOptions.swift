import ArgumentParser
import GridGeometry

/// How the parts lock together.
struct PlateConnectorOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Puzzle tabs at the corners of cells.")
    var intersectionConnector: Bool?

    @Option(help: ArgumentHelp("Their fit, 0 loose to 1 tight.", valueName: "fit"))
    var intersectionFit: Double?

    @Flag(inversion: .prefixedNo, help: "Puzzle tabs at the middles of cell edges.")
    var edgeConnector: Bool?

    @Option(help: ArgumentHelp("Edge tabs of each cell.", valueName: "n"))
    var edgeCount: Int?

    @Option(help: ArgumentHelp("Bar of an edge tab, along the seam and away from it.", valueName: "WIDTHxDEPTH"))
    var edgeBar: MillimetrePair?

    @Option(help: ArgumentHelp("Neck of an edge tab.", valueName: "WIDTHxDEPTH"))
    var edgeNeck: MillimetrePair?

    @Option(help: ArgumentHelp("Clearance around an edge tab.", valueName: "mm"))
    var edgeGap: Double?

    @Option(help: ArgumentHelp("Height of the slots of edge tabs.", valueName: "mm"))
    var edgeHeight: Double?

    @Option(help: ArgumentHelp("An edge tab is lower than its slot by so much.", valueName: "mm"))
    var edgeMaleDelta: Double?

    @Flag(inversion: .prefixedNo, help: "A bar behind the slots in the layer of magnets.")
    var edgeMagnetBorder: Bool?

    @Option(help: ArgumentHelp("Width of that bar.", valueName: "mm"))
    var edgeMagnetBorderWidth: Double?

    func apply(to request: inout PlateRequest) {
        intersectionConnector.write(to: \.intersectionConnector, of: &request)
        intersectionFit.write(to: \.intersectionFit, of: &request)
        // Who says how they are wants them.
        let sizes = [edgeGap, edgeHeight, edgeMaleDelta, edgeMagnetBorderWidth]
        let isDescribed =
            edgeCount != nil || edgeBar != nil || edgeNeck != nil || edgeMagnetBorder != nil
            || sizes.contains { $0 != nil }
        (edgeConnector ?? (isDescribed ? true : nil)).write(to: \.edgeConnector, of: &request)
        edgeCount.write(to: \.edgeConnectorCountPerCell, of: &request)
        (edgeBar?.width).write(to: \.edgeConnectorBarWidthMillimetres, of: &request)
        (edgeBar?.depth).write(to: \.edgeConnectorBarDepthMillimetres, of: &request)
        (edgeNeck?.width).write(to: \.edgeConnectorNeckWidthMillimetres, of: &request)
        (edgeNeck?.depth).write(to: \.edgeConnectorNeckDepthMillimetres, of: &request)
        edgeGap.write(to: \.edgeConnectorGapMillimetres, of: &request)
        edgeHeight.write(to: \.edgeConnectorHeightMillimetres, of: &request)
        edgeMaleDelta.write(to: \.edgeConnectorMaleDeltaMillimetres, of: &request)
        edgeMagnetBorder.write(to: \.edgeConnectorMagnetBorder, of: &request)
        edgeMagnetBorderWidth.write(to: \.edgeConnectorMagnetBorderWidthMillimetres, of: &request)
    }
}
