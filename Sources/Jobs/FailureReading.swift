import Kernel
import Postgres

/// How a handler's error counts and what the operator is told: never what an error might quote from the data.
struct FailureReading {
    let verdict: RetryVerdict
    let message: String
    /// Characters of a message that are kept.
    static let messageMaximum = 1000

    init(_ error: any Error) {
        switch error {
        case let error as any RetryClassified:
            self.init(verdict: error.retryVerdict, message: error.operatorMessage)
        case let error as JobStopped where error.reason == .timedOut:
            self.init(verdict: .notNow(retryAfterSeconds: nil), message: "The job took longer than it may.")
        case is CancellationError:
            self.init(verdict: .notNow(retryAfterSeconds: nil), message: "The job was interrupted.")
        case let problem as Problem:
            self.init(verdict: .wrong, message: problem.detail)
        case let error as RowError:
            self.init(verdict: .wrong, message: "A stored row could not be read: \(error).")
        case let error as DecodingError:
            self.init(verdict: .wrong, message: "Stored JSON could not be read at \(Self.path(of: error)).")
        default:
            self.init(verdict: .wrong, message: "An unexpected \(type(of: error)).")
        }
    }

    private init(verdict: RetryVerdict, message: String) {
        self.verdict = verdict
        // PostgreSQL's text has no U+0000.
        self.message = String(message.prefix(Self.messageMaximum)).replacing("\0", with: "")
    }

    private static func path(of error: DecodingError) -> String {
        let keys: [any CodingKey] =
            switch error {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            @unknown default: []
            }
        return keys.isEmpty ? "its root" : keys.map(\.stringValue).joined(separator: ".")
    }
}
