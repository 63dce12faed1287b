import Kernel
import Postgres
import TestKit
import Testing

@testable import Jobs

/// What an earlier run of a job sent, and the run that ends the job has no use for: a simulated week ended with one of
/// them in doubt for ever.
@Suite struct EffectLeftoverTests {
    private static let reference = "thing-1"

    /// One run sends and loses the answer. Later runs do without it.
    private func lifeOfAJob(_ bench: Bench, _ effects: Effects, _ vendor: FakeVendor) async throws {
        let system = bench.system(
            [
                JobRegistration("test.leaves") { job in
                    if vendor.now.sends == 0 {
                        _ = try await effects.perform(vendor, reference: Self.reference, job: job)
                    }
                    return nil
                }
            ], effects: effects)
        try await bench.enqueue(NewJob("test.leaves"))
        try await whileRunning(system) {
            try await eventually("it is sent") { vendor.now.sends == 1 }
            try await eventually("the job has ended") {
                try await bench.moveClock(bySeconds: 6)
                return try await bench.count("done", kind: "test.leaves") == 1
            }
        }
    }

    private func plan<Sender: EffectSender>(
        _ sender: Sender.Type, _ request: Sender.Request, _ effects: Effects, _ bench: Bench
    )
        async throws
    {
        try await bench.database.transaction {
            try await effects.plan(sender, reference: Self.reference, request: request, subject: nil, in: $0)
        }
    }

    @Test(arguments: [
        (FakeVendor.Answer.lostAfter, "done", 0), (FakeVendor.Answer.lostBefore, "cancelled", 0),
    ])
    func whatAnEarlierRunSentIsTakenBackOrGivenUpAndNeverSentAgain(
        answer: FakeVendor.Answer, state: String, alive: Int
    ) async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let vendor = FakeVendor([answer])
            effects.register(vendor)
            try await plan(FakeVendor.self, .init(content: "cube"), effects, bench)
            try await lifeOfAJob(bench, effects, vendor)
            #expect(try await bench.one("SELECT state FROM jobs.effect", as: String.self) == state)
            #expect(vendor.now.sends == 1)
            #expect(vendor.alive.count == alive)
        }
    }

    /// It may still come: the sweep finds it, for nobody wants it any more.
    @Test func whatComesAfterItWasGivenUpIsCancelledByTheSweep() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let vendor = FakeVendor([.late])
            effects.register(vendor)
            try await plan(FakeVendor.self, .init(content: "cube"), effects, bench)
            try await lifeOfAJob(bench, effects, vendor)
            vendor.applyLate()
            #expect(vendor.alive.count == 1)
            // The running system may have swept it a moment ago; it is looked at again by then.
            try await bench.moveClock(bySeconds: 600)
            try await effects.reconcile()
            #expect(vendor.alive.isEmpty)
        }
    }

    /// Whether a mail went out is nobody's to guess: it becomes visible as not known.
    @Test func theStartOfAMailBecomesUnknown() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            effects.register(once: FakePost())
            try await plan(FakePost.self, .init(to: "shop@example.test"), effects, bench)
            let system = bench.system(
                [
                    JobRegistration("test.leaves") { job in
                        if job.claims > 1 { return nil }
                        try await database.execute(
                            """
                            UPDATE jobs.effect SET state = 'sent', sends = 1, sent_at = jobs.clock(),
                                fence = \(job.fence), job_id = \(job.id), job_kind = \(job.kind.name),
                                job_payload = '{}'
                            """)
                        throw JobFailure.notNow("The process died here.", retryAfterSeconds: 0)
                    }
                ], effects: effects)
            try await bench.enqueue(NewJob("test.leaves"))
            try await whileRunning(system) {
                try await eventually("the job has ended") {
                    try await bench.count("done", kind: "test.leaves") == 1
                }
            }
            #expect(try await bench.one("SELECT state FROM jobs.effect", as: String.self) == "unknown")
        }
    }
}
