import ArgumentParser
import GridGeometry

/// Numbers on the underside, and what the body is like.
struct PlateBodyOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "The part's number on its underside.")
    var numbering: Bool?

    @Option(help: ArgumentHelp("How deep it goes in.", valueName: "mm"))
    var numberDepth: Double?

    @Option(help: ArgumentHelp("How high a digit is.", valueName: "mm"))
    var numberSize: Double?

    @Option(help: ArgumentHelp("The same where the part is one cell wide.", valueName: "mm"))
    var numberSqueezedSize: Double?

    @Option(help: ArgumentHelp("Of the plate's corners.", valueName: "mm"))
    var cornerRadius: Double?

    @Option(help: ArgumentHelp("Thickness of a floor below the pockets; 0 is none.", valueName: "mm"))
    var solidBase: Double?

    @Option(
        help: ArgumentHelp(
            "For each cell, west to east and then south to north: c cell, s solid, e empty.", valueName: "cse…"))
    var cellOverride: String?

    func apply(to request: inout PlateRequest) {
        numbering.write(to: \.numbering, of: &request)
        numberDepth.write(to: \.numberDepthMillimetres, of: &request)
        numberSize.write(to: \.numberSizeMillimetres, of: &request)
        numberSqueezedSize.write(to: \.numberSqueezedSizeMillimetres, of: &request)
        cornerRadius.write(to: \.cornerRadiusMillimetres, of: &request)
        solidBase.write(to: \.solidBaseMillimetres, of: &request)
        cellOverride.write(to: \.cellOverride, of: &request)
    }
}
