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
