package import GridGeometry
import Jobs

/// From a wish to its files: the pure geometry, told in the module's words.
package enum PlateMaking {
    /// Raised whenever the same wish gives other bytes than before; a test with known digests says when.
    package static let revision = 2
    /// What a design is made of: everything.
    package static let formats = Set(PlateFormat.allCases)

    /// `Designs.Make`.
    package static func make(request: String, canonical: String, sign: StopSign) throws -> Making {
        try telling {
            let wish = try PlateRequest.read(Array(request.utf8)).wish()
            // A design keeps its wish in the spelling of its time: only one of the same spelling can be compared. What a
            // later version makes of it is told by the bytes and the revision.
            guard wish.canonicalText == canonical || version(wish.canonicalText) != version(canonical) else {
                throw GenerationRefusal("The wish means something else to this version than when it was kept.")
            }
            let plan = try Planner.plan(wish)
            try sign.check()
            let plate = try PlateInTheMaking(plan, formats: formats, title: title(of: plan))
            return Making(
                revision: revision,
                next: {
                    try telling {
                        try sign.check()
                        let file = try plate.next()
                        try sign.check()
                        return file
                    }
                }, facts: { plate.facts })
        }
    }

    /// What goes wrong, in the module's words.
    private static func telling<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
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
