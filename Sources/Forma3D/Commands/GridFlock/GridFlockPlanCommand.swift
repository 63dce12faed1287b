import ArgumentParser
import Foundation
import GridFlock
import GridGeometry
import Kernel

/// `forma3d gridflock plan`
struct GridFlockPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Divides a plate into parts for the printer's bed.")

    @OptionGroup var plate: PlateOptions

    @OptionGroup(title: "Pictures")
    var pictures: PictureOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try PlateSession.run(isJSON: json) {
            let plan = try Planner.plan(plate.request().wish())
            try pictures.write(plan)
            if json { return CommandOutput.line(try JSON.text(JSONValue.object(plan.members))) }
            for line in PlanText.lines(of: plan) { CommandOutput.line(line) }
        }
    }
}

/// A plan for people.
enum PlanText {
    static func lines(of plan: PlatePlan) -> [String] {
        var lines = [
            "plate    \(text(plan.wish.platePrinted)) mm in a drawer of \(text(plan.wish.drawer)) mm",
            "cells    \(plan.cellsText)",
            "padding  north \(text(plan.padding.north)), east \(text(plan.padding.east)), south "
                + "\(text(plan.padding.south)), west \(text(plan.padding.west)) mm",
            "parts    \(plan.segments.count), on a bed of \(text(plan.wish.bed)) mm",
        ]
        let width = String(plan.segments.count).count
        for segment in plan.segments {
            let number = String(segment.number)
            let padded = String(repeating: " ", count: width - number.count) + number
            lines.append(
                "  \(padded)  \(text(segment.size)) mm, "
                    + (segment.isStrip ? "padding" : "\(segment.cellsText) cells") + ", at "
                    + "\(MillimetreText.of(Length(tenthMicrometres: segment.origin.x))), "
                    + MillimetreText.of(Length(tenthMicrometres: segment.origin.y)))
        }
        return lines + plan.notes.map { "note     \($0)" }
    }

    static func text(_ size: Size) -> String { "\(text(size.width)) x \(text(size.depth))" }
    static func text(_ length: Length) -> String { MillimetreText.of(length) }
}
