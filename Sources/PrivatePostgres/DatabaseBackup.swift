import Glibc
import Postgres
import Processes

/// A dump of one database, private or not: `forma3d backup FILE`.
package enum DatabaseBackup {
    /// Writes pg_dump's custom format, readable by the caller's user only. The file appears when it is whole; one that
    /// was there before is replaced then.
    ///
    /// Restore with `pg_restore --clean --if-exists --no-owner --dbname=URL FILE`.
    /// - Throws: `PrivateClusterError` with what the operator can do; `PostgresURLError`.
    package static func write(databaseURL: String, to path: String) async throws {
        // The newest one reads every older server, never the other way round.
        guard let program = await program() else {
            throw PrivateClusterError("pg_dump is not installed: apt-get install postgresql-client")
        }
        var environment = try PostgresURL(databaseURL).environment()
        environment["PATH"] = "/usr/bin:/bin"
        environment["LC_ALL"] = "C"
        environment["PGCONNECT_TIMEOUT"] = environment["PGCONNECT_TIMEOUT"] ?? "10"
        environment["PGAPPNAME"] = "forma3d-backup"
        let unfinished = path + ".unfinished"
        unlink(unfinished)
        let descriptor = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw PrivateClusterError("cannot write \(unfinished): \(reason(errno))")
        }
        defer { close(descriptor) }
        do {
            try await RunningProcess.run(
                Command(
                    program, ["--format=custom", "--no-password", "--file=\(unfinished)"], environment: environment))
            try await finish(descriptor, unfinished, path)
        } catch {
            unlink(unfinished)
            throw error is ProcessFailure ? PrivateClusterError("no backup was made: \(error)") : error
        }
    }

    /// On disk first, then under its name: a backup with a name is a backup.
    private static func finish(_ descriptor: Int32, _ unfinished: String, _ path: String) async throws {
        try await BlockingThread.run("backup-sync") {
            guard fsync(descriptor) == 0, rename(unfinished, path) == 0 else {
                throw ProcessFailure("cannot write \(path): \(reason(errno))")
            }
        }
    }

    private static func program() async -> String? {
        let installed = await PostgresBinaries.installed().map { $0.path("pg_dump") }
        // A machine can have the clients without a server.
        let clients = FileFacts.names(in: "/usr/lib/postgresql")
            .sorted { $0.utf8.count == $1.utf8.count ? $0 > $1 : $0.utf8.count > $1.utf8.count }
            .map { "/usr/lib/postgresql/\($0)/bin/pg_dump" }
        let named = PostgresBinaries.searchPath().map { "\($0)/pg_dump" }
        return (clients + installed + named).first { access($0, X_OK) == 0 }
    }
}
