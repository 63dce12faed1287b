import ArgumentParser
import GridGeometry

/// How the drawer is filled and the plate divided.
struct PlateLayoutOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Left free on all sides, or north,east,south,west (mm).", valueName: "mm"))
    var clearance: SidesArgument?

    @Option(help: ArgumentHelp("The rest in x that is no whole cell: none, fraction or dynamic.", valueName: "filler"))
    var fillerX: String?

    @Option(help: ArgumentHelp("The same in y.", valueName: "filler"))
    var fillerY: String?

    @Option(name: .customLong("filler-fraction-x"), help: ArgumentHelp("Cells of one n-th in x.", valueName: "n"))
    var fillerFractionX: Int?

    @Option(name: .customLong("filler-fraction-y"), help: ArgumentHelp("Cells of one n-th in y.", valueName: "n"))
    var fillerFractionY: Int?

    @Option(
        name: .customLong("filler-minimum-x"), help: ArgumentHelp("Least dynamic cell in x.", valueName: "mm"))
    var fillerMinimumX: Double?

    @Option(
        name: .customLong("filler-minimum-y"), help: ArgumentHelp("Least dynamic cell in y.", valueName: "mm"))
    var fillerMinimumY: Double?

    @Option(
        name: .customLong("alignment-x"),
        help: ArgumentHelp("Share of the padding that goes west, 0 to 1.", valueName: "share"))
    var alignmentX: Double?

    @Option(
        name: .customLong("alignment-y"),
        help: ArgumentHelp("Share of the padding that goes south, 0 to 1.", valueName: "share"))
    var alignmentY: Double?

    @Option(
        help: ArgumentHelp(
            "Added to the padding after the layout, all sides or north,east,south,west; negative cuts into cells.",
            valueName: "mm"))
    var edgeAdjust: SidesArgument?

    @Flag(inversion: .prefixedNo, help: "Padding as strips of its own.")
    var separatePadding: Bool?

    @Option(help: ArgumentHelp("Cells of each column of parts, west to east.", valueName: "n,n,…"))
    var columns: CountList?

    @Option(help: ArgumentHelp("Cells of each part of even columns, south to north.", valueName: "n,n,…"))
    var rowsEven: CountList?

    @Option(help: ArgumentHelp("Cells of each part of odd columns, south to north.", valueName: "n,n,…"))
    var rowsOdd: CountList?

    @Flag(inversion: .prefixedNo, help: "Seams of neighbouring columns do not meet.")
    var staggered: Bool?

    func apply(to request: inout PlateRequest) {
        clearance.map(\.sides).write(to: \.clearanceMillimetres, of: &request)
        fillerX.write(to: \.fillerX, of: &request)
        fillerY.write(to: \.fillerY, of: &request)
        fillerFractionX.write(to: \.fillerFractionX, of: &request)
        fillerFractionY.write(to: \.fillerFractionY, of: &request)
        fillerMinimumX.write(to: \.fillerMinimumXMillimetres, of: &request)
        fillerMinimumY.write(to: \.fillerMinimumYMillimetres, of: &request)
        alignmentX.write(to: \.alignmentX, of: &request)
        alignmentY.write(to: \.alignmentY, of: &request)
        edgeAdjust.map(\.sides).write(to: \.edgeAdjustMillimetres, of: &request)
        separatePadding.write(to: \.separatePadding, of: &request)
        columns.map(\.counts).write(to: \.columns, of: &request)
        rowsEven.map(\.counts).write(to: \.rowsEven, of: &request)
        rowsOdd.map(\.counts).write(to: \.rowsOdd, of: &request)
        staggered.write(to: \.staggered, of: &request)
    }
}
