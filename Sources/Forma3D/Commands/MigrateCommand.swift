import ArgumentParser
import Migrations

/// `forma3d migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings the database up to what this version needs.",
        discussion: """
            Safe to run from several places at once: they take turns. Uses DATABASE_DIRECT_URL where it is set.
            Servers that wait for it become ready by themselves.
            """)

    @Flag(help: "Only say what would be done; exit code 1 when something would.")
    var dryRun = false

    func run() async throws {
        let settings = try Settings.loadOrExit()
        try await SystemAccess.withDatabase(settings, startsPrivate: true) { source in
            guard let source else { throw ExitCode.failure }
            let migrator = Migrator(database: source.directDatabase, logger: SystemAccess.quiet)
            switch try await migrator.status() {
            case .upToDate: CommandOutput.line("The database is up to date.")
            case .refused(let reason):
                CommandOutput.error(reason)
                throw ExitCode.failure
            case .pending(let names):
                for name in names { CommandOutput.line(dryRun ? "would apply \(name)" : "applying \(name)") }
                if dryRun { throw ExitCode.failure }
                try await migrator.migrate()
                CommandOutput.line("Done.")
            }
        }
    }
}
