import Glibc
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct FaultPointsTests {
    @Test func emptyArmsNothing() async throws {
        let faults = try FaultPoints(parsing: "")
        for point in FaultPoints.Point.allCases { try await faults.reach(point) }
    }

    @Test(arguments: [
        "after-send", "after-send:", "nowhere:kill", "after-send:delay-", "after-send:delay-x", "x", ":kill",
        "after-send/:kill", "after-send:freeze", "after-send:drop*", "after-send:drop*0", "after-send:drop%",
        "after-send:drop%0", "after-send:drop%101", "after-send:drop%nan", "after-send:drop*-1",
        "after-send:delay-1000000", "before-heartbeat/any.kind:kill", "before-claim/any.kind:drop", "after-send:exit",
    ])
    func whatSaysNothingIsRefused(text: String) {
        #expect(throws: FaultRule.Unreadable.self) { try FaultPoints(parsing: text) }
    }

    @Test func everyPointAndActionIsReadable() throws {
        for point in FaultPoints.Point.allCases {
            _ = try FaultPoints(
                parsing: "\(point.rawValue):kill, \(point.rawValue):delay-20*3,\(point.rawValue):freeze-5%0.5,"
                    + "\(point.rawValue):drop*2%50")
        }
    }

    /// How often of `count` times the point dropped.
    private func drops(
        _ faults: FaultPoints, _ count: Int, at point: FaultPoints.Point = .beforeSend, kinds: [String] = []
    ) async throws -> [Bool] {
        var drops: [Bool] = []
        for _ in 0..<count {
            do {
                try await faults.reach(point, kinds: kinds)
                drops.append(false)
            } catch let drop as DroppedAtFaultPoint {
                #expect(drop.point == point)
                drops.append(true)
            }
        }
        return drops
    }

    @Test func aRuleActsAsOftenAsItSaysAndOnlyAtItsPoint() async throws {
        let faults = try FaultPoints(parsing: "before-send:drop*2")
        #expect(try await drops(faults, 2, at: .afterSend) == [false, false])
        #expect(try await drops(faults, 4) == [true, true, false, false])
    }

    @Test func aRuleWithAKindLeavesOthersAlone() async throws {
        let faults = try FaultPoints(parsing: "before-send/shopify.fulfilment:drop")
        #expect(try await drops(faults, 1) == [false])
        #expect(try await drops(faults, 1, kinds: ["sendcloud.parcel"]) == [false])
        #expect(try await drops(faults, 1, kinds: ["fulfilment.fulfil", "shopify.fulfilment"]) == [true])
    }

    @Test func aSeedPlaysTheSameRunAgain() async throws {
        func run(_ seed: UInt64) async throws -> [Bool] {
            try await drops(FaultPoints(parsing: "before-send:drop%30", seed: seed), 200)
        }
        let first = try await run(7)
        #expect(try await run(7) == first)
        #expect(try await run(8) != first)
        #expect((30...90).contains(first.count(where: { $0 })))
    }

    @Test func aFrozenProcessComesBack() async throws {
        // The whole test process stands still for that time: the clock tells, and that we are here to look at it.
        let began = ContinuousClock.now
        try await FaultPoints(parsing: "before-heartbeat:freeze-60*1").reach(.beforeHeartbeat)
        #expect(ContinuousClock.now - began >= .milliseconds(60))
    }

    @Test func aCompletionIsReachedUnderTheEffectItMade() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let faults = try FaultPoints(
                parsing: "before-completion-commit/fake.thing:drop*1,after-completion-commit/other.thing:kill")
            let effects = bench.effects(faults: faults)
            let vendor = FakeVendor()
            let runs = Notes<Int64>()
            let registration = JobRegistration("test.make") { job in
                runs.add(job.fence)
                let outcome = try await effects.perform(vendor, reference: "thing-1", job: job)
                guard case .made(_, let record) = outcome else { return { _ in } }
                return record
            }
            try await database.transaction { transaction in
                try await effects.plan(
                    FakeVendor.self, reference: "thing-1", request: .init(content: "cube"), subject: nil,
                    in: transaction)
                try await bench.outbox.enqueue(NewJob("test.make"), in: transaction)
            }
            try await whileRunning(bench.system([registration], effects: effects, faults: faults)) {
                try await eventually("done") { try await bench.count("done", kind: "test.make") == 1 }
            }
            #expect(runs.count > 1)
            #expect(vendor.now.sends == 1)
        }
    }

    @Test func aDropAtClaimOrHeartbeatIsLivedThrough() async throws {
        try await withDatabase { database in
            var bench = Bench(database)
            bench.settings.leaseSeconds = 0.3
            let faults = try FaultPoints(parsing: "before-claim:drop*2,after-claim:drop*1,before-heartbeat:drop*1")
            try await bench.enqueue(NewJob("test.note"))
            let registration = JobRegistration("test.note") { _ in { _ in } }
            try await whileRunning(bench.system([registration], faults: faults)) {
                try await eventually("done") { try await bench.count("done", kind: "test.note") == 1 }
            }
            // The claim that nobody heard of ran out and was brought back.
            #expect(try await bench.one("SELECT rescues FROM jobs.job WHERE kind = 'test.note'", as: Int.self) == 1)
        }
    }
}
