import ArgumentParser
import GridFlock
import GridGeometry

/// What can be written of a plan without a mesh.
struct PictureOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Also write plan.svg and assembly.svg into this folder.", valueName: "DIR"))
    var out: String?

    @Option(help: ArgumentHelp("What to write: svg; the others need `generate`.", valueName: "svg"))
    var format = Formats(all: [.svg])

    func validate() throws {
        guard format.solid.isEmpty else {
            throw ValidationError("Without a mesh there is only svg; `forma3d gridflock generate` makes the others.")
        }
    }

    func write(_ plan: PlatePlan) throws {
        guard let out else { return }
        try PlateSession.makeFolder(out)
        for picture in PlateMaking.pictures(of: plan) {
            try PlateSession.write(picture.bytes, named: picture.name, in: out)
        }
    }
}
