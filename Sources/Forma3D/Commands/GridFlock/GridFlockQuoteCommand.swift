import ArgumentParser
import Foundation
import GridFlock
import GridGeometry
import Kernel

/// `forma3d gridflock quote`
struct GridFlockQuoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote", abstract: "Tells parts, material, time and price of a plate.",
        discussion: "The rates are the GRIDFLOCK_ settings of the environment, or their defaults.")

    @OptionGroup var plate: PlateOptions

    @OptionGroup(title: "Pictures")
    var pictures: PictureOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let terms = try QuoteTerms.loadOrExit()
        try PlateSession.run(isJSON: json) {
            let plan = try Planner.plan(plate.request().wish())
            let quote = Quote(
                plan: plan, digest: GridFlockRoom.digest(Array(plan.wish.canonicalText.utf8)),
                terms: terms)
            try pictures.write(plan)
            if json { return CommandOutput.line(String(decoding: quote.json(drawing: nil), as: UTF8.self)) }
            for line in PlanText.lines(of: plan) { CommandOutput.line(line) }
            let needs = quote.needs
            CommandOutput.line("beds     \(needs.bedCount)")
            CommandOutput.line("magnets  \(needs.magnetCount)")
            CommandOutput.line("grams    \(Int(needs.grams.rounded(.up))) of \(quote.material)")
            CommandOutput.line("minutes  \(Int(needs.minutes.rounded(.up)))")
            if let price = needs.price { CommandOutput.line("price    \(price.amountText) \(price.currency)") }
        }
    }
}

extension QuoteTerms {
    /// The settings that a price is made of, read without the others: a quote needs no database and no vendor.
    static func loadOrExit() throws -> QuoteTerms {
        var reader = SettingsReader(
            environment: ProcessInfo.processInfo.environment, readFile: Settings.readTextFile)
        let terms = GridFlockSettings.terms(reading: &reader)
        guard reader.problems.isEmpty else {
            CommandOutput.error(SettingsError(problems: reader.problems).description)
            throw ExitCode.configuration
        }
        return terms
    }
}
