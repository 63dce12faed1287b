import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// A worker that stands still past its lease and comes back: wherever it stood, there is one.
@Suite(.timeLimit(.minutes(5))) struct EffectFreezeTests {
    private static let reference = "thing-1"

    /// Lets the first that comes stand still until the gate is opened.
    private final class Freeze: Sendable {
        let gate = Gate()
        let frozen = Gate()
        private let visits = Notes<Bool>()

        func visit() async {
            visits.add(true)
            guard visits.count == 1 else { return }
            await frozen.open()
            await gate.pass()
        }
    }

    /// What the late owner did after the newer one was done.
    private struct Outcome {
        let vendor: FakeVendor
        let lateError: (any Error)?
        let state: String
    }

    private func race(
        _ database: Database, _ vendor: FakeVendor, _ freeze: Freeze, at point: FaultPoints.Point?
    ) async throws -> Outcome {
        var bench = Bench(database)
        // Short, and yet longer than a busy machine takes from the commit to the wire.
        bench.settings.leaseSeconds = 1
        let late = bench.effects(
            faults: FaultPoints { reached in if reached == point { await freeze.visit() } })
        let newer = bench.effects()
        try await database.transaction { transaction in
            try await newer.plan(
                FakeVendor.self, reference: Self.reference, request: .init(content: "cube"), subject: nil,
                in: transaction)
        }
        let older = try await bench.jobInHand()
        async let lateRun: (any Error)? = {
            var failure: (any Error)?
            do {
                if case .made(_, let record) = try await late.perform(vendor, reference: Self.reference, job: older) {
                    try await database.transaction { try await record($0) }
                }
            } catch {
                failure = error
            }
            // One that never comes to the point shall fail the test, not hold it.
            await freeze.frozen.open()
            return failure
        }()
        await freeze.frozen.pass()
        let began = ContinuousClock.now
        // Another worker has the job now, and again and again until it is done.
        try await bench.stealClaim(of: "test.held")
        try await eventually("the newer owner is done") {
            let job = try await bench.jobInHand("test.newer")
            guard
                case .made(_, let record) = try? await newer.perform(vendor, reference: Self.reference, job: job)
            else { return false }
            try await database.transaction { try await record($0) }
            return true
        }
        // It stands still until its lease and the longest call are certainly over.
        try await eventually("the lease has run out") { ContinuousClock.now - began > .milliseconds(1_200) }
        await freeze.gate.open()
        let error = await lateRun
        return Outcome(
            vendor: vendor, lateError: error, state: try await bench.one("SELECT state FROM jobs.effect"))
    }

    @Test func beforeTheWireNothingIsSentAnyMore() async throws {
        try await withDatabase { database in
            let outcome = try await race(database, FakeVendor(), Freeze(), at: .beforeSend)
            #expect(outcome.lateError != nil)
            #expect(outcome.vendor.now.sends == 1)
            #expect(outcome.state == "done")
        }
    }

    @Test func afterTheAnswerTheNewerOwnerHasAdoptedIt() async throws {
        try await withDatabase { database in
            let outcome = try await race(database, FakeVendor(), Freeze(), at: .afterSend)
            #expect(outcome.lateError != nil)
            #expect(outcome.vendor.now.sends == 1)
            #expect(outcome.vendor.alive.map(\.id) == ["100"])
            #expect(outcome.state == "done")
        }
    }

    /// In the shared budget, in a hand-over between threads: the look at the clock is over, the wire not yet reached.
    @Test func onTheWayToTheWireItsTimeIsOver() async throws {
        try await withDatabase { database in
            let freeze = Freeze()
            let outcome = try await race(
                database, FakeVendor(beforeWire: { await freeze.visit() }), freeze, at: nil)
            #expect(outcome.lateError != nil)
            #expect(outcome.vendor.now.sends == 1)
            #expect(outcome.vendor.now.cancelled.isEmpty)
            #expect(outcome.state == "done")
        }
    }

    /// Between the last check and the wire no check of ours can help: the late one goes as soon as it wakes.
    @Test func onTheWireTheLateOneIsCancelledAtOnce() async throws {
        try await withDatabase { database in
            let freeze = Freeze()
            let vendor = FakeVendor(onWire: { await freeze.visit() })
            let outcome = try await race(database, vendor, freeze, at: nil)
            #expect(outcome.lateError != nil)
            #expect(vendor.now.sends == 2)
            #expect(vendor.now.cancelled == ["101"])
            #expect(vendor.alive.map(\.id) == ["100"])
            #expect(outcome.state == "done")
        }
    }
}
