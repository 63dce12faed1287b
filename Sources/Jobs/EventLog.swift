package import FoundationEssentials
package import Kernel
package import Postgres

/// Reads the log of events: an order's timeline.
package struct EventLog: Sendable {
    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    package struct Entry: Sendable {
        package let sequence: Int64
        package let name: String
        package let version: Int64
        /// JSON.
        package let data: String
        package let correlationID: CorrelationID
        package let source: String
        package let at: Date

        package init(
            sequence: Int64, name: String, version: Int64, data: String, correlationID: CorrelationID, source: String,
            at: Date
        ) {
            self.sequence = sequence
            self.name = name
            self.version = version
            self.data = data
            self.correlationID = correlationID
            self.source = source
            self.at = at
        }
    }

    /// The subject's events in order, from after `version`.
    package func timeline(of subject: StreamID, after version: Int64, limit: Int) async throws -> [Entry] {
        try await EventStorage.timeline(of: subject, after: version, limit: limit, in: database)
    }
}
