import Logging
import Migrations
import Postgres
import TestKit
import Testing

/// The runner against a real database.
@Suite struct MigratorTests {
    private func migrations(_ texts: [String]) throws -> [Migration] {
        try texts.enumerated().map { try Migration(name: "000\($0 + 1)_step_\($0 + 1).sql", sql: $1) }
    }

    private func migrator(_ database: Database, _ texts: [String]) throws -> Migrator {
        Migrator(database: database, migrations: try migrations(texts), logger: .quiet)
    }

    private let table = "CREATE TABLE parts (id int PRIMARY KEY, name text)"
    private let fill = "INSERT INTO parts SELECT i, 'part ' || i FROM generate_series(1, 1000) i;"
    private let index = """
        -- migrate: no-transaction
        CREATE INDEX CONCURRENTLY IF NOT EXISTS parts_name ON parts (name);
        """

    private func indexIsValid(_ database: Database) async throws -> Bool {
        try await !database.query(
            "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('parts_name') AND indisvalid"
        ).isEmpty
    }

    @Test func whatIsPendingIsAppliedOnce() async throws {
        try await withDatabase(migrated: false) { database in
            let first = try migrator(database, [table])
            #expect(try await first.status() == .pending(["0001_step_1.sql"]))
            try await first.migrate()
            #expect(try await first.status() == .upToDate)
            let all = try migrator(database, [table, fill, index])
            #expect(try await all.status() == .pending(["0002_step_2.sql", "0003_step_3.sql"]))
            try await all.migrate()
            try await all.migrate()
            #expect(try await all.status() == .upToDate)
            #expect(try await first.status() == .upToDate)
            #expect(try await indexIsValid(database))
            #expect(try await database.query("SELECT count(*) AS n FROM parts").first?("n") == 1_000)
            let rows = try await database.query("SELECT version FROM public.forma3d_migrations ORDER BY version")
            #expect(try rows.map { try $0("version") } == [1, 2, 3])
        }
    }

    @Test func aFileThatFailsLeavesNothingBehind() async throws {
        try await withDatabase(migrated: false) { database in
            let broken = try migrator(database, [table, "INSERT INTO parts VALUES (1); SELECT nonsense"])
            await #expect(throws: PostgresError.self) { try await broken.migrate() }
            #expect(try await broken.status() == .pending(["0002_step_2.sql"]))
            #expect(try await database.query("SELECT 1 FROM parts").isEmpty)
        }
    }

    @Test func aChangedFileAndANewerDatabaseAreTold() async throws {
        try await withDatabase(migrated: false) { database in
            try await migrator(database, [table, "-- requires-binary >= 2\nSELECT 1"]).migrate()
            for other in [try migrator(database, [table + " "]), try migrator(database, [table])] {
                guard case .refused = try await other.status() else {
                    Issue.record("must be refused")
                    continue
                }
                await #expect(throws: MigrationError.self) { try await other.migrate() }
            }
        }
    }

    /// Each replica with connections of its own, on a database with data in it, one file being a concurrent index.
    @Test func threeReplicasThatStartAtOnceAllComeUp() async throws {
        try await withDatabase(migrated: false) { database in
            try await migrator(database, [table, fill]).migrate()
            let texts = [table, fill, index, "ALTER TABLE parts ADD COLUMN weight int"]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    group.addTask {
                        let replica = Database(database.configuration, logger: .quiet)
                        let migrator = try migrator(replica, texts)
                        try await migrator.migrate()
                        #expect(try await migrator.status() == .upToDate)
                        await replica.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await indexIsValid(database))
            #expect(try await database.query("SELECT 1 FROM public.forma3d_migrations").count == 4)
        }
    }

