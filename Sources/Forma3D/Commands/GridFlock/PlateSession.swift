import ArgumentParser
import Foundation
import GridFlock
import GridGeometry
import Kernel

/// What the plate commands have in common: a refusal becomes sentences and exit code 65, a file that cannot be read 66.
enum PlateSession {
    static func run(isJSON: Bool, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let refusal as PlateRefusal {
            if isJSON { CommandOutput.line(try JSON.text(json(refusal))) }
            for item in refusal.items { CommandOutput.error(sentence(item)) }
            throw ExitCode.data
        } catch let fault as PlateMaker.Fault {
            CommandOutput.error("Part \(fault.segment) is no solid (\(fault.fault)): please report this wish.")
            throw ExitCode.failure
        } catch let fault as MeshFault {
            CommandOutput.error("A piece is no solid (\(fault)): please report this wish.")
            throw ExitCode.failure
        } catch let fault as FileFault {
            CommandOutput.error(fault.sentence)
            throw ExitCode(fault.isReading ? 66 : 73)
        }
    }

    /// `drawerWidthMillimetres is too small; allowed: 8.4 to 3000 mm; nearest: 8.4`
    private static func sentence(_ item: PlateRefusal.Item) -> String {
        let allowed = item.allowed.map { "; allowed: \($0)" } ?? ""
        let nearest = item.nearest.map { "; nearest: \($0)" } ?? ""
        return "\(item.field) \(item.reason)\(allowed)\(nearest)"
    }

    private static func json(_ refusal: PlateRefusal) -> JSONValue {
        let items = refusal.items.map { item -> JSONValue in
            [
                "field": .string(item.field), "reason": .string(item.reason), "allowed": JSONValue(item.allowed),
                "nearest": JSONValue(item.nearest),
            ]
        }
        return ["refused": .array(items)]
    }

    /// - Throws: `FileFault`
    static func read(_ path: String) throws -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw FileFault(path: path, isReading: true, reason: error.localizedDescription)
        }
    }

    /// Writes the file whole or not at all.
    /// - Throws: `FileFault`
    static func write(_ bytes: [UInt8], named name: String, in folder: String) throws {
        let file = URL(filePath: folder).appending(path: name)
        do {
            try Data(bytes).write(to: file, options: .atomic)
        } catch {
            let path = file.path(percentEncoded: false)
            throw FileFault(path: path, isReading: false, reason: error.localizedDescription)
        }
    }

    /// Parts of another plate beside the new ones would be printed with them: nothing is made, and nothing is deleted.
    static func refuseForeignParts(in folder: String, beside plan: PlatePlan) throws {
        var own: Set<String> = []
        var shapes: Set<SegmentShapeKey> = []
        for segment in plan.segments {
            // Numbered parts all differ.
            let isNew = shapes.insert(SegmentShapeKey(segment)).inserted
            if isNew || plan.wish.numbering != nil { own.insert(segmentName(segment.number)) }
        }
        let foreign = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasPrefix("segment-") && $0.hasSuffix(".stl") && !own.contains($0) }.sorted()
        guard !foreign.isEmpty else { return }
        let names =
            foreign.prefix(5).joined(separator: ", ") + (foreign.count > 5 ? " and \(foreign.count - 5) more" : "")
        CommandOutput.error("\(folder) has parts of another plate: \(names). Remove them, or choose another folder.")
        throw ExitCode(73)
    }

    /// As `PlateMaker` names them.
    private static func segmentName(_ number: Int) -> String {
        "segment-\(number < 10 ? "0" : "")\(number).stl"
    }

    /// - Throws: `FileFault`
    static func makeFolder(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw FileFault(path: folder, isReading: false, reason: error.localizedDescription)
        }
    }
}

/// A file or folder that the operator named: Foundation's own sentences do not say which.
struct FileFault: Error {
    let path: String
    let isReading: Bool
    let reason: String

    var sentence: String { "\(path) cannot be \(isReading ? "read" : "written"): \(reason)" }
}
