import ArgumentParser
import Foundation

/// `forma3d config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Checks the settings, or prints their documents.",
        discussion: "Without an option it is the same as --check.")

    @Flag(help: "Print .env.example.")
    var env = false

    @Flag(help: "Print the configuration reference as Markdown.")
    var markdown = false

    @Flag(help: "Check this environment and print the settings in force, with secrets hidden.")
    var check = false

    func validate() throws {
        if [env, markdown, check].filter({ $0 }).count > 1 {
            throw ValidationError("Give one of --env, --markdown and --check.")
        }
    }

    func run() throws {
        if env { return CommandOutput.text(SettingsDocuments.environmentFile()) }
        if markdown { return CommandOutput.text(SettingsDocuments.markdown()) }
        for line in SettingsReport.lines(environment: ProcessInfo.processInfo.environment) { CommandOutput.line(line) }
        let settings = try Settings.loadOrExit()
        for warning in settings.warnings { CommandOutput.error("warning: \(warning)") }
        CommandOutput.error("The settings are fine.")
    }
}
