import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// The claim must read the heads of its partial indexes however much history there is.
@Suite struct ClaimPlanTests {
    private func plan(_ query: Query, _ database: Database) async throws -> [String] {
        let rows = try await database.query(
            Query(unsafeSQL: "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + query.sql, binds: query.binds))
        return try rows.map { try $0("QUERY PLAN") }
    }

    @Test func aClaimReadsTheReadyIndexAndNotTheHistory() async throws {
        try await withDatabase { database in
            try await database.execute(
                """
                INSERT INTO jobs.job (kind, state, finished_at, correlation_id, payload)
                SELECT 'test.done', 'done', jobs.clock(), 'test', '{}' FROM generate_series(1, 20000)
                """)
            try await database.execute(
                """
                INSERT INTO jobs.job (kind, conc_key, conc_limit, correlation_id, payload)
                SELECT 'test.ready', CASE WHEN number % 2 = 0 THEN 'key-' || number END,
                    CASE WHEN number % 2 = 0 THEN 1 END, 'test', '{}'
                FROM generate_series(1, 400) AS number
                """)
            try await database.execute("ANALYZE jobs.job")
            let claimer = ClaimStorage.Claimer(worker: UUID(), kinds: ["test.ready"], leaseSeconds: 30)
            let batch = try await plan(ClaimStorage.claimQuery(8, for: claimer), database)
            #expect(batch.contains { $0.contains("job_ready on job") }, "\(batch.joined(separator: "\n"))")
            #expect(!batch.contains { $0.contains("Seq Scan on job") }, "\(batch.joined(separator: "\n"))")
            let keyed = try await plan(ClaimStorage.keyedClaimQuery(of: ["test.ready"], for: claimer), database)
            #expect(keyed.contains { $0.contains("job_ready_keyed on job") }, "\(keyed.joined(separator: "\n"))")
            #expect(!keyed.contains { $0.contains("Seq Scan on job") }, "\(keyed.joined(separator: "\n"))")
        }
    }
}
