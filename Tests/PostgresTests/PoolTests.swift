import Kernel
import TestKit
import Testing

@testable import Postgres

/// Who gets a connection, when, and what happens when there is none to be had.
@Suite struct PoolTests {
    private func otherPool(_ database: Database, size: Int = 1, checkoutTimeoutSeconds: Double = 10) -> Database {
        var configuration = database.configuration
        configuration.poolSize = size
        configuration.checkoutTimeoutSeconds = checkoutTimeoutSeconds
        return Database(configuration, logger: .quiet)
    }

    private func noteTurn(_ number: Int, _ pool: Database, _ log: Log) async throws {
        try await pool.transaction { transaction in
            log.add("\(number)")
            try await transaction.execute("SELECT 1")
        }
    }

    private func expectExhausted(_ pool: Database) async {
        await #expect(
            performing: {
                try await pool.execute("SELECT 2")
            }, throws: { ($0 as? PostgresError)?.kind == .poolExhausted })
    }

    @Test func waitersAreServedInTheirOrderWhoeverLeaves() async throws {
        try await withDatabase(migrated: false) { database in
            let pool = otherPool(database)
            let log = Log()
            try await pool.transaction { transaction in
                try await transaction.execute("SELECT 1")
                try await TransactionScope.$isOpen.withValue(false) {
                    var waiters: [Task<Void, any Error>] = []
                    for number in 0..<30 {
                        waiters.append(Task { try await noteTurn(number, pool, log) })
                        // Each is in the queue before the next comes.
                        try await eventually("it waits") { pool.waiterCount == number + 1 }
                    }
                    for (number, waiter) in waiters.enumerated() where number.isMultiple(of: 3) { waiter.cancel() }
                    for (number, waiter) in waiters.enumerated() where number.isMultiple(of: 3) {
                        await #expect(throws: CancellationError.self) { try await waiter.value }
                    }
                    #expect(pool.waiterCount == 20)
                }
            }
            try await eventually("all were served") { log.lines.count == 20 }
            #expect(log.lines == (0..<30).filter { !$0.isMultiple(of: 3) }.map { "\($0)" })
            await pool.close()
        }
    }

    @Test func everyWaiterHasHisOwnDeadline() async throws {
        try await withDatabase(migrated: false) { database in
            let pool = otherPool(database, checkoutTimeoutSeconds: 0.3)
            let clock = ContinuousClock()
            try await pool.transaction { transaction in
                try await transaction.execute("SELECT 1")
                try await TransactionScope.$isOpen.withValue(false) {
                    for round in 0..<2 {
                        let begin = clock.now
                        try await withThrowingTaskGroup(of: Void.self) { group in
                            for _ in 0..<40 {
                                group.addTask { await expectExhausted(pool) }
                            }
                            try await group.waitForAll()
                        }
                        #expect(clock.now - begin >= .milliseconds(300), "round \(round)")
                        #expect(pool.waiterCount == 0)
                    }
                }
            }
            #expect(try await pool.execute("SELECT 3") == 1)
            await pool.close()
        }
    }

    @Test func aDatabaseThatIsAwayIsNotHammeredAndFoundAgain() async throws {
        try await withDatabase(migrated: false) { database in
            let refusing = try Listening.tcp()
            let port = refusing.port
            refusing.close()
            let away = Database(
                DatabaseConfiguration(url: "postgresql://u@127.0.0.1:\(port)/d", poolSize: 8), logger: .quiet)
            let clock = ContinuousClock()
            let begin = clock.now
            var refusals = 0
            while clock.now - begin < .milliseconds(400) {
                await #expect(
                    performing: {
                        try await away.execute("SELECT 1")
                    }, throws: { ($0 as? PostgresError)?.kind == .unreachable })
                refusals += 1
            }
            // At once, not at the pace of the attempts, and these were few.
            #expect(refusals > 20)
            #expect(away.connectAttempts <= 8, "\(away.connectAttempts) attempts for \(refusals) refusals")
            await away.close()
        }
    }

    @Test func pausesGrowToTheirBoundAndEndWithTheFirstSuccess() {
        var absence = Absence()
        let error = PostgresError(kind: .unreachable, message: "away")
        #expect(absence.refusal(nowNanoseconds: 0, randomness: 0) == nil)
        var now: Int64 = 0
        var pauses: [Double] = []
        for _ in 0..<7 {
            absence.failed(error, nowNanoseconds: now, randomness: 0)
            // Others that were under way at the same time change nothing.
            absence.failed(error, nowNanoseconds: now, randomness: 0)
            pauses.append(Double(absence.nextAttemptNanoseconds - now) / 1e9)
            #expect(absence.refusal(nowNanoseconds: absence.nextAttemptNanoseconds - 1, randomness: 0) != nil)
            now = absence.nextAttemptNanoseconds
            #expect(absence.refusal(nowNanoseconds: now, randomness: 0) == nil)
            // One tries; who comes meanwhile is refused.
            #expect(absence.refusal(nowNanoseconds: now, randomness: 0) != nil)
        }
        #expect(pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2, 2])
        absence.failed(error, nowNanoseconds: now, randomness: 1)
        #expect(absence.nextAttemptNanoseconds - now == 1_000_000_000)
        absence.succeeded()
        #expect(absence.refusal(nowNanoseconds: now, randomness: 0) == nil)
    }
}

