package import Logging
package import Postgres

/// Brings the schema up to what this binary knows, or says how far it is (DESIGN §3.8).
package struct Migrator: Sendable {
    package init(database: Database, migrations: [Migration] = Migration.embedded, logger: Logger) {}

    package enum Status: Hashable, Sendable {
        case upToDate
        /// Names that are not applied yet.
        case pending([String])
        /// Cannot be served by this binary: a changed checksum, or a newer migration that requires a newer binary.
        case refused(String)
    }

    package func status() async throws -> Status { fatalError("skeleton") }

    /// Applies what is pending; replicas that start together take turns without blocking.
    package func migrate() async throws { fatalError("skeleton") }
}

package struct Migration: Sendable {
    package let version: Int
    /// `0001_create_jobs.sql`
    package let name: String
    package let sql: String
    package let sha256: String

    package static var embedded: [Migration] { fatalError("skeleton") }
}
