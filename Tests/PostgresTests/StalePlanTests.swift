import Kernel
import Postgres
import TestKit
import Testing

/// Prepared statements that no longer fit what is in the database.
@Suite struct StalePlanTests {
    @Test func aFlightThatFailsLeavesNoMoreStatementsThanTheConnectionKeeps() async throws {
        try await withDatabase(migrated: false, poolSize: 1) { database in
            func texts(_ numbers: Range<Int>) -> [Query] {
                numbers.map { Query(unsafeSQL: "SELECT \($0) AS n", binds: []) }
            }
            for _ in 0..<2 { _ = try await database.pipeline(texts(0..<256)) }
            for start in stride(from: 1_000, to: 1_500, by: 100) {
                let some = texts(start..<(start + 50))
                _ = try await database.pipeline(some)
                // Each text would be prepared now, and something older dropped for it.
                await #expect(throws: PostgresError.self) { _ = try await database.pipeline(["SELECT 1/0"] + some) }
                for _ in 0..<2 { _ = try await database.pipeline(some) }
            }
            let count: Int = try await database.query("SELECT count(*) AS n FROM pg_prepared_statements")[0]("n")
            #expect(count > 200 && count <= 256)
        }
    }

    @Test func aTableThatChangedFailsATransactionInHandOnceAndNotForEver() async throws {
        try await withDatabase(migrated: false, poolSize: 1) { database in
            let other = Database(database.configuration, logger: .quiet)
            func read() async throws -> Row? {
                try await database.transaction { transaction in
                    try await transaction.execute("SELECT 1")
                    return try await transaction.query("SELECT * FROM notes").first
                }
            }
            try await database.execute("CREATE TABLE notes (text text)")
            try await database.execute("INSERT INTO notes VALUES ('a')")
            for _ in 0..<3 { _ = try await read() }
            try await other.execute("ALTER TABLE notes ADD COLUMN more int NOT NULL DEFAULT 7")
            do {
                _ = try await read()
                Issue.record("the plan is stale, and the transaction's first statement cannot be repeated")
            } catch let error as PostgresError {
                #expect(error.sqlState == "0A000")
                #expect(error.statementIndex == 0)
                #expect(error.retryVerdict == .notNow(retryAfterSeconds: nil))
            }
            for _ in 0..<3 { #expect(try await read()?("more") == 7) }
            await other.close()
        }
    }

    @Test func aPreparedStatementThatIsGoneFailsATransactionInHandOnce() async throws {
        try await withDatabase(migrated: false, poolSize: 1) { database in
            func read() async throws -> Int {
                try await database.transaction { transaction in
                    try await transaction.execute("SELECT 1")
                    return try await transaction.query("SELECT 2 AS n")[0]("n")
                }
            }
            for _ in 0..<3 { _ = try await read() }
            do {
                try await database.transaction { transaction in
                    try await transaction.execute("DEALLOCATE ALL")
                    _ = try await transaction.query("SELECT 2 AS n")
                }
                Issue.record("the statement is gone")
            } catch let error as PostgresError {
                #expect(error.sqlState == "26000")
                #expect(error.retryVerdict == .notNow(retryAfterSeconds: nil))
            }
            for _ in 0..<3 { #expect(try await read() == 2) }
        }
    }
}
