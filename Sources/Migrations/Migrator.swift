package import Logging
package import Postgres

/// Brings the schema up to what this binary knows, or says how far it is (DESIGN §3.8).
///
/// Needs no superuser and no extension: a role that may create schemas in the database.
package struct Migrator: Sendable {
    /// Any number that nobody else uses: `forma3d`, read as digits of base 36.
    private static let lockKey: Int64 = 34_109_543_041
    private static let lockPollInterval: Duration = .milliseconds(100)
    /// An index over a big table takes long, and the next replica waits for it.
    private static let lockWaitMaximum: Duration = .seconds(3_600)
    /// A statement that waits for a table lock makes everybody behind it wait, too: give way soon, try again.
    private static let tableLockTimeoutMilliseconds = 2_000
    private static let tableLockTriesMaximum = 60
    private static let tableLockPause: Duration = .milliseconds(500)

    private let database: Database
    private let migrations: [Migration]
    private let logger: Logger

    package init(database: Database, migrations: [Migration] = Migration.embedded, logger: Logger) {
        self.database = database
        self.migrations = migrations
        self.logger = logger
    }

    package enum Status: Hashable, Sendable {
        case upToDate
        /// Names that are not applied yet.
        case pending([String])
        /// Cannot be served by this binary: a changed checksum, or a newer migration that requires a newer binary.
        case refused(String)
    }

    /// - Throws: `PostgresError` when the database cannot be asked.
    package func status() async throws -> Status {
        switch MigrationPlan(known: migrations, applied: try await applied(MigrationTable.readQuery)) {
        case .refused(let reason): .refused(reason)
        case .apply(let left): left.isEmpty ? .upToDate : .pending(left.map(\.name))
        }
    }

    /// Applies what is pending; replicas that start together take turns without blocking.
    /// - Throws: `MigrationError`; `PostgresError` of a statement that failed.
    package func migrate() async throws {
        if case .upToDate = try await status() { return }
        try await database.withoutTransaction { session in
            // The server's limit for ordinary statements is none for these.
            try await session.script("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")
            try await takeTurn(session)
            // The lock ends with the session, also when this throws.
            try await session.script(MigrationTable.createScript)
            let rows = try await session.query(MigrationTable.readQuery)
            switch MigrationPlan(known: migrations, applied: try rows.map(MigrationTable.applied)) {
            case .refused(let reason): throw MigrationError.refused(reason)
            case .apply(let left): for migration in left { try await apply(migration, session) }
            }
        }
    }

    /// Asks again and again, each time in a transaction that is over at once: `CREATE INDEX CONCURRENTLY` waits for
    /// every older transaction, so one that blocks in the lock would wait for the index, and the index for it.
    private func takeTurn(_ session: Session) async throws {
        let deadline = ContinuousClock.now + Self.lockWaitMaximum
        var hasSaidSo = false
        while true {
            let row = try await session.query("SELECT pg_try_advisory_lock(\(Self.lockKey)) AS taken").first
            if try row?("taken") == true { return }
            guard ContinuousClock.now < deadline else { throw MigrationError.lockNotFree }
            if !hasSaidSo { logger.notice("another process is migrating the database, waiting for it") }
            hasSaidSo = true
            try await Task.sleep(for: Self.lockPollInterval)
        }
    }

    private func apply(_ migration: Migration, _ session: Session) async throws {
        logger.notice("applying a migration", metadata: ["migration": "\(migration.name)"])
        for attempt in 1... {
            do {
                if migration.runsWithoutTransaction {
                    try await applyWithoutTransaction(migration, session)
                } else {
                    try await applyInTransaction(migration, session)
                }
                return
            } catch let error as PostgresError
                where error.sqlState == .lockNotAvailable && attempt < Self.tableLockTriesMaximum
            {
                logger.notice(
                    "a table is in use, trying again",
                    metadata: ["migration": "\(migration.name)", "attempt": "\(attempt)"])
                try await Task.sleep(for: Self.tableLockPause)
            }
        }
    }

    private func applyInTransaction(_ migration: Migration, _ session: Session) async throws {
        do {
            try await session.script("BEGIN; SET LOCAL lock_timeout = \(Self.tableLockTimeoutMilliseconds)")
            try await session.script(migration.sql)
            try await session.execute(MigrationTable.insertQuery(migration))
            try await session.script("COMMIT")
        } catch {
            try? await session.script("ROLLBACK")
            throw error
        }
    }

    /// Without a transaction nothing undoes a half-done file: each statement must be repeatable (`IF NOT EXISTS`), and
    /// an index that a crash left invalid is dropped first, because `IF NOT EXISTS` would take it for done.
    private func applyWithoutTransaction(_ migration: Migration, _ session: Session) async throws {
        try await dropInvalidIndexes(named: ConcurrentIndexes.names(in: migration.sql), session)
        for statement in ConcurrentIndexes.statements(in: migration.sql) {
            do {
                try await session.script(statement)
            } catch {
                try? await dropInvalidIndexes(named: ConcurrentIndexes.names(in: statement), session)
                throw error
            }
        }
        try await session.execute(MigrationTable.insertQuery(migration))
    }

    private func dropInvalidIndexes(named names: [String], _ session: Session) async throws {
        guard !names.isEmpty else { return }
        let rows = try await session.query(
            """
            SELECT n.nspname AS schema, c.relname AS name
              FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE NOT i.indisvalid AND c.relname = ANY(\(SQLArray(names))::text[])
            """)
        for row in rows {
            let (schema, name): (String, String) = (try row("schema"), try row("name"))
            logger.notice("dropping an index that was left unfinished", metadata: ["index": "\(schema).\(name)"])
            try await session.script("DROP INDEX CONCURRENTLY \(quotedIdentifier(schema)).\(quotedIdentifier(name))")
        }
    }

    private func applied(_ query: Query) async throws -> [AppliedMigration] {
        do {
            return try await database.query(query).map(MigrationTable.applied)
        } catch let error as PostgresError where error.sqlState == .undefinedTable {
            return []
        }
    }
}
