package import FoundationEssentials
import Kernel
package import Postgres

/// All SQL of notices and their deliveries.
package enum NoticeStorage {
    /// Opens a quiet time for the key.
    /// - Returns: how many were held back in the last one; nil when one is still going on: this one is counted.
    package static func beginQuiet(_ key: String, seconds: Double, in transaction: Transaction) async throws -> Int? {
        // One row a key: of two transactions the second waits, and then finds the first one's time.
        let rows = try await transaction.query(
            """
            INSERT INTO notify.quiet AS quiet (key, told_at, held_back) VALUES (\(key), jobs.clock(), 0)
            ON CONFLICT (key) DO UPDATE SET
                held_back = CASE WHEN quiet.told_at <= jobs.clock() - make_interval(secs => \(seconds))
                    THEN 0 ELSE quiet.held_back + 1 END,
                held_back_before = CASE WHEN quiet.told_at <= jobs.clock() - make_interval(secs => \(seconds))
                    THEN quiet.held_back ELSE quiet.held_back_before END,
                told_at = CASE WHEN quiet.told_at <= jobs.clock() - make_interval(secs => \(seconds))
                    THEN jobs.clock() ELSE quiet.told_at END
            RETURNING held_back, held_back_before
            """)
        guard let row = rows.first, try row("held_back", as: Int.self) == 0 else { return nil }
        return try row("held_back_before")
    }

    package static func insert(
        _ notice: Notice, id: UUID, text: String, sourceJob: Int64, in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO notify.notice (id, event, order_id, subject, body, path, source_job)
            VALUES (\(id.uuidString.lowercased())::uuid, \(notice.event), \(notice.orderID), \(notice.subject), \(text),
                \(notice.path), \(sourceJob))
            """)
    }

    package static func insert(_ delivery: Delivery, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO notify.delivery (id, notice_id, channel, recipient, state)
            VALUES (\(delivery.id), \(delivery.noticeID.uuidString.lowercased())::uuid, \(delivery.channel.rawValue),
                \(delivery.recipient), \(delivery.state.rawValue))
            """)
    }

    package static func delivery(_ id: DeliveryID, in database: Database) async throws -> Delivery? {
        try await database.query(
            """
            SELECT d.id, d.notice_id, d.channel, d.recipient, d.state, n.subject, n.body, n.path
            FROM notify.delivery d JOIN notify.notice n ON n.id = d.notice_id WHERE d.id = \(id)
            """
        ).first.map { row in
            guard let channel = Delivery.Channel(rawValue: try row("channel")),
                let state = Delivery.State(rawValue: try row("state"))
            else { throw RowError(column: "state", reason: "is no state of a delivery") }
            return Delivery(
                id: try row("id"), noticeID: try row("notice_id"), channel: channel, recipient: try row("recipient"),
                subject: try row("subject"), text: try row("body"), path: try row("path"), state: state)
        }
    }

    /// What was made, or is gone, stays so; everything else may change.
    package static func move(_ id: DeliveryID, to state: Delivery.State, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE notify.delivery SET state = \(state.rawValue), updated_at = jobs.clock()
            WHERE id = \(id) AND state NOT IN ('made', 'gone')
            """)
    }

    /// Deletes one batch of old notices whose deliveries are settled; how many there were.
    package static func deleteOld(days: Int, limit: Int, in transaction: Transaction) async throws -> Int {
        try await transaction.execute(
            """
            DELETE FROM notify.notice WHERE id = ANY(ARRAY(
                SELECT n.id FROM notify.notice n
                WHERE n.created_at < jobs.clock() - make_interval(days => \(days))
                    AND NOT EXISTS (SELECT 1 FROM notify.delivery d
                        WHERE d.notice_id = n.id AND d.state IN ('planned', 'sent', 'unknown'))
                ORDER BY n.created_at LIMIT \(limit) FOR UPDATE SKIP LOCKED))
            """)
    }

    package static func deleteOldQuiet(days: Int, limit: Int, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            DELETE FROM notify.quiet WHERE key = ANY(ARRAY(
                SELECT key FROM notify.quiet WHERE told_at < jobs.clock() - make_interval(days => \(days))
                ORDER BY told_at LIMIT \(limit) FOR UPDATE SKIP LOCKED))
            """)
    }
}
