import FoundationEssentials
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct DatabaseTests {
    @Test func aStatementGivesItsRowsByName() async throws {
        try await withDatabase(migrated: false) { database in
            let rows = try await database.query("SELECT \(1) + 1 AS sum, \("text") || 'ual' AS word, NULL AS nothing")
            #expect(rows.count == 1)
            #expect(try rows[0]("sum") == 2)
            #expect(try rows[0]("word") == "textual")
            #expect(try rows[0].optional("nothing", as: String.self) == nil)
        }
    }

    @Test func aTransactionCommitsWhenItsBodyReturnsAndRollsBackWhenItThrows() async throws {
        try await withDatabase(migrated: false) { database in
            try await database.execute("CREATE TABLE notes (text text PRIMARY KEY)")
            let touched = try await database.transaction { transaction in
                try await transaction.execute("INSERT INTO notes VALUES (\("kept")), (\("too"))")
            }
            #expect(touched == 2)
            struct Stop: Error {}
            await #expect(throws: Stop.self) {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO notes VALUES (\("lost"))")
                    throw Stop()
                }
            }
            let rows = try await database.query("SELECT text FROM notes ORDER BY text")
            #expect(try rows.map { try $0("text") } == ["kept", "too"])
        }
    }

    @Test func anErrorNamesStateTableAndConstraintButNeverTheRow() async throws {
        try await withDatabase(migrated: false) { database in
            try await database.execute("CREATE TABLE people (name text CONSTRAINT people_name_unique UNIQUE)")
            try await database.execute("INSERT INTO people VALUES ('Jane Doe')")
            do {
                try await database.execute("INSERT INTO people VALUES ('Jane Doe')")
                Issue.record("the second insert must fail")
            } catch let error as PostgresError {
                #expect(error.kind == .server)
                #expect(error.sqlState == .uniqueViolation)
                #expect(error.constraint == "people_name_unique")
                #expect(error.table == "people")
                #expect(!"\(error)".contains("Jane"))
                #expect(!error.operatorMessage.contains("Jane"))
            }
        }
    }
}

/// What a transaction promises.
@Suite struct TransactionTests {
    private func withNotes<Value: Sendable>(
        poolSize: Int = 6, _ body: (Database) async throws -> Value
    ) async throws -> Value {
        try await withDatabase(migrated: false, poolSize: poolSize) { database in
            try await database.execute("CREATE TABLE notes (text text PRIMARY KEY)")
            return try await body(database)
        }
    }

    @Test func theScopeIsOpenInsideTheBodyAndNowhereElse() async throws {
        try await withNotes { database in
            try await database.transaction { transaction in
                #expect(TransactionScope.isOpen)
                transaction.afterCommit { #expect(!TransactionScope.isOpen) }
                try await transaction.execute("SELECT 1")
                #expect(TransactionScope.isOpen)
            }
            #expect(!TransactionScope.isOpen)
        }
    }

    @Test func nestingTrapsInDebugBuilds() async {
        await #expect(processExitsWith: .failure) {
            let database = Database(DatabaseConfiguration(url: "postgresql:///none"), logger: .quiet)
            try await TransactionScope.$isOpen.withValue(true) {
                try await database.transaction { _ in }
            }
        }
    }

