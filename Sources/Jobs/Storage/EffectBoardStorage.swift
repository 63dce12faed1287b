import FoundationEssentials
import Kernel
import Postgres

extension EffectStorage {
    static func views(
        where condition: Query, order: Query, limit: Int, in database: Database
    ) async throws -> [EffectView] {
        try await database.query(
            """
            SELECT effect.reference, effect.kind, effect.state, effect.subject, effect.sends, effect.sent_at,
                effect.planned_at, effect.unknown_at, effect.last_error, EXISTS (
                    SELECT FROM jobs.job WHERE job.id = effect.job_id AND job.state IN ('ready', 'running')
                ) AS has_live_job
            FROM jobs.effect AS effect
            WHERE \(condition: condition)
            ORDER BY \(condition: order)
            LIMIT \(limit)
            """
        ).map(EffectView.init(row:))
    }

    static func page(_ search: EffectBoard.Search, in database: Database) async throws -> [EffectView] {
        let states = search.state.map { [$0.rawValue] } ?? ["sent", "unknown"]
        return try await views(
            where: """
                effect.state = ANY(\(SQLArray(states))::text[])
                AND (\(search.kind)::text IS NULL OR effect.kind = \(search.kind)::text)
                AND (\(search.subject)::uuid IS NULL OR effect.subject = \(search.subject)::uuid)
                AND (\(search.before)::text IS NULL OR (effect.planned_at, effect.reference) < (
                    SELECT last.planned_at, last.reference FROM jobs.effect AS last
                    WHERE last.reference = \(search.before)::text))
                """, order: "effect.planned_at DESC, effect.reference DESC", limit: search.limit, in: database)
    }

    static func lasting(
        about subjects: [StreamID], hiddenSeconds: Double, onceOnly: [String], in database: Database
    ) async throws -> [EffectView] {
        try await views(
            where: """
                effect.subject = ANY(\(SQLArray(subjects))::uuid[]) AND effect.state = 'unknown'
                AND (effect.kind = ANY(\(SQLArray(onceOnly))::text[])
                    OR effect.sent_at < jobs.clock() - make_interval(secs => \(hiddenSeconds)))
                """, order: "effect.unknown_at, effect.reference", limit: 1000, in: database)
    }

    static func unknownByKind(in database: Database) async throws -> [String: Int] {
        let rows = try await database.query(
            "SELECT kind, count(*) AS count FROM jobs.effect WHERE state = 'unknown' GROUP BY kind")
        return Dictionary(try rows.map { (try $0("kind"), try $0("count")) }, uniquingKeysWith: { first, _ in first })
    }

    static func detail(_ reference: String, in database: Database) async throws -> EffectDetail? {
        let rows = try await database.query(
            """
            SELECT effect.*, COALESCE(effect.job_kind, job.kind) AS last_kind,
                COALESCE(effect.job_payload, job.payload) AS last_payload,
                COALESCE(job.state IN ('ready', 'running'), false) AS has_live_job
            FROM jobs.effect AS effect LEFT JOIN jobs.job AS job ON job.id = effect.job_id
            WHERE effect.reference = \(reference)
            """)
        guard let row = rows.first else { return nil }
        let jobID: Int64? = try row.optional("job_id")
        let found: String? = try row.optional("found")
        return EffectDetail(
            view: try EffectView(row: row), request: try row("request"), receipt: try row.optional("receipt"),
            vendorID: try row.optional("vendor_id"),
            correlationID: CorrelationID(try row("correlation_id", as: String.self)) ?? .make(.system), jobID: jobID,
            jobKind: try row.optional("last_kind"), jobPayload: try row.optional("last_payload"),
            fence: try row("fence"), doneAt: try row.optional("done_at"),
            found: try found.map { try JSON.decode([EffectFinding].self, from: $0) },
            lookedUpAt: try row.optional("looked_up_at"), extrasCancelled: try row("extras_cancelled"),
            resolvedAs: try row.optional("resolved_as"), resolvedAt: try row.optional("resolved_at"),
            runs: try await runs(of: jobID, in: database))
    }

    private static func runs(of jobID: Int64?, in database: Database) async throws -> [EffectDetail.Run] {
        guard let jobID else { return [] }
        return try await database.query(
            "SELECT started, ended, outcome, error FROM jobs.run WHERE job_id = \(jobID) ORDER BY fence LIMIT 200"
        ).map { row in
            EffectDetail.Run(
                startedAt: try row("started"), endedAt: try row("ended"), outcome: try row("outcome"),
                error: try row.optional("error"))
        }
    }

    // MARK: An operator's decision

    enum Settlement: Hashable, Sendable {
        /// The receipt is JSON.
        case made(receipt: String, vendorID: String?)
        case notMade
        case askAgain

        var decision: EffectBoard.Decision {
            switch self {
            case .made: .made
            case .notMade: .notMade
            case .askAgain: .askAgain
            }
        }

        var vendorID: String? {
            guard case .made(_, let vendorID) = self else { return nil }
            return vendorID
        }
    }

    /// Under a fence of its own, and only where nobody has touched the effect since it was looked at.
    static func settle(
        _ effect: EffectDetail, _ settlement: Settlement, in transaction: Transaction
    ) async throws -> Bool {
        let change: Query =
            switch settlement {
            case .made(let receipt, let vendorID):
                """
                state = 'done', receipt = \(receipt)::jsonb, vendor_id = \(vendorID), done_at = jobs.clock(),
                unknown_at = NULL, was_unknown = true, last_error = NULL, fence = nextval('jobs.fence')
                """
            case .notMade:
                """
                state = 'planned', sends = 0, sent_at = NULL, unknown_at = NULL, was_unknown = true,
                fence = nextval('jobs.fence')
                """
            case .askAgain:
                "state = 'unknown', unknown_at = COALESCE(unknown_at, jobs.clock()), was_unknown = true"
            }
        return try await transaction.execute(
            """
            UPDATE jobs.effect
            SET \(condition: change), resolved_as = \(settlement.decision.rawValue), resolved_at = jobs.clock()
            WHERE reference = \(effect.view.reference) AND state = \(effect.view.state.rawValue)
                AND fence = \(effect.fence)
            """) == 1
    }

    /// Has a job that waits or gave up run now. False: it runs, has ended or is gone, or an equal one waits.
    static func wake(jobID: Int64, in transaction: Transaction) async throws -> Bool {
        if try await transaction.execute(
            "UPDATE jobs.job SET run_at = jobs.clock() WHERE id = \(jobID) AND state = 'ready'") == 1
        {
            return true
        }
        return try await DeadLetterStorage.redrive(jobID: jobID, in: transaction)
    }
}
