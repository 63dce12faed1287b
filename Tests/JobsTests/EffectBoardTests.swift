import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// An operator decides what is not known.
@Suite struct EffectBoardTests {
    private static let reference = "thing-1"
    private static let act = OperatorAct(by: "operator", reason: "looked at the vendor")

    private struct Scene: Sendable {
        let bench: Bench
        let vendor: FakeVendor
        let post: FakePost
        let effects: Effects
        let about = subject()
        let made = Notes<String>()

        init(_ database: Database, _ vendor: FakeVendor = FakeVendor(), _ post: FakePost = FakePost()) {
            bench = Bench(database)
            self.vendor = vendor
            self.post = post
            effects = bench.effects()
            effects.register(vendor)
            effects.register(once: post)
        }

        var board: EffectBoard { EffectBoard(database: bench.database, outbox: bench.outbox, effects: effects) }

        func resolve(_ decision: EffectBoard.Decision, vendorID: String? = nil) async throws -> EffectBoard.Answer {
            try await board.resolve(reference, as: decision, vendorID: vendorID, by: act)
        }

        var state: EffectView.State? {
            get async throws { try await board.effect(reference)?.view.state }
        }

        func plan(isMail: Bool = false) async throws {
            try await bench.database.transaction { transaction in
                if isMail {
                    try await effects.plan(
                        FakePost.self, reference: reference, request: .init(to: "jane@example.com"), subject: about,
                        in: transaction)
                } else {
                    try await effects.plan(
                        FakeVendor.self, reference: reference, request: .init(content: "cube"), subject: about,
                        in: transaction)
                }
                try await bench.outbox.enqueue(
                    NewJob(isMail ? "test.mail" : "test.make", subject: about), in: transaction)
            }
        }

        func run(until condition: () async throws -> Bool) async throws {
            let registrations = [
                JobRegistration("test.make", timeoutSeconds: 20) { job in
                    let outcome = try await effects.perform(vendor, reference: reference, job: job)
                    guard case .made(let receipt, let record) = outcome else { return { _ in } }
                    return { transaction in
                        try await record(transaction)
                        transaction.afterCommit { made.add(receipt.id) }
                    }
                },
                JobRegistration("test.mail", timeoutSeconds: 20) { job in
                    let outcome = try await effects.performOnce(post, reference: reference, job: job)
                    guard case .made(let receipt, let record) = outcome else { return { _ in } }
                    return { transaction in
                        try await record(transaction)
                        transaction.afterCommit { made.add(receipt?.queueID ?? "by word") }
                    }
                },
            ]
            try await whileRunning(bench.system(registrations, effects: effects)) {
                try await eventually("it happened", condition)
            }
        }

        /// Found with another content: in doubt until an operator decides, its job dead.
        func becomeForeign() async throws {
            try await plan()
            try await run { try await bench.count("dead", kind: "test.make") == 1 }
        }

        var events: Int {
            get async throws {
                try await bench.one("SELECT count(*) FROM jobs.event WHERE name = 'effect.resolved'")
            }
        }
    }

