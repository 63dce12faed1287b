import ArgumentParser

/// `forma3d`: one executable for everything the system does.
@main
struct Forma3DCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forma3d",
        abstract: "From a paid Shopify order to a printed, labelled and fulfilled one.",
        discussion: """
            Settings come from environment variables; `forma3d config --markdown` explains each of them.
            Exit codes: 0 done, 1 failed, 64 wrong arguments, 65 a plate that cannot be made, 78 settings that need
            mending.
            """,
        version: BuildInfo.version,
        subcommands: [
            ServeCommand.self, MigrateCommand.self, ConfigCommand.self, DoctorCommand.self, HealthcheckCommand.self,
            BackupCommand.self, OpenAPICommand.self, GridFlockCommand.self,
        ])
}

/// Exit codes beyond 0 and 1 (sysexits.h).
extension ExitCode {
    /// `EX_CONFIG`: the settings need mending.
    static let configuration = ExitCode(78)
    /// `EX_DATAERR`: what was asked for cannot be made.
    static let data = ExitCode(65)
}
