import ArgumentParser
import GridFlock
import GridGeometry

/// `forma3d gridflock coupon`
struct GridFlockCouponCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coupon", abstract: "Makes small pairs of pieces to try the fit of the connectors.",
        discussion: "One STL for each piece: for each fit one with tabs and one with sockets, the fit debossed below.")

    @OptionGroup var plate: PlateOptions

    @Option(help: ArgumentHelp("Fits to try, in tenths: 0 loose to 10 tight.", valueName: "n,n,…"))
    var fits = CountList(counts: [0, 5, 10])

    @Option(help: ArgumentHelp("The folder for the files; made if it is not there.", valueName: "DIR"))
    var out: String

    func validate() throws {
        guard fits.counts.allSatisfy((0...10).contains), fits.counts.count <= 11 else {
            throw ValidationError("--fits takes up to eleven whole numbers from 0 to 10.")
        }
    }

    func run() throws {
        try PlateSession.run(isJSON: false) {
            let wish = try plate.request().wish()
            let pieces = try FitCoupon.pieces(for: wish, fits: fits.counts)
            try PlateSession.makeFolder(out)
            for piece in pieces {
                let mesh = try Mesher.mesh(piece.slabs)
                _ = try MeshCheck.verify(mesh, bed: wish.bed)
                let name = "coupon-\(piece.fit)-\(piece.isMale ? "tabs" : "sockets").stl"
                let bytes = try BinarySTL.bytes(of: mesh, name: "fit \(piece.fit)")
                try PlateSession.write(bytes, named: name, in: out)
                CommandOutput.line("wrote    \(out)/\(name), \(bytes.count) bytes")
            }
        }
    }
}
