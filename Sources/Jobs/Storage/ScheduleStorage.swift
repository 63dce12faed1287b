import Kernel
import Postgres

/// The statements of schedules, clean-up and measuring.
enum ScheduleStorage {
    /// Makes the schedule known. What is known keeps its next tick, so that a restart neither skips nor doubles one;
    /// only a shorter period pulls it nearer.
    static func declare(_ schedule: Schedule, in database: Database) async throws {
        try await database.execute(
            """
            INSERT INTO jobs.schedule AS schedule (name, kind, every_seconds, next_at)
            VALUES (\(schedule.name), \(schedule.kind.name), \(schedule.everySeconds), jobs.clock())
            ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, every_seconds = excluded.every_seconds,
                next_at = CASE WHEN excluded.every_seconds < schedule.every_seconds
                    THEN LEAST(schedule.next_at, jobs.clock() + make_interval(secs => excluded.every_seconds))
                    ELSE schedule.next_at END
                WHERE (schedule.kind, schedule.every_seconds) IS DISTINCT FROM (excluded.kind, excluded.every_seconds)
            """)
    }

    struct Tick: Sendable {
        let fired: Int
        /// Until the next one is due; nil when there is none.
        let nextDueSeconds: Double?
    }

    /// Fires what is due, once over all replicas: the second to come waits for the row and then finds it not due.
    /// Ticks that were missed become one. A tick whose predecessor still waits is dropped, and one whose predecessor
    /// still runs waits for it.
    static func tick(_ names: [String], in database: Database) async throws -> Tick {
        let rows = try await database.query(
            """
            WITH moment AS MATERIALIZED (SELECT jobs.clock() AS now), due AS (
                UPDATE jobs.schedule
                SET fired_at = (SELECT now FROM moment), next_at = next_at + make_interval(secs => every_seconds
                    * (floor(EXTRACT(EPOCH FROM (SELECT now FROM moment) - next_at)::double precision
                        / every_seconds) + 1))
                WHERE name = ANY(\(SQLArray(names))::text[]) AND next_at <= (SELECT now FROM moment)
                RETURNING name, kind, next_at
            ), added AS (
                INSERT INTO jobs.job (kind, payload, unique_key, conc_key, conc_limit, correlation_id)
                SELECT kind, '{}', 'schedule:' || name, 'schedule:' || name, 1, gen_random_uuid()::text FROM due
                ON CONFLICT (unique_key) WHERE unique_key IS NOT NULL AND state = 'ready' DO NOTHING
                RETURNING id
            )
            SELECT (SELECT count(*) FROM added) AS fired, (
                SELECT EXTRACT(EPOCH FROM min(next_at) - (SELECT now FROM moment))
                FROM (
                    SELECT next_at FROM due
                    UNION ALL
                    SELECT next_at FROM jobs.schedule
                    WHERE name = ANY(\(SQLArray(names))::text[]) AND next_at > (SELECT now FROM moment)
                ) AS coming
            ) AS next_due_seconds
            """)
        guard let row = rows.first else { return Tick(fired: 0, nextDueSeconds: nil) }
        return Tick(fired: try row("fired"), nextDueSeconds: try row.optional("next_due_seconds"))
    }

    /// Deletes one batch of ended jobs with their attempts; how many there were.
    static func deleteEnded(olderThanDays days: Int, limit: Int, in database: Database) async throws -> Int {
        try await database.query(
            """
            WITH ended AS (
                DELETE FROM jobs.job WHERE id = ANY(ARRAY(
                    SELECT id FROM jobs.job
                    WHERE state IN ('done', 'cancelled')
                        AND finished_at < jobs.clock() - make_interval(days => \(days))
                    ORDER BY finished_at LIMIT \(limit) FOR UPDATE SKIP LOCKED))
                RETURNING id
            ), attempts AS (
                DELETE FROM jobs.attempt WHERE job_id = ANY(ARRAY(SELECT id FROM ended))
            )
            SELECT count(*) AS count FROM ended
            """
        ).first?("count") ?? 0
    }

    /// Deletes one batch of attempts whose job is gone; how many there were. A binary from before 0010 deletes jobs
    /// alone: the reference that took their attempts along is gone since.
    static func deleteOrphans(olderThanDays days: Int, limit: Int, in database: Database) async throws -> Int {
        try await database.execute(
            """
            DELETE FROM jobs.attempt WHERE (job_id, fence) IN (
                SELECT job_id, fence FROM jobs.attempt AS orphan
                WHERE ended < jobs.clock() - make_interval(days => \(days))
                    AND NOT EXISTS (SELECT FROM jobs.job WHERE id = orphan.job_id)
                ORDER BY ended LIMIT \(limit))
            """)
    }

    struct Depth: Sendable {
        let ready: Int
        let running: Int
        let dead: Int
        let oldestReadySeconds: Double
    }

    /// How full the queue is, from the partial indexes.
    static func depth(in database: Database) async throws -> Depth? {
        try await database.query(depthQuery).first.map { row in
            Depth(
                ready: try row("ready"), running: try row("running"), dead: try row("dead"),
                oldestReadySeconds: try row("oldest_ready_seconds"))
        }
    }

    static let depthQuery: Query = """
        SELECT (SELECT count(*) FROM jobs.job WHERE \(condition: ReadyJobs.condition)) AS ready,
            (SELECT count(*) FROM jobs.job WHERE state = 'running') AS running,
            (SELECT count(*) FROM jobs.job WHERE state = 'dead') AS dead,
            COALESCE((SELECT GREATEST(0, EXTRACT(EPOCH FROM jobs.clock() - min(run_at)))
                FROM jobs.job WHERE \(condition: ReadyJobs.condition)), 0) AS oldest_ready_seconds
        """

    /// How long the oldest transaction of this database has been open that keeps old row versions alive.
    static func oldestTransactionSeconds(in database: Database) async throws -> Double {
        try await database.query(
            """
            SELECT COALESCE(max(EXTRACT(EPOCH FROM clock_timestamp() - xact_start)), 0)::double precision AS seconds
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL)
            """
        ).first?("seconds") ?? 0
    }
}
