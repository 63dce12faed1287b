import FoundationEssentials
import Kernel
import Postgres
import TestKit
import Testing

/// Every type that can be bound comes back as it was.
@Suite struct ValueRoundTripTests {
    private enum Anything {}

    private func roundTrip<Value: SQLBindable & SQLDecodable & Equatable & Sendable>(
        _ values: [Value], as type: String
    ) async throws {
        try await withDatabase(migrated: false, poolSize: 1) { database in
            // Three times: unprepared, prepared, from the cache.
            for _ in 0..<3 {
                for value in values {
                    let rows = try await database.query(
                        Query(unsafeSQL: "SELECT $1::\(type) AS value", binds: [value.sqlValue]))
                    let back: Value = try rows[0]("value")
                    #expect(back == value)
                }
            }
        }
    }

    @Test func text() async throws {
        try await roundTrip(
            ["", "a", "ü€😀 'quoted' \"double\" \\ back\nline", String(repeating: "x", count: 300_000)],
            as: "text")
    }

    @Test func integers() async throws {
        try await roundTrip([0, 1, -1, Int.max, Int.min], as: "bigint")
        try await roundTrip([0, 1, -1, Int64.max, Int64.min], as: "bigint")
    }

    @Test func truth() async throws {
        try await roundTrip([true, false], as: "boolean")
    }

    @Test func fractions() async throws {
        try await roundTrip([0, 0.1, -1.5e300, 1e-300, .pi, .greatestFiniteMagnitude, .infinity], as: "float8")
    }

    @Test func decimals() async throws {
        let texts = ["0", "19.99", "-0.01", "12345678901234567890.123456789"]
        try await roundTrip(texts.compactMap { Decimal(string: $0) }, as: "numeric")
    }

    @Test func identities() async throws {
        let uuid = try #require(UUID(uuidString: "01890A5D-AC96-774B-BCCE-B302099A8057"))
        try await roundTrip([uuid], as: "uuid")
        try await roundTrip([ID<Anything>(uuid)], as: "uuid")
        try await roundTrip([try #require(CorrelationID("abc-1"))], as: "text")
    }

    @Test func times() async throws {
        let seconds = [0, 1_795_341_000.123456, 951_782_400, -86_400.5, 4_102_444_799.999999]
        try await roundTrip(seconds.map { Date(timeIntervalSince1970: $0) }, as: "timestamptz")
    }

    @Test func aTimeReadFromARowFindsThatRowAgain() async throws {
        try await withDatabase(migrated: false) { database in
            try await database.execute("CREATE TABLE moments (at timestamptz)")
            try await database.execute(
                "INSERT INTO moments SELECT now() + i * interval '1.000003 s' FROM generate_series(1, 200) i")
            for row in try await database.query("SELECT at FROM moments") {
                let at: Date = try row("at")
                #expect(try await database.query("SELECT 1 FROM moments WHERE at = \(at)").count == 1)
            }
        }
    }

    @Test func bytes() async throws {
        let every = SQLBytes(Array(0...255))
        let many = SQLBytes((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try await roundTrip([SQLBytes([]), every, many], as: "bytea")
    }

    @Test func arraysAndNulls() async throws {
        try await withDatabase(migrated: false) { database in
            let words = ["a", "", "NULL", "{}", "com,ma", "quo\"te", "back\\slash", "ü\n"]
            let rows = try await database.query("SELECT unnest(\(SQLArray(words))::text[]) AS word")
            #expect(try rows.map { try $0("word") } == words)
            let pieces = [SQLBytes([0, 1, 255]), SQLBytes([])]
            let blobs = try await database.query("SELECT unnest(\(SQLArray(pieces))::bytea[]) AS piece")
            #expect(try blobs.map { try $0("piece") } == pieces)
            #expect(try await database.query("SELECT unnest(\(SQLArray([Int]()))::int[]) AS n").isEmpty)
            let nothing: Int? = nil
            let row = try #require(try await database.query("SELECT \(nothing)::int AS n").first)
            #expect(try row.optional("n", as: Int.self) == nil)
            #expect(throws: RowError.self) { let _: Int = try row("n") }
            #expect(throws: RowError.self) { let _: Int = try row("m") }
        }
    }

    @Test func aNulByteInTextIsAClearRefusal() async throws {
        try await withDatabase(migrated: false) { database in
            do {
                try await database.execute("SELECT \("a\0b")::text")
                Issue.record("must be refused")
            } catch let error as PostgresError {
                #expect(error.sqlState == "22021")
                #expect(error.retryVerdict == .rejected)
            }
        }
    }
}
