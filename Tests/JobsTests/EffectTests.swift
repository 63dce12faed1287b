import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// The whole way through the queue: a job that makes an effect, whatever the vendor does to it.
@Suite struct EffectTests {
    private static let reference = "thing-1"

    /// A queue with one job that makes one effect, and what was written down about it.
    private struct Scene: Sendable {
        let bench: Bench
        let vendor: FakeVendor
        let effects: Effects
        let faults: FaultPoints
        let seen = Notes<String>()

        init(_ database: Database, _ vendor: FakeVendor, lagSeconds: Double = 0, faults: FaultPoints = .none) {
            var bench = Bench(database)
            bench.settings.retriesMaximum = 3
            bench.settings.reconcileSeconds = 3600
            self.bench = bench
            self.vendor = vendor
            self.faults = faults
            effects = bench.effects(lagSeconds: lagSeconds, faults: faults)
            effects.register(vendor)
        }

        func plan(_ content: String = "cube") async throws {
            try await bench.database.transaction { transaction in
                try await effects.plan(
                    FakeVendor.self, reference: reference, request: .init(content: content), subject: nil,
                    in: transaction)
                try await bench.outbox.enqueue(NewJob("test.make"), in: transaction)
            }
        }

        var system: JobSystem {
            bench.system(
                [
                    JobRegistration("test.make", timeoutSeconds: 20) { job in
                        let outcome = try await effects.perform(
                            vendor, reference: reference, job: job, onSent: { $0.afterCommit { seen.add("sent") } },
                            onUnknown: { $0.afterCommit { seen.add("unknown") } })
                        guard case .made(let receipt, let record) = outcome else {
                            return { _ in seen.add("cancelled") }
                        }
                        return { transaction in
                            try await record(transaction)
                            seen.add("made \(receipt.id)")
                        }
                    }
                ], effects: effects, faults: faults)
        }

        func run(until state: String = "done") async throws {
            try await whileRunning(system) {
                try await eventually("the job is \(state)") {
                    try await bench.count(state, kind: "test.make") == 1
                }
            }
        }

        func effect<Value: SQLDecodable>(_ column: String, as type: Value.Type = Value.self) async throws -> Value {
            try await bench.database.query("SELECT * FROM jobs.effect WHERE reference = \(reference)")[0](column)
        }
    }

