import Foundation
import GridGeometry

/// Measures, writes and fuzzes drawer plates; each line of output is one JSON object.
@main struct Workbench {
    static let usage = """
        usage: gridflock-workbench cases
               gridflock-workbench speed CASE [ROUNDS]
               gridflock-workbench write FOLDER [CASE…]
               gridflock-workbench fuzz FIRST-SEED COUNT [FOLDER]
               gridflock-workbench planner FIRST-SEED COUNT
               gridflock-workbench quotes SEED COUNT
               gridflock-workbench plans FIRST-SEED COUNT

        fuzz ends with 1 when a plate is wrong, when one that was planned is refused later, and when fewer than
        \(Fuzz.leastShareMade) of the wishes are made.

        """

    static func main() throws {
        var arguments = CommandLine.arguments.dropFirst()
        switch arguments.popFirst() {
        case "cases": for plate in SamplePlate.all { print(plate.name) }
        case "speed":
            guard let name = arguments.popFirst() else { return refuse() }
            try Speed.measure(SamplePlate.named(name), rounds: arguments.popFirst().flatMap { Int($0) } ?? 7)
        case "write":
            guard let folder = arguments.popFirst() else { return refuse() }
            let plates = try arguments.isEmpty ? SamplePlate.all : arguments.map(SamplePlate.named)
            var failures = 0
            for plate in plates where !write(plate, into: folder) { failures += 1 }
            exit(failures == 0 ? 0 : 1)
        case "fuzz":
            guard let (first, count) = range(&arguments) else { return refuse() }
            exit(Fuzz.run(seeds: first..<first + UInt64(count), folder: arguments.popFirst()) ? 0 : 1)
        case "planner":
            guard let (first, count) = range(&arguments) else { return refuse() }
            exit(PlannerRun.run(seed: first, count: count) ? 0 : 1)
        case "quotes":
            guard let (seed, count) = range(&arguments) else { return refuse() }
            QuoteRun.run(seed: seed, count: count)
        case "plans":
            guard let (first, count) = range(&arguments) else { return refuse() }
            QuoteRun.fingerprint(seeds: first..<first + UInt64(count))
        default: refuse()
        }
    }

    private static func range(_ arguments: inout ArraySlice<String>) -> (first: UInt64, count: Int)? {
        guard let first = arguments.popFirst().flatMap({ UInt64($0) }),
            let count = arguments.popFirst().flatMap({ Int($0) }), count > 0, first < UInt64.max / 2
        else { return nil }
        return (first, count)
    }

    private static func refuse() {
        FileHandle.standardError.write(Data(usage.utf8))
        exit(2)
    }

    /// Writes every file of a plate into a folder of its name, and what they should be into `segments.jsonl`.
    private static func write(_ plate: SamplePlate, into folder: String) -> Bool {
        let target = "\(folder)/\(plate.name)"
        do {
            // Nothing of an earlier run, nor half a plate, is left for a judge.
            try? FileManager.default.removeItem(atPath: target)
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            let plan = try Planner.plan(plate.wish)
            let reports = try PlateMaker.make(plan, formats: Set(PlateFormat.allCases), title: plate.name) { file in
                try Data(file.bytes).write(to: URL(fileURLWithPath: "\(target)/\(file.name)"))
            }
            let lines = reports.map { report in
                let facts = report.facts
                return Line([
                    ("number", report.number), ("sameAs", report.sameAs), ("file", report.fileName ?? ""),
                    ("triangles", facts.triangleCount), ("cubicMillimetres", facts.volumeCubicMillimetres),
                    ("width", facts.size.width.millimetres), ("depth", facts.size.depth.millimetres),
                    ("height", facts.height.millimetres), ("bedWidth", plan.wish.bed.width.millimetres),
                    ("bedDepth", plan.wish.bed.depth.millimetres),
                ]).text
            }
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(
                to: URL(fileURLWithPath: "\(target)/segments.jsonl"))
            let volume = reports.reduce(0) { $0 + $1.facts.volumeCubicMillimetres }
            print(Line([("case", plate.name), ("segments", reports.count), ("cubicMillimetres", volume)]).text)
            return true
        } catch {
            try? FileManager.default.removeItem(atPath: target)
            print(Line([("case", plate.name), ("failure", "\(error)")]).text)
            return false
        }
    }
}

/// A JSON object on one line, its members in the order given.
struct Line {
    let text: String

    init(_ members: [(String, Any)]) {
        let parts = members.map { name, value in
            switch value {
            case let number as Int: "\"\(name)\":\(number)"
            case let number as Double: "\"\(name)\":\(number)"
            case let numbers as [Double]: "\"\(name)\":\(numbers)"
            default: "\"\(name)\":\"\(String(describing: value).replacingOccurrences(of: "\"", with: "'"))\""
            }
        }
        text = "{\(parts.joined(separator: ","))}"
    }
}
