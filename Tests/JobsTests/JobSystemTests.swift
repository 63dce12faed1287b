import FoundationEssentials
import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct JobSystemTests {
    private static let nothing: Commit = { _ in }

    @Test func everyJobRunsOnceWhateverTheNumberOfWorkers() async throws {
        try await withDatabase(poolSize: 12) { database in
            let bench = Bench(database)
            let runs = Notes<Int64>()
            let registration = JobRegistration("test.count") { job in
                runs.add(job.id)
                return Self.nothing
            }
            for _ in 0..<10 {
                try await database.transaction { transaction in
                    for _ in 0..<20 { try await bench.outbox.enqueue(NewJob("test.count"), in: transaction) }
                }
            }
            let systems = (0..<4).map { _ in bench.system([registration], wakeUps: WakeUps()) }
            try await whileRunning(systems) {
                try await eventually("all are done") { try await bench.count("done", kind: "test.%") == 200 }
            }
            #expect(runs.count == 200)
            #expect(Set(runs.all).count == 200)
            #expect(try await bench.one("SELECT count(DISTINCT fence) FROM jobs.run", as: Int.self) >= 200)
        }
    }

    @Test func aJobStartsAtOnceWhenItIsCommittedHereOrElsewhere() async throws {
        try await withDatabase { database in
            var bench = Bench(database)
            bench.settings.pollSeconds = 3600
            let runs = Notes<String>()
            let registration = JobRegistration("test.wake") { job in
                runs.add(job.payload)
                return Self.nothing
            }
            let elsewhere = WakeUps()
            // Its notifier carries the signal over; it has nothing to do itself.
            let other = bench.system([], wakeUps: elsewhere)
            try await whileRunning(bench.system([registration]), other) {
                try await bench.enqueue(NewJob("test.wake", payload: #"{"here": true}"#))
                try await eventually("woken by its own process") { runs.count == 1 }
                try await eventually("the listener is there") {
                    try await database.transaction { transaction in
                        try await Outbox(wakeUps: elsewhere).enqueue(
                            NewJob("test.wake", uniqueKey: "there"), in: transaction)
                    }
                    return runs.count > 1
                }
            }
        }
    }

    @Test func theSecondHalfTheCompletionAndItsJobsAreOneCommit() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute("CREATE TABLE public.mark (job bigint)")
            let system = bench.system([
                JobRegistration("test.first") { job in
                    { transaction in
                        try await transaction.execute("INSERT INTO public.mark VALUES (\(job.id))")
                        try await bench.outbox.enqueue(NewJob("test.second"), in: transaction)
                        if job.claims == 1 { throw Refusal(retryVerdict: .wrong) }
                    }
                },
                JobRegistration("test.second") { _ in Self.nothing },
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.first"))
                try await eventually("the chain is done") { try await bench.count("done", kind: "test.second") == 1 }
            }
            #expect(try await bench.one("SELECT count(*) FROM public.mark", as: Int.self) == 1)
            #expect(try await bench.count("done", kind: "test.%") == 2)
        }
    }

    @Test func theCorrelationIDGoesAlong() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Notes<String?>()
            let system = bench.system([
                JobRegistration("test.first") { job in
                    seen.add(CorrelationID.current?.text)
                    return { transaction in
                        seen.add(CorrelationID.current?.text)
                        try await bench.outbox.enqueue(NewJob("test.second"), in: transaction)
                    }
                },
                JobRegistration("test.second") { job in
                    seen.add(job.correlationID.text)
                    return Self.nothing
                },
            ])
            try await whileRunning(system) {
                try await CorrelationID.$current.withValue(CorrelationID("thread")) {
                    try await bench.enqueue(NewJob("test.first"))
                }
                try await eventually("both ran") { seen.count == 3 }
            }
            #expect(seen.all == ["thread", "thread", "thread"])
        }
    }

    @Test func wrongSpendsRetriesNotNowSpendsTimeAndRejectedNothing() async throws {
        try await withDatabase { database in
            var bench = Bench(database)
            bench.settings.retriesMaximum = 2
            let order = subject()
            let dead = Notes<String>()
            func failing(_ kind: JobKind, _ error: any Error) -> JobRegistration {
                JobRegistration(
                    kind, onDeadLetter: { job, reason, _ in dead.add("\(job.kind): \(reason)") },
                    handle: { _ in throw error })
            }
            let system = bench.system([
                failing("test.wrong", Refusal(retryVerdict: .wrong, operatorMessage: "wrong")),
                failing("test.rejected", JobFailure.rejected("bad field")),
                failing("test.unknown", Bench.NoRow()),
                JobRegistration("test.later") { job in
                    if job.claims <= 4 { throw JobFailure.notNow("away", retryAfterSeconds: 0.01) }
                    return Self.nothing
                },
            ])
            try await whileRunning(system) {
                try await bench.enqueue(
                    NewJob("test.wrong", subject: order), NewJob("test.rejected", subject: order),
                    NewJob("test.unknown"), NewJob("test.later"))
                try await eventually("all came to an end") {
                    let dead = try await bench.count("dead", kind: "test.%")
                    let done = try await bench.count("done", kind: "test.%")
                    return dead == 3 && done == 1
                }
            }
            #expect(
                dead.all.sorted() == [
                    "test.rejected: bad field", "test.unknown: An unexpected NoRow. (gave up after 3 tries)",
                    "test.wrong: wrong (gave up after 3 tries)",
                ])
            let later = try await database.query(
                "SELECT claims, wrong_count FROM jobs.job WHERE kind = 'test.later'")[0]
            #expect(try later("claims", as: Int.self) == 5)
            #expect(try later("wrong_count", as: Int.self) == 0)
            let outcomes = try await database.query(
                """
                SELECT string_agg(outcome, ',' ORDER BY run.fence) AS outcomes
                FROM jobs.run JOIN jobs.job ON id = job_id WHERE kind = 'test.wrong'
                """)
            #expect(try outcomes[0]("outcomes", as: String.self) == "wrong,wrong,dead")
            let timeline = try await EventLog(database: database).timeline(of: order, after: 0, limit: 10)
            #expect(timeline.map(\.name) == ["job.retry-exhausted", "job.retry-exhausted"])
            let unowned = try await EventLog(database: database).timeline(of: .system, after: 0, limit: 10)
            #expect(unowned.count == 1)
        }
    }

    @Test func notNowForADayIsDead() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let system = bench.system([
                JobRegistration("test.away") { _ in throw JobFailure.notNow("away", retryAfterSeconds: 0.01) }
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.away"))
                try await eventually("it is backing off") {
                    try await bench.one("SELECT not_now_count > 0 AS b FROM jobs.job WHERE kind = 'test.away'")
                }
                try await bench.moveClock(bySeconds: 90_000)
                try await eventually("it is dead") { try await bench.count("dead", kind: "test.away") == 1 }
            }
        }
    }

    @Test func aDeadLetterThatItsModuleCannotShowIsDeadAllTheSame() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let system = bench.system([
                JobRegistration(
                    "test.bad",
                    onDeadLetter: { _, _, transaction in
                        try await transaction.execute("SELECT * FROM public.missing")
                    }, handle: { _ in throw JobFailure.rejected("bad") })
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.bad"))
                try await eventually("it is dead") { try await bench.count("dead", kind: "test.bad") == 1 }
            }
        }
    }

    @Test func redriveBringsDeadJobsBackWithTheirTriesRenewed() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let letters = DeadLetters(database: database, outbox: bench.outbox)
            let order = subject()
            let isMended = Notes<Bool>()
            let system = bench.system([
                JobRegistration("test.broken") { _ in
                    if isMended.count == 0 { throw JobFailure.rejected("the field is bad") }
                    return Self.nothing
                }
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.broken", subject: order))
                try await bench.enqueue(NewJob("test.broken", subject: order, uniqueKey: "same"))
                try await eventually("both are dead") { try await bench.count("dead", kind: "test.broken") == 2 }
                let list = try await letters.letters(about: order)
                #expect(list.map(\.reason) == ["the field is bad", "the field is bad"])
                isMended.add(true)
                let count = try await database.transaction { try await letters.redrive(about: order, in: $0) }
                #expect(count == 2)
                try await eventually("both are done") { try await bench.count("done", kind: "test.broken") == 2 }
            }
            #expect(try await letters.letters(about: order).isEmpty)
        }
    }

    @Test func aJobOfAKindThisProcessDoesNotKnowIsLeftInPlace() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let runs = Notes<Int64>()
            let system = bench.system([
                JobRegistration("test.known") { job in
                    runs.add(job.id)
                    return Self.nothing
                }
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.strange", priority: 1), NewJob("test.known"))
                try await eventually("the known one is done") { runs.count == 1 }
            }
            #expect(try await bench.count("ready", kind: "test.strange") == 1)
        }
    }

    @Test func aRunIsEndedAtItsDeadlineAndTriedAgain() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let system = bench.system([
                JobRegistration("test.slow", timeoutSeconds: 0.05) { job in
                    if job.claims == 1 { try await Task.sleep(for: .seconds(600)) }
                    return Self.nothing
                }
            ])
            try await whileRunning(system) {
                try await bench.enqueue(NewJob("test.slow"))
                try await eventually("the second run is done") { try await bench.count("done", kind: "test.slow") == 1 }
            }
            let error: String = try await bench.one("SELECT error FROM jobs.run WHERE outcome = 'not-now'")
            #expect(error == "The job took longer than it may.")
        }
    }

    @Test func aDrainWaitsForTheJobsInHandAndThenGivesThemBack() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let started = Notes<String>()
            let mayEnd = Gate()
            let system = bench.system([
                JobRegistration("test.quick") { job in
                    started.add(job.kind.name)
                    await mayEnd.pass()
                    return Self.nothing
                },
                JobRegistration("test.endless") { job in
                    started.add(job.kind.name)
                    try await Task.sleep(for: .seconds(600))
                    return Self.nothing
                },
            ])
            async let running: Void = system.run()
            try await bench.enqueue(NewJob("test.quick"), NewJob("test.endless"))
            try await eventually("both run") { started.count == 2 }
            async let drained: Void = system.drain(within: .milliseconds(300))
            await mayEnd.open()
            await drained
            try await running
            #expect(try await bench.count("done", kind: "test.quick") == 1)
            let rows = try await database.query("SELECT state, claims FROM jobs.job WHERE kind = 'test.endless'")
            #expect(try rows[0]("state", as: String.self) == "ready")
            #expect(try rows[0]("claims", as: Int.self) == 0)
            try await bench.enqueue(NewJob("test.quick"))
            #expect(try await bench.count("ready", kind: "test.quick") == 1)
        }
    }
}

/// LISTEN and NOTIFY past a pooler that would lose them.
@Suite struct NotificationWayTests {
    @Test func notificationsTakeTheWayTheyAreGiven() async throws {
        try await withDatabase { database in
            try await withDatabase(migrated: false) { direct in
                var bench = Bench(database)
                bench.settings.pollSeconds = 3600
                let system = JobSystem(
                    database: database, settings: bench.settings, wakeUps: bench.wakeUps, registrations: [],
                    schedules: [], effects: bench.effects(), logger: .quiet, notifications: direct)
                let listening: Query =
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN%'
                    """
                try await whileRunning(system) {
                    try await eventually("the direct way is listened on") {
                        try await Bench(direct).one(listening, as: Int.self) == 1
                    }
                    #expect(try await bench.one(listening, as: Int.self) == 0)
                    bench.wakeUps.signal()
                    try await eventually("the notifier has a connection there") {
                        try await Bench(direct).one(
                            """
                            SELECT count(*) FROM pg_stat_activity
                            WHERE datname = current_database() AND query LIKE '%pg_notify(%' AND pid <> pg_backend_pid()
                            """, as: Int.self) == 1
                    }
                }
            }
        }
    }
}
