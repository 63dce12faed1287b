import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// Owners that overtake one another: only the latest may send, and only the latest may record.
@Suite struct EffectFenceTests {
    private static let reference = "thing-1"

    private func plan(_ effects: Effects, _ database: Database) async throws {
        try await database.transaction { transaction in
            try await effects.plan(
                FakeVendor.self, reference: Self.reference, request: .init(content: "cube"), subject: nil,
                in: transaction)
        }
    }

    private func perform(_ effects: Effects, _ vendor: FakeVendor, _ job: Job) async throws -> Commit {
        guard case .made(_, let record) = try await effects.perform(vendor, reference: Self.reference, job: job)
        else { return { _ in } }
        return record
    }

    private func state(_ database: Database) async throws -> String {
        try await database.query("SELECT state FROM jobs.effect")[0]("state")
    }

    @Test func anOlderOwnerSendsNothingAfterANewerOne() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let vendor = FakeVendor()
            try await plan(effects, database)
            let older = try await bench.jobInHand()
            let newer = try await bench.jobInHand()
            let record = try await perform(effects, vendor, newer)
            await #expect(throws: (any Error).self) { _ = try await perform(effects, vendor, older) }
            #expect(vendor.now.sends == 1)
            try await database.transaction { try await record($0) }
            #expect(try await state(database) == "done")
        }
    }

    @Test func anOlderOwnerRecordsNothingAfterANewerOneTookOver() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let vendor = FakeVendor(callTimeoutSeconds: 0)
            try await plan(effects, database)
            let older = try await bench.jobInHand()
            let stale = try await perform(effects, vendor, older)
            try await bench.waitUntilNoCallCanBegin()
            let newer = try await bench.jobInHand()
            let record = try await perform(effects, vendor, newer)
            await #expect(throws: (any Error).self) { try await database.transaction { try await stale($0) } }
            #expect(try await state(database) == "unknown")
            try await database.transaction { try await record($0) }
            #expect(try await state(database) == "done")
            #expect(vendor.now.sends == 1)
        }
    }

    /// A kill matrix lost a parcel by it: the owner that was frozen before the wire took its `sent` back between the look
    /// and the take-over of the next, which ended its job as if somebody else had the effect.
    @Test func anIntentThatItsOlderOwnerTakesBackMeanwhileIsTriedAgain() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let vendor = FakeVendor(callTimeoutSeconds: 0)
            try await plan(effects, database)
            // It never came to the wire, and its answer is lost with it.
            _ = try await perform(effects, FakeVendor(callTimeoutSeconds: 0), try await bench.jobInHand())
            let next = try await bench.jobInHand()
            await #expect(throws: JobFailure.self) {
                _ = try await effects.perform(
                    vendor, reference: Self.reference, job: next,
                    onUnknown: { _ in
                        // On a connection of its own, as the older owner's.
                        _ = try await Task.detached {
                            try await database.execute(
                                "UPDATE jobs.effect SET state = 'planned', sent_at = NULL, sends = 0 WHERE state = 'sent'"
                            )
                        }.value
                    })
            }
            #expect(try await state(database) == "planned")
            let record = try await perform(effects, vendor, try await bench.jobInHand())
            try await database.transaction { try await record($0) }
            #expect(vendor.now.sends == 1)
            #expect(try await state(database) == "done")
        }
    }

    @Test func aLeaseThatIsLostAfterTheIntentStopsTheCall() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let vendor = FakeVendor()
            let effects = bench.effects(
                faults: FaultPoints { point in
                    if point == .afterIntentCommit { try await bench.stealClaim(of: "test.held") }
                })
            try await plan(effects, database)
            let job = try await bench.jobInHand()
            await #expect(throws: (any Error).self) { _ = try await perform(effects, vendor, job) }
            #expect(vendor.now.sends == 0)
            #expect(try await state(database) == "planned")
        }
    }

    @Test func aProcessThatWasFrozenRightBeforeTheWireDoesNotSend() async throws {
        try await withDatabase { database in
            var bench = Bench(database)
            bench.settings.leaseSeconds = 0.05
            let vendor = FakeVendor()
            let effects = bench.effects(faults: try FaultPoints(parsing: "before-send:delay-80"))
            try await plan(effects, database)
            let job = try await bench.jobInHand()
            await #expect(throws: JobFailure.self) { _ = try await perform(effects, vendor, job) }
            #expect(vendor.now.sends == 0)
            #expect(try await state(database) == "planned")
        }
    }

    @Test(arguments: [(20.0, 30.0), (40.0, 40.0)])
    func theLeaseOutlastsTheCall(callTimeoutSeconds: Double, leaseSeconds: Double) async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            try await plan(effects, database)
            let job = try await bench.jobInHand(leaseSeconds: 1)
            _ = try await perform(effects, FakeVendor(callTimeoutSeconds: callTimeoutSeconds), job)
            let seconds: Double = try await bench.one(
                "SELECT EXTRACT(EPOCH FROM lease_until - jobs.clock()) FROM jobs.job WHERE id = \(job.id)")
            #expect(seconds > leaseSeconds - 5 && seconds <= leaseSeconds)
        }
    }

    @Test func aRunWithoutTimeForTheCallDoesNotBeginIt() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let vendor = FakeVendor(callTimeoutSeconds: 20)
            try await plan(effects, database)
            let held = try await bench.jobInHand()
            let job = Job(
                id: held.id, kind: held.kind, payload: "{}", subject: nil, fence: held.fence, claims: 1,
                correlationID: held.correlationID, deadline: .now + .seconds(19))
            await #expect(throws: JobFailure.self) { _ = try await perform(effects, vendor, job) }
            #expect(vendor.now.sends == 0)
            #expect(try await state(database) == "planned")
        }
    }

    @Test func anUnplannedOrStrangeEffectIsAnError() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let effects = bench.effects()
            let job = try await bench.jobInHand()
            await #expect(throws: JobFailure.self) { _ = try await perform(effects, FakeVendor(), job) }
            try await plan(effects, database)
            try await database.execute("UPDATE jobs.effect SET kind = 'other.thing'")
            await #expect(throws: JobFailure.self) { _ = try await perform(effects, FakeVendor(), job) }
        }
    }
}
