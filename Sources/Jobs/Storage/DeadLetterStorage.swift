import Kernel
import Postgres

/// The statements over dead jobs.
enum DeadLetterStorage {
    static func letters(about subject: StreamID, in database: Database) async throws -> [DeadLetters.Letter] {
        try await database.query(
            """
            SELECT id, kind, COALESCE(last_error, '') AS reason, finished_at
            FROM jobs.job
            WHERE subject = \(subject) AND state = 'dead'
            ORDER BY finished_at, id
            """
        ).map(letter)
    }

    static func letters(
        about subjects: [StreamID], in database: Database
    ) async throws -> [StreamID: [DeadLetters.Letter]] {
        let rows = try await database.query(
            """
            SELECT subject, id, kind, COALESCE(last_error, '') AS reason, finished_at
            FROM jobs.job
            WHERE subject = ANY(\(SQLArray(subjects))::uuid[]) AND state = 'dead'
            ORDER BY finished_at, id
            """)
        var letters: [StreamID: [DeadLetters.Letter]] = [:]
        for row in rows { letters[try row("subject"), default: []].append(try letter(row)) }
        return letters
    }

    /// The newest dead job of one kind and payload.
    static func jobID(of job: NewJob, in transaction: Transaction) async throws -> Int64? {
        try await transaction.query(
            """
            SELECT id FROM jobs.job
            WHERE state = 'dead' AND kind = \(job.kind.name) AND payload = \(job.payload)::jsonb
            ORDER BY id DESC LIMIT 1
            """
        ).first.map { try $0("id") }
    }

    /// From the partial indexes of ready and running jobs; of keyed ones there are few.
    static func isLive(_ job: NewJob, in transaction: Transaction) async throws -> Bool {
        try await transaction.query(liveQuery(job)).first?("is_live") ?? false
    }

    static func liveQuery(_ job: NewJob) -> Query {
        """
        SELECT EXISTS (
            SELECT FROM jobs.job
            WHERE (\(condition: ReadyJobs.condition) OR state = 'running')
                AND kind = \(job.kind.name) AND payload = \(job.payload)::jsonb
        ) AS is_live
        """
    }

    static func letters(limit: Int, in database: Database) async throws -> [DeadLetters.Letter] {
        try await database.query(
            """
            SELECT id, kind, COALESCE(last_error, '') AS reason, finished_at
            FROM jobs.job
            WHERE state = 'dead'
            ORDER BY finished_at DESC, id DESC
            LIMIT \(limit)
            """
        ).map(letter)
    }

    private static func letter(_ row: Row) throws -> DeadLetters.Letter {
        DeadLetters.Letter(
            jobID: try row("id"), kind: JobKind(try row("kind")), reason: try row("reason"),
            since: try row("finished_at"))
    }

    static func redrive(about subject: StreamID, in transaction: Transaction) async throws -> Int {
        // Those another one stands for end here, so that the operator's list is empty afterwards.
        try await transaction.execute(
            """
            UPDATE jobs.job AS job SET state = 'cancelled', finished_at = jobs.clock()
            WHERE job.subject = \(subject) AND job.state = 'dead' AND job.unique_key IS NOT NULL
                AND (EXISTS (
                        SELECT FROM jobs.job AS ready
                        WHERE ready.unique_key = job.unique_key AND ready.state = 'ready')
                    OR EXISTS (
                        SELECT FROM jobs.job AS newer
                        WHERE newer.subject = job.subject AND newer.unique_key = job.unique_key
                            AND newer.state = 'dead' AND newer.id > job.id))
            """)
        return try await transaction.execute(
            """
            UPDATE jobs.job
            SET state = 'ready', finished_at = NULL, run_at = jobs.clock(), wrong_count = 0, not_now_count = 0,
                first_not_now_at = NULL, rescues = 0
            WHERE subject = \(subject) AND state = 'dead'
            """)
    }

    static func redrive(jobID: Int64, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE jobs.job AS job
            SET state = 'ready', finished_at = NULL, run_at = jobs.clock(), wrong_count = 0, not_now_count = 0,
                first_not_now_at = NULL, rescues = 0
            WHERE job.id = \(jobID) AND job.state = 'dead' AND NOT EXISTS (
                SELECT FROM jobs.job AS ready
                WHERE ready.unique_key = job.unique_key AND ready.state = 'ready')
            """) == 1
    }
}
