import ArgumentParser
import HTTPClient
import Logging
import Migrations
import Postgres

/// Opens what commands beside `serve` need, and closes it again.
enum SystemAccess {
    /// Commands talk on standard output and error; the log stays silent.
    static let quiet = Logger(label: "forma3d") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` with the database; an error that has a sentence for the operator becomes exit code 1.
    static func withDatabase(
        _ settings: Settings, startsPrivate: Bool, _ body: (DatabaseSource?) async throws -> Void
    ) async throws {
        do {
            let source = try await DatabaseSource.borrow(settings, startsPrivate: startsPrivate, logger: quiet)
            do {
                try await body(source)
            } catch {
                await source?.close()
                throw error
            }
            await source?.close()
        } catch let code as ExitCode {
            throw code
        } catch {
            CommandOutput.error(OperatorText.of(error))
            throw ExitCode.failure
        }
    }

    /// Every check that can be asked now.
    static func withChecks(
        _ settings: Settings, includesVendors: Bool, _ body: ([Check]) async throws -> Void
    ) async throws {
        try await withDatabase(settings, startsPrivate: false) { source in
            let database =
                source?.database
                ?? Database(DatabaseConfiguration(url: "postgresql:///none?host=/nowhere"), logger: quiet)
            let root = try CompositionRoot(settings: settings, database: database, logger: quiet)
            let migrator = Migrator(database: source?.directDatabase ?? database, logger: quiet)
            var checks = SystemChecks.all(settings: settings, database: database, migrator: migrator, root: root)
            if source == nil {
                checks.removeAll { DatabaseChecks.names.contains($0.name) }
                checks.append(
                    Check("database", uses: [.doctor]) {
                        .warning("the private database does not run now; it starts with the server")
                    })
            }
            if !includesVendors { checks.removeAll { $0.uses.contains(.dependency) } }
            try await body(checks)
            await root.close()
        }
    }
}
