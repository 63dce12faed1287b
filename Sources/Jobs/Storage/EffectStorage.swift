import Kernel
import Postgres

/// The statements over intents. Whoever changes one proves with its fence that it is the latest owner; the answer says
/// whether that held.
enum EffectStorage {
    /// Who changes it.
    struct Ownership: Sendable {
        let reference: String
        let fence: Int64
        let job: Job
    }

    struct Intent: Sendable {
        let kind: String
        let state: EffectView.State
        /// JSON.
        let request: String
        let receipt: String?
        let fence: Int64
        let secondsSinceSent: Double?
        /// A send was in doubt at some time.
        let wasUnknown: Bool
        let vendorID: String?
        let lastError: String?

        func decodeReceipt<Receipt: Decodable>() throws -> Receipt {
            try JSON.decode(Receipt.self, from: receipt ?? "null")
        }
    }

    struct Sent: Sendable {
        /// How many sends may have reached the vendor by now, this one included.
        let sends: Int
        /// JSON.
        let request: String
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
            """
            UPDATE jobs.effect SET state = 'cancelled', cancelled_at = jobs.clock()
            WHERE reference = \(reference) AND state = 'planned'
            """)
        if taken == 1 { return true }
        return try await transaction.query(
            "SELECT reference FROM jobs.effect WHERE reference = \(reference) AND state <> 'cancelled'"
        ).isEmpty
    }

    static func intent(_ reference: String, in database: Database) async throws -> Intent? {
        try await database.query(
            """
            SELECT kind, state, request, receipt, fence, was_unknown, vendor_id, last_error,
                EXTRACT(EPOCH FROM jobs.clock() - sent_at) AS seconds_since_sent
            FROM jobs.effect
            WHERE reference = \(reference)
            """
        ).first.map { row in
            Intent(
                kind: try row("kind"), state: try row("state"), request: try row("request"),
                receipt: try row.optional("receipt"), fence: try row("fence"),
                secondsSinceSent: try row.optional("seconds_since_sent"), wasUnknown: try row("was_unknown"),
                vendorID: try row.optional("vendor_id"), lastError: try row.optional("last_error"))
        }
    }

    /// Nil when fenced, or when it is not in a state to be sent.
    /// - Parameter isFresh: only where it is planned and no earlier send was ever in doubt.
    static func commitSent(
        _ owner: Ownership, kind: String, isFresh: Bool, in transaction: Transaction
    ) async throws -> Sent? {
        try await transaction.query(
            """
            UPDATE jobs.effect
            SET state = 'sent', fence = \(owner.fence), job_id = \(owner.job.id), job_kind = \(owner.job.kind.name),
                job_payload = \(owner.job.payload)::jsonb, sends = sends + 1, sent_at = jobs.clock(),
                unknown_at = NULL, last_error = NULL
            WHERE reference = \(owner.reference) AND kind = \(kind)
                AND (state = 'planned' AND fence < \(owner.fence) AND NOT (\(isFresh) AND was_unknown)
                    OR state = 'unknown' AND fence <= \(owner.fence) AND NOT \(isFresh))
            RETURNING sends, request
            """
        ).first.map { Sent(sends: try $0("sends"), request: try $0("request")) }
    }

    /// Makes the job's lease outlast a call. False: it is not ours any more.
    ///
    /// Not flushed to disk before it is answered: where the server loses it in a crash, the next owner comes sooner,
    /// finds `sent` and waits out the call all the same.
    static func holdLease(_ owner: Ownership, seconds: Double, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            UPDATE jobs.job
            SET lease_until = GREATEST(lease_until, jobs.clock() + make_interval(secs => \(seconds)))
            FROM (SELECT set_config('synchronous_commit', 'off', true) AS how) AS lazily
            WHERE lazily.how = 'off' AND id = \(owner.job.id) AND state = 'running' AND fence = \(owner.fence)
            """) == 1
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

    /// Neither this send nor one before it was made.
    static func takeBackAll(_ owner: Ownership, error: String, in database: Database) async throws {
        try await database.execute(
            """
            UPDATE jobs.effect
            SET state = 'planned', unknown_at = NULL, sent_at = NULL, sends = 0, last_error = \(error)
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
                fence = \(owner.fence), job_id = \(owner.job.id), job_kind = \(owner.job.kind.name),
                job_payload = \(owner.job.payload)::jsonb
            WHERE reference = \(owner.reference)
                AND (state IN ('sent', 'unknown') AND fence < \(owner.fence)
                    OR state = 'unknown' AND fence = \(owner.fence))
            """) == 1
    }

    /// What a look-up found; an error stays with the effect.
    static func noteFound(
        _ found: [EffectFinding], error: String?, _ owner: Ownership, in database: Database
    ) async throws {
        try await database.execute(
            """
            UPDATE jobs.effect
            SET found = \(try JSON.text(found))::jsonb, looked_up_at = jobs.clock(),
                last_error = COALESCE(\(error), last_error)
            WHERE reference = \(owner.reference) AND fence <= \(owner.fence)
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

    static let lostOwner = "The worker died or froze while it was being sent."

    struct Left: Sendable {
        let reference: String
        let kind: String
    }

    /// What earlier runs of this job, or of an equal one, sent without hearing the end of it.
    static func left(by job: Job, in database: Database) async throws -> [Left] {
        try await database.query(
            """
            SELECT reference, kind FROM jobs.effect
            WHERE state IN ('sent', 'unknown') AND fence < \(job.fence) AND job_kind = \(job.kind.name)
                AND (job_id = \(job.id) OR job_payload = \(job.payload)::jsonb)
            ORDER BY reference
            """
        ).map { Left(reference: try $0("reference"), kind: try $0("kind")) }
    }

    /// The vendor holds nothing of it and nobody wants it any more. One that is found by our reference stays marked for
    /// the sweep, should it come late; what is set or taken away may be wanted again under the same reference, and is
    /// looked up before it is sent then.
    static func giveUp(_ owner: Ownership, isForGood: Bool, in database: Database) async throws {
        try await database.execute(
            """
            UPDATE jobs.effect
            SET state = CASE WHEN \(isForGood)::boolean THEN 'cancelled' ELSE 'planned' END,
                cancelled_at = CASE WHEN \(isForGood)::boolean THEN jobs.clock() END,
                unknown_at = NULL, sent_at = NULL, sends = 0
            WHERE reference = \(owner.reference) AND state = 'unknown' AND fence = \(owner.fence)
            """)
    }

    /// Of one that nobody can look up: its start is known, its end is an operator's to say.
    static func loseOwner(_ reference: String, to job: Job, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            UPDATE jobs.effect
            SET state = 'unknown', was_unknown = true, unknown_at = jobs.clock(), fence = \(job.fence),
                last_error = COALESCE(last_error, \(lostOwner))
            WHERE reference = \(reference) AND state = 'sent' AND fence < \(job.fence)
            """) == 1
    }

    static func countExtra(_ reference: String, in database: Database) async throws {
        try await database.execute(
            "UPDATE jobs.effect SET extras_cancelled = extras_cancelled + 1 WHERE reference = \(reference)")
    }
}
