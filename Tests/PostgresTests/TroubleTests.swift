import Glibc
import Kernel
import Postgres
import TestKit
import Testing

/// Full pools, slow statements, cancelled tasks, broken links.
@Suite struct TroubleTests {
    private func otherPool(
        _ database: Database, size: Int = 1, statementTimeoutSeconds: Double = 30, checkoutTimeoutSeconds: Double = 10
    ) -> Database {
        var configuration = database.configuration
        configuration.poolSize = size
        configuration.statementTimeoutSeconds = statementTimeoutSeconds
        configuration.checkoutTimeoutSeconds = checkoutTimeoutSeconds
        return Database(configuration, logger: .quiet)
    }

    private func isSleeping(_ database: Database) async throws -> Bool {
        try await !database.query(
            """
            SELECT 1 FROM pg_stat_activity
             WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(%'
               AND pid <> pg_backend_pid()
            """
        ).isEmpty
    }

    @Test func anExhaustedPoolSaysSoAfterTheCheckoutTimeOut() async throws {
        try await withDatabase(migrated: false) { database in
            let small = otherPool(database, checkoutTimeoutSeconds: 0.2)
            try await small.transaction { transaction in
                try await transaction.execute("SELECT 1")
                do {
                    try await TransactionScope.$isOpen.withValue(false) { try await small.execute("SELECT 2") }
                    Issue.record("there is no second connection")
                } catch let error as PostgresError {
                    #expect(error.kind == .poolExhausted)
                    #expect(error.retryVerdict == .notNow(retryAfterSeconds: nil))
                }
            }
            #expect(try await small.execute("SELECT 3") == 1)
            await small.close()
        }
    }

    @Test func whoLeavesTheQueueTakesNoConnectionWithHim() async throws {
        try await withDatabase(migrated: false) { database in
            let small = otherPool(database)
            try await small.transaction { transaction in
                try await transaction.execute("SELECT 1")
                await TransactionScope.$isOpen.withValue(false) {
                    for _ in 0..<20 {
                        let waiter = Task { try await small.execute("SELECT 2") }
                        waiter.cancel()
                        await #expect(throws: CancellationError.self) { try await waiter.value }
                    }
                }
            }
            for _ in 0..<5 { #expect(try await small.execute("SELECT 3") == 1) }
            await small.close()
        }
    }

    @Test func aCancelledTaskStopsItsStatementOnTheServer() async throws {
        try await withDatabase(migrated: false) { database in
            try await database.execute("CREATE TABLE notes (text text)")
            let clock = ContinuousClock()
            let begin = clock.now
            let alone = Task { try await database.query("SELECT pg_sleep(60)") }
            try await eventually("the statement runs") { try await isSleeping(database) }
            alone.cancel()
            await #expect(throws: CancellationError.self) { _ = try await alone.value }
            try await eventually("the server has stopped it") { try await !isSleeping(database) }

            let inside = Task {
                try await database.transaction { transaction in
                    try await transaction.execute("INSERT INTO notes VALUES ('a')")
                    _ = try await transaction.query("SELECT pg_sleep(60)")
                }
            }
            try await eventually("the statement runs") { try await isSleeping(database) }
            inside.cancel()
            await #expect(throws: CancellationError.self) { _ = try await inside.value }
            #expect(try await database.query("SELECT 1 FROM notes").isEmpty)
            #expect(clock.now - begin < .seconds(20))
            for _ in 0..<10 { #expect(try await database.execute("SELECT 1") == 1) }
        }
    }

    @Test func aStatementThatTakesTooLongFailsAndItsConnectionGoesOn() async throws {
        try await withDatabase(migrated: false) { database in
            let hasty = otherPool(database, statementTimeoutSeconds: 0.1)
            for _ in 0..<3 {
                do {
                    try await hasty.execute("SELECT pg_sleep(60)")
                    Issue.record("must be stopped")
                } catch let error as PostgresError {
                    #expect(error.kind == .server)
                    #expect(error.sqlState == .queryCanceled)
                }
                #expect(try await hasty.execute("SELECT 1") == 1)
            }
            await hasty.close()
        }
    }

    @Test func connectionsThatTheServerEndedAreReplaced() async throws {
        try await withDatabase(migrated: false) { database in
            let pool = otherPool(database, size: 4)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await pool.execute("SELECT pg_sleep(0.05)") } }
                try await group.waitForAll()
            }
            for _ in 0..<5 {
                try await endBackends(of: database)
                try await eventually("they are gone") { try await endBackends(of: database) == 0 }
                for _ in 0..<4 { #expect(try await pool.execute("SELECT 1") == 1) }
            }
            await pool.close()
        }
    }

    /// Ends every other connection to this database; how many there were.
    @discardableResult
    private func endBackends(of database: Database) async throws -> Int {
        try await database.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
    }

