import Kernel
import Postgres

/// The statements of vendor budgets.
enum BudgetStorage {
    /// One row, one statement. The limit is tested, and the call put into its bucket, after the row lock is held and by
    /// the clock of that moment: the statement's own time may be old when the row was waited for.
    static func take(from name: String, perMinute: Int, in database: Database) async throws -> Bool {
        try await database.execute(
            """
            INSERT INTO jobs.budget AS budget (name, buckets, counts)
            SELECT \(name), ARRAY[floor(EXTRACT(EPOCH FROM jobs.clock()) / 5)::bigint], ARRAY[1]
            ON CONFLICT (name) DO UPDATE SET (buckets, counts) = (
                SELECT array_agg(kept.bucket ORDER BY kept.bucket), array_agg(kept.count ORDER BY kept.bucket)
                FROM (
                    SELECT spent.bucket, sum(spent.count)::integer AS count
                    FROM (
                        SELECT moment.bucket AS now, moment.bucket, 1 AS count
                        FROM (SELECT floor(EXTRACT(EPOCH FROM clock_timestamp() + shift) / 5)::bigint AS bucket
                            FROM jobs.clock_shift OFFSET 0) AS moment
                        UNION ALL
                        SELECT NULL, bucket, count FROM unnest(budget.buckets, budget.counts) AS old (bucket, count)
                    ) AS spent
                    WHERE spent.now IS NOT NULL OR spent.bucket > floor(EXTRACT(EPOCH FROM jobs.clock()) / 5) - 13
                    GROUP BY spent.bucket
                ) AS kept
            )
            WHERE (
                SELECT COALESCE(sum(old.count), 0)
                FROM unnest(budget.buckets, budget.counts) AS old (bucket, count)
                WHERE old.bucket > (
                    SELECT floor(EXTRACT(EPOCH FROM clock_timestamp() + shift) / 5) - 13 FROM jobs.clock_shift)
            ) < \(perMinute)
            """) == 1
    }

    /// Until the oldest bucket that still counts leaves the window.
    static func secondsUntilFree(_ name: String, in database: Database) async throws -> Double {
        let rows = try await database.query(
            """
            SELECT GREATEST(0.1, (min(old.bucket) + 13) * 5 - EXTRACT(EPOCH FROM jobs.clock())) AS seconds
            FROM jobs.budget CROSS JOIN unnest(buckets, counts) AS old (bucket, count)
            WHERE name = \(name) AND old.bucket > floor(EXTRACT(EPOCH FROM jobs.clock()) / 5) - 13
            """)
        return try rows.first?.optional("seconds") ?? 0.1
    }
}
