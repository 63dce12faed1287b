import Logging
import Synchronization

/// Says once that the database cannot be reached, again every ten seconds, and that it can be again.
final class ConnectFailureLog: Sendable {
    private static let interval: Duration = .seconds(10)

    private let logger: Logger
    private let lastLine = Mutex<ContinuousClock.Instant?>(nil)

    init(logger: Logger) {
        self.logger = logger
    }

    /// libpq's messages about connecting name host, user and database, never the password.
    func failed(_ error: PostgresError, _ url: PostgresURL) {
        guard error.kind != .closed else { return }
        let isDue = lastLine.withLock { last in
            if let last, last.duration(to: .now) < Self.interval { return false }
            last = .now
            return true
        }
        guard isDue else { return }
        logger.warning(
            "the database cannot be reached", metadata: ["url": "\(url.redacted)", "reason": "\(error.message)"])
    }

    func succeeded() {
        let hadFailed = lastLine.withLock { last in
            defer { last = nil }
            return last != nil
        }
        if hadFailed { logger.notice("the database can be reached again") }
    }
}
