import Kernel
import Postgres
import TestKit
import Testing

/// Many statements in one flight.
@Suite struct FlightTests {
    private func withNotes(poolSize: Int = 1, _ body: (Database) async throws -> Void) async throws {
        try await withDatabase(migrated: false, poolSize: poolSize) { database in
            try await database.execute("CREATE TABLE notes (text text PRIMARY KEY)")
            try await body(database)
        }
    }

    private func notes(_ database: Database) async throws -> [String] {
        try await database.query("SELECT text FROM notes ORDER BY text").map { try $0("text") }
    }

    private func insert(_ text: String) -> Query { "INSERT INTO notes VALUES (\(text))" }

    private func isSleeping(_ database: Database) async throws -> Bool {
        try await !database.query(
            """
            SELECT 1 FROM pg_stat_activity
             WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(%'
               AND pid <> pg_backend_pid()
            """
        ).isEmpty
    }

    @Test func answersComeInTheOrderOfTheStatements() async throws {
        try await withNotes { database in
            #expect(try await database.pipeline([]).isEmpty)
            for _ in 0..<3 {
                let results = try await database.pipeline([
                    insert("a"), insert("b"), "SELECT text FROM notes ORDER BY text",
                    "UPDATE notes SET text = text || 'x' WHERE text = \("b")", "SELECT 7 AS n, \("ü")::text AS t",
                    "DELETE FROM notes",
                ])
                #expect(results.map(\.touchedCount) == [1, 1, 2, 1, 1, 2])
                #expect(try results[2].rows.map { try $0("text", as: String.self) } == ["a", "b"])
                #expect(try results[4].rows.first?("t") == "ü")
            }
            #expect(try await notes(database).isEmpty)
        }
    }

    @Test func anErrorInTheMiddleKeepsNothingAndNamesItsStatement() async throws {
        try await withNotes { database in
            for round in 0..<4 {
                do {
                    _ = try await database.pipeline([
                        insert("a"), insert("b"), insert("a"), "SELECT nonsense FROM \(round)",
                    ])
                    Issue.record("the key is taken")
                } catch let error as PostgresError {
                    #expect(error.sqlState == .uniqueViolation)
                    #expect(error.constraint == "notes_pkey")
                    #expect(error.statementIndex == 2)
                    #expect(!error.isCommitOutcomeUnknown)
                }
                #expect(try await notes(database).isEmpty)
            }
            #expect(try await database.pipeline([insert("a"), insert("b")]).count == 2)
            #expect(try await notes(database) == ["a", "b"])
        }
    }

    @Test func whatFailsAtTheCommitOfAFlightIsKnownNotToBeKept() async throws {
        try await withNotes { database in
            try await database.execute(
                "CREATE TABLE lines (text text REFERENCES notes DEFERRABLE INITIALLY DEFERRED)")
            do {
                _ = try await database.pipeline([insert("a"), "INSERT INTO lines VALUES ('nobody')"])
                Issue.record("the deferred check must fail")
            } catch let error as PostgresError {
                #expect(error.sqlState == .foreignKeyViolation)
                #expect(error.statementIndex == nil)
                #expect(!error.isCommitOutcomeUnknown)
            }
            do {
                try await database.transaction { transaction in
                    try await transaction.pipelineAndCommit([insert("a"), "INSERT INTO lines VALUES ('nobody')"])
                }
                Issue.record("the deferred check must fail")
            } catch let error as PostgresError {
                #expect(error.sqlState == .foreignKeyViolation)
                #expect(!error.isCommitOutcomeUnknown)
            }
            #expect(try await notes(database).isEmpty)
        }
    }

    @Test func aValueThatCannotBeSentStopsTheWholeFlight() async throws {
        try await withNotes { database in
            do {
                _ = try await database.pipeline([insert("a"), insert("b\0c")])
                Issue.record("text ends at NUL")
            } catch let error as PostgresError {
                #expect(error.sqlState == "22021")
                #expect(error.statementIndex == 1)
            }
            #expect(try await notes(database).isEmpty)
        }
    }

    @Test func aBigFlightFillsNoBufferForEver() async throws {
        try await withNotes { database in
            let load = String(repeating: "x", count: 2_000)
            let results = try await database.pipeline(
                (0..<10_000).map { "SELECT \($0)::int AS n, \(load)::text AS load" })
            #expect(results.count == 10_000)
            for (number, result) in results.enumerated() {
                let row = try #require(result.rows.first)
                #expect(try row("n") == number)
                #expect(row.values.last??.utf8.count == load.utf8.count)
            }
            #expect(try await database.execute("SELECT 1") == 1)
        }
    }