    /// What a crash in the middle of CREATE INDEX CONCURRENTLY leaves: an index that exists and is not valid.
    @Test func anIndexLeftInvalidIsMadeAnew() async throws {
        try await withDatabase(migrated: false) { database in
            try await migrator(database, [table, fill + "INSERT INTO parts VALUES (0, 'part 1')"]).migrate()
            await #expect(throws: PostgresError.self) {
                try await database.withoutTransaction { session in
                    try await session.script("CREATE UNIQUE INDEX CONCURRENTLY parts_name ON parts (name)")
                }
            }
            let left = try await database.query("SELECT 1 FROM pg_class WHERE relname = 'parts_name'")
            #expect(left.count == 1)
            let isValid = try await indexIsValid(database)
            #expect(!isValid)
            let texts = [table, fill + "INSERT INTO parts VALUES (0, 'part 1')", index]
            try await migrator(database, texts).migrate()
            #expect(try await indexIsValid(database))
        }
    }

    @Test func aConcurrentIndexThatFailsLeavesNoInvalidOneBehind() async throws {
        try await withDatabase(migrated: false) { database in
            let double = fill + "INSERT INTO parts VALUES (0, 'part 1')"
            let unique = "-- migrate: no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY parts_name ON parts (name)"
            await #expect(throws: PostgresError.self) {
                try await migrator(database, [table, double, unique]).migrate()
            }
            let left = try await database.query("SELECT 1 FROM pg_class WHERE relname = 'parts_name'")
            #expect(left.isEmpty)
        }
    }

    /// A long transaction of the application holds the table; the migration must give way and come again, not queue up
    /// with everybody behind it.
    @Test func aTableInUseIsTriedAgain() async throws {
        try await withDatabase(migrated: false) { database in
            try await migrator(database, [table]).migrate()
            let holder = Database(database.configuration, logger: .quiet)
            let release = AsyncStream<Void>.makeStream()
            let held = AsyncStream<Void>.makeStream()
            let transaction = Task {
                try await holder.transaction { transaction in
                    try await transaction.execute("LOCK TABLE parts IN ACCESS SHARE MODE")
                    held.continuation.finish()
                    for await _ in release.stream {}
                }
            }
            for await _ in held.stream {}
            let log = LogLines()
            let logger = Logger(label: "test") { _ in log }
            let altering = Migrator(
                database: database, migrations: try migrations([table, "ALTER TABLE parts ADD COLUMN weight int"]),
                logger: logger)
            async let done: Void = altering.migrate()
            try await eventually("the first try gave way") { log.contains("a table is in use, trying again") }
            release.continuation.finish()
            try await done
            try await transaction.value
            #expect(try await altering.status() == .upToDate)
            await holder.close()
        }
    }

    /// The process that held the turn is killed: its session's lock goes with it.
    @Test func aWaitingReplicaTakesOverFromOneThatDied() async throws {
        try await withDatabase(migrated: false) { database in
            let slow = try migrator(database, ["SELECT pg_sleep(60)"])
            let dying = Task { try await slow.migrate() }
            try await eventually("the first is at it") {
                try await !database.query(
                    """
                    SELECT 1 FROM pg_stat_activity
                     WHERE query = 'SELECT pg_sleep(60)' AND datname = current_database()
                    """
                ).isEmpty
            }
            let log = LogLines()
            let second = Migrator(
                database: database, migrations: try migrations([table]), logger: Logger(label: "test") { _ in log })
            async let done: Void = second.migrate()
            try await eventually("the second waits") { log.contains("waiting for it") }
            try await database.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE query = 'SELECT pg_sleep(60)' AND datname = current_database()
                """)
            try await done
            await #expect(throws: PostgresError.self) { try await dying.value }
            #expect(try await second.status() == .upToDate)
        }
    }

    @Test func anOrdinaryRoleIsEnough() async throws {
        try await withDatabase(migrated: false) { database in
            let row = try await database.query(
                "SELECT rolsuper OR rolcreatedb OR rolcreaterole AS mighty FROM pg_roles WHERE rolname = current_user"
            ).first
            #expect(try row?("mighty") == false)
        }
    }
}
