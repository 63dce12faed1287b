import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// The operator's hand in the queue.
@Suite struct JobBoardTests {
    private struct Scene: Sendable {
        let bench: Bench
        let board: JobBoard
        let act = OperatorAct(by: "operator", reason: "mended")

        init(_ database: Database) {
            bench = Bench(database)
            board = JobBoard(database: database, outbox: Outbox(wakeUps: WakeUps()))
        }

        /// A job in that state, as the queue would have left it.
        @discardableResult
        func add(
            _ state: JobState, kind: String = "test.work", error: String? = nil, subject: StreamID? = nil,
            uniqueKey: String? = nil
        ) async throws -> Int64 {
            let hasEnded = [JobState.done, .dead, .cancelled].contains(state)
            let isRunning = state == .running
            let wasClaimed = isRunning || state == .done
            return try await bench.one(
                """
                INSERT INTO jobs.job (kind, state, payload, correlation_id, last_error, subject, unique_key,
                    finished_at, claimed_at, lease_until, worker, fence, wrong_count)
                SELECT \(kind), \(state.rawValue), '{"email":"a@b.example","order":1}', 'c', \(error), \(subject),
                    \(uniqueKey), CASE WHEN \(hasEnded)::boolean THEN jobs.clock() END,
                    CASE WHEN \(wasClaimed)::boolean THEN jobs.clock() END,
                    CASE WHEN \(isRunning)::boolean THEN jobs.clock() + interval '1 minute' END,
                    CASE WHEN \(isRunning)::boolean THEN gen_random_uuid() END, nextval('jobs.fence'), 5
                RETURNING id
                """)
        }

        func state(_ id: Int64) async throws -> JobState? { try await board.job(id)?.view.state }

        func events(_ name: String, about subject: StreamID = .system) async throws -> [String] {
            try await bench.database.query(
                "SELECT data FROM jobs.event WHERE name = \(name) AND subject = \(subject) ORDER BY seq"
            ).map { try $0("data") }
        }
    }

