/// PostgreSQL's isolation levels, as BEGIN says them.
package enum Isolation: Hashable, Sendable {
    /// Each statement sees what was committed before it.
    case readCommitted
    /// Every statement sees one moment; two that change the same row: the later fails with `40001`.
    case repeatableRead
    /// As if one after the other; any may fail with `40001`.
    case serializable

    var opening: String {
        switch self {
        case .readCommitted: "BEGIN"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}

/// How long a transaction waits before it is tried again after it lost against another.
enum TransactionRetry {
    private static let pauseMinimumSeconds = 0.005
    private static let pauseMaximumSeconds = 0.5

    static func isWorthIt(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError, error.kind == .server else { return false }
        return error.sqlState == .serializationFailure || error.sqlState == .deadlockDetected
    }

    /// Anything up to a bound that doubles: the two that met must not meet again.
    static func pause(attempt: Int, randomness: Double) -> Duration {
        var seconds = pauseMinimumSeconds
        for _ in 0..<min(attempt, 10) { seconds *= 2 }
        return .seconds(min(seconds, pauseMaximumSeconds) * randomness)
    }
}
