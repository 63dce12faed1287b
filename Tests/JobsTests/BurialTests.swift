import Jobs
import Kernel
import Postgres
import TestKit
import Testing

/// A dead letter, its event and what the module shows of it are one transaction.
@Suite struct BurialTests {
    private static let deadlock = PostgresError(kind: .server, sqlState: .deadlockDetected, message: "deadlock")

    @Test func aPassingDatabaseErrorDoesNotHideADeadLetter() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute("CREATE TABLE public.shown (reason text)")
            let tries = Notes<Bool>()
            let registration = JobRegistration(
                "test.doomed",
                onDeadLetter: { _, reason, transaction in
                    tries.add(true)
                    if tries.count < 3 { throw Self.deadlock }
                    try await transaction.execute("INSERT INTO public.shown VALUES (\(reason))")
                }, handle: { _ in throw JobFailure.rejected("no use") })
            try await bench.enqueue(NewJob("test.doomed"))
            try await whileRunning(bench.system([registration])) {
                try await eventually("it is dead") { try await bench.count("dead", kind: "test.doomed") == 1 }
            }
            #expect(try await bench.one("SELECT reason FROM public.shown", as: String.self) == "no use")
            #expect(tries.count == 3)
            #expect(
                try await bench.one("SELECT count(*) FROM jobs.event WHERE name = 'job.retry-exhausted'", as: Int.self)
                    == 1)
        }
    }

    @Test func aModuleThatCannotShowItDoesNotKeepTheJobAlive() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let registration = JobRegistration(
                "test.doomed", onDeadLetter: { _, _, _ in throw Refusal(retryVerdict: .wrong) },
                handle: { _ in throw JobFailure.rejected("no use") })
            try await bench.enqueue(NewJob("test.doomed"))
            try await whileRunning(bench.system([registration])) {
                try await eventually("it is dead") { try await bench.count("dead", kind: "test.doomed") == 1 }
            }
        }
    }

    @Test func theModulesRowIsLockedBeforeTheJobsAndTheStreams() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let seen = Notes<Int>()
            let about = subject()
            let registration = JobRegistration(
                "test.doomed",
                onDeadLetter: { job, _, transaction in
                    let row = try await transaction.query(
                        """
                        SELECT (SELECT count(*) FROM jobs.stream WHERE subject = \(about))
                            + (SELECT count(*) FROM jobs.job WHERE id = \(job.id) AND state <> 'running') AS touched
                        """)[0]
                    seen.add(try row("touched"))
                }, handle: { _ in throw JobFailure.rejected("no use") })
            try await bench.enqueue(NewJob("test.doomed", subject: about))
            try await whileRunning(bench.system([registration])) {
                try await eventually("it is dead") { try await bench.count("dead", kind: "test.doomed") == 1 }
            }
            #expect(seen.all == [0])
        }
    }

    @Test func lettersAboutManySubjectsComeInOneQueryOldestFirst() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let (one, two, none) = (subject(), subject(), subject())
            for (about, reason) in [(one, "first"), (one, "second"), (two, "other")] {
                try await database.execute(
                    """
                    INSERT INTO jobs.job (kind, state, subject, correlation_id, payload, last_error, finished_at)
                    VALUES ('test.gone', 'dead', \(about), 'c', '{}', \(reason), clock_timestamp())
                    """)
            }
            let letters = try await DeadLetters(database: database, outbox: bench.outbox)
                .letters(about: [one, two, none])
            #expect(letters[one]?.map(\.reason) == ["first", "second"])
            #expect(letters[two]?.map(\.reason) == ["other"])
            #expect(letters[none] == nil)
        }
    }
}
