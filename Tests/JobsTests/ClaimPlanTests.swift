import FoundationEssentials
@testable import Jobs
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

    /// What looks at the waiting jobs beside the claim: metrics, circuits, the operator's board, dead letters.
    @Test func noLookAtTheWaitingReadsTheHistory() async throws {
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
                FROM generate_series(1, 40) AS number
                """)
            try await database.execute("ANALYZE jobs.job")
            var looks = [
                ("depth", ScheduleStorage.depthQuery), ("release", CircuitStorage.releaseQuery(["test.ready"])),
                ("due", CircuitStorage.dueQuery(["test.ready"])),
                ("live", DeadLetterStorage.liveQuery(NewJob("test.ready"))),
            ]
            var listed = JobBoard.Search(limit: 50)
            listed.state = .ready
            looks.append(("list", JobBoardStorage.jobsQuery(listed)))
            var failing = JobBoard.Search(limit: 50)
            failing.error = "timeout"
            looks.append(("errors", JobBoardStorage.jobsQuery(failing)))
            for (name, query) in looks {
                let lines = try await plan(query, database)
                #expect(!lines.contains { $0.contains("Seq Scan on job") }, "\(name): \(lines.joined(separator: "\n"))")
                #expect(!lines.contains { $0.contains("job_pkey") }, "\(name): \(lines.joined(separator: "\n"))")
            }
        }
    }

    /// At most 30 buffers for one job and 10 for each further one, whatever the history.
    @Test func aClaimCostsTheSameAfterAMillionFinishedJobs() async throws {
        try await withDatabase { database in
            let claimer = ClaimStorage.Claimer(worker: UUID(), kinds: ["test.ready"], leaseSeconds: 30)
            var costs: [[Int]] = []
            for finished in [1_000, 999_000] {
                for chunk in stride(from: 0, to: finished, by: 50_000) {
                    try await database.execute(
                        """
                        INSERT INTO jobs.job (kind, state, finished_at, correlation_id, payload)
                        SELECT 'test.done', 'done', jobs.clock(), 'test', '{}'
                        FROM generate_series(1, \(min(50_000, finished - chunk)))
                        """)
                }
                try await database.execute(
                    """
                    INSERT INTO jobs.job (kind, correlation_id, payload)
                    SELECT 'test.ready', 'test', '{}' FROM generate_series(1, 200)
                    """)
                try await database.withoutTransaction { try await $0.execute("VACUUM ANALYZE jobs.job") }
                var row: [Int] = []
                for count in [1, 10] {
                    // The first of a connection reads the catalogues, too.
                    _ = try await plan(ClaimStorage.claimQuery(count, for: claimer), database)
                    let lines = try await plan(ClaimStorage.claimQuery(count, for: claimer), database)
                    row.append(Self.buffers(lines))
                }
                costs.append(row)
            }
            for row in costs {
                #expect(row[0] <= 30 && row[1] <= 30 + 9 * 10, "\(costs)")
            }
            #expect(costs[1][0] <= costs[0][0] + 4 && costs[1][1] <= costs[0][1] + 20, "\(costs)")
        }
    }

    /// Of the whole statement: the first line that counts them.
    private static func buffers(_ plan: [String]) -> Int {
        guard let line = plan.first(where: { $0.contains("Buffers: shared") }) else { return .max }
        return line.matches(of: /(?:hit|read)=([0-9]+)/).reduce(0) { $0 + (Int($1.1) ?? 0) }
    }
}
