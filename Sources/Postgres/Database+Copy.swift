/// Many rows at once, in a transaction of their own: all or none.
extension Database {
    /// Bytes handed to the loop at a time: few enough that nobody else waits for them.
    private static let copyPieceBytes = 64 * 1024

    /// Writes rows with COPY. The sequence is read as fast as the server takes it.
    ///
    /// The server's `statement_timeout` holds for the whole COPY.
    /// - Parameter rows: a value for each column of the target.
    /// - Returns: how many rows were written.
    /// - Throws: `PostgresError`; what the sequence throws; `CancellationError`. Nothing is kept then.
    @discardableResult
    package func copyIn<Rows: AsyncSequence>(_ target: CopyTarget, rows: Rows) async throws -> Int
    where Rows.Element == [SQLValue] {
        try await withCopy("COPY \(target.sql) FROM STDIN") { connection in
            do {
                var piece: [UInt8] = []
                for try await row in rows {
                    try CopyText.append(row, to: &piece)
                    guard piece.count >= Self.copyPieceBytes else { continue }
                    let full = piece
                    piece.removeAll(keepingCapacity: true)
                    try await connection.perform { try await $0.putCopy(full) }
                }
                let last = piece
                if !last.isEmpty { try await connection.perform { try await $0.putCopy(last) } }
            } catch {
                _ = try? await connection.perform(isCancellable: false) { try await $0.endCopy(failing: "given up") }
                throw error
            }
            return try await connection.perform { try await $0.endCopy() }
        }
    }

    /// Writes rows that are at hand.
    @discardableResult
    package func copyIn(_ target: CopyTarget, rows: [[SQLValue]]) async throws -> Int {
        try await copyIn(target, rows: RowsAtHand(rows: rows))
    }

    /// Reads every row of the target with COPY; each column's text form, nil for NULL.
    ///
    /// The server sends no faster than `body` takes; what is read is one moment of the table.
    /// - Throws: `PostgresError`; what `body` throws; `CancellationError`.
    package func copyOut(_ target: CopyTarget, _ body: ([String?]) async throws -> Void) async throws {
        try await withCopy("COPY \(target.sql) TO STDOUT") { connection in
            while true {
                let lines = try await connection.perform { try await $0.takeCopy(bytesMaximum: Self.copyPieceBytes) }
                if lines.isEmpty { return }
                for line in lines { try await body(CopyText.columns(of: line)) }
            }
        }
    }
}

/// An array as an asynchronous sequence.
private struct RowsAtHand: AsyncSequence, Sendable {
    let rows: [[SQLValue]]

    struct Iterator: AsyncIteratorProtocol {
        var rows: IndexingIterator<[[SQLValue]]>

        mutating func next() async -> [SQLValue]? { rows.next() }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rows: rows.makeIterator()) }
}