    @Test func pagesAreStableAndFiltersSayWhatIsMeant() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            let order = subject()
            var ids: [Int64] = []
            for number in 0..<25 {
                let state = JobState.allCases[number % 5]
                ids.append(
                    try await scene.add(
                        state, kind: number < 20 ? "test.work" : "test.other",
                        error: state == .dead ? "Vendor said No \(number)" : nil, subject: number == 2 ? order : nil))
            }
            var seen: [Int64] = []
            var search = JobBoard.Search(limit: 7)
            while true {
                let page = try await scene.board.jobs(search)
                seen += page.map(\.id)
                // What comes in meanwhile is newer than every page that is still to come.
                try await scene.add(.ready)
                guard let last = page.last, page.count == 7 else { break }
                search.before = last.id
            }
            #expect(seen == ids.reversed())
            for state in JobState.allCases {
                var search = JobBoard.Search(limit: 100)
                search.state = state
                search.before = (ids.last ?? 0) + 1
                #expect(try await scene.board.jobs(search).map(\.state) == Array(repeating: state, count: 5))
            }
            var byKind = JobBoard.Search(limit: 100)
            byKind.kinds = ["test.other"]
            #expect(try await scene.board.jobs(byKind).count == 5)
            byKind.kinds = []
            #expect(try await scene.board.jobs(byKind).isEmpty)
            var byOrder = JobBoard.Search(limit: 100)
            byOrder.subject = order
            #expect(try await scene.board.jobs(byOrder).map(\.id) == [ids[2]])
            var byError = JobBoard.Search(limit: 100)
            byError.error = "said no 1"
            #expect(try await scene.board.jobs(byError).count == 2, "13 and 18; whatever the case")
            try await scene.add(.done, error: "Vendor said No 1")
            #expect(try await scene.board.jobs(byError).count == 2, "what is done needs to be asked for")
            byError.state = .done
            #expect(try await scene.board.jobs(byError).count == 1)
            byError.state = nil
            byError.error = "%"
            #expect(try await scene.board.jobs(byError).isEmpty, "text, not a pattern")
        }
    }

    @Test func aJobTellsWhatBecameOfEachAttempt() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            var bench = scene.bench
            bench.settings.retriesMaximum = 2
            try await bench.enqueue(NewJob("test.work"))
            let system = bench.system([
                JobRegistration("test.work") { _ in throw Refusal(retryVerdict: .wrong, operatorMessage: "no") }
            ])
            try await whileRunning(system) {
                try await eventually("it gave up") { try await scene.bench.count("dead") == 1 }
            }
            var search = JobBoard.Search(limit: 1)
            search.state = .dead
            let id = try #require(try await scene.board.jobs(search).first?.id)
            let job = try #require(try await scene.board.job(id))
            #expect(job.attempts.map(\.outcome) == ["wrong", "wrong", "dead"])
            #expect(job.attempts.map(\.fence) == job.attempts.map(\.fence).sorted())
            #expect(job.attempts.allSatisfy { $0.ended >= $0.started && $0.error?.contains("no") == true })
            #expect(job.worker == nil && job.leaseUntil == nil && job.fence == job.attempts.last?.fence)
            #expect(try await scene.board.job(id + 1_000) == nil)
            #expect(system.kinds[JobKind("test.work")] != nil && system.kinds[JobKind("test.newer")] == nil)
        }
    }

    @Test func aDeadJobComesBackWithItsTriesRenewedAndAnEventSaysWho() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            let order = subject()
            let id = try await scene.add(.dead, error: "no", subject: order)
            #expect(try await scene.board.retry(id, by: scene.act) == .done)
            #expect(try await scene.board.job(id)?.view.wrongCount == 0)
            #expect(try await scene.board.retry(id, by: scene.act) == .otherState(.ready), "somebody was faster")
            let events = try await scene.events("job.retried", about: order)
            #expect(events.count == 1)
            let event = try JSON.decode(JSONValue.self, from: events[0])
            #expect(event["jobID"] == .integer(id) && event["by"] == "operator" && event["reason"] == "mended")
            #expect(try await scene.board.retry(id + 99, by: scene.act) == .unknown)
            for state in [JobState.running, .done, .cancelled] {
                #expect(try await scene.board.retry(scene.add(state), by: scene.act) == .otherState(state))
            }
        }
    }

    @Test func whereAnEqualJobWaitsTheDeadOneStays() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            let dead = try await scene.add(.dead, uniqueKey: "one")
            try await scene.add(.ready, uniqueKey: "one")
            #expect(try await scene.board.retry(dead, by: scene.act) == .equalWaits)
            #expect(try await scene.state(dead) == .dead)
            #expect(try await scene.events("job.retried").isEmpty, "nothing happened, so nothing is said")
            // A whole kind leaves a clean list: the one that waits stands for it.
            #expect(try await scene.board.retry(.kinds(["test.work"]), by: scene.act) == 0)
            #expect(try await scene.state(dead) == .cancelled)
        }
    }

    @Test func aDiscardedJobIsNeverRunAndKeepsItsReason() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            for state in [JobState.dead, .ready] {
                let id = try await scene.add(state)
                #expect(try await scene.board.discard(id, reason: "not wanted", by: scene.act) == .done)
                let job = try #require(try await scene.board.job(id))
                #expect(job.view.state == .cancelled && job.view.discardReason == "not wanted")
                #expect(
                    try await scene.board.discard(id, reason: "again", by: scene.act) == .otherState(.cancelled))
            }
            for state in [JobState.running, .done] {
                let id = try await scene.add(state)
                #expect(try await scene.board.discard(id, reason: "late", by: scene.act) == .otherState(state))
                #expect(try await scene.state(id) == state)
            }
            let events = try await scene.events("job.discarded")
            #expect(events.count == 2 && events.allSatisfy { $0.contains("not wanted") })
        }
    }

    @Test func failuresOfOneCauseAreOneGroupAndComeBackTogetherInBatches() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            let errors = [
                "Order 1053 of 0196f0aa-1111-7222-8333-444455556666 was refused after 2.5 s.",
                "Order 7 of 0196f0aa-9999-7222-8333-444455556666 was refused after 12 s.",
            ]
            // More than one batch, so that the keyset between batches is used.
            for number in 0..<450 { try await scene.add(.dead, error: errors[number % 2]) }
            try await scene.add(.dead, kind: "test.other", error: errors[0])
            try await scene.add(.dead, error: "Something else.")
            try await scene.add(.ready, error: errors[0])
            let groups = try await scene.board.groups()
            #expect(groups.map(\.count) == [450, 1, 1])
            let largest = try #require(groups.first)
            #expect(largest.pattern == "Order <n> of <id> was refused after <n> s.")
            #expect(errors.contains(largest.example) && largest.firstAt <= largest.lastAt && largest.id.count == 32)
            #expect(try await scene.board.retry(.group(largest.id), limit: 210, by: scene.act) == 210)
            #expect(try await scene.board.retry(.group(largest.id), by: scene.act) == 240)
            #expect(try await scene.board.retry(.group(largest.id), by: scene.act) == 0)
            #expect(try await scene.bench.count("dead") == 2)
            #expect(try await scene.events("job.retried").count == 450)
            #expect(try await scene.board.retry(.kinds(["test.other"]), by: scene.act) == 1)
        }
    }

    /// The outcome of the first send is not known when the job gives up; the vendor has it. Putting the job back asks
    /// before it sends.
    @Test func puttingBackAJobWhoseEffectIsUnknownLooksItUpFirst() async throws {
        try await withDatabase { database in
            let scene = Scene(database)
            var bench = scene.bench
            bench.settings.retriesMaximum = 0
            bench.settings.reconcileSeconds = 3_600
            let vendor = FakeVendor()
            let effects = bench.effects()
            effects.register(vendor)
            let registration = JobRegistration("test.make", timeoutSeconds: 20) { job in
                let outcome = try await effects.perform(vendor, reference: "thing-1", job: job)
                guard case .made(_, let record) = outcome else { return { _ in } }
                return record
            }
            try await database.transaction { transaction in
                try await effects.plan(
                    FakeVendor.self, reference: "thing-1", request: .init(content: "cube"), subject: nil,
                    in: transaction)
                // As a crash right after the send leaves it, and the job as an operator finds it.
                try await transaction.execute(
                    """
                    UPDATE jobs.effect SET state = 'unknown', sends = 1, sent_at = jobs.clock() - interval '1 hour',
                        unknown_at = jobs.clock(), was_unknown = true WHERE reference = 'thing-1'
                    """)
            }
            _ = try await vendor.send(.init(content: "cube"), reference: "thing-1")
            let id = try await scene.add(.dead, kind: "test.make", error: "gave up")
            #expect(try await scene.board.retry(id, by: scene.act) == .done)
            try await whileRunning(bench.system([registration], effects: effects)) {
                try await eventually("it is settled") { try await scene.state(id) == .done }
            }
            #expect(vendor.now.sends == 1, "adopted, not sent again")
            let state: String = try await bench.one("SELECT state FROM jobs.effect WHERE reference = 'thing-1'")
            #expect(state == "done")
        }
    }
}
