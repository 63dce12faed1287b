import ArgumentParser
import Glibc

/// Where the program starts.
@main
enum Entry {
    static func main() async {
        // As process 1 of a container nobody else reaps orphans (ADR-048); before any thread exists.
        if getpid() == 1, CommandLine.arguments.dropFirst().first == "serve" {
            exit(InitProcess.superviseServer())
        }
        await Forma3DCommand.main()
    }
}

/// `forma3d`: one executable for everything the system does.
struct Forma3DCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forma3d",
        abstract: "From a paid Shopify order to a printed, labelled and fulfilled one.",
        discussion: """
            Settings come from environment variables; `forma3d config --markdown` explains each of them.
            Exit codes: 0 done, 1 failed, 64 wrong arguments, 78 settings that need mending.
            """,
        version: BuildInfo.version,
        subcommands: [
            ServeCommand.self, MigrateCommand.self, ConfigCommand.self, DoctorCommand.self, HealthcheckCommand.self,
            BackupCommand.self, OpenAPICommand.self,
        ])
}

/// Exit codes beyond 0 and 1 (sysexits.h).
extension ExitCode {
    /// `EX_CONFIG`: the settings need mending.
    static let configuration = ExitCode(78)
}