/// Transactions that lose against others.
@Suite struct RetryTests {
    @Test func aSerializationFailureRunsTheBodyAgain() async throws {
        try await withDatabase(migrated: false, poolSize: 8) { database in
            try await database.execute("CREATE TABLE sums (n int)")
            try await database.execute("INSERT INTO sums VALUES (0)")
            let runs = Log()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await database.transaction(isolation: .serializable, retries: 100) { transaction in
                            runs.add("run")
                            let rows = try await transaction.query("SELECT n FROM sums")
                            let n: Int = try rows[0]("n")
                            try await transaction.execute("UPDATE sums SET n = \(n + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.query("SELECT n FROM sums").first?("n") == 8)
            #expect(runs.lines.count > 8)
        }
    }

    @Test func retriesEndAndOtherErrorsAreNotRetried() async throws {
        try await withDatabase(migrated: false) { database in
            let runs = Log()
            await #expect(
                performing: {
                    try await database.transaction(retries: 3) { transaction in
                        runs.add("run")
                        try await transaction.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")
                    }
                }, throws: { ($0 as? PostgresError)?.sqlState == .deadlockDetected })
            #expect(runs.lines.count == 4)
            await #expect(throws: PostgresError.self) {
                try await database.transaction(retries: 3) { transaction in
                    runs.add("run")
                    try await transaction.execute("SELECT 1/0")
                }
            }
            #expect(runs.lines.count == 5)
        }
    }

    @Test func theIsolationLevelIsTheOneAskedFor() async throws {
        try await withDatabase(migrated: false) { database in
            for (isolation, name) in [
                (Isolation.readCommitted, "read committed"), (.repeatableRead, "repeatable read"),
                (.serializable, "serializable"),
            ] {
                let found: String = try await database.transaction(isolation: isolation) { transaction in
                    let rows = try await transaction.query("SHOW transaction_isolation")
                    return try rows[0]("transaction_isolation")
                }
                #expect(found == name)
            }
        }
    }
}

/// The server's own time-outs, and how they look here.
@Suite struct TimeOutTests {
    @Test func aTransactionThatNobodyWorksOnIsEndedByTheServer() async throws {
        try await withDatabase(migrated: false) { database in
            var configuration = database.configuration
            configuration.idleInTransactionTimeoutSeconds = 0.1
            let hasty = Database(configuration, logger: .quiet)
            do {
                try await hasty.transaction { transaction in
                    try await transaction.execute("CREATE TABLE notes (text text)")
                    try await TransactionScope.$isOpen.withValue(false) {
                        try await eventually("the server has ended it") {
                            try await database.query(
                                "SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                            ).isEmpty
                        }
                    }
                    try await transaction.execute("SELECT 1")
                }
                Issue.record("its connection was ended")
            } catch let error as PostgresError {
                #expect(error.kind == .connectionLost)
                #expect(!error.isCommitOutcomeUnknown)
                #expect(error.retryVerdict == .notNow(retryAfterSeconds: nil))
            }
            #expect(try await hasty.execute("SELECT 1") == 1)
            await hasty.close()
        }
    }
}