    @Test func anEffectIsMadeOnceAndASecondJobGetsItsReceipt() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor())
            try await scene.plan()
            try await scene.run()
            try await scene.plan("another content, which changes nothing")
            try await whileRunning(scene.system) {
                try await eventually("both are done") { try await scene.bench.count("done", kind: "test.make") == 2 }
            }
            #expect(scene.vendor.now.sends == 1)
            #expect(scene.vendor.alive.map(\.content) == ["cube"])
            #expect(scene.seen.all == ["sent", "made 100", "made 100"])
            #expect(try await scene.effect("state") == "done")
            #expect(try await scene.effect("was_unknown", as: Bool.self) == false)
            #expect(scene.vendor.now.lookUps == 0)
        }
    }

    @Test func aLostAnswerIsLookedUpAfterTheLagAndAdopted() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostAfter]), lagSeconds: 0.2)
            let started = ContinuousClock.now
            try await scene.plan()
            try await scene.run()
            #expect(ContinuousClock.now - started >= .milliseconds(250))
            #expect(scene.vendor.now.sends == 1)
            #expect(scene.vendor.now.lookUps == 1)
            #expect(scene.seen.all == ["sent", "unknown", "made 100"])
            #expect(try await scene.effect("state") == "done")
            #expect(try await scene.effect("was_unknown", as: Bool.self))
            #expect(try await scene.effect("vendor_id") == "100")
        }
    }

    @Test func aRequestThatNeverArrivedIsSentAgainOnlyAfterALook() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostBefore, .lostBefore]))
            try await scene.plan()
            try await scene.run()
            #expect(scene.vendor.now.sends == 3)
            // One before each re-send, one after each that was not the first and was answered.
            #expect(scene.vendor.now.lookUps == 3)
            #expect(scene.vendor.alive.count == 1)
            #expect(try await scene.effect("sends", as: Int.self) == 3)
        }
    }

    @Test func aLateEffectIsFoundByTheLookAfterTheSecondSend() async throws {
        try await withDatabase { database in
            let vendor = FakeVendor([.late])
            let scene = Scene(
                database, vendor,
                faults: FaultPoints { point in if point == .afterSend { vendor.applyLate() } })
            try await scene.plan()
            try await scene.run()
            #expect(vendor.now.sends == 2)
            #expect(vendor.alive.map(\.id) == ["100"])
            #expect(vendor.now.cancelled == ["101"])
            #expect(try await scene.effect("receipt", as: String.self) == #"{"id": "100"}"#)
            #expect(try await scene.effect("extras_cancelled", as: Int.self) == 1)
        }
    }

    @Test func anEvenLaterEffectIsCancelledByTheSweepAndTheRecordedOneStays() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.late]))
            try await scene.plan()
            try await scene.run()
            scene.vendor.applyLate()
            #expect(scene.vendor.alive.map(\.id) == ["100", "101"])
            try await sweep(scene)
            #expect(scene.vendor.alive.map(\.id) == ["100"])
            #expect(try await scene.effect("extras_cancelled", as: Int.self) == 1)
        }
    }

    @Test func theSweepCancelsNothingWhenItCannotTellWhichIsOurs() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostBefore]))
            try await scene.plan()
            try await scene.run()
            scene.vendor.change { state in
                state.items = ["7", "8"].map { .init(id: $0, reference: Self.reference, content: "cube") }
            }
            try await sweep(scene)
            #expect(scene.vendor.alive.count == 2)
            #expect(scene.vendor.now.cancelled == [])
        }
    }

    @Test func theSweepLeavesWhatWasCertainlySentOnceAlone() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor())
            try await scene.plan()
            try await scene.run()
            try await sweep(scene)
            #expect(scene.vendor.now.lookUps == 0)
        }
    }

    @Test func aClearRefusalLeavesTheEffectPlannedAndCountsAsItSays() async throws {
        try await withDatabase { database in
            let scene = Scene(
                database,
                FakeVendor([.notMade(.notNow(retryAfterSeconds: 0.01)), .notMade(.wrong), .notMade(.rejected)]))
            try await scene.plan()
            try await scene.run(until: "dead")
            #expect(scene.vendor.now.sends == 3)
            #expect(scene.vendor.now.lookUps == 0)
            #expect(try await scene.effect("state") == "planned")
            #expect(try await scene.effect("sends", as: Int.self) == 0)
            #expect(scene.seen.all == ["sent", "sent", "sent"])
        }
    }

    @Test func aRefusalAfterADoubtfulSendThatLeftNothingIsPlannedAgain() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.late, .notMade(.rejected)]))
            try await scene.plan()
            try await scene.run(until: "dead")
            #expect(try await scene.effect("state") == "planned")
            #expect(try await scene.effect("sends", as: Int.self) == 0)
            #expect(try await scene.effects.unsettled(olderThanSeconds: 0).isEmpty)

            // What arrives even later is found by whoever tries again, before anything is sent.
            scene.vendor.applyLate()
            try await scene.bench.enqueue(NewJob("test.make"))
            try await scene.run()
            #expect(scene.vendor.now.sends == 2)
            #expect(scene.vendor.alive.map(\.id) == ["100"])
            #expect(try await scene.effect("vendor_id") == "100")
        }
    }

    @Test func whatArrivesAfterItWasGivenUpIsCancelledByTheSweep() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.late, .notMade(.rejected)]))
            try await scene.plan()
            try await scene.run(until: "dead")
            let isTakenBack = try await database.transaction {
                try await scene.effects.cancelPlanned(reference: Self.reference, in: $0)
            }
            #expect(isTakenBack)
            scene.vendor.applyLate()
            try await sweep(scene)
            #expect(scene.vendor.alive.isEmpty)
            #expect(try await scene.effect("extras_cancelled", as: Int.self) == 1)
        }
    }

    @Test func aRefusalOfASecondSendBecauseTheFirstArrivedIsAdopted() async throws {
        try await withDatabase { database in
            let vendor = FakeVendor([.late, .notMade(.rejected)])
            let scene = Scene(
                database, vendor,
                faults: FaultPoints { point in if point == .beforeSend, vendor.now.sends == 1 { vendor.applyLate() } })
            try await scene.plan()
            try await scene.run()
            #expect(vendor.alive.map(\.id) == ["100"])
            #expect(try await scene.effect("state") == "done")
        }
    }

    @Test func aRefusalStaysInDoubtWhileTheVendorCannotBeAsked() async throws {
        try await withDatabase { database in
            let vendor = FakeVendor([.late, .notMade(.rejected), .notMade(.rejected)])
            let scene = Scene(
                database, vendor,
                faults: FaultPoints { point in
                    if point == .beforeSend, vendor.now.sends == 1 { vendor.change { $0.lookUpFailures = 1 } }
                })
            try await scene.plan()
            try await scene.run(until: "dead")
            #expect(vendor.now.sends == 3)
            #expect(try await scene.effect("state") == "planned")
        }
    }

    @Test func whatIsNotEqualIsNotAdoptedAndNotSentAgain() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostAfter]), lagSeconds: 0.1)
            try await scene.plan()
            let changed = scene.vendor
            try await whileRunning(scene.system) {
                try await eventually("it was sent") { changed.now.sends == 1 }
                changed.change { $0.items[0].content = "sphere" }
                try await eventually("dead") { try await scene.bench.count("dead", kind: "test.make") == 1 }
            }
            #expect(changed.now.sends == 1)
            #expect(try await scene.effect("state") == "unknown")
            let error: String = try await scene.effect("last_error")
            #expect(error.contains("fake.thing 100 carries our reference thing-1"))
        }
    }

    @Test func whatWasDeletedAtTheVendorIsMadeAgain() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostAfter]), lagSeconds: 0.1)
            try await scene.plan()
            try await whileRunning(scene.system) {
                try await eventually("it was sent") { scene.vendor.now.sends == 1 }
                scene.vendor.change { $0.items[0].isAlive = false }
                try await eventually("done") { try await scene.bench.count("done", kind: "test.make") == 1 }
            }
            #expect(scene.vendor.alive.map(\.id) == ["101"])
        }
    }

    @Test func aLookThatFailsNeverGivesUpAnUnknownOutcome() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostAfter]))
            scene.vendor.change { $0.lookUpFailures = 6 }
            try await scene.plan()
            try await scene.run()
            #expect(scene.vendor.now.sends == 1)
            #expect(scene.vendor.alive.count == 1)
            #expect(
                try await scene.bench.one(
                    "SELECT wrong_count FROM jobs.job WHERE kind = 'test.make'", as: Int.self) == 0)
        }
    }

    @Test func aPlannedEffectCanBeTakenBackAndASentOneCannot() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor())
            try await scene.plan()
            let cancelled = try await database.transaction {
                try await scene.effects.cancelPlanned(reference: Self.reference, in: $0)
            }
            #expect(cancelled)
            try await scene.run()
            #expect(scene.vendor.now.sends == 0)
            #expect(scene.seen.all == ["cancelled"])

            try await database.execute("UPDATE jobs.effect SET state = 'planned'")
            try await scene.bench.enqueue(NewJob("test.make"))
            try await whileRunning(scene.system) {
                try await eventually("made") { scene.vendor.alive.count == 1 }
            }
            let late = try await database.transaction {
                try await scene.effects.cancelPlanned(reference: Self.reference, in: $0)
            }
            #expect(!late)
        }
    }

    /// The process dies at each point; the next one finishes the work. A throw stands for the death here, the kill
    /// tests of the whole system do it for real.
    @Test(arguments: FaultPoints.Point.allCases)
    func whereverItStopsTheEffectIsMadeOnce(point: FaultPoints.Point) async throws {
        try await withDatabase { database in
            let stops = Notes<Bool>()
            let faults = FaultPoints { reached in
                if reached == point, stops.count == 0 {
                    stops.add(true)
                    throw Bench.NoRow()
                }
            }
            let scene = Scene(database, FakeVendor(), faults: faults)
            try await scene.plan()
            try await scene.run()
            #expect(scene.vendor.alive.count == 1)
            #expect(try await scene.effect("state") == "done")
        }
    }

    private func sweep(_ scene: Scene) async throws {
        let before = try await scene.bench.count("done", kind: "jobs.reconcile-effects")
        try await scene.bench.moveClock(bySeconds: 3600)
        try await whileRunning(scene.system) {
            try await eventually("a sweep is done") {
                try await scene.bench.count("done", kind: "jobs.reconcile-effects") > before
            }
        }
    }
}
