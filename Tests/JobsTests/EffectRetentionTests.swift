import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// Requests and receipts hold names and addresses: they go with the time, and at once when asked for.
@Suite struct EffectRetentionTests {
    private func insert(
        _ reference: String, _ state: String, about: StreamID = subject(), in database: Database
    ) async throws {
        try await database.execute(
            """
            INSERT INTO jobs.effect (reference, kind, state, subject, correlation_id, request, receipt, sends, sent_at,
                done_at, unknown_at, was_unknown)
            SELECT \(reference), 'fake.thing', state, \(about), 'c', '{"content": "Jane"}',
                CASE WHEN state = 'done' THEN '{"id": "Jane"}'::jsonb END,
                CASE WHEN state IN ('done', 'unknown') THEN 1 ELSE 0 END,
                CASE WHEN state IN ('done', 'unknown') THEN jobs.clock() END,
                CASE WHEN state = 'done' THEN jobs.clock() END, CASE WHEN state = 'unknown' THEN jobs.clock() END,
                state = 'done'
            FROM (SELECT \(state)::text AS state) AS given
            """)
    }

    @Test func settledEffectsArePrunedAfterNinetyDaysAndUnsettledOnesStay() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            for state in ["done", "cancelled", "planned", "unknown"] {
                try await insert("old-\(state)", state, in: database)
            }
            try await bench.moveClock(bySeconds: 91 * 86_400)
            try await insert("new-done", "done", in: database)
            try await whileRunning(bench.system([])) {
                try await eventually("pruned") { try await bench.count("done", kind: "jobs.prune") == 1 }
            }
            #expect(
                try await bench.one(
                    "SELECT string_agg(reference, ' ' ORDER BY reference) FROM jobs.effect", as: String.self)
                    == "new-done old-planned old-unknown")
        }
    }

    @Test func attemptsThatLostTheirJobGoWithTheTime() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let held = try await bench.jobInHand()
            try await database.execute(
                """
                INSERT INTO jobs.attempt (job_id, fence, started, ended, outcome)
                SELECT job_id, fence, jobs.clock() - age, jobs.clock() - age, 'rescued'
                FROM (VALUES (1000001::bigint, 1, interval '400 days'), (1000002, 2, interval '1 hour'),
                    (\(held.id), 3, interval '400 days')) AS attempt (job_id, fence, age)
                """)
            try await whileRunning(bench.system([])) {
                try await eventually("pruned") { try await bench.count("done", kind: "jobs.prune") == 1 }
            }
            let left: String = try await bench.one(
                "SELECT string_agg(fence::text, ' ' ORDER BY fence) FROM jobs.attempt WHERE fence <= 3")
            #expect(left == "2 3")
        }
    }

    @Test func oneSubjectsSettledEffectsAreEmptiedAndTheSweepLeavesThemAlone() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let about = subject()
            for state in ["done", "cancelled", "unknown"] {
                try await insert("mine-\(state)", state, about: about, in: database)
            }
            try await insert("other", "done", in: database)
            let vendor = FakeVendor()
            let effects = bench.effects()
            effects.register(vendor)
            #expect(try await effects.erase(about: about) == 2)
            #expect(try await effects.erase(about: about) == 0)
            #expect(
                try await bench.one(
                    """
                    SELECT string_agg(reference, ' ' ORDER BY reference) FROM jobs.effect
                    WHERE request::text LIKE '%Jane%' OR receipt::text LIKE '%Jane%'
                    """, as: String.self) == "mine-unknown other")
            // The other one is looked up, and only that.
            try await whileRunning(bench.system([], effects: effects)) {
                try await eventually("swept") { try await bench.count("done", kind: "jobs.reconcile-effects") == 1 }
            }
            #expect(vendor.now.lookUps == 1)
        }
    }
}
