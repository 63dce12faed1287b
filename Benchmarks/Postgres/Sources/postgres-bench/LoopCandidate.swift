import CPostgres
import EventLoop
import Glibc
import Logging
import Synchronization

/// The candidate of DESIGN §4 that shares one thread: libpq without blocking, driven by the event loop. Knows one
/// prepared statement with one value, which is all the comparison needs.
// SAFETY: everything but `init` happens on the loop's thread.
final class LoopCandidate: @unchecked Sendable {
    struct Answer: @unchecked Sendable {
        // SAFETY: a PGresult belongs to nobody else once PQgetResult gave it.
        let raw: OpaquePointer
    }

    private let loop: EventLoop
    private let raw: OpaquePointer
    private var waiting: CheckedContinuation<Answer, any Error>?
    private var result: OpaquePointer?

    init?(url: String, sql: String, on loop: EventLoop) {
        guard let raw = PQconnectdb(url), PQstatus(raw) == CONNECTION_OK else { return nil }
        PQclear(PQprepare(raw, "s", sql, 1, nil))
        PQsetnonblocking(raw, 1)
        self.raw = raw
        self.loop = loop
        loop.execute { [self] in
            _ = try? loop.register(PQsocket(self.raw), for: .readable) { _ in self.readable() }
        }
    }

    func ask(_ value: String) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            loop.execute { [self] in
                waiting = continuation
                value.withCString { text in
                    var values: [UnsafePointer<CChar>?] = [text]
                    var lengths = [Int32(value.utf8.count)]
                    var formats: [Int32] = [0]
                    _ = PQsendQueryPrepared(raw, "s", 1, &values, &lengths, &formats, 0)
                }
                _ = PQflush(raw)
            }
        }
    }

    private func readable() {
        guard PQconsumeInput(raw) == 1 else { return }
        while PQisBusy(raw) == 0 {
            guard let next = PQgetResult(raw) else {
                if let result, let waiting {
                    self.waiting = nil
                    self.result = nil
                    waiting.resume(returning: Answer(raw: result))
                }
                return
            }
            result = next
        }
    }
}

/// Candidates and who waits for none: there are as many as callers.
final class CandidatePool: Sendable {
    private let idle: Mutex<[LoopCandidate]>

    init(url: String, connections: Int, on loop: EventLoop) {
        let sql = "SELECT $1::int AS id, 'order'::text AS kind, 7 AS n"
        idle = Mutex((0..<connections).compactMap { _ in LoopCandidate(url: url, sql: sql, on: loop) })
    }

    func ask(_ number: Int) async throws {
        guard let candidate = idle.withLock({ $0.popLast() }) else { return }
        let answer = try await candidate.ask("\(number)")
        idle.withLock { $0.append(candidate) }
        // As much copying as a row of the product costs.
        let row = (0..<PQnfields(answer.raw)).map { column in
            (String(cString: PQfname(answer.raw, column)), String(cString: PQgetvalue(answer.raw, 0, column)))
        }
        PQclear(answer.raw)
        precondition(row.count == 3, "the candidate answers something else")
    }
}
