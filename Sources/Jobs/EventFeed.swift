import Kernel
package import Postgres

/// A place in the feed: the transaction and the event's number in it (DESIGN §3.4). `812-40117` as text.
package struct EventCursor: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let transaction: UInt64
    package let sequence: Int64

    /// Before everything.
    package static let start = EventCursor(transaction: 0, sequence: 0)

    package init(transaction: UInt64, sequence: Int64) {
        self.transaction = transaction
        self.sequence = sequence
    }

    /// Nil for anything but `description`'s form.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let transaction = UInt64(parts[0]), transaction <= UInt64(Int64.max),
            let sequence = Int64(parts[1]), sequence >= 0
        else { return nil }
        self.init(transaction: transaction, sequence: sequence)
    }

    package var description: String { "\(transaction)-\(sequence)" }

    package static func < (one: EventCursor, other: EventCursor) -> Bool {
        (one.transaction, one.sequence) < (other.transaction, other.sequence)
    }
}

/// Every committed event once, in one order that never changes afterwards, whatever connections break meanwhile: what
/// is read lies below the oldest transaction still open, so nothing can slip in before the cursor.
///
/// An event that waits behind a transaction still open comes with the poll after that one's end.
package struct EventFeed: Sendable {
    private let database: Database
    private let wakeUps: WakeUps

    /// Where a wake-up is lost, or the horizon moves without an event.
    private static let pollSeconds = 2.0
    private static let batch = 200

    package init(database: Database, outbox: Outbox) {
        self.database = database
        wakeUps = outbox.wakeUps
    }

    package struct Entry: Sendable {
        package let cursor: EventCursor
        package let subject: StreamID
        package let event: EventLog.Entry

        package init(cursor: EventCursor, subject: StreamID, event: EventLog.Entry) {
            self.cursor = cursor
            self.subject = subject
            self.event = event
        }
    }

    /// Where the feed ends now: for who wants the future only.
    package func end() async throws -> EventCursor {
        try await EventStorage.horizon(in: database)
    }

    package func read(after cursor: EventCursor, limit: Int) async throws -> [Entry] {
        try await EventStorage.feed(after: cursor, limit: limit, in: database)
    }

    /// As `read`, but waits for the first up to that long; empty when none came.
    package func read(after cursor: EventCursor, limit: Int, waitSeconds: Double) async throws -> [Entry] {
        let deadline = ContinuousClock.now + .seconds(waitSeconds)
        // Added before the look, so that nothing falls in between.
        let flag = WakeFlag()
        wakeUps.add(flag, to: .events)
        defer { wakeUps.remove(flag, from: .events) }
        while true {
            let entries = try await read(after: cursor, limit: limit)
            let rest = deadline - ContinuousClock.now
            guard entries.isEmpty, rest > .zero else { return entries }
            await flag.wait(atMost: min(rest, .seconds(Self.pollSeconds)))
            try Task.checkCancellation()
        }
    }

    /// Everything after the cursor, for as long as somebody asks. A database that is away is waited for.
    package func following(after cursor: EventCursor) -> Following {
        Following(feed: self, cursor: cursor)
    }

    package struct Following: AsyncSequence, Sendable {
        fileprivate let feed: EventFeed
        fileprivate let cursor: EventCursor

        package func makeAsyncIterator() -> Iterator { Iterator(feed: feed, cursor: cursor) }

        package struct Iterator: AsyncIteratorProtocol {
            fileprivate let feed: EventFeed
            fileprivate var cursor: EventCursor
            private var ready: ArraySlice<Entry> = []

            fileprivate init(feed: EventFeed, cursor: EventCursor) {
                self.feed = feed
                self.cursor = cursor
            }

            /// Nil when the task was cancelled.
            package mutating func next() async -> Entry? {
                while !Task.isCancelled {
                    if let entry = ready.popFirst() {
                        cursor = entry.cursor
                        return entry
                    }
                    do {
                        ready = try await feed.read(
                            after: cursor, limit: EventFeed.batch, waitSeconds: EventFeed.pollSeconds)[...]
                    } catch {
                        try? await Task.sleep(for: .seconds(EventFeed.pollSeconds / 10))
                    }
                }
                return nil
            }
        }
    }
}
