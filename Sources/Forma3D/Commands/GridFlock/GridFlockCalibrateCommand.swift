import ArgumentParser
import GridFlock
import GridGeometry
import Kernel

/// `forma3d gridflock calibrate`
struct GridFlockCalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate", abstract: "Reads minutes and grams from sliced parts and tells the rate of quotes.",
        discussion: """
            Reads the comments that PrusaSlicer and its descendants write into G-code. Set the two lines it ends with, \
            or, for quotes that say so, send each slice of --json to POST /api/v1/gridflock/slices.
            """)

    @Argument(help: "G-code of one part each, or of --parts parts.")
    var files: [String]

    @Option(help: "Parts on the bed of each file.")
    var parts = 1

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard SliceReport.partCount.contains(parts) else { throw ValidationError("--parts is 1 to 999.") }
    }

    func run() throws {
        let terms = try QuoteTerms.loadOrExit()
        try PlateSession.run(isJSON: json) {
            let reports = try files.map { try Self.report(of: $0, parts: parts, rates: terms.rates) }
            let rate = PrintRate.calibrated(from: reports.compactMap(\.calibrating))
            if json {
                return CommandOutput.line(
                    try JSON.text(
                        [
                            "minutesPerPart": .thousandths(rate.minutesPerPart),
                            "minutesPerGram": .thousandths(rate.minutesPerGram),
                            "slices": .array(reports.map(\.json)),
                        ] as JSONValue))
            }
            for report in reports {
                let minutes = (Double(report.seconds) / 60).rounded(.up)
                CommandOutput.line("\(report.source)  \(report.grams ?? 0) g  \(Int(minutes)) min")
            }
            CommandOutput.line("GRIDFLOCK_MINUTES_PER_PART=\(Self.text(rate.minutesPerPart))")
            CommandOutput.line("GRIDFLOCK_MINUTES_PER_GRAM=\(Self.text(rate.minutesPerGram))")
        }
    }

    private static func text(_ value: Double) -> String { String((value * 1_000).rounded() / 1_000) }

    static func report(of path: String, parts: Int, rates: QuoteRates) throws -> SliceReport {
        let comments = SlicerComments(gcode: try PlateSession.read(path))
        // A slicer that was not told the density writes no grams, but how much it laid.
        let grams = comments.grams ?? comments.cubicCentimetres.map { $0 * rates.densityGramsPerCubicCentimetre }
        guard let seconds = comments.seconds, let grams else {
            CommandOutput.error(
                "\(path) does not say how long and how heavy: its comments have no estimated printing time and "
                    + "filament used.")
            throw ExitCode.data
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return SliceReport(
            source: String(name.prefix(200)), seconds: seconds, grams: (grams * 1_000).rounded() / 1_000,
            partCount: parts, material: comments.material, infillPercent: comments.infillPercent)
    }
}

extension SliceReport {
    /// One part of its average.
    fileprivate var calibrating: PrintRate.Slice? {
        let count = Double(partCount ?? 1)
        return grams.map { PrintRate.Slice(grams: $0 / count, minutes: Double(seconds) / 60 / count) }
    }

    /// As the API takes it.
    fileprivate var json: JSONValue {
        [
            "source": .string(source), "seconds": .integer(Int64(seconds)), "grams": .thousandths(grams),
            "partCount": .integer(Int64(partCount ?? 1)), "material": JSONValue(material),
            "infillPercent": .thousandths(infillPercent),
        ]
    }
}
