import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct OutboxTests {
    @Test func anEventIsLoggedAndEachSubscriberGetsAJob() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute(
                """
                INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
                    ('test.happened', 'first', 'first.hears'), ('test.happened', 'second', 'second.hears'),
                    ('test.other', 'first', 'first.other')
                """)
            let order = subject()
            let cause = CorrelationID("the-cause")
            try await CorrelationID.$current.withValue(cause) {
                try await database.transaction { transaction in
                    try await bench.outbox.append(
                        SomethingHappened(number: 7), about: order, source: "tests", in: transaction)
                }
            }
            let jobs = try await database.query("SELECT * FROM jobs.job ORDER BY kind")
            #expect(try jobs.map { try $0("kind", as: String.self) } == ["first.hears", "second.hears"])
            for job in jobs {
                #expect(try job("subject", as: StreamID.self) == order)
                #expect(try job("correlation_id", as: String.self) == "the-cause")
                #expect(try JSON.decode(SomethingHappened.self, from: try job("payload", as: String.self)).number == 7)
            }
            let timeline = try await EventLog(database: database).timeline(of: order, after: 0, limit: 10)
            #expect(timeline.map(\.name) == ["test.happened"])
            #expect(timeline.map(\.version) == [1])
            #expect(timeline.map(\.source) == ["tests"])
            #expect(timeline.map(\.correlationID.text) == ["the-cause"])
        }
    }

    @Test func whatIsRolledBackLeavesNeitherEventNorJobNorAGap() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let order = subject()
            try await append(1, about: order, bench)
            await #expect(throws: Refusal.self) {
                try await database.transaction { transaction in
                    try await bench.outbox.append(
                        SomethingHappened(number: 2), about: order, source: "tests", in: transaction)
                    try await bench.outbox.enqueue(NewJob("test.never"), in: transaction)
                    throw Refusal(retryVerdict: .wrong)
                }
            }
            try await append(3, about: order, bench)
            let timeline = try await EventLog(database: database).timeline(of: order, after: 0, limit: 10)
            #expect(timeline.map(\.version) == [1, 2])
            #expect(timeline.map(\.data) == [#"{"number": 1}"#, #"{"number": 3}"#])
            #expect(try await bench.count("ready") == 0)
        }
    }

    @Test func versionsOfOneSubjectAreDenseUnderConcurrency() async throws {
        try await withDatabase(poolSize: 8) { database in
            let bench = Bench(database)
            let orders = [subject(), subject()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<80 {
                    group.addTask { try await append(number, about: orders[number % 2], bench) }
                }
                try await group.waitForAll()
            }
            for order in orders {
                let timeline = try await EventLog(database: database).timeline(of: order, after: 0, limit: 100)
                #expect(timeline.map(\.version) == Array(1...40))
            }
            let rest = try await EventLog(database: database).timeline(of: orders[0], after: 35, limit: 2)
            #expect(rest.map(\.version) == [36, 37])
        }
    }

    @Test func aUniqueKeyIsUniqueAmongReadyJobsOnly() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await bench.enqueue(
                NewJob("test.once", uniqueKey: "key"), NewJob("test.once", priority: 5, uniqueKey: "key"))
            #expect(try await bench.count("ready") == 1)
            #expect(try await bench.one("SELECT priority FROM jobs.job", as: Int.self) == 5)
            try await database.execute(
                """
                UPDATE jobs.job SET state = 'running', worker = gen_random_uuid(), claimed_at = jobs.clock(),
                    lease_until = jobs.clock() + interval '1 hour', fence = 1
                """)
            try await bench.enqueue(NewJob("test.once", uniqueKey: "key"))
            #expect(try await bench.count("ready") == 1)
            #expect(try await bench.count("running") == 1)
        }
    }

    @Test func aLaterWishForTheSameKeyBringsADelayedJobForwardButNotOneThatBacksOff() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let due: Query = "SELECT run_at <= jobs.clock() AS due FROM jobs.job"
            try await bench.enqueue(NewJob("test.once", delaySeconds: 600, uniqueKey: "key"))
            #expect(try await bench.one(due, as: Bool.self) == false)
            try await bench.enqueue(NewJob("test.once", uniqueKey: "key"))
            #expect(try await bench.one(due, as: Bool.self) == true)
            try await database.execute(
                "UPDATE jobs.job SET wrong_count = 1, run_at = jobs.clock() + interval '10 minutes'")
            try await bench.enqueue(NewJob("test.once", uniqueKey: "key"))
            #expect(try await bench.one(due, as: Bool.self) == false)
        }
    }

    /// The wake-up that is lost with ON CONFLICT DO NOTHING: the waiting job runs before the change can be seen.
    @Test func aWaitingJobIsNotClaimedBeforeTheTransactionThatReliesOnItCommits() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute("CREATE TABLE public.change (number int)")
            try await bench.enqueue(NewJob("test.reads", uniqueKey: "key"))
            let seen = Notes<Int>()
            let system = bench.system([
                JobRegistration("test.reads") { _ in
                    seen.add(try await bench.one("SELECT count(*) FROM public.change"))
                    return { _ in }
                },
                JobRegistration("test.proof") { _ in
                    seen.add(-1)
                    return { _ in }
                },
            ])
            let isLocked = Gate()
            let mayCommit = Gate()
            async let change: Void = database.transaction { transaction in
                try await transaction.execute("INSERT INTO public.change VALUES (1)")
                try await bench.outbox.enqueue(NewJob("test.reads", uniqueKey: "key"), in: transaction)
                // What was put off travels with the next statement.
                try await transaction.execute("INSERT INTO public.change VALUES (2)")
                await isLocked.open()
                await mayCommit.pass()
            }
            await isLocked.pass()
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.proof", priority: 900))
                try await eventually("the worker passed the locked job over") { seen.all == [-1] }
            }
            await mayCommit.open()
            try await change
            let second = bench.system([
                JobRegistration("test.reads") { _ in
                    seen.add(try await bench.one("SELECT count(*) FROM public.change"))
                    return { _ in }
                }
            ])
            try await whileRunning(second) {
                try await eventually("the job ran after the commit") { seen.all == [-1, 2] }
            }
        }
    }

    private func append(_ number: Int, about order: StreamID, _ bench: Bench) async throws {
        try await bench.database.transaction { transaction in
            try await bench.outbox.append(
                SomethingHappened(number: number), about: order, source: "tests", in: transaction)
        }
    }
}
