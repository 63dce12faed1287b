import Logging
import Synchronization

/// Logs refused deliveries at most once in ten seconds for each source: whoever sends rubbish must not fill the log.
final class RefusalLog: Sendable {
    private struct Entry {
        var loggedAt: ContinuousClock.Instant
        var unlogged = 0
    }

    private static let pause = Duration.seconds(10)
    private let entries = Mutex<[String: Entry]>([:])

    func note(_ reason: String, from source: String, _ logger: Logger) {
        let now = ContinuousClock.now
        let unlogged: Int? = entries.withLock { entries in
            if let entry = entries[source], now - entry.loggedAt < Self.pause {
                entries[source]?.unlogged += 1
                return nil
            }
            let unlogged = entries[source]?.unlogged ?? 0
            entries[source] = Entry(loggedAt: now)
            return unlogged
        }
        guard let unlogged else { return }
        logger.warning(
            "A webhook was refused.",
            metadata: ["source": "\(source)", "reason": "\(reason)", "refusedSinceLastLine": "\(unlogged)"])
    }
}
