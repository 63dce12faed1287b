import ArgumentParser
import GridGeometry

/// The layer of magnets below the plate.
struct PlateMagnetOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Holes for magnets below the cells' corners.")
    var magnets: Bool?

    @Option(help: ArgumentHelp("press-fit, glue-from-top or glue-from-bottom.", valueName: "style"))
    var magnetStyle: String?

    @Option(help: ArgumentHelp("round or solid.", valueName: "frame"))
    var magnetFrame: String?

    @Option(help: ArgumentHelp("Of the hole.", valueName: "mm"))
    var magnetDiameter: Double?

    @Option(help: ArgumentHelp("Of the hole.", valueName: "mm"))
    var magnetHeight: Double?

    @Option(help: ArgumentHelp("Skin above the hole.", valueName: "mm"))
    var magnetTop: Double?

    @Option(help: ArgumentHelp("Skin below the hole.", valueName: "mm"))
    var magnetBottom: Double?

    @Option(help: ArgumentHelp("Wall around the hole.", valueName: "mm"))
    var magnetBorder: Double?

    @Option(
        help: ArgumentHelp("Of the slot or hole by which a magnet is pushed out; 0 is none.", valueName: "mm"))
    var magnetReleaseWidth: Double?

    func apply(to request: inout PlateRequest) {
        // Who says how they are wants them.
        let sizes = [
            magnetDiameter, magnetHeight, magnetTop, magnetBottom, magnetBorder, magnetReleaseWidth,
        ]
        let isDescribed = magnetStyle != nil || magnetFrame != nil || sizes.contains { $0 != nil }
        (magnets ?? (isDescribed ? true : nil)).write(to: \.magnets, of: &request)
        magnetStyle.write(to: \.magnetStyle, of: &request)
        magnetFrame.write(to: \.magnetFrame, of: &request)
        magnetDiameter.write(to: \.magnetDiameterMillimetres, of: &request)
        magnetHeight.write(to: \.magnetHeightMillimetres, of: &request)
        magnetTop.write(to: \.magnetTopMillimetres, of: &request)
        magnetBottom.write(to: \.magnetBottomMillimetres, of: &request)
        magnetBorder.write(to: \.magnetBorderMillimetres, of: &request)
        magnetReleaseWidth.write(to: \.magnetReleaseWidthMillimetres, of: &request)
    }
}
