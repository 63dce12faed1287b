import Kernel
import Postgres

extension EffectStorage {
    /// Done, but not certainly once, or given up after a send in doubt; and not erased.
    struct Doubtful: Sendable {
        let reference: String
        let kind: String
        /// JSON.
        let request: String
        /// JSON; nil when it was given up.
        let receipt: String?
        let vendorID: String?
    }

    /// The longest unswept first; none that was looked up within the last quarter of its age. What comes late comes
    /// soon after: so each is looked up in every sweep at first, and some twenty times in its day instead of three
    /// hundred, of a vendor's budget that all work shares.
    static func doubtful(
        withinSeconds seconds: Double, kinds: [String], limit: Int, in database: Database
    ) async throws -> [Doubtful] {
        try await database.query(
            """
            SELECT reference, kind, request, receipt, vendor_id
            FROM jobs.effect
            WHERE (state = 'done' AND (sends > 1 OR was_unknown)
                    AND done_at > jobs.clock() - make_interval(secs => \(seconds))
                OR state = 'cancelled' AND was_unknown
                    AND cancelled_at > jobs.clock() - make_interval(secs => \(seconds)))
                AND kind = ANY(\(SQLArray(kinds))::text[]) AND request <> '{}'
                AND (swept_at IS NULL
                    OR (jobs.clock() - swept_at) * 4 >= jobs.clock() - COALESCE(done_at, cancelled_at))
            ORDER BY swept_at NULLS FIRST, COALESCE(done_at, cancelled_at)
            LIMIT \(limit)
            """
        ).map { row in
            Doubtful(
                reference: try row("reference"), kind: try row("kind"), request: try row("request"),
                receipt: try row.optional("receipt"), vendorID: try row.optional("vendor_id"))
        }
    }

    static func swept(_ reference: String, extras: Int, in database: Database) async throws {
        try await database.execute(
            """
            UPDATE jobs.effect SET swept_at = jobs.clock(), extras_cancelled = extras_cancelled + \(extras)
            WHERE reference = \(reference)
            """)
    }

    static func unsettled(about subject: StreamID, in database: Database) async throws -> [EffectView] {
        try await views(
            where: "effect.subject = \(subject) AND effect.state IN ('sent', 'unknown')",
            order: "effect.sent_at, effect.reference", limit: 1000, in: database)
    }

    static func unsettled(
        olderThanSeconds seconds: Double, limit: Int, in database: Database
    ) async throws -> [EffectView] {
        try await views(
            where: """
                effect.state IN ('sent', 'unknown')
                    AND effect.sent_at < jobs.clock() - make_interval(secs => \(seconds))
                """, order: "effect.sent_at, effect.reference", limit: limit, in: database)
    }

    static func erase(about subject: StreamID, in database: Database) async throws -> Int {
        try await database.execute(
            """
            UPDATE jobs.effect SET request = '{}', receipt = CASE WHEN receipt IS NOT NULL THEN '{}'::jsonb END
            WHERE subject = \(subject) AND state IN ('done', 'cancelled') AND request <> '{}'
            """)
    }

    /// Deletes one batch of settled effects; how many there were. What was never settled stays until it is.
    static func deleteSettled(olderThanDays days: Int, limit: Int, in database: Database) async throws -> Int {
        try await database.execute(
            """
            DELETE FROM jobs.effect WHERE reference = ANY(ARRAY(
                SELECT reference FROM jobs.effect
                WHERE state IN ('done', 'cancelled')
                    AND COALESCE(done_at, planned_at) < jobs.clock() - make_interval(days => \(days))
                ORDER BY COALESCE(done_at, planned_at) LIMIT \(limit) FOR UPDATE SKIP LOCKED))
            """)
    }
}
