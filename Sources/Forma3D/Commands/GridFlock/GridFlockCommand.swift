import ArgumentParser
import GridGeometry

/// `forma3d gridflock`
struct GridFlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gridflock", abstract: "Plans, prices and makes Gridfinity plates that fit a drawer.",
        discussion: """
            Needs no database and no settings. What cannot be made is told field by field, with what would be right:
            exit code 65.
            """,
        subcommands: [
            GridFlockPlanCommand.self, GridFlockQuoteCommand.self, GridFlockGenerateCommand.self,
            GridFlockCouponCommand.self, GridFlockCalibrateCommand.self, GridFlockPresetsCommand.self,
        ])
}

/// `forma3d gridflock presets`
struct GridFlockPresetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets", abstract: "Lists the printers that --printer knows.")

    func run() {
        let width = PrinterBed.presets.map(\.key.count).max() ?? 0
        for printer in PrinterBed.presets {
            let key = printer.key + String(repeating: " ", count: width - printer.key.count)
            CommandOutput.line(
                "\(key)  \(printer.widthMillimetres) x \(printer.depthMillimetres) mm  \(printer.name)")
        }
    }
}
