import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// Mail and push: at most once, and what is not known stays visible.
@Suite struct EffectOnceTests {
    private static let reference = "mail-1"

    /// A job that sends one mail, and what was written down about it.
    private struct Scene: Sendable {
        let bench: Bench
        let post: FakePost
        let effects: Effects
        let faults: FaultPoints
        let seen = Notes<String>()

        init(_ database: Database, _ post: FakePost, faults: FaultPoints = .none) {
            var bench = Bench(database)
            bench.settings.retriesMaximum = 3
            bench.settings.leaseSeconds = 0.6
            self.bench = bench
            self.post = post
            self.faults = faults
            effects = bench.effects(faults: faults)
        }

        func plan() async throws {
            try await bench.database.transaction { transaction in
                try await effects.plan(
                    FakePost.self, reference: reference, request: .init(to: "jane"), subject: nil, in: transaction)
                try await bench.outbox.enqueue(NewJob("test.mail"), in: transaction)
            }
        }

        func run(until state: String = "done") async throws {
            let registration = JobRegistration("test.mail", timeoutSeconds: 20) { job in
                let outcome = try await effects.performOnce(
                    post, reference: reference, job: job, onSent: { $0.afterCommit { seen.add("sent") } },
                    onUnknown: { $0.afterCommit { seen.add("unknown") } })
                switch outcome {
                case .made(let receipt, let record):
                    return { transaction in
                        try await record(transaction)
                        seen.add("made \(receipt?.queueID ?? "by word")")
                    }
                case .cancelled: return { _ in seen.add("cancelled") }
                case .unknown: return { _ in seen.add("ended") }
                }
            }
            try await whileRunning(bench.system([registration], effects: effects, faults: faults)) {
                try await eventually("the job is \(state)") { try await bench.count(state, kind: "test.mail") == 1 }
            }
        }

        /// What was seen; a start that a busy machine was too slow for, and that was taken back before the call, once.
        var story: [String] {
            seen.all.reduce(into: []) { story, note in if note != "sent" || story.last != note { story.append(note) } }
        }

        var effectState: String {
            get async throws { try await bench.one("SELECT state FROM jobs.effect") }
        }
    }

    @Test func aMailIsSentAndRecorded() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakePost())
            try await scene.plan()
            try await scene.run()
            #expect(scene.post.now.delivered == 1)
            #expect(scene.story == ["sent", "made Q1"])
            #expect(try await scene.effectState == "done")
        }
    }

    @Test(arguments: [true, false])
    func aLostAnswerIsUnknownAtOnceAndNeverSentAgain(isDelivered: Bool) async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakePost([.lost(isDelivered: isDelivered)]))
            try await scene.plan()
            try await scene.run()
            #expect(scene.post.now.sends == 1)
            #expect(scene.story == ["sent", "unknown", "ended"])
            #expect(try await scene.effectState == "unknown")
            #expect(try await scene.effects.unsettled(olderThanSeconds: 0).map(\.reference) == [Self.reference])
            // Whoever runs it again, by whatever way, sends nothing.
            try await scene.bench.enqueue(NewJob("test.mail"))
            try await whileEnded(scene, count: 2)
            #expect(scene.post.now.sends == 1)
            #expect(try await scene.effectState == "unknown")
        }
    }

    @Test func whatFailsBeforeTheWireIsTriedAgain() async throws {
        try await withDatabase { database in
            let scene = Scene(
                database, FakePost([.notMade(.notNow(retryAfterSeconds: nil)), .notMade(.wrong)]),
                faults: try FaultPoints(parsing: "before-send/fake.post:drop*1,after-intent-commit:drop*1"))
            try await scene.plan()
            try await scene.run()
            #expect(scene.post.now.sends == 3)
            #expect(scene.post.now.delivered == 1)
            #expect(try await scene.effectState == "done")
        }
    }

    @Test func whatIsRefusedIsPlannedAgainAndItsJobDead() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakePost([.notMade(.rejected)]))
            try await scene.plan()
            try await scene.run(until: "dead")
            #expect(try await scene.effectState == "planned")
        }
    }

    /// The worker dies at each point, as a throw that reaches nobody's hands here; the whole system's kill tests do it
    /// for real. Never two, and what may have been sent is done or visible.
    @Test(arguments: FaultPoints.Point.allCases)
    func whereverItBreaksItIsSentAtMostOnce(point: FaultPoints.Point) async throws {
        try await withDatabase { database in
            let scene = Scene(
                database, FakePost(),
                faults: try FaultPoints(parsing: "\(point.rawValue)\(Self.kind(at: point)):drop*1"))
            try await scene.plan()
            try await scene.run()
            #expect(scene.post.now.sends == 1)
            let state = try await scene.effectState
            let isAfterTheWire = [.afterSend, .beforeCompletionCommit].contains(point)
            #expect(state == (isAfterTheWire ? "unknown" : "done"))
        }
    }

    /// Other jobs end meanwhile, too.
    private static func kind(at point: FaultPoints.Point) -> String {
        [.beforeCompletionCommit, .afterCompletionCommit].contains(point) ? "/fake.post" : ""
    }

    @Test func theStartOfAnOwnerThatDiedIsUnknown() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakePost())
            try await scene.plan()
            let older = try await scene.bench.jobInHand()
            guard
                case .made(_, let stale) = try await scene.effects.performOnce(
                    scene.post, reference: Self.reference, job: older)
            else { return #expect(Bool(false), "it is made") }
            let newer = try await scene.bench.jobInHand()
            guard
                case .unknown = try await scene.effects.performOnce(
                    scene.post, reference: Self.reference, job: newer)
            else { return #expect(Bool(false), "it is not known") }
            await #expect(throws: (any Error).self) { try await database.transaction { try await stale($0) } }
            #expect(scene.post.now.sends == 1)
            #expect(try await scene.effectState == "unknown")
        }
    }

    @Test func aMailThatWasTakenBackIsNotSent() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakePost())
            try await scene.plan()
            _ = try await database.transaction {
                try await scene.effects.cancelPlanned(reference: Self.reference, in: $0)
            }
            try await scene.run()
            #expect(scene.seen.all == ["cancelled"])
            #expect(scene.post.now.sends == 0)
        }
    }

    private func whileEnded(_ scene: Scene, count: Int) async throws {
        let registration = JobRegistration("test.mail") { job in
            _ = try await scene.effects.performOnce(scene.post, reference: Self.reference, job: job)
            return { _ in }
        }
        try await whileRunning(scene.bench.system([registration], effects: scene.effects)) {
            try await eventually("ended") { try await scene.bench.count("done", kind: "test.mail") == count }
        }
    }
}
