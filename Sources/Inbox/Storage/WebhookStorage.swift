import FoundationEssentials
import HTTPWire
import Jobs
import Kernel
import Postgres

/// All SQL over the room's tables.
enum WebhookStorage {
    struct Delivery: Sendable {
        let id: WebhookID
        let source: String
        let topic: String
        /// nil: the hash of topic and body.
        let dedupeKey: String?
        /// JSON.
        let headers: String
        let body: [UInt8]
        let correlationID: CorrelationID
    }

    /// The body and its key in one statement. False: it was here before.
    ///
    /// Of two at once the second waits for the first's commit at the key. A key whose time is over counts as new.
    static func store(_ delivery: Delivery, dedupeHours: Int, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            WITH delivery AS MATERIALIZED (
                SELECT \(delivery.id)::uuid AS id, \(delivery.source)::text AS source, \(delivery.topic)::text AS topic,
                    \(delivery.dedupeKey)::text AS key, \(delivery.headers)::jsonb AS headers,
                    \(SQLBytes(delivery.body))::bytea AS body, \(delivery.correlationID)::text AS correlation_id
            ), known AS (
                INSERT INTO inbox.processed_webhook AS known (source, dedupe_key, webhook_id, expires_at)
                SELECT source,
                    COALESCE(key, encode(sha256(convert_to(topic, 'UTF8') || '\\x00'::bytea || body), 'hex')),
                    id, jobs.clock() + make_interval(hours => \(dedupeHours))
                FROM delivery
                ON CONFLICT (source, dedupe_key) DO UPDATE
                    SET webhook_id = excluded.webhook_id, expires_at = excluded.expires_at
                    WHERE known.expires_at <= jobs.clock()
                RETURNING dedupe_key
            )
            INSERT INTO inbox.webhook (id, source, topic, dedupe_key, correlation_id, headers, body)
            SELECT id, source, topic, known.dedupe_key, correlation_id, headers, body
            FROM delivery CROSS JOIN known
            """) == 1
    }

    struct Stored: Sendable {
        let source: String
        /// nil when the body was erased.
        let webhook: Webhook?
    }

    static func webhook(_ id: WebhookID, in database: Database) async throws -> Stored? {
        try await database.query(
            """
            SELECT id, source, topic, headers, body, received_at, correlation_id
            FROM inbox.webhook
            WHERE id = \(id)
            """
        ).first.map { row in
            let body: SQLBytes? = try row.optional("body")
            return Stored(
                source: try row("source"),
                webhook: try body.map { body in
                    Webhook(
                        id: try row("id"), topic: try row("topic"),
                        headers: try WebhookHeaders.read(try row("headers")), body: body.bytes,
                        receivedAt: try row("received_at"), correlationID: try row("correlation_id"))
                })
        }
    }

    static func markProcessed(_ id: WebhookID, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE inbox.webhook SET state = 'processed', processed_at = jobs.clock(), note = NULL WHERE id = \(id)
            """)
    }

    static func markFailed(_ id: WebhookID, note: String, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE inbox.webhook SET state = 'failed', processed_at = NULL, note = \(note) WHERE id = \(id)
            """)
    }

    /// What a retry finds.
    struct Standing: Sendable {
        let state: DeliveryView.State
        let isErased: Bool
        let correlationID: CorrelationID
    }

    static func lock(_ id: WebhookID, in transaction: Transaction) async throws -> Standing? {
        try await transaction.query(
            """
            SELECT state, body IS NULL AS is_erased, correlation_id FROM inbox.webhook WHERE id = \(id) FOR UPDATE
            """
        ).first.map { row in
            Standing(
                state: try row("state"), isErased: try row("is_erased"), correlationID: try row("correlation_id"))
        }
    }

    struct Failed: Sendable {
        let id: WebhookID
        let correlationID: CorrelationID
    }

    /// The failed ones after an id, oldest first, that can be processed again.
    static func lockFailed(after id: WebhookID?, limit: Int, in transaction: Transaction) async throws -> [Failed] {
        try await transaction.query(
            """
            SELECT id, correlation_id FROM inbox.webhook
            WHERE state = 'failed' AND body IS NOT NULL AND (\(id)::uuid IS NULL OR id > \(id)::uuid)
            ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """
        ).map { row in Failed(id: try row("id"), correlationID: try row("correlation_id")) }
    }

    static func markReceived(_ ids: [WebhookID], in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE inbox.webhook SET state = 'received', note = NULL
            WHERE id = ANY(\(SQLArray(ids))::uuid[]) AND state = 'failed'
            """)
    }

    static func file(_ id: WebhookID, under subject: StreamID, in transaction: Transaction) async throws {
        try await transaction.execute("UPDATE inbox.webhook SET subject = \(subject) WHERE id = \(id)")
    }

    static func eraseBodies(of subject: StreamID, in database: Database) async throws -> Int {
        try await database.execute(
            """
            UPDATE inbox.webhook SET body = NULL, headers = '[]', erased_at = jobs.clock()
            WHERE subject = \(subject) AND body IS NOT NULL
            """)
    }

    static func deleteWebhooks(olderThanDays days: Int, limit: Int, in database: Database) async throws -> Int {
        try await database.execute(
            """
            DELETE FROM inbox.webhook WHERE id = ANY(ARRAY(
                SELECT id FROM inbox.webhook
                WHERE received_at < jobs.clock() - make_interval(days => \(days))
                ORDER BY received_at LIMIT \(limit) FOR UPDATE SKIP LOCKED))
            """)
    }

    static func deleteExpiredKeys(limit: Int, in database: Database) async throws -> Int {
        try await database.execute(
            """
            DELETE FROM inbox.processed_webhook AS known
            USING (
                SELECT source, dedupe_key FROM inbox.processed_webhook
                WHERE expires_at <= jobs.clock()
                ORDER BY expires_at LIMIT \(limit) FOR UPDATE SKIP LOCKED
            ) AS over
            WHERE known.source = over.source AND known.dedupe_key = over.dedupe_key
            """)
    }

    static func deliveries(of correlationID: CorrelationID, in database: Database) async throws -> [DeliveryView] {
        try await database.query(
            """
            SELECT \(condition: DeliveryBoardStorage.columns)
            FROM inbox.webhook
            WHERE correlation_id = \(correlationID)
            ORDER BY received_at, id
            """
        ).map(DeliveryView.init)
    }

    static func failedDeliveries(limit: Int, in database: Database) async throws -> [DeliveryView] {
        try await database.query(
            """
            SELECT \(condition: DeliveryBoardStorage.columns)
            FROM inbox.webhook
            WHERE state = 'failed'
            ORDER BY received_at DESC, id DESC
            LIMIT \(limit)
            """
        ).map(DeliveryView.init)
    }
}
