import CPostgres

/// What one statement gave. Rows are copied out of libpq when they are asked for: by the caller, off the loop.
struct StatementResult: Sendable {
    private let handle: Handle?

    /// - Parameter result: a `PGresult` with tuples or a finished command; belongs to this value from now on.
    init(owning result: OpaquePointer) {
        handle = Handle(result)
    }

    /// Of nothing at all.
    init() {
        handle = nil
    }

    /// `INSERT 0 1`, `COMMIT`, `ROLLBACK` …
    var tag: String { handle.map { String(cString: PQcmdStatus($0.raw)) } ?? "" }

    /// How many rows were touched; 0 for statements that touch none.
    var touchedCount: Int { handle.map { Self.count(PQcmdTuples($0.raw)) } ?? 0 }

    var rows: [Row] {
        guard let result = handle?.raw else { return [] }
        let columnCount = PQnfields(result)
        let rowCount = PQntuples(result)
        guard columnCount > 0, rowCount > 0 else { return [] }
        let columns = Row.Columns(names: (0..<columnCount).map { String(cString: PQfname(result, $0)) })
        return (0..<rowCount).map { row in
            Row(columns: columns, values: (0..<columnCount).map { Self.value(of: result, row: row, column: $0) })
        }
    }

    // SAFETY: libpq only reads a PGresult after PQgetResult gave it away; it is freed once, with its last holder.
    private final class Handle: @unchecked Sendable {
        let raw: OpaquePointer

        init(_ raw: OpaquePointer) {
            self.raw = raw
        }

        deinit {
            PQclear(raw)
        }
    }

    private static func value(of result: OpaquePointer, row: Int32, column: Int32) -> String? {
        guard PQgetisnull(result, row, column) == 0, let text = PQgetvalue(result, row, column) else { return nil }
        // SAFETY: libpq keeps the value of that length alive until PQclear; it is copied here.
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(PQgetlength(result, row, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Digits by hand: the text is the server's.
    private static func count(_ text: UnsafePointer<CChar>?) -> Int {
        guard let text else { return 0 }
        var count = 0
        for byte in String(cString: text).utf8 {
            guard (0x30...0x39).contains(byte) else { return 0 }
            let (product, overflow) = count.multipliedReportingOverflow(by: 10)
            guard !overflow, product <= Int.max - 9 else { return Int.max }
            count = product + Int(byte - 0x30)
        }
        return count
    }
}
