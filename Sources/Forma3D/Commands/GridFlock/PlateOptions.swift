import ArgumentParser
import GridFlock
import GridGeometry

/// The wish on the command line: a flag for everything a wish can say. What is not said is as in upstream's generator.
struct PlateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The drawer, wall to wall, in millimetres.", valueName: "WIDTHxDEPTH"))
    var drawer: MillimetrePair?

    @Option(help: ArgumentHelp("The printer's bed in millimetres.", valueName: "WIDTHxDEPTH"))
    var bed: MillimetrePair?

    @Option(help: ArgumentHelp("A printer of `forma3d gridflock presets`, instead of its bed.", valueName: "key"))
    var printer: String?

    @Option(
        help: ArgumentHelp(
            "A configuration saved from the upstream generator, with its names; flags win over it.",
            valueName: "FILE.json"))
    var upstreamParams: String?

    @Option(help: ArgumentHelp("Which of the file's sets, where it holds several.", valueName: "NAME"))
    var upstreamSet: String?

    @OptionGroup(title: "Layout")
    var layout: PlateLayoutOptions

    @OptionGroup(title: "Connectors")
    var connectors: PlateConnectorOptions

    @OptionGroup(title: "Magnets")
    var magnets: PlateMagnetOptions

    @OptionGroup(title: "Numbers and body")
    var features: PlateBodyOptions

    func validate() throws {
        if upstreamSet != nil, upstreamParams == nil {
            throw ValidationError("--upstream-set needs --upstream-params.")
        }
        if upstreamParams == nil, drawer == nil { throw ValidationError("Say --drawer WIDTHxDEPTH.") }
    }

    /// - Throws: `PlateRefusal` of the file; `FileFault` when it cannot be read.
    func request() throws -> PlateRequest {
        var said = PlateRequest()
        if let drawer {
            said.drawerWidthMillimetres = drawer.width
            said.drawerDepthMillimetres = drawer.depth
        }
        said.printer = printer
        if let bed {
            said.bedWidthMillimetres = bed.width
            said.bedDepthMillimetres = bed.depth
        }
        layout.apply(to: &said)
        connectors.apply(to: &said)
        magnets.apply(to: &said)
        features.apply(to: &said)
        guard let upstreamParams else { return said }
        var request = try UpstreamParameters.read(PlateSession.read(upstreamParams), set: upstreamSet)
        if printer != nil {
            request.bedWidthMillimetres = nil
            request.bedDepthMillimetres = nil
        }
        request.take(said)
        // Whatever the flags made of the file: its owner's plates are cut so.
        request.cutLikeUpstream()
        return request
    }
}

extension Optional {
    /// Writes the value where there is one: what a flag does not say stays as it is.
    func write<Root>(to path: WritableKeyPath<Root, Wrapped?>, of root: inout Root) {
        if let self { root[keyPath: path] = self }
    }
}