    @Test func aLinkThatBreaksUnderAStatementIsNotTakenForAnAnswer() async throws {
        try await withDatabase(migrated: false) { database in
            let pool = otherPool(database)
            let work = Task { try await pool.query("SELECT pg_sleep(60)") }
            try await eventually("the statement runs") { try await isSleeping(database) }
            try await endBackends(of: database)
            do {
                _ = try await work.value
                Issue.record("the backend was ended")
            } catch let error as PostgresError {
                #expect(error.kind == .connectionLost)
                #expect(error.sqlState == "57P01")
                #expect(error.retryVerdict == .notNow(retryAfterSeconds: nil))
            }
            #expect(try await pool.execute("SELECT 1") == 1)
            await pool.close()
        }
    }

    @Test func theOutcomeOfACommitWhoseAnswerWasLostIsUnknown() async throws {
        try await withDatabase(migrated: false) { database in
            try await database.execute("CREATE TABLE notes (text text)")
            let proxy = try DroppingProxy(to: database.configuration.url)
            defer { proxy.close() }
            var configuration = database.configuration
            configuration.url = proxy.url
            let proxied = Database(configuration, logger: .quiet)
            let log = Log()
            do {
                try await proxied.transaction { transaction in
                    transaction.afterCommit { log.add("ran") }
                    try await transaction.execute("INSERT INTO notes VALUES ('a')")
                }
                Issue.record("the answer never came")
            } catch let error as PostgresError {
                #expect(error.kind == .connectionLost)
                #expect(error.isCommitOutcomeUnknown)
            }
            #expect(log.lines.isEmpty)
            // Here it did happen.
            try await eventually("the server has committed") {
                try await database.query("SELECT 1 FROM notes").count == 1
            }
            await proxied.close()
        }
    }

    @Test func closingEndsStatementsInHandAndRefusesNewOnes() async throws {
        try await withDatabase(migrated: false) { database in
            let pool = otherPool(database, size: 1)
            let work = Task { try await pool.query("SELECT pg_sleep(60)") }
            try await eventually("the statement runs") { try await isSleeping(database) }
            let waiter = Task { try await pool.query("SELECT 1") }
            await pool.close()
            for task in [work, waiter] {
                await #expect(
                    performing: {
                        _ = try await task.value
                    }, throws: { ($0 as? PostgresError)?.kind == .closed })
            }
            await #expect(
                performing: {
                    _ = try await pool.query("SELECT 1")
                }, throws: { ($0 as? PostgresError)?.kind == .closed })
            try await eventually("the server has stopped it") { try await !isSleeping(database) }
        }
    }

    @Test func nobodyThereIsUnreachableWithinTheConnectTimeOut() async throws {
        let silent = try Listening.tcp()
        defer { silent.close() }
        for url in [
            "postgresql://u@127.0.0.1:\(silent.port)/d", "postgresql://u@127.0.0.1:1/d",
            "postgresql:///d?host=/nowhere",
        ] {
            let database = Database(
                DatabaseConfiguration(url: url, connectTimeoutSeconds: 0.3), logger: .quiet)
            let begin = ContinuousClock.now
            await #expect(
                performing: {
                    try await database.execute("SELECT 1")
                }, throws: { ($0 as? PostgresError)?.kind == .unreachable })
            #expect(ContinuousClock.now - begin < .seconds(5))
            await database.close()
        }
    }
}

/// LISTEN over the life of a connection.
@Suite struct ListenTests {
    @Test func notificationsComeAndComeAgainAfterTheLinkBroke() async throws {
        try await withDatabase(migrated: false) { database in
            let log = Log()
            let listening = Task {
                try await database.listen(["jobs", "Odd \"name\""], onReady: { log.add("ready") }) { channel, payload in
                    log.add("\(channel):\(payload)")
                }
            }
            try await eventually("listening") { log.lines == ["ready"] }
            try await database.execute("NOTIFY jobs, 'one'")
            try await eventually("the first") { log.lines.last == "jobs:one" }
            try await database.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE query LIKE 'LISTEN%' AND datname = current_database()
                """)
            try await eventually("listening again") { log.lines == ["ready", "jobs:one", "ready"] }
            try await database.execute("SELECT pg_notify(\("Odd \"name\""), \("two"))")
            try await eventually("the second") { log.lines.last == "Odd \"name\":two" }
            listening.cancel()
            await #expect(throws: CancellationError.self) { try await listening.value }
        }
    }

    @Test func closingTheDatabaseEndsTheListener() async throws {
        try await withDatabase(migrated: false) { database in
            let other = Database(database.configuration, logger: .quiet)
            let log = Log()
            let listening = Task { try await other.listen(["jobs"], onReady: { log.add("ready") }) { _, _ in } }
            try await eventually("listening") { !log.lines.isEmpty }
            await other.close()
            await #expect(
                performing: {
                    try await listening.value
                }, throws: { ($0 as? PostgresError)?.kind == .closed })
        }
    }
}
