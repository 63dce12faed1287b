import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// Plans lock the module's row and then the effect's; an attempt must do the same, or the two wait for each other.
@Suite struct EffectLockOrderTests {
    private static let reference = "thing-1"

    @Test func aPlanThatHoldsTheModulesRowCanStillTakeTheEffectBack() async throws {
        try await withDatabase(poolSize: 12) { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let vendor = FakeVendor()
            try await database.execute("CREATE TABLE public.thing (id int PRIMARY KEY)")
            try await database.execute("INSERT INTO public.thing VALUES (1)")
            let lock: Commit = { _ = try await $0.query("SELECT id FROM public.thing WHERE id = 1 FOR UPDATE") }
            let gate = Gate()
            let registration = JobRegistration("test.make") { job in
                // Not before the plan holds the row: else the effect may be made before there is anything to wait for.
                await gate.pass()
                let outcome = try await effects.perform(
                    vendor, reference: Self.reference, job: job, onSent: lock, onUnknown: lock)
                guard case .made(_, let record) = outcome else { return { _ in } }
                return record
            }
            try await database.transaction { transaction in
                try await effects.plan(
                    FakeVendor.self, reference: Self.reference, request: .init(content: "cube"), subject: nil,
                    in: transaction)
                try await bench.outbox.enqueue(NewJob("test.make"), in: transaction)
            }
            try await whileRunning(bench.system([registration], effects: effects)) {
                let isTakenBack = try await database.transaction { transaction in
                    try await lock(transaction)
                    await gate.open()
                    try await eventually("the attempt waits for the module's row") {
                        let waiting: Int = try await transaction.query(
                            """
                            SELECT count(*) AS count FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event_type = 'Lock'
                            """)[0]("count")
                        if waiting > 0 { return true }
                        // Inside a transaction the view is a snapshot.
                        _ = try await transaction.query("SELECT pg_stat_clear_snapshot()")
                        return false
                    }
                    return try await effects.cancelPlanned(reference: Self.reference, in: transaction)
                }
                #expect(isTakenBack)
                try await eventually("the job is done") { try await bench.count("done", kind: "test.make") == 1 }
            }
            #expect(vendor.now.sends == 0)
            #expect(
                try await bench.one("SELECT state FROM jobs.effect", as: String.self) == "cancelled")
        }
    }

    @Test func whatTheModuleWritesGoesBackWhenTheEffectIsAnothers() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            try await database.execute("CREATE TABLE public.mark (job bigint)")
            try await database.transaction { transaction in
                try await effects.plan(
                    FakeVendor.self, reference: Self.reference, request: .init(content: "cube"), subject: nil,
                    in: transaction)
            }
            let older = try await bench.jobInHand()
            try await database.execute("UPDATE jobs.effect SET fence = nextval('jobs.fence')")
            await #expect(throws: (any Error).self) {
                _ = try await effects.perform(
                    FakeVendor(), reference: Self.reference, job: older,
                    onSent: { try await $0.execute("INSERT INTO public.mark VALUES (1)") })
            }
            #expect(try await bench.one("SELECT count(*) FROM public.mark", as: Int.self) == 0)
            #expect(try await bench.one("SELECT state FROM jobs.effect", as: String.self) == "planned")
        }
    }
}