    @Test func madeAdoptsWhatTheVendorHoldsAndTheJobGoesOn() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostChanged]))
            try await scene.becomeForeign()
            #expect(try await scene.state == .unknown)
            let detail = try #require(try await scene.board.effect(Self.reference))
            #expect(detail.found?.map(\.vendorId) == ["100"])
            #expect(detail.found?.map(\.isSameContent) == [false])
            guard case .done = try await scene.resolve(.made, vendorID: "100") else { return #expect(Bool(false)) }
            #expect(try await scene.state == .done)
            try await scene.run { scene.made.count == 1 }
            #expect(scene.made.all == ["100"])
            #expect(scene.vendor.now.sends == 1)
            #expect(try await scene.events == 1)
        }
    }

    @Test func whatTheVendorDoesNotHoldUnderOurReferenceIsNotAdopted() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostChanged]))
            try await scene.becomeForeign()
            guard case .notThere(let found) = try await scene.resolve(.made, vendorID: "7") else {
                return #expect(Bool(false))
            }
            #expect(found.map(\.vendorId) == ["100"])
            #expect(try await scene.state == .unknown)
            scene.vendor.change { $0.items[0].isAlive = false }
            guard case .notThere = try await scene.resolve(.made, vendorID: "100") else { return #expect(Bool(false)) }
            scene.vendor.change { $0.lookUpFailures = 1 }
            guard case .lookUpFailed = try await scene.resolve(.made) else { return #expect(Bool(false)) }
            #expect(try await scene.events == 0)
        }
    }

    @Test func notMadeIsSentAgainAfterALook() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostChanged]))
            try await scene.becomeForeign()
            scene.vendor.change { $0.items[0].isAlive = false }
            guard case .done = try await scene.resolve(.notMade) else { return #expect(Bool(false)) }
            #expect(try await scene.state == .planned)
            try await scene.run { scene.made.count == 1 }
            #expect(scene.vendor.alive.map(\.id) == ["101"])
            #expect(try await scene.board.effect(Self.reference)?.resolvedAs == "not-made")
        }
    }

    @Test func notMadeThatWasMadeAfterAllIsFoundAndNotSentAgain() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostChanged]))
            try await scene.becomeForeign()
            scene.vendor.change { $0.items[0].content = "cube" }
            _ = try await scene.resolve(.notMade)
            try await scene.run { scene.made.count == 1 }
            #expect(scene.vendor.now.sends == 1)
            #expect(scene.made.all == ["100"])
        }
    }

    @Test func withoutAJobNothingIsDecidedThatNeedsOne() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostChanged]))
            try await scene.becomeForeign()
            // As one from before 0011, which does not know what its job was.
            try await database.execute("DELETE FROM jobs.job")
            try await database.execute("UPDATE jobs.effect SET job_kind = NULL, job_payload = NULL")
            guard case .noJob = try await scene.resolve(.notMade) else { return #expect(Bool(false)) }
            #expect(try await scene.state == .unknown)
            let told: Int = try await scene.bench.one("SELECT count(*) FROM jobs.event WHERE name = 'effect.resolved'")
            #expect(told == 0)
        }
    }

    @Test func askAgainHasTheJobLookAgain() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostChanged]))
            try await scene.becomeForeign()
            scene.vendor.change { $0.items[0].content = "cube" }
            guard case .done = try await scene.resolve(.askAgain) else { return #expect(Bool(false)) }
            try await scene.run { scene.made.count == 1 }
            #expect(scene.vendor.now.sends == 1)
        }
    }

    @Test(arguments: [EffectBoard.Decision.made, .notMade])
    func aMailIsDecidedByWord(decision: EffectBoard.Decision) async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor(), FakePost([.lost(isDelivered: false)]))
            try await scene.plan(isMail: true)
            try await scene.run { try await scene.bench.count("done", kind: "test.mail") == 1 }
            #expect(try await scene.state == .unknown)
            #expect(try await scene.effects.lasting(about: [scene.about])[scene.about]?.count == 1)
            guard case .cannotAsk = try await scene.resolve(.askAgain) else { return #expect(Bool(false)) }
            guard case .done = try await scene.resolve(decision) else { return #expect(Bool(false)) }
            try await scene.run { scene.made.count == 1 }
            #expect(scene.post.now.sends == (decision == .made ? 1 : 2))
            #expect(scene.made.all == [decision == .made ? "by word" : "Q2"])
            #expect(try await scene.state == .done)
            #expect(try await scene.effects.lasting(about: [scene.about]).isEmpty)
        }
    }

    @Test func aRunThatStillWorksOnItRecordsNothingAfterADecision() async throws {
        try await withDatabase { database in
            let scene = Scene(database, FakeVendor([.lostAfter], callTimeoutSeconds: 0))
            try await scene.plan()
            try await database.execute("DELETE FROM jobs.job WHERE kind = 'test.make'")
            let first = try await scene.bench.jobInHand("test.make")
            await #expect(throws: JobFailure.self) {
                _ = try await scene.effects.perform(scene.vendor, reference: Self.reference, job: first)
            }
            try await scene.bench.moveClock(bySeconds: 60)
            let late = try await scene.bench.jobInHand("test.make", leaseSeconds: 600)
            guard
                case .made(_, let stale) = try await scene.effects.perform(
                    scene.vendor, reference: Self.reference, job: late)
            else { return #expect(Bool(false)) }
            // It holds what it found and is about to record it.
            guard case .done = try await scene.resolve(.notMade) else { return #expect(Bool(false)) }
            await #expect(throws: (any Error).self) { try await database.transaction { try await stale($0) } }
            #expect(try await scene.state == .planned)
            #expect(try await scene.bench.count("ready", kind: "test.make") == 1)
        }
    }

    @Test func whatIsNotInDoubtCannotBeDecided() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            guard case .noSuchEffect = try await scene.resolve(.made) else { return #expect(Bool(false)) }
            try await scene.plan()
            guard case .notOpen(.planned) = try await scene.resolve(.notMade) else { return #expect(Bool(false)) }
            try await scene.run { scene.made.count == 1 }
            guard case .notOpen(.done) = try await scene.resolve(.notMade) else { return #expect(Bool(false)) }
            #expect(try await scene.events == 0)
        }
    }

    @Test func theListShowsTheUnsettledOnesPageByPage() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            for number in 1...5 {
                try await database.execute(
                    """
                    INSERT INTO jobs.effect (reference, kind, state, correlation_id, request, sends, sent_at, unknown_at,
                        subject, planned_at)
                    VALUES (\("e-\(number)"), 'fake.thing', 'unknown', 'c', '{}', 1, jobs.clock(), jobs.clock(),
                        \(scene.about), jobs.clock() + make_interval(secs => \(Double(number))))
                    """)
            }
            try await scene.plan()
            var search = EffectBoard.Search(limit: 2)
            search.subject = scene.about
            #expect(try await scene.board.effects(search).map(\.reference) == ["e-5", "e-4"])
            search.before = "e-4"
            #expect(try await scene.board.effects(search).map(\.reference) == ["e-3", "e-2"])
            search.before = nil
            search.state = .planned
            #expect(try await scene.board.effects(search).map(\.reference) == [Self.reference])
            search.kind = "other"
            #expect(try await scene.board.effects(search).isEmpty)
        }
    }
}
