import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct VendorBudgetTests {
    /// Takes until refused; how many there were and how long to wait.
    private func takeAll(_ budget: VendorBudget) async throws -> (count: Int, waitSeconds: Double) {
        for count in 0..<1000 {
            do {
                try await budget.take()
            } catch let failure as JobFailure {
                guard case .notNow(let seconds?) = failure.retryVerdict else { throw failure }
                return (count, seconds)
            }
        }
        return (1000, 0)
    }

    @Test func concurrentTakersShareItExactly() async throws {
        try await withDatabase(poolSize: 8) { database in
            let taken = Notes<Bool>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let budget = VendorBudget(database: database, name: "vendor", perMinute: 30)
                        for _ in 0..<10 {
                            do {
                                try await budget.take()
                                taken.add(true)
                            } catch is JobFailure {}
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(taken.count == 30)
        }
    }

    @Test func aRushLeavesTheOthersTheirShare() async throws {
        try await withDatabase { database in
            let budget = VendorBudget(database: database, name: "vendor", perMinute: 8)
            for _ in 0..<6 { try await budget.take(sparing: 0.25) }
            await #expect(throws: JobFailure.self) { try await budget.take(sparing: 0.25) }
            for _ in 0..<2 { try await budget.take() }
            await #expect(throws: JobFailure.self) { try await budget.take() }
        }
    }

    @Test func neverMoreThanTheLimitInAnySixtySeconds() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let budget = VendorBudget(database: database, name: "vendor", perMinute: 12)
            // Between which moments each call was taken: on a loaded machine time passes within a round.
            var calls: [(after: Double, before: Double)] = []
            var random = SystemRandomNumberGenerator()
            for _ in 0..<60 {
                let now: Double = try await bench.one("SELECT EXTRACT(EPOCH FROM jobs.clock())")
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    do {
                        try await budget.take()
                        calls.append((now, try await bench.one("SELECT EXTRACT(EPOCH FROM jobs.clock())")))
                    } catch is JobFailure {}
                }
                try await bench.moveClock(bySeconds: Double.random(in: 0...17, using: &random))
            }
            for start in calls {
                let inWindow = calls.filter { $0.after >= start.after && $0.before < start.after + 60 }.count
                #expect(inWindow <= 12)
            }
            #expect(calls.count > 60)
        }
    }

    @Test func theWaitThatIsNamedIsEnough() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let budget = VendorBudget(database: database, name: "vendor", perMinute: 3)
            let first = try await takeAll(budget)
            #expect(first.count == 3)
            #expect((0.1...65).contains(first.waitSeconds))
            try await bench.moveClock(bySeconds: first.waitSeconds)
            #expect(try await takeAll(budget).count == 3)
        }
    }

    @Test func noLimitMeansNoStatement() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await VendorBudget(database: database, name: "vendor", perMinute: 0).take()
            try await VendorBudget(database: database, name: "other", perMinute: 1).take()
            #expect(try await bench.one("SELECT string_agg(name, ',') FROM jobs.budget", as: String.self) == "other")
        }
    }
}
