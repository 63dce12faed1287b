import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct LeaseTests {
    @Test func aStaleCompletionIsThrownAway() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute("CREATE TABLE public.mark (job bigint)")
            let isRunning = Gate()
            let mayEnd = Gate()
            let ended = Notes<Bool>()
            let system = bench.system([
                JobRegistration("test.frozen") { job in
                    await isRunning.open()
                    await mayEnd.pass()
                    return { transaction in
                        try await transaction.execute("INSERT INTO public.mark VALUES (\(job.id))")
                        ended.add(true)
                    }
                }
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.frozen"))
                await isRunning.pass()
                try await bench.stealClaim(of: "test.frozen")
                await mayEnd.open()
                try await eventually("the stale second half ran") { ended.count == 1 }
            }
            #expect(try await bench.one("SELECT count(*) FROM public.mark", as: Int.self) == 0)
            #expect(try await bench.count("running", kind: "test.frozen") == 1)
            #expect(
                try await bench.one(
                    "SELECT count(*) FROM jobs.run JOIN jobs.job ON id = job_id WHERE kind = 'test.frozen'",
                    as: Int.self) == 0)
        }
    }

    @Test func aHeartbeatKeepsALongJobAndALostLeaseStopsIt() async throws {
        try await withDatabase { database in
            var bench = Bench(database)
            bench.settings.leaseSeconds = 0.6
            let isRunning = Gate()
            let stopped = Notes<Bool>()
            let system = bench.system([
                JobRegistration("test.long") { _ in
                    await isRunning.open()
                    do {
                        try await Task.sleep(for: .seconds(600))
                    } catch {
                        stopped.add(true)
                        throw error
                    }
                    return { _ in }
                }
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.long"))
                await isRunning.pass()
                let first: Double = try await bench.one(
                    "SELECT EXTRACT(EPOCH FROM lease_until) FROM jobs.job WHERE kind = 'test.long'")
                try await eventually("three heartbeats") {
                    try await bench.one(
                        """
                        SELECT EXTRACT(EPOCH FROM lease_until) > \(first)::float8 + 0.55 AS b
                        FROM jobs.job WHERE kind = 'test.long'
                        """, as: Bool.self)
                }
                #expect(stopped.count == 0)
                try await bench.stealClaim(of: "test.long")
                try await eventually("the run was stopped") { stopped.count == 1 }
            }
            #expect(try await bench.count("running", kind: "test.long") == 1)
        }
    }

    @Test func theJobOfADeadWorkerComesBack() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let dead = try await bench.jobInHand("test.left", leaseSeconds: -1)
            let alive = try await bench.jobInHand("test.left", leaseSeconds: 600)
            let runs = Notes<Job>()
            let system = bench.system([
                JobRegistration("test.left") { job in
                    runs.add(job)
                    return { _ in }
                }
            ])
            try await whileRunning(system) {
                try await eventually("it was rescued and done") {
                    try await bench.count("done", kind: "test.left") == 1
                }
            }
            #expect(runs.all.map(\.id) == [dead.id])
            #expect(runs.all[0].claims == 2)
            #expect(runs.all[0].fence > alive.fence)
            #expect(try await bench.count("running", kind: "test.left") == 1)
            #expect(
                try await bench.one(
                    "SELECT string_agg(outcome, ',' ORDER BY fence) FROM jobs.run WHERE job_id = \(dead.id)",
                    as: String.self) == "rescued,done")
        }
    }

    @Test func freeingAllLeasesBringsEverythingBackAtOnce() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            _ = try await bench.jobInHand("test.left", leaseSeconds: 3600)
            try await JobSystem.freeAllLeases(in: database)
            let system = bench.system([JobRegistration("test.left") { _ in { _ in } }])
            try await whileRunning(system) {
                try await eventually("done") { try await bench.count("done", kind: "test.left") == 1 }
            }
        }
    }

    @Test func aJobThatKillsItsWorkersIsDeadButOnlyWhereItsKindIsKnown() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            _ = try await bench.jobInHand("test.poison", leaseSeconds: -1)
            _ = try await bench.jobInHand("test.strange", leaseSeconds: -1)
            try await database.execute("UPDATE jobs.job SET rescues = 25")
            let system = bench.system([JobRegistration("test.poison") { _ in { _ in } }])
            try await whileRunning(system) {
                try await eventually("the poison is dead") { try await bench.count("dead", kind: "test.poison") == 1 }
                try await eventually("the strange one waits") {
                    try await bench.count("ready", kind: "test.strange") == 1
                }
            }
        }
    }

    @Test func aJobThatComesBackGivesWayToAnEqualOneThatWaits() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let isRunning = Gate()
            let mayFail = Gate()
            let runs = Notes<Int64>()
            let system = bench.system([
                JobRegistration("test.once") { job in
                    runs.add(job.id)
                    if runs.count == 1 {
                        await isRunning.open()
                        await mayFail.pass()
                        throw Refusal(retryVerdict: .wrong)
                    }
                    return { _ in }
                }
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.once", uniqueKey: "key"))
                await isRunning.pass()
                try await bench.enqueue(NewJob("test.once", delaySeconds: 3600, uniqueKey: "key"))
                await mayFail.open()
                try await eventually("the first gave way") {
                    try await bench.count("cancelled", kind: "test.once") == 1
                }
                #expect(try await bench.count("ready", kind: "test.once") == 1)
                try await bench.moveClock(bySeconds: 3601)
                try await eventually("the second is done") { try await bench.count("done", kind: "test.once") == 1 }
            }
        }
    }
}
