import Kernel
import Postgres
import TestKit
import Testing

/// A value that cannot ever be stored is told apart from a database that cannot store it now.
@Suite struct RefusedValueTests {
    private func refusal(of statement: Query, in database: Database) async throws -> PostgresError {
        do {
            try await database.execute(statement)
        } catch let error as PostgresError {
            return error
        }
        throw NothingRefused()
    }

    private struct NothingRefused: Error {}

    @Test func aValueThatCannotBeStoredIsRejectedWithWordsAndWithoutTheValue() async throws {
        try await withDatabase(migrated: false) { database in
            try await database.execute(
                """
                CREATE TABLE thing (
                    id int PRIMARY KEY, small smallint, name varchar(3) NOT NULL, CONSTRAINT small_positive CHECK (small > 0))
                """)
            let cases: [(Query, String)] = [
                ("INSERT INTO thing VALUES (1, 70000, 'a')", "22003 numeric value out of range"),
                ("INSERT INTO thing VALUES (1, 1, 'Jane')", "22001 text too long for its column"),
                (
                    "INSERT INTO thing VALUES (1, -70, 'a')",
                    "23514 check violation, constraint small_positive, table thing"
                ),
                ("INSERT INTO thing VALUES (1, 1, NULL)", "23502 value missing, column name, table thing"),
                ("SELECT \("Jane")::text::int", "22P02 text in a form its type does not have"),
            ]
            for (statement, words) in cases {
                let error = try await refusal(of: statement, in: database)
                #expect(error.retryVerdict == .rejected)
                #expect(error.operatorMessage == "The database refuses a value (\(words)).")
            }
        }
    }

    @Test func anEqualOrMissingRowMayBeGoneOrThereTheNextTime() {
        for state: SQLState in [.uniqueViolation, .foreignKeyViolation, .undefinedTable] {
            let error = PostgresError(kind: .server, sqlState: state, message: "")
            #expect(error.retryVerdict == .wrong)
            #expect(error.operatorMessage.contains(state.code))
        }
    }
}
