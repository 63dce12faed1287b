import CPostgres
import Dispatch
import Foundation
import Synchronization

/// The other candidate of DESIGN §4 at its cheapest: a blocking connection on a thread of its own, which sleeps on a
/// semaphore between two statements.
// SAFETY: the connection is the thread's alone; what crosses is behind the mutex.
final class ThreadCandidate: @unchecked Sendable {
    private struct Question: Sendable {
        let value: String
        let continuation: CheckedContinuation<LoopCandidate.Answer, any Error>
    }

    struct NoAnswer: Error {}

    private let raw: OpaquePointer
    private let bell = DispatchSemaphore(value: 0)
    private let question = Mutex<Question?>(nil)

    init?(url: String, sql: String) {
        guard let raw = PQconnectdb(url), PQstatus(raw) == CONNECTION_OK else { return nil }
        PQclear(PQprepare(raw, "s", sql, 1, nil))
        self.raw = raw
        Thread.detachNewThread { self.serve() }
    }

    func ask(_ value: String) async throws -> LoopCandidate.Answer {
        try await withCheckedThrowingContinuation { continuation in
            question.withLock { $0 = Question(value: value, continuation: continuation) }
            bell.signal()
        }
    }

    private func serve() {
        while true {
            bell.wait()
            guard let question = question.withLock({ $0.take() }) else { continue }
            let result = question.value.withCString { text in
                var values: [UnsafePointer<CChar>?] = [text]
                return PQexecPrepared(raw, "s", 1, &values, nil, nil, 0)
            }
            if let result {
                question.continuation.resume(returning: LoopCandidate.Answer(raw: result))
            } else {
                question.continuation.resume(throwing: NoAnswer())
            }
        }
    }
}
