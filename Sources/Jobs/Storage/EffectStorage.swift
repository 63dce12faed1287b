import Kernel
import Postgres

/// The statements over intents. Whoever changes one proves with its fence that it is the latest owner; the answer says
/// whether that held.
enum EffectStorage {
    /// Who changes it.
    struct Ownership: Sendable {
        let reference: String
        let fence: Int64
        let jobID: Int64
    }

    struct Intent: Sendable {
        let kind: String
        let state: EffectView.State
        /// JSON.
        let request: String
        let receipt: String?
        let fence: Int64
        let secondsSinceSent: Double?

        func decodeReceipt<Receipt: Decodable>() throws -> Receipt {
            try JSON.decode(Receipt.self, from: receipt ?? "null")
        }
    }

    static func plan(
        _ reference: String, kind: String, request: String, subject: StreamID?, correlationID: CorrelationID,
        in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO jobs.effect (reference, kind, request, subject, correlation_id)
            VALUES (\(reference), \(kind), \(request)::jsonb, \(subject), \(correlationID))
            ON CONFLICT (reference) DO NOTHING
            """)
    }

    /// True when it will not be made any more; what was never planned needs no undoing either.
    static func cancelPlanned(_ reference: String, in transaction: Transaction) async throws -> Bool {
        let taken = try await transaction.execute(
            "UPDATE jobs.effect SET state = 'cancelled' WHERE reference = \(reference) AND state = 'planned'")
        if taken == 1 { return true }
        return try await transaction.query(
            "SELECT reference FROM jobs.effect WHERE reference = \(reference) AND state <> 'cancelled'"
        ).isEmpty
    }

    static func intent(_ reference: String, in database: Database) async throws -> Intent? {
        try await database.query(
            """
            SELECT kind, state, request, receipt, fence, EXTRACT(EPOCH FROM jobs.clock() - sent_at) AS seconds_since_sent
            FROM jobs.effect
            WHERE reference = \(reference)
            """
        ).first.map { row in
            Intent(
                kind: try row("kind"), state: try row("state"), request: try row("request"),
                receipt: try row.optional("receipt"), fence: try row("fence"),
                secondsSinceSent: try row.optional("seconds_since_sent"))
        }
    }

    /// How many sends may have reached the vendor by now, this one included; nil when fenced.
    static func commitSent(_ owner: Ownership, in transaction: Transaction) async throws -> Int? {
        try await transaction.query(
            """
            UPDATE jobs.effect
            SET state = 'sent', fence = \(owner.fence), job_id = \(owner.jobID), sends = sends + 1,
                sent_at = jobs.clock(), unknown_at = NULL, last_error = NULL
            WHERE reference = \(owner.reference)
                AND (state IN ('planned', 'unknown') AND fence < \(owner.fence)
                    OR state = 'unknown' AND fence = \(owner.fence))
            RETURNING sends
            """
        ).first.map { try $0("sends") }
    }

    /// The send was certainly not made. An earlier one may have been: then it is in doubt again.
    static func takeBack(_ owner: Ownership, error: String, in database: Database) async throws {
        try await database.execute(
            """
            UPDATE jobs.effect
            SET state = CASE WHEN sends = 1 THEN 'planned' ELSE 'unknown' END,
                unknown_at = CASE WHEN sends = 1 THEN NULL ELSE jobs.clock() END,
                sent_at = CASE WHEN sends = 1 THEN NULL ELSE sent_at END, sends = sends - 1, last_error = \(error)
            WHERE reference = \(owner.reference) AND state = 'sent' AND fence = \(owner.fence)
            """)
    }

    static func becomeUnknown(_ owner: Ownership, error: String, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE jobs.effect
            SET state = 'unknown', was_unknown = true, unknown_at = jobs.clock(), last_error = \(error)
            WHERE reference = \(owner.reference) AND state = 'sent' AND fence = \(owner.fence)
            """) == 1
    }

    /// Takes what an earlier owner left in doubt.
    static func takeOver(_ owner: Ownership, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE jobs.effect
            SET state = 'unknown', was_unknown = true, unknown_at = COALESCE(unknown_at, jobs.clock()),
                fence = \(owner.fence), job_id = \(owner.jobID)
            WHERE reference = \(owner.reference)
                AND (state IN ('sent', 'unknown') AND fence < \(owner.fence)
                    OR state = 'unknown' AND fence = \(owner.fence))
            """) == 1
    }

    static func noteError(_ error: String, _ owner: Ownership, in database: Database) async throws {
        try await database.execute(
            """
            UPDATE jobs.effect SET last_error = \(error)
            WHERE reference = \(owner.reference) AND state = 'unknown' AND fence = \(owner.fence)
            """)
    }

    static func finish(
        _ owner: Ownership, from state: EffectView.State, receipt: String, vendorID: String?,
        in transaction: Transaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE jobs.effect
            SET state = 'done', receipt = \(receipt)::jsonb, vendor_id = \(vendorID), done_at = jobs.clock(),
                unknown_at = NULL, last_error = NULL
            WHERE reference = \(owner.reference) AND state = \(state.rawValue) AND fence = \(owner.fence)
            """) == 1
    }

    static func countExtra(_ reference: String, in database: Database) async throws {
        try await database.execute(
            "UPDATE jobs.effect SET extras_cancelled = extras_cancelled + 1 WHERE reference = \(reference)")
    }
}
