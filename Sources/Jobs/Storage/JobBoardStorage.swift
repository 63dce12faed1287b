import FoundationEssentials
import Kernel
import Postgres

/// The statements behind the operator's list of jobs.
enum JobBoardStorage {
    private static let columns: Query = """
        id, kind, state, priority, run_at, claims, wrong_count, not_now_count, rescues, subject, correlation_id,
        last_error, discard_reason, created_at, finished_at
        """

    static func jobs(_ search: JobBoard.Search, in database: Database) async throws -> [JobView] {
        try await database.query(jobsQuery(search)).map(JobView.init)
    }

    static func jobsQuery(_ search: JobBoard.Search) -> Query {
        """
        SELECT \(condition: columns)
        FROM jobs.job
        WHERE \(condition: condition(search))
        ORDER BY id DESC
        LIMIT \(search.limit)
        """
    }

    /// Only what was asked for stands in the statement, and states as words of their own: the partial indexes fit.
    private static func condition(_ search: JobBoard.Search) -> Query {
        var condition: Query = "true"
        func add(_ other: Query) { condition = "\(condition: condition) AND \(condition: other)" }
        switch search.state {
        case .ready: add(ReadyJobs.condition)
        case .running: add("state = 'running'")
        case .done: add("state = 'done'")
        case .dead: add("state = 'dead'")
        case .cancelled: add("state = 'cancelled'")
        // Without a state, an error is looked for where it still means something and an index holds the rows.
        case nil where search.error != nil:
            add("(\(condition: ReadyJobs.condition) OR state = 'running' OR state = 'dead')")
        case nil: break
        }
        if let kinds = search.kinds { add("kind = ANY(\(SQLArray(kinds.map(\.name)))::text[])") }
        if let subject = search.subject { add("subject = \(subject)") }
        if let error = search.error {
            add("last_error IS NOT NULL AND strpos(lower(last_error), lower(\(error)::text)) > 0")
        }
        if let before = search.before { add("id < \(before)") }
        return condition
    }

    static func job(_ id: Int64, attempts limit: Int, in database: Database) async throws -> JobDetail? {
        let rows = try await database.query(
            """
            SELECT \(condition: columns), payload, fence, worker, lease_until, unique_key
            FROM jobs.job WHERE id = \(id)
            """)
        guard let row = rows.first else { return nil }
        let attempts = try await database.query(
            """
            SELECT fence, started, ended, outcome, error FROM jobs.run
            WHERE job_id = \(id) ORDER BY fence DESC LIMIT \(limit)
            """
        ).map { row in
            JobDetail.Attempt(
                fence: try row("fence"), started: try row("started"), ended: try row("ended"),
                outcome: try row("outcome"), error: try row.optional("error"))
        }
        return JobDetail(
            view: try JobView(row: row), payload: try row("payload"), fence: try row("fence"),
            worker: try row.optional("worker"), leaseUntil: try row.optional("lease_until"),
            uniqueKey: try row.optional("unique_key"), attempts: attempts.reversed())
    }

    static func groups(limit: Int, in database: Database) async throws -> [JobGroup] {
        try await database.query(
            """
            SELECT jobs.error_group(kind, last_error) AS id, kind, jobs.error_pattern(last_error) AS pattern,
                COALESCE(min(last_error), '') AS example, count(*) AS count, min(finished_at) AS first_at,
                max(finished_at) AS last_at
            FROM jobs.job
            WHERE state = 'dead'
            GROUP BY 1, 2, 3
            ORDER BY count(*) DESC, max(finished_at) DESC, 1
            LIMIT \(limit)
            """
        ).map { row in
            JobGroup(
                id: try row("id"), kind: JobKind(try row("kind")), pattern: try row("pattern"),
                example: try row("example"), count: try row("count"), firstAt: try row("first_at"),
                lastAt: try row("last_at"))
        }
    }

    struct Standing: Sendable {
        let id: Int64
        let kind: JobKind
        let state: JobState
        let subject: StreamID?

        init(row: Row) throws {
            id = try row("id")
            kind = JobKind(try row("kind"))
            state = try row("state")
            subject = try row.optional("subject")
        }
    }

    static func lock(_ id: Int64, in transaction: Transaction) async throws -> Standing? {
        try await transaction.query(
            "SELECT id, kind, state, subject FROM jobs.job WHERE id = \(id) FOR UPDATE"
        ).first.map(Standing.init)
    }

    static func lockDead(
        _ selection: JobBoard.Selection, after id: Int64, limit: Int, in transaction: Transaction
    ) async throws -> [Standing] {
        let chosen: Query =
            switch selection {
            case .group(let group): "jobs.error_group(kind, last_error) = \(group)"
            case .kinds(let kinds): "kind = ANY(\(SQLArray(kinds.map(\.name)))::text[])"
            }
        return try await transaction.query(
            """
            SELECT id, kind, state, subject FROM jobs.job
            WHERE state = 'dead' AND id > \(id) AND \(condition: chosen)
            ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED
            """
        ).map(Standing.init)
    }

    /// The one place where a job is cancelled by hand. False: it is neither dead nor waiting any more.
    static func discard(_ id: Int64, reason: String, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE jobs.job SET state = 'cancelled', finished_at = jobs.clock(), discard_reason = \(reason)
            WHERE id = \(id) AND state IN ('dead', 'ready')
            """) == 1
    }
}