    @Test func anErrorEarlyInABigFlightEndsItSoon() async throws {
        try await withNotes { database in
            let load = String(repeating: "x", count: 2_000)
            do {
                _ = try await database.pipeline(
                    [insert("a"), insert("a")] + (0..<5_000).map { insert("\($0) \(load)") })
                Issue.record("the key is taken")
            } catch let error as PostgresError {
                #expect(error.statementIndex == 1)
            }
            #expect(try await notes(database).isEmpty)
        }
    }

    @Test func moreTextsThanAConnectionKeepsPreparedFitInOneFlight() async throws {
        try await withNotes { database in
            for _ in 0..<4 {
                let results = try await database.pipeline(
                    (0..<400).map { Query(unsafeSQL: "SELECT \($0) AS n, $1::text AS t", binds: [.text("\($0)")]) })
                #expect(try results.map { try $0.rows[0]("n", as: Int.self) } == Array(0..<400))
            }
            let row = try #require(
                try await database.query("SELECT count(*) AS n FROM pg_prepared_statements").first)
            #expect(try row("n", as: Int.self) <= 256)
        }
    }

    @Test func textsThatWereToBePreparedAndFailedAreNotTakenForPrepared() async throws {
        try await withNotes { database in
            for _ in 0..<5 {
                await #expect(throws: PostgresError.self) {
                    _ = try await database.pipeline(["SELECT 1/0", "SELECT 1 AS late", "SELECT nonsense"])
                }
                await #expect(throws: PostgresError.self) { _ = try await database.pipeline(["SELECT nonsense"]) }
            }
            for _ in 0..<3 {
                let count = try await database.execute("SELECT 1 AS late")
                #expect(count == 1)
            }
        }
    }

    @Test func aTableThatChangedUnderAFlightIsReadAnew() async throws {
        try await withNotes { database in
            for _ in 0..<3 { _ = try await database.pipeline(["SELECT 1", "SELECT * FROM notes"]) }
            try await database.execute("ALTER TABLE notes ADD COLUMN more int NOT NULL DEFAULT 7")
            let results = try await database.pipeline([insert("a"), "SELECT * FROM notes"])
            #expect(try results[1].rows.first?("more") == 7)
            try await database.execute("ALTER TABLE notes ADD COLUMN most int NOT NULL DEFAULT 8")
            try await database.transaction { transaction in
                let results = try await transaction.pipeline(["SELECT * FROM notes"])
                #expect(try results[0].rows.first?("most") == 8)
            }
        }
    }

    @Test func aTransactionTakesFlightsAndStatementsInTurn() async throws {
        try await withNotes { database in
            try await database.transaction { transaction in
                #expect(try await transaction.pipeline([insert("a"), insert("b")]).count == 2)
                try await transaction.execute(insert("c"))
                transaction.sendLater(insert("d"))
                let results = try await transaction.pipeline(["SELECT count(*) AS n FROM notes"])
                #expect(try results.first?.rows.first?("n") == 4)
                transaction.sendLater(insert("e"))
            }
            #expect(try await notes(database) == ["a", "b", "c", "d", "e"])
            await #expect(throws: FixtureFailure.self) {
                try await database.transaction { transaction in
                    _ = try await transaction.pipeline([insert("f"), insert("g")])
                    transaction.sendLater(insert("h"))
                    throw FixtureFailure(what: "changed my mind")
                }
            }
            do {
                try await database.transaction { transaction in
                    transaction.sendLater(insert("f"))
                    _ = try await transaction.pipeline([insert("g"), insert("a")])
                }
                Issue.record("the key is taken")
            } catch let error as PostgresError {
                #expect(error.statementIndex == 1)
            }
            #expect(try await notes(database) == ["a", "b", "c", "d", "e"])
        }
    }

    @Test func theLastStatementsAndTheCommitShareAFlight() async throws {
        try await withNotes { database in
            let log = Log()
            try await database.transaction { transaction in
                transaction.afterCommit { log.add(TransactionScope.isOpen ? "inside" : "after") }
                transaction.sendLater(insert("a"))
                let results = try await transaction.pipelineAndCommit([insert("b"), "SELECT text FROM notes"])
                #expect(results.map(\.touchedCount) == [1, 2])
                #expect(log.lines.isEmpty)
                await #expect(throws: PostgresError.self) { try await transaction.execute(insert("c")) }
            }
            #expect(log.lines == ["after"])
            await #expect(throws: PostgresError.self) {
                try await database.transaction { transaction in
                    transaction.afterCommit { log.add("never") }
                    try await transaction.pipelineAndCommit([insert("c"), insert("a")])
                }
            }
            #expect(log.lines == ["after"])
            #expect(try await notes(database) == ["a", "b"])
        }
    }

    @Test func aCancelledTaskStopsItsFlightAndKeepsNothing() async throws {
        try await withNotes(poolSize: 3) { database in
            let flights: [@Sendable () async throws -> Void] = [
                { _ = try await database.pipeline([insert("a"), "SELECT pg_sleep(60)", insert("b")]) },
                {
                    try await database.transaction {
                        _ = try await $0.pipelineAndCommit([insert("a"), "SELECT pg_sleep(60)", insert("b")])
                    }
                },
            ]
            for flight in flights {
                let work = Task { try await flight() }
                try await eventually("the statement runs") { try await isSleeping(database) }
                work.cancel()
                await #expect(throws: CancellationError.self) { try await work.value }
                #expect(try await notes(database).isEmpty)
            }
        }
    }

    @Test func aFlightThatCannotBeSentOnIsGivenUpWhenItsTaskIsCancelled() async throws {
        try await withNotes(poolSize: 3) { database in
            let load = String(repeating: "x", count: 10_000)
            let work = Task {
                _ = try await database.pipeline(
                    [insert("a"), "SELECT pg_sleep(60)"] + (0..<500).map { insert("\($0)\(load)") })
            }
            try await eventually("the statement runs") { try await isSleeping(database) }
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
            try await eventually("the server has stopped it") { try await !isSleeping(database) }
            #expect(try await notes(database).isEmpty)
        }
    }

    @Test func aBackendEndedInTheFlightLeavesNothingAndIsReplaced() async throws {
        try await withNotes(poolSize: 2) { database in
            let work = Task { try await database.pipeline([insert("a"), "SELECT pg_sleep(60)", insert("b")]) }
            try await eventually("the statement runs") { try await isSleeping(database) }
            try await database.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
            do {
                _ = try await work.value
                Issue.record("the backend was ended")
            } catch let error as PostgresError {
                #expect(error.kind == .connectionLost)
                #expect(error.sqlState == "57P01")
                // The Sync was with the server; that it did not come so far is more than we can know.
                #expect(error.isCommitOutcomeUnknown)
            }
            #expect(try await notes(database).isEmpty)
        }
    }

    @Test func theOutcomeOfAFlightWhoseAnswerWasLostIsUnknown() async throws {
        try await withNotes { database in
            let proxy = try DroppingProxy(to: database.configuration.url)
            defer { proxy.close() }
            var configuration = database.configuration
            configuration.url = proxy.url
            let proxied = Database(configuration, logger: .quiet)
            do {
                try await proxied.transaction { _ = try await $0.pipelineAndCommit([insert("a")]) }
                Issue.record("the answer never came")
            } catch let error as PostgresError {
                #expect(error.kind == .connectionLost)
                #expect(error.isCommitOutcomeUnknown)
            }
            do {
                _ = try await proxied.pipeline([insert("b"), "SELECT 'COMMIT'"])
                Issue.record("the answer never came")
            } catch let error as PostgresError {
                #expect(error.isCommitOutcomeUnknown)
            }
            // Here both did happen.
            try await eventually("the server has committed") { try await notes(database) == ["a", "b"] }
            await proxied.close()
        }
    }

    @Test func aFlightWhoseConnectionTheServerEndedBeforehandFliesOnAnother() async throws {
        try await withNotes(poolSize: 4) { database in
            let pool = Database(database.configuration, logger: .quiet)
            _ = try await pool.pipeline([insert("a")])
            try await database.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
            try await eventually("it is replaced") {
                (try? await pool.pipeline(["SELECT 1"]).count) == 1
            }
            await pool.close()
        }
    }

    @Test func aStatementOfAFlightThatTakesTooLongIsATypedError() async throws {
        try await withNotes { database in
            var configuration = database.configuration
            configuration.statementTimeoutSeconds = 0.1
            let hasty = Database(configuration, logger: .quiet)
            do {
                _ = try await hasty.pipeline([insert("a"), "SELECT pg_sleep(60)"])
                Issue.record("must be stopped")
            } catch let error as PostgresError {
                #expect(error.sqlState == .queryCanceled)
                #expect(error.statementIndex == 1)
            }
            #expect(try await hasty.execute("SELECT 1") == 1)
            await hasty.close()
            #expect(try await notes(database).isEmpty)
        }
    }
}
