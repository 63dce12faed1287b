import ArgumentParser
import PrivatePostgres

/// `forma3d backup FILE`
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes a dump of the database, also while the server runs.",
        discussion: """
            pg_dump's custom format; restore it with
              pg_restore --clean --if-exists --no-owner --dbname=URL FILE
            The file appears when it is whole and only its owner may read it: it holds personal data.
            """)

    @Argument(help: "Where to write it; a file that is there is replaced.")
    var file: String

    func run() async throws {
        let settings = try Settings.loadOrExit()
        try await SystemAccess.withDatabase(settings, startsPrivate: true) { source in
            guard let source else { throw ExitCode.failure }
            try await DatabaseBackup.write(databaseURL: source.directURL, to: file)
            CommandOutput.line("Written to \(file).")
        }
    }
}
