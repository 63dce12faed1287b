import FoundationEssentials
import Kernel
import Postgres

/// The statements that read the event log.
enum EventStorage {
    static func timeline(
        of subject: StreamID, after version: Int64, limit: Int, in database: Database
    ) async throws -> [EventLog.Entry] {
        try await database.query(
            """
            SELECT seq, name, version, data, correlation_id, source, at
            FROM jobs.event
            WHERE subject = \(subject) AND version > \(version)
            ORDER BY version
            LIMIT \(limit)
            """
        ).map { row in
            EventLog.Entry(
                sequence: try row("seq"), name: try row("name"), version: try row("version"), data: try row("data"),
                correlationID: try row("correlation_id"), source: try row("source"), at: try row("at"))
        }
    }
}
