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

    /// What follows the cursor, below the horizon: whatever is read was committed before everything that is not, so
    /// nothing can come in before it any more. Identity values alone commit out of order.
    static func feed(
        after cursor: EventCursor, limit: Int, in database: Database
    ) async throws -> [EventFeed.Entry] {
        try await database.query(
            """
            SELECT xid, seq, name, subject, version, data, correlation_id, source, at
            FROM jobs.event
            WHERE (xid, seq) > (\(String(cursor.transaction))::xid8, \(cursor.sequence))
                AND xid < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY xid, seq
            LIMIT \(limit)
            """
        ).map { row in
            EventFeed.Entry(
                cursor: EventCursor(transaction: UInt64(try row("xid", as: Int64.self)), sequence: try row("seq")),
                subject: try row("subject"),
                event: EventLog.Entry(
                    sequence: try row("seq"), name: try row("name"), version: try row("version"),
                    data: try row("data"), correlationID: try row("correlation_id"), source: try row("source"),
                    at: try row("at")))
        }
    }

    /// Where the feed ends now: every event that is committed later comes after it.
    static func horizon(in database: Database) async throws -> EventCursor {
        let rows = try await database.query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin")
        let xmin: Int64 = try rows.first?("xmin") ?? 0
        return EventCursor(transaction: UInt64(xmin), sequence: 0)
    }
}
