import CPostgres

/// What one statement gave, copied out of libpq.
struct StatementResult: Sendable {
    var rows: [Row] = []
    /// How many rows were touched; 0 for statements that touch none.
    var touchedCount = 0
    /// `INSERT 0 1`, `COMMIT`, `ROLLBACK` …
    var tag = ""

    init() {}

    /// - Parameter result: a `PGresult` with tuples or a finished command; stays the caller's to clear.
    init(copying result: OpaquePointer) {
        tag = String(cString: PQcmdStatus(result))
        touchedCount = Self.count(PQcmdTuples(result))
        let columnCount = PQnfields(result)
        let rowCount = PQntuples(result)
        guard columnCount > 0, rowCount > 0 else { return }
        let columns = Row.Columns(names: (0..<columnCount).map { String(cString: PQfname(result, $0)) })
        rows.reserveCapacity(Int(rowCount))
        for row in 0..<rowCount {
            rows.append(
                Row(columns: columns, values: (0..<columnCount).map { Self.value(of: result, row: row, column: $0) }))
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
