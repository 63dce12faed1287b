import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct ScheduleTests {
    @Test func fiveSchedulersFireEachTickOnce() async throws {
        try await withDatabase(poolSize: 12) { database in
            let bench = Bench(database)
            let ticks = Notes<Int64>()
            let registration = JobRegistration("test.tick") { job in
                ticks.add(job.id)
                return { _ in }
            }
            let systems = (0..<5).map { _ in
                bench.system(
                    [registration], schedules: [Schedule("test.round", "test.tick", everySeconds: 3600)],
                    wakeUps: WakeUps())
            }
            try await whileRunning(systems) {
                for tick in 1...6 {
                    try await eventually("tick \(tick)") { try await bench.count("done", kind: "test.tick") == tick }
                    try await bench.moveClock(bySeconds: 3600)
                }
                try await eventually("the last one") { try await bench.count("done", kind: "test.tick") == 7 }
            }
            #expect(ticks.count == 7)
            #expect(try await bench.one("SELECT count(*) FROM jobs.job WHERE kind = 'test.tick'", as: Int.self) == 7)
        }
    }

    @Test func missedTicksBecomeOneAndTheRhythmStays() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let system = bench.system(
                [JobRegistration("test.tick") { _ in { _ in } }],
                schedules: [Schedule("test.round", "test.tick", everySeconds: 100)])
            try await whileRunning(system) {
                try await eventually("the first") { try await bench.count("done", kind: "test.tick") == 1 }
                let next: Query = "SELECT EXTRACT(EPOCH FROM next_at) FROM jobs.schedule WHERE name = 'test.round'"
                let before: Double = try await bench.one(next)
                try await bench.moveClock(bySeconds: 1050)
                try await eventually("one for all that were missed") {
                    try await bench.count("done", kind: "test.tick") == 2
                }
                let after: Double = try await bench.one(next)
                #expect(((after - before) / 100).rounded() * 100 - (after - before) < 0.001)
                #expect(after - before == 1000 || after - before == 1100)
            }
        }
    }

    @Test func aRestartKeepsTheNextTick() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let registrations = [JobRegistration("test.tick") { _ in { _ in } }]
            for _ in 0..<3 {
                let system = bench.system(
                    registrations, schedules: [Schedule("test.round", "test.tick", everySeconds: 3600)])
                try await whileRunning(system) {
                    try await eventually("fired") {
                        try await bench.one(
                            "SELECT count(*) FROM jobs.schedule WHERE name = 'test.round' AND fired_at IS NOT NULL",
                            as: Int.self) == 1
                    }
                }
            }
            #expect(try await bench.one("SELECT count(*) FROM jobs.job WHERE kind = 'test.tick'", as: Int.self) == 1)
        }
    }

    @Test func whatEndedLongAgoIsDeletedAndTheRestStays() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute(
                """
                INSERT INTO jobs.job (kind, state, finished_at, correlation_id, payload)
                SELECT 'test.old', state, jobs.clock() - make_interval(days => days), 'test', '{}'
                FROM (VALUES ('done', 8), ('cancelled', 8), ('done', 6), ('dead', 8), ('dead', 91)) AS old (state, days)
                CROSS JOIN generate_series(1, 1200)
                """)
            try await whileRunning(bench.system([])) {
                try await eventually("pruned") { try await bench.count("done", kind: "jobs.prune") == 1 }
            }
            #expect(try await bench.count("done", kind: "test.old") == 1200)
            #expect(try await bench.count("cancelled", kind: "test.old") == 0)
            #expect(try await bench.count("dead", kind: "test.old") == 2400, "dead letters are an operator's to end")
        }
    }
}