    @Test func whatIsToHappenAfterTheCommitHappensThenAndOnlyThen() async throws {
        try await withNotes { database in
            let log = Log()
            try await database.transaction { transaction in
                transaction.afterCommit { log.add("after") }
                try await transaction.execute("INSERT INTO notes VALUES ('a')")
                log.add("body")
            }
            #expect(log.lines == ["body", "after"])
            await #expect(throws: PostgresError.self) {
                try await database.transaction { transaction in
                    transaction.afterCommit { log.add("never") }
                    try await transaction.execute("INSERT INTO notes VALUES ('a')")
                }
            }
            #expect(log.lines == ["body", "after"])
        }
    }

    @Test func anErrorThatTheBodySwallowedStillFailsTheCommit() async throws {
        try await withNotes(poolSize: 1) { database in
            do {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO notes VALUES ('a')")
                    _ = try? await transaction.execute("SELECT 1/0")
                }
                Issue.record("nothing was committed, so this must throw")
            } catch let error as PostgresError {
                #expect(error.sqlState == "25P02")
                #expect(!error.isCommitOutcomeUnknown)
            }
            #expect(try await database.query("SELECT 1 FROM notes").isEmpty)
        }
    }

    @Test func aFailureAtCommitIsKnownToBeOne() async throws {
        try await withNotes(poolSize: 1) { database in
            try await database.execute(
                "CREATE TABLE lines (text text REFERENCES notes DEFERRABLE INITIALLY DEFERRED)")
            do {
                _ = try await database.transaction { try await $0.execute("INSERT INTO lines VALUES ('nobody')") }
                Issue.record("the deferred check must fail")
            } catch let error as PostgresError {
                #expect(error.sqlState == .foreignKeyViolation)
                #expect(!error.isCommitOutcomeUnknown)
            }
        }
    }

    @Test func aTransactionThatIsOverTakesNoStatement() async throws {
        try await withNotes { database in
            let kept = try await database.transaction { $0 }
            await #expect(throws: PostgresError.self) { try await kept.query("SELECT 1") }
        }
    }

    @Test func childTasksMayShareATransaction() async throws {
        try await withNotes(poolSize: 1) { database in
            try await database.transaction { transaction in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask { try await transaction.execute("INSERT INTO notes VALUES (\("n\(number)"))") }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await database.query("SELECT count(*) AS n FROM notes").first?("n") == 20)
        }
    }

    @Test func aCancelledTaskRollsBackEvenWhenItsBodyReturns() async throws {
        try await withNotes(poolSize: 1) { database in
            let started = Log()
            let work = Task {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO notes VALUES ('a')")
                    started.add("inserted")
                    while !Task.isCancelled { await Task.yield() }
                }
            }
            try await eventually("the row is in") { !started.lines.isEmpty }
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
            #expect(try await database.query("SELECT 1 FROM notes").isEmpty)
        }
    }

    @Test func aSessionIsOutsideThePoolAndOutsideTransactions() async throws {
        try await withNotes(poolSize: 1) { database in
            try await database.transaction { transaction in
                try await transaction.execute("SELECT 1")
                // The pool's only connection is out; a session is another.
                try await TransactionScope.$isOpen.withValue(false) {
                    try await database.withoutTransaction { try await $0.execute("SELECT 1") }
                }
            }
            try await database.withoutTransaction { session in
                try await session.script("CREATE INDEX CONCURRENTLY notes_length ON notes (length(text))")
                try await session.script("SELECT pg_advisory_lock(7); SELECT 1")
                await #expect(throws: PostgresError.self) { try await session.script("SELECT 1; SELECT nonsense") }
            }
            // The server sees the end of the link a moment later.
            try await eventually("the session's lock is free") {
                try await database.query("SELECT pg_try_advisory_lock(7) AS free").first?("free") == true
            }
        }
    }

    @Test func aTableThatChangedUnderAPreparedStatementIsReadAnew() async throws {
        try await withNotes(poolSize: 1) { database in
            for _ in 0..<3 { _ = try await database.query("SELECT * FROM notes") }
            try await database.execute("ALTER TABLE notes ADD COLUMN more int NOT NULL DEFAULT 7")
            try await database.execute("INSERT INTO notes VALUES ('a')")
            let row = try #require(try await database.query("SELECT * FROM notes").first)
            #expect(try row("more") == 7)
        }
    }

    @Test func manyStatementsAtOnceKeepTheirAnswersApart() async throws {
        try await withNotes { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<40 {
                    group.addTask {
                        for round in 0..<25 {
                            let number = task * 1_000 + round
                            let row = try #require(try await database.query("SELECT \(number)::int AS n").first)
                            #expect(try row("n") == number)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
