import Kernel
import Postgres

/// The statements that keep, find and free leases.
enum LeaseStorage {
    /// One heartbeat for all in hand; the fences of those still ours. A lease that was made longer stays longer.
    ///
    /// In the order of their ids, as completions are written.
    static func renew(_ held: [Job], leaseSeconds: Double, in database: Database) async throws -> Set<Int64> {
        let held = held.sorted { $0.id < $1.id }
        let rows = try await database.query(
            """
            WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now)
            UPDATE jobs.job AS job
            SET lease_until = GREATEST(
                job.lease_until, (SELECT now FROM moment) + make_interval(secs => \(leaseSeconds)))
            WHERE id = ANY(\(SQLArray(held.map(\.id)))::bigint[]) AND fence = ANY(\(SQLArray(held.map(\.fence)))::bigint[])
                AND state = 'running'
            RETURNING job.fence
            """)
        return Set(try rows.map { try $0("fence", as: Int64.self) })
    }

    /// Makes one lease outlast a call. False: it is not ours any more.
    static func extend(_ job: Job, seconds: Double, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            UPDATE jobs.job
            SET lease_until = GREATEST(lease_until, jobs.clock() + make_interval(secs => \(seconds)))
            WHERE id = \(job.id) AND state = 'running' AND fence = \(job.fence)
            """) == 1
    }

    /// Claims whose lease ran out, of kinds this binary knows or not.
    static func expired(limit: Int, in database: Database) async throws -> [ClaimedJob] {
        try await database.query(
            """
            SELECT id, kind, payload, subject, fence, claims, correlation_id, wrong_count, not_now_count,
                EXTRACT(EPOCH FROM jobs.clock() - first_not_now_at) AS not_now_seconds, rescues, unique_key,
                conc_key IS NOT NULL AS is_keyed, 0 AS waited_seconds
            FROM jobs.job
            WHERE state = 'running' AND lease_until < (SELECT jobs.clock())
            ORDER BY lease_until
            LIMIT \(limit)
            """
        ).map(ClaimedJob.init(row:))
    }

    /// Back among the ready ones at once, unless its owner came back to life or another process was faster.
    static func rescue(_ claimed: ClaimedJob, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now), rival AS MATERIALIZED (
                SELECT EXISTS (
                    SELECT FROM jobs.job WHERE unique_key = \(claimed.uniqueKey) AND state = 'ready') AS waits
            ), ended AS (
                UPDATE jobs.job
                SET state = CASE WHEN (SELECT waits FROM rival) THEN 'cancelled' ELSE 'ready' END,
                    finished_at = CASE WHEN (SELECT waits FROM rival) THEN (SELECT now FROM moment) END,
                    run_at = (SELECT now FROM moment), rescues = rescues + 1,
                    last_error = 'The worker died or froze with this job in hand.',
                    lease_until = NULL, worker = NULL, conc_slot = NULL
                WHERE id = \(claimed.job.id) AND state = 'running' AND fence = \(claimed.job.fence)
                    AND lease_until < (SELECT now FROM moment)
                RETURNING id, fence, claimed_at, (SELECT now FROM moment) AS now, last_error
            )
            INSERT INTO jobs.attempt (job_id, fence, started, ended, outcome, error)
            SELECT id, fence, claimed_at, now, 'rescued', last_error FROM ended
            """) == 1
    }

    /// Lets every lease run out now; the next sweep brings the jobs back.
    static func freeAll(in database: Database) async throws {
        try await database.execute(
            """
            UPDATE jobs.job SET lease_until = jobs.clock() - interval '1 second' WHERE state = 'running'
            """)
    }
}
