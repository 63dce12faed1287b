import CPostgres
import EventLoop

/// COPY, piece by piece: between two pieces the link is in the middle of the statement.
extension Link {
    /// - Throws: `PostgresError` when the server refuses.
    func beginCopy(_ sql: String) async throws {
        guard !isBroken, PQsendQuery(raw, sql) == 1 else { throw lost() }
        var patience = statementPatience
        try await flush(&patience)
        while PQisBusy(raw) == 1 { try await wait(for: .readable, &patience) }
        guard let result = PQgetResult(raw) else { throw lost() }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COPY_IN, PGRES_COPY_OUT: return
        default:
            let error = serverError(result)
            _ = try? await receive(&patience)
            throw explain(error, patience)
        }
    }

    /// Hands the bytes over; returns when the kernel has them, so that who produces them keeps the server's pace.
    /// - Throws: the server's error as soon as it has one.
    func putCopy(_ bytes: [UInt8]) async throws {
        var patience = statementPatience
        while true {
            let status = bytes.withUnsafeBytes { buffer in
                // SAFETY: libpq copies the bytes before it returns.
                PQputCopyData(raw, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
            }
            if status == 1 { break }
            guard status == 0 else { throw await copyFailure(&patience) }
            try await wait(for: [.readable, .writable], &patience)
        }
        try await flushCopy(&patience)
    }

    /// Says that all was sent, or why not.
    /// - Returns: how many rows there were.
    func endCopy(failing reason: String? = nil) async throws -> Int {
        guard transactionStatus == PQTRANS_ACTIVE else { return 0 }  // It has failed before.
        var patience = statementPatience
        while true {
            let status = PQputCopyEnd(raw, reason)
            if status == 1 { break }
            guard status == 0 else { throw await copyFailure(&patience) }
            try await wait(for: [.readable, .writable], &patience)
        }
        try await flush(&patience)
        return try await receive(&patience).touchedCount
    }

    /// Lines that have come, at least one; none when the server has sent them all.
    func takeCopy(bytesMaximum: Int) async throws -> [[UInt8]] {
        guard transactionStatus == PQTRANS_ACTIVE else { return [] }  // The end came with the last lines.
        var patience = statementPatience
        var lines: [[UInt8]] = []
        var count = 0
        while count < bytesMaximum {
            var line: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(raw, &line, 1)
            if length > 0, let line {
                defer { PQfreemem(line) }
                // SAFETY: libpq gives that many bytes, ours until PQfreemem.
                lines.append(Array(UnsafeRawBufferPointer(start: line, count: Int(length))))
                count += Int(length)
            } else if length == 0 {
                guard lines.isEmpty else { return lines }
                try await wait(for: .readable, &patience)
            } else if length == -1 {
                _ = try await receive(&patience)
                return lines
            } else {
                throw await copyFailure(&patience)
            }
        }
        return lines
    }

    private func flushCopy(_ patience: inout Patience) async throws {
        while true {
            let flushed = PQflush(raw)
            guard flushed >= 0 else { throw await copyFailure(&patience) }
            // In the middle of a COPY only an error makes libpq ready to give a result.
            if PQisBusy(raw) == 0, let result = PQgetResult(raw) {
                defer { PQclear(result) }
                if PQresultStatus(result) != PGRES_COPY_IN {
                    let error = serverError(result)
                    _ = try? await receive(&patience)
                    throw explain(error, patience)
                }
            }
            if flushed == 0 { return }
            try await wait(for: [.readable, .writable], &patience)
        }
    }

    private func copyFailure(_ patience: inout Patience) async -> any Error {
        do {
            _ = try await receive(&patience)
            return lost()
        } catch {
            return error
        }
    }
}
