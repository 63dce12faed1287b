/// A connection held outside the pool, in autocommit: for statements that cannot run in a transaction.
///
/// Its statements have the server's `statement_timeout`, which may be set anew, and no other limit.
package final class Session: Sendable {
    private let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Runs one statement and gives its rows.
    /// - Throws: `PostgresError`.
    package func query(_ query: Query) async throws -> [Row] {
        try await connection.perform { try await $0.execute(query, .unlimited) }.rows
    }

    /// Runs one statement; how many rows it touched.
    @discardableResult
    package func execute(_ query: Query) async throws -> Int {
        try await connection.perform { try await $0.execute(query, .unlimited) }.touchedCount
    }

    /// Several statements in one string, without binds (a migration file).
    ///
    /// PostgreSQL runs them as one transaction unless they say BEGIN and COMMIT themselves.
    package func script(_ sql: String) async throws {
        try await connection.perform { _ = try await $0.script(sql, .unlimited) }
    }
}
