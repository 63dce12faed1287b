import Kernel
import TestKit
import Testing

@testable import Postgres

@Suite struct CopyTests {
    private static let target = CopyTarget(schema: "public", table: "odd \"notes\"", columns: ["id", "text", "raw"])

    private func withNotes(_ body: (Database) async throws -> Void) async throws {
        try await withDatabase(migrated: false, poolSize: 1) { database in
            try await database.execute(
                "CREATE TABLE \"odd \"\"notes\"\"\" (id int PRIMARY KEY, text text, raw bytea)")
            try await body(database)
        }
    }

    private func read(_ database: Database) async throws -> [[String?]] {
        var rows: [[String?]] = []
        try await database.copyOut(Self.target) { rows.append($0) }
        return rows.sorted { Int(($0[0] ?? "")) ?? 0 < Int(($1[0] ?? "")) ?? 0 }
    }

    @Test func whatGoesInComesOut() async throws {
        try await withNotes { database in
            let texts: [String?] = [nil, "", "a\tb\nc\\d\re", "\\N", "\\.", "ü 🖨", "\u{8}\u{b}\u{c}"]
            let rows = texts.enumerated().map { index, text -> [SQLValue] in
                [index.sqlValue, text?.sqlValue ?? .null, .bytes([0, 255, UInt8(index)])]
            }
            #expect(try await database.copyIn(Self.target, rows: rows) == texts.count)
            let found = try await read(database)
            #expect(found.map { $0[1] } == texts)
            #expect(found[3][2] == "\\x00ff03")
            for (index, text) in texts.enumerated() {
                let query: Query = "SELECT text FROM \"odd \"\"notes\"\"\" WHERE id = \(index)"
                let row = try await database.query(query)[0]
                #expect(try row.optional("text") == text)
            }
        }
    }

    @Test func manyRowsKeepThePaceOfTheServerBothWays() async throws {
        try await withNotes { database in
            let load = String(repeating: "x", count: 1_000)
            let rows = AsyncStream { continuation in
                for number in 0..<2_000 { continuation.yield([number.sqlValue, load.sqlValue, SQLValue.null]) }
                continuation.finish()
            }
            #expect(try await database.copyIn(Self.target, rows: rows) == 2_000)
            let found = try await read(database)
            #expect(found.count == 2_000)
            #expect(found.last == ["1999", load, nil])
        }
    }

    @Test func nothingIsKeptOfACopyThatFails() async throws {
        try await withNotes { database in
            let good: [SQLValue] = [1.sqlValue, .text("a"), .null]
            for bad in [[1.sqlValue, .text("b"), .null], [.text("x"), .null, .null], [.null, .null, .null]] {
                let rows = Array(repeating: [SQLValue](), count: 0) + [good, bad]
                await #expect(throws: PostgresError.self) { try await database.copyIn(Self.target, rows: rows) }
                let count = try await database.execute("SELECT 1")
                #expect(count == 1)
            }
            let many = (0..<4_000).map { [($0 % 2_000).sqlValue, SQLValue.text("again"), .null] }
            await #expect(
                performing: {
                    try await database.copyIn(Self.target, rows: many)
                }, throws: { ($0 as? PostgresError)?.sqlState == .uniqueViolation })
            await #expect(
                performing: {
                    try await database.copyIn(Self.target, rows: [[1.sqlValue, .text("a\0"), .null]])
                }, throws: { ($0 as? PostgresError)?.sqlState == "22021" })
            await #expect(
                performing: {
                    try await database.copyIn(
                        CopyTarget(schema: "public", table: "nothing", columns: ["a"]), rows: [])
                }, throws: { ($0 as? PostgresError)?.sqlState == .undefinedTable })
            let found = try await read(database)
            #expect(found.isEmpty)
        }
    }

    @Test func aProducerThatGivesUpLeavesNothingBehind() async throws {
        try await withNotes { database in
            let rows = AsyncThrowingStream<[SQLValue], any Error> { continuation in
                for number in 0..<3_000 { continuation.yield([number.sqlValue, .text("some text"), .null]) }
                continuation.finish(throwing: FixtureFailure(what: "no more"))
            }
            await #expect(throws: FixtureFailure.self) { try await database.copyIn(Self.target, rows: rows) }
            let found = try await read(database)
            #expect(found.isEmpty)
        }
    }

    @Test func aReaderThatGivesUpDoesNotSpoilThePool() async throws {
        try await withNotes { database in
            let rows = (0..<2_000).map { [$0.sqlValue, SQLValue.text(String(repeating: "y", count: 500)), .null] }
            try await database.copyIn(Self.target, rows: rows)
            await #expect(throws: FixtureFailure.self) {
                try await database.copyOut(Self.target) { _ in throw FixtureFailure(what: "enough") }
            }
            let count = try await database.execute("SELECT 1")
            #expect(count == 1)
        }
    }
}
