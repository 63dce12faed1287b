import FoundationEssentials
import SimplyPrint
import Synchronization

/// What the farm holds, read once for a whole sweep: it asks about many items, and each look for itself would turn the
/// same pages of a day's prints, on a budget that all work shares.
final class FarmSnapshot: Sendable {
    private struct Kept {
        var items: [QueueItem]?
        var history: (since: Date?, reading: JobHistory)?
    }

    private let client: SimplyPrintClient
    private let kept = Mutex(Kept())

    init(client: SimplyPrintClient) {
        self.client = client
    }

    /// Those that wait, those that are done and not yet expired, and those that need approval.
    func items() async throws -> [QueueItem] {
        if let items = kept.withLock({ $0.items }) { return items }
        let items = try await client.allItems()
        kept.withLock { $0.items = items }
        return items
    }

    /// Read again only where an attempt is older than all before it.
    func history(sinceAttemptOf reference: String) async throws -> JobHistory {
        let start = FarmHistory.start(of: reference)
        if let history = kept.withLock({ $0.history }), history.reading.isComplete, Self.reaches(history.since, start) {
            return history.reading
        }
        let reading = try await client.history(sinceAttemptOf: reference)
        kept.withLock { $0.history = (start, reading) }
        return reading
    }

    /// - Parameter since: nil is the beginning.
    private static func reaches(_ since: Date?, _ start: Date?) -> Bool {
        guard let since else { return true }
        return start.map { since <= $0 } ?? false
    }
}

extension SimplyPrintClient {
    /// In every list of the queue.
    func allItems() async throws -> [QueueItem] {
        try await queueItems(includeDone: true) + itemsPendingApproval()
    }
}
