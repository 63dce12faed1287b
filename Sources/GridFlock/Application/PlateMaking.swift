package import GridGeometry
import Jobs
package import Kernel

/// From a wish to its files: the pure geometry, told in the module's words.
package enum PlateMaking {
    /// Raised whenever the same wish gives other bytes than before; a test with known digests says when.
    package static let revision = 2
    /// What a design is made of: everything.
    package static let formats = Set(PlateFormat.allCases)

    /// `Designs.Make`.
    package static func make(request: String, canonical: String, sign: StopSign) throws -> Generation {
        do {
            let wish = try PlateRequest.read(Array(request.utf8)).wish()
            // A design keeps its wish in the spelling of its time: only one of the same spelling can be compared. What a
            // later version makes of it is told by the bytes and the revision.
            guard wish.canonicalText == canonical || version(wish.canonicalText) != version(canonical) else {
                throw GenerationRefusal("The wish means something else to this version than when it was kept.")
            }
            let plan = try Planner.plan(wish)
            try sign.check()
            return Generation(files: try files(of: plan, sign: sign), revision: revision)
        } catch let refusal as PlateRefusal {
            throw GenerationRefusal(refusal.items.map { "\($0.field) \($0.reason)" }.joined(separator: "; ") + ".")
        } catch let fault as PlateMaker.Fault {
            throw GenerationRefusal("Part \(fault.segment) is no solid (\(fault.fault)): please report this wish.")
        } catch let fault as MeshFault {
            throw GenerationRefusal("The parts cannot be written (\(fault)): please report this wish.")
        } catch ZipWriter.Failure.tooLarge {
            throw GenerationRefusal("The 3MF file would be larger than 4 GiB: choose a smaller plate.")
        } catch ZipWriter.Failure.unavailable {
            throw JobFailure.notNow("There was no memory to compress the 3MF file with.")
        }
    }

    /// The first line, `gridflock-plate 1`.
    private static func version(_ canonical: String) -> Substring { canonical.prefix { $0 != "\n" } }

    private static func files(of plan: PlatePlan, sign: StopSign) throws -> [MadeFile] {
        var made: [PlateFile] = []
        let reports = try PlateMaker.make(plan, formats: formats, title: title(of: plan)) { file in
            try sign.check()
            made.append(file)
        }
        try sign.check()
        let parts = PartFacts.all(reports)
        return made.map { file in
            let own = file.mediaType == MadeFile.compressedMediaType ? parts : parts.filter { $0.fileName == file.name }
            return MadeFile(
                name: file.name, mediaType: file.mediaType, bytes: file.bytes,
                facts: own.isEmpty ? nil : .array(own.map(\.json)))
        } + pictures(of: plan)
    }

    /// The plan and the sheet that goes into the parcel.
    package static func pictures(of plan: PlatePlan) -> [MadeFile] {
        [
            MadeFile(name: "plan.svg", mediaType: "image/svg+xml", bytes: Array(PlanDrawing.svg(plan).utf8)),
            MadeFile(name: "assembly.svg", mediaType: "image/svg+xml", bytes: Array(AssemblySheet.svg(plan).utf8)),
        ]
    }

    /// `Plate 371 × 254 mm`.
    package static func title(of plan: PlatePlan) -> String {
        let size = plan.wish.platePrinted
        return "Plate \(MillimetreText.of(size.width)) x \(MillimetreText.of(size.depth)) mm"
    }
}

/// What was measured of one shape, and which parts of the plate have it.
package struct PartFacts: Hashable, Sendable {
    /// Numbers, the lowest first.
    package var segments: [Int]
    package let facts: MeshFacts
    package let fileName: String?

    /// In the order of their lowest numbers.
    package static func all(_ reports: [SegmentReport]) -> [PartFacts] {
        var all: [PartFacts] = []
        for report in reports {
            if let index = all.firstIndex(where: { $0.segments[0] == report.sameAs }) {
                all[index].segments.append(report.number)
            } else {
                all.append(PartFacts(segments: [report.number], facts: report.facts, fileName: report.fileName))
            }
        }
        return all
    }

    package var json: JSONValue {
        [
            "segments": .array(segments.map { .integer(Int64($0)) }),
            "widthMillimetres": .millimetres(facts.size.width.tenthMicrometres),
            "depthMillimetres": .millimetres(facts.size.depth.tenthMicrometres),
            "heightMillimetres": .millimetres(facts.height.tenthMicrometres),
            "volumeCubicMillimetres": .cubicMillimetres(sixfold: facts.sixfoldVolume),
            "triangleCount": .integer(Int64(facts.triangleCount)),
        ]
    }
}
