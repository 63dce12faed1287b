import FoundationEssentials
import HTTPWire
import Jobs
import Kernel
import Postgres

/// The statements behind the operator's list of deliveries.
enum DeliveryBoardStorage {
    static let columns: Query = """
        id, source, topic, state, note, subject, correlation_id, received_at, processed_at, body IS NULL AS is_erased,
        is_synthetic, replays
        """

    static func deliveries(_ search: Inbox.Search, in database: Database) async throws -> [DeliveryView] {
        try await database.query(
            """
            SELECT \(condition: columns)
            FROM inbox.webhook
            WHERE \(condition: condition(search))
            ORDER BY id DESC
            LIMIT \(search.limit)
            """
        ).map(DeliveryView.init)
    }

    /// Only what was asked for stands in the statement: each filter then finds its index.
    private static func condition(_ search: Inbox.Search) -> Query {
        var condition: Query = "true"
        func add(_ other: Query) { condition = "\(condition: condition) AND \(condition: other)" }
        switch search.state {
        case .failed: add("state = 'failed'")
        case .some(let state): add("state = \(state.rawValue)")
        case nil: break
        }
        if let source = search.source { add("source = \(source)") }
        if let topic = search.topic { add("topic = \(topic)") }
        if let correlationID = search.correlationID { add("correlation_id = \(correlationID)") }
        if let subject = search.subject { add("subject = \(subject)") }
        if let since = search.since { add("received_at >= \(since)") }
        if let before = search.before { add("id < \(before)") }
        return condition
    }

    static func delivery(
        _ id: WebhookID, bodyBytesMaximum: Int, in database: Database
    ) async throws -> DeliveryDetail? {
        try await database.query(
            """
            SELECT \(condition: columns), dedupe_key, headers, COALESCE(octet_length(body), 0) AS body_bytes,
                CASE WHEN octet_length(body) <= \(bodyBytesMaximum) THEN body END AS small_body
            FROM inbox.webhook
            WHERE id = \(id)
            """
        ).first.map { row in
            let body: SQLBytes? = try row.optional("small_body")
            return DeliveryDetail(
                view: try DeliveryView(row: row), dedupeKey: try row("dedupe_key"),
                headers: try WebhookHeaders.read(try row("headers")).fields.map { ($0.name, $0.value) },
                bodyBytes: try row("body_bytes"), body: body?.bytes)
        }
    }

    struct Standing: Sendable {
        let state: DeliveryView.State
        let isErased: Bool
        let source: String
        let topic: String
        let subject: StreamID?
        let correlationID: CorrelationID
    }

    static func lock(_ id: WebhookID, in transaction: Transaction) async throws -> Standing? {
        try await transaction.query(
            """
            SELECT state, body IS NULL AS is_erased, source, topic, subject, correlation_id
            FROM inbox.webhook WHERE id = \(id) FOR UPDATE
            """
        ).first.map { row in
            Standing(
                state: try row("state"), isErased: try row("is_erased"), source: try row("source"),
                topic: try row("topic"), subject: try row.optional("subject"),
                correlationID: try row("correlation_id"))
        }
    }

    static func markReplayed(_ id: WebhookID, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE inbox.webhook SET state = 'received', processed_at = NULL, note = NULL, replays = replays + 1
            WHERE id = \(id)
            """)
    }
}
