import Kernel
import Postgres

/// The statements over deliveries that were made here.
enum SyntheticStorage {
    /// Body and key in one statement, as with a webhook: of two at once the second waits for the first's commit.
    static func store(
        _ delivery: SyntheticDelivery, correlationID: CorrelationID, dedupeHours: Int, in transaction: Transaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            WITH known AS (
                INSERT INTO inbox.processed_webhook AS known (source, dedupe_key, webhook_id, expires_at)
                VALUES (\(delivery.source), \(delivery.dedupeKey), \(delivery.id),
                    jobs.clock() + make_interval(hours => \(dedupeHours)))
                ON CONFLICT (source, dedupe_key) DO UPDATE
                    SET webhook_id = excluded.webhook_id, expires_at = excluded.expires_at
                    WHERE known.expires_at <= jobs.clock()
                RETURNING webhook_id, source, dedupe_key
            )
            INSERT INTO inbox.webhook
                (id, source, topic, dedupe_key, correlation_id, headers, body, is_synthetic)
            SELECT webhook_id, source, \(delivery.topic)::text, dedupe_key, \(correlationID)::text, '[]',
                \(SQLBytes(delivery.body))::bytea, true
            FROM known
            """) == 1
    }

    static func knownKeys(_ keys: [String], source: String, in database: Database) async throws -> Set<String> {
        let rows = try await database.query(
            """
            SELECT dedupe_key FROM inbox.processed_webhook
            WHERE source = \(source) AND dedupe_key = ANY(\(SQLArray(keys))::text[]) AND expires_at > jobs.clock()
            """)
        return Set(try rows.map { try $0("dedupe_key") })
    }
}
