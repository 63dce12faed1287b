import Kernel
package import Postgres

/// The statements that end a claim. Each is guarded by state and fence and says whether it found the claim still
/// standing: a completion that comes too late changes nothing.
///
/// A run that did its job leaves no row of its own: the job's says all (the view `jobs.run`).
package enum SettlementStorage {
    /// Ends the claim, or fails as SQL where it no longer stands (`isStaleClaim`): it travels with COMMIT.
    static func completeOrFailQuery(_ job: Job) -> Query {
        """
        WITH ended AS (
            UPDATE jobs.job
            SET state = 'done', finished_at = jobs.clock(), lease_until = NULL, worker = NULL, conc_slot = NULL
            WHERE id = \(job.id) AND state = 'running' AND fence = \(job.fence)
            RETURNING id
        )
        SELECT CASE WHEN EXISTS (SELECT FROM ended) THEN true ELSE jobs.refuse_stale_claim() END
        """
    }

    /// Ends many claims at once and answers with the fences of those that still stood: a stale one is only its own
    /// loss. In the order of their ids, so that no two statements wait for each other's rows.
    ///
    /// Two lists and no join of pairs: no two claims ever have the same fence, and the planner compares every pair with
    /// every other (measured: 28 µs a job instead of 8).
    package static func completeQuery(_ jobs: [Job]) -> Query {
        let jobs = jobs.sorted { $0.id < $1.id }
        return """
            WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now)
            UPDATE jobs.job AS job
            SET state = 'done', finished_at = (SELECT now FROM moment), lease_until = NULL, worker = NULL,
                conc_slot = NULL
            WHERE id = ANY(\(SQLArray(jobs.map(\.id)))::bigint[]) AND fence = ANY(\(SQLArray(jobs.map(\.fence)))::bigint[])
                AND state = 'running'
            RETURNING job.fence
            """
    }

    /// Somebody else has the work: this job ends without a word.
    static func supersede(_ job: Job, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            WITH ended AS (
                UPDATE jobs.job
                SET state = 'cancelled', finished_at = jobs.clock(), lease_until = NULL, worker = NULL,
                    conc_slot = NULL
                WHERE id = \(job.id) AND state = 'running' AND fence = \(job.fence)
                RETURNING id, fence, claimed_at, finished_at
            )
            INSERT INTO jobs.attempt (job_id, fence, started, ended, outcome)
            SELECT id, fence, claimed_at, finished_at, 'superseded' FROM ended
            """) == 1
    }

    struct Retry {
        let delaySeconds: Double
        let outcome: String
        let isWrong: Bool
        /// False where the vendor is down: the time it is away is not the job's.
        var spendsTime = true
        let error: String

        fileprivate var resetsTime: Bool { isWrong || !spendsTime }
    }

    /// Back among the ready ones, later. Where a ready job holds its unique key already, that one stands for both.
    /// - Throws: a unique violation when that other job came in just now: ask again.
    static func retry(_ claimed: ClaimedJob, _ retry: Retry, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now), rival AS MATERIALIZED (
                SELECT EXISTS (
                    SELECT FROM jobs.job WHERE unique_key = \(claimed.uniqueKey) AND state = 'ready') AS waits
            ), ended AS (
                UPDATE jobs.job
                SET state = CASE WHEN (SELECT waits FROM rival) THEN 'cancelled' ELSE 'ready' END,
                    finished_at = CASE WHEN (SELECT waits FROM rival) THEN (SELECT now FROM moment) END,
                    run_at = (SELECT now FROM moment) + make_interval(secs => \(retry.delaySeconds)),
                    wrong_count = wrong_count + CASE WHEN \(retry.isWrong)::boolean THEN 1 ELSE 0 END,
                    not_now_count = CASE WHEN \(retry.resetsTime)::boolean THEN 0 ELSE not_now_count + 1 END,
                    first_not_now_at = CASE WHEN \(retry.resetsTime)::boolean THEN NULL
                        ELSE COALESCE(first_not_now_at, (SELECT now FROM moment)) END,
                    last_error = \(retry.error), lease_until = NULL, worker = NULL, conc_slot = NULL
                WHERE id = \(claimed.job.id) AND state = 'running' AND fence = \(claimed.job.fence)
                RETURNING id, fence, claimed_at, (SELECT now FROM moment) AS now, last_error
            )
            INSERT INTO jobs.attempt (job_id, fence, started, ended, outcome, error)
            SELECT id, fence, claimed_at, now, \(retry.outcome), last_error FROM ended
            """) == 1
    }

    /// Given back untouched, as if it had never been claimed (a drain).
    static func giveBack(_ claimed: ClaimedJob, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            WITH rival AS MATERIALIZED (
                SELECT EXISTS (
                    SELECT FROM jobs.job WHERE unique_key = \(claimed.uniqueKey) AND state = 'ready') AS waits
            )
            UPDATE jobs.job
            SET state = CASE WHEN (SELECT waits FROM rival) THEN 'cancelled' ELSE 'ready' END,
                finished_at = CASE WHEN (SELECT waits FROM rival) THEN jobs.clock() END,
                claims = claims - 1, lease_until = NULL, worker = NULL, conc_slot = NULL
            WHERE id = \(claimed.job.id) AND state = 'running' AND fence = \(claimed.job.fence)
            """) == 1
    }

    /// A dead letter.
    /// - Parameter onlyIfExpired: for another process's claim, whose owner may have come back to life.
    static func bury(
        _ job: Job, reason: String, onlyIfExpired: Bool, in transaction: Transaction
    ) async throws -> Bool {
        try await transaction.execute(
            """
            WITH ended AS (
                UPDATE jobs.job
                SET state = 'dead', finished_at = jobs.clock(), last_error = \(reason), lease_until = NULL,
                    worker = NULL, conc_slot = NULL
                WHERE id = \(job.id) AND state = 'running' AND fence = \(job.fence)
                    AND (NOT \(onlyIfExpired)::boolean OR lease_until < jobs.clock())
                RETURNING id, fence, claimed_at, finished_at, last_error
            )
            INSERT INTO jobs.attempt (job_id, fence, started, ended, outcome, error)
            SELECT id, fence, claimed_at, finished_at, 'dead', last_error FROM ended
            """) == 1
    }
}

extension PostgresError {
    /// `jobs.refuse_stale_claim()`: another worker has the job by now.
    var isStaleClaim: Bool { sqlState == "F3001" }
}
