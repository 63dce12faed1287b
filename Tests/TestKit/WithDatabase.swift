package import Postgres

/// A database of the test's own on the process's private PostgreSQL, dropped afterwards.
///
/// - Parameters:
///   - migrated: with every embedded migration applied (a clone of a template, some 50 ms); false: empty.
///   - poolSize: connections of the pool that `body` gets; more pools on `database.configuration` are welcome, the
///     server takes 200 connections for 16 tests at once.
@discardableResult
package func withDatabase<Value: Sendable>(
    migrated: Bool = true, poolSize: Int = 6, _ body: (Database) async throws -> Value
) async throws -> Value {
    try await TestCluster.shared.withDatabase(migrated: migrated, poolSize: poolSize, body)
}
