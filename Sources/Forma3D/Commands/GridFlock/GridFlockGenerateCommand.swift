import ArgumentParser
import Foundation
import GridFlock
import GridGeometry
import Kernel

/// `forma3d gridflock generate`
struct GridFlockGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Makes the files of a plate, every mesh verified before it is written.",
        discussion: """
            STL: one file for each different part. 3MF: all parts, equal ones once. SVG: plan and assembly sheet. GLB: a
            preview. The same wish gives the same bytes.
            """)

    @OptionGroup var plate: PlateOptions

    @Option(help: ArgumentHelp("The folder for the files; made if it is not there.", valueName: "DIR"))
    var out: String

    @Option(help: ArgumentHelp("What to write.", valueName: "stl,3mf,svg,glb"))
    var format = Formats.every

    @Flag(help: "Print JSON: every part with size, bounding box, volume, triangles and file.")
    var json = false

    @Flag(inversion: .prefixedNo, help: "Tell on standard error how far it is; by itself on a terminal only.")
    var progress: Bool?

    func run() throws {
        try PlateSession.run(isJSON: json) {
            let start = ContinuousClock.now
            let plan = try Planner.plan(plate.request().wish())
            try PlateSession.makeFolder(out)
            if format.solid.contains(.stl) { try PlateSession.refuseForeignParts(in: out, beside: plan) }
            var written: [GenerationReport.File] = []
            func write(_ name: String, _ mediaType: String, _ bytes: [UInt8]) throws {
                try PlateSession.write(bytes, named: name, in: out)
                written.append(
                    .init(name: name, mediaType: mediaType, sizeBytes: bytes.count, digest: GridFlockRoom.digest(bytes))
                )
            }
            let line = ProgressLine(isShown: progress ?? (isatty(STDERR_FILENO) == 1))
            // Also without a format that needs it: what is reported was measured.
            let reports = try PlateMaker.make(
                plan, formats: format.solid, title: PlateMaking.title(of: plan), progress: { line.show($0) }
            ) { try write($0.name, $0.mediaType, $0.bytes) }
            line.end()
            if format.all.contains(.svg) {
                for picture in PlateMaking.pictures(of: plan) {
                    try write(picture.name, picture.mediaType, picture.bytes)
                }
            }
            let report = GenerationReport(
                plan: plan, reports: reports, files: written, took: ContinuousClock.now - start)
            if json { return CommandOutput.line(try JSON.text(report.json)) }
            for line in report.lines(folder: out) { CommandOutput.line(line) }
        }
    }
}

/// `part 3 of 24` on one line of a terminal.
private final class ProgressLine {
    private let isShown: Bool

    init(isShown: Bool) { self.isShown = isShown }

    func show(_ progress: PlateMaker.Progress) {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\rpart \(progress.done) of \(progress.total)".utf8))
    }

    func end() {
        if isShown { FileHandle.standardError.write(Data("\n".utf8)) }
    }
}
