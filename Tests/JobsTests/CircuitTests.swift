@testable import Jobs
import Kernel
import Postgres
import TestKit
import Testing

@Suite struct CircuitTests {
    private typealias Circuit = VendorCircuit

    private static func open(until: Double, opens: Int = 1) -> Circuit {
        Circuit(phase: .open, failures: 0, opens: opens, until: until)
    }
    private static let halfOpen = Circuit(phase: .halfOpen, failures: 0, opens: 1, until: 160)
    private static let paused = Circuit(phase: .paused, failures: 0, opens: 0, until: 130)

    @Test func theTableHolds() {
        let rows: [(String, Circuit, VendorSign, Circuit)] = [
            ("a failure counts", Circuit(), .down, Circuit(failures: 1)),
            ("a success forgets", Circuit(failures: 4), .answered, Circuit()),
            ("the fifth opens", Circuit(failures: 4), .down, Self.open(until: 105)),
            ("a straggler changes nothing", Self.open(until: 105), .down, Self.open(until: 105)),
            ("a success closes", Self.open(until: 105), .answered, Circuit()),
            ("the probe closes", Self.halfOpen, .answered, Circuit()),
            ("the probe opens for longer", Self.halfOpen, .down, Self.open(until: 110, opens: 2)),
            ("429 pauses", Circuit(), .limited(seconds: 30), Self.paused),
            (
                "429 without a time leaves it to the job", Circuit(failures: 2), .limited(seconds: nil),
                Circuit(failures: 2)
            ),
            ("a longer pause holds", Self.paused, .limited(seconds: 10), Self.paused),
            ("a straggler does not end the pause", Self.paused, .answered, Self.paused),
            (
                "nonsense is capped", Circuit(), .limited(seconds: 1e12),
                Circuit(phase: .paused, failures: 0, opens: 0, until: 3700)
            ),
            (
                "a limited probe pauses", Self.halfOpen, .limited(seconds: 30),
                Circuit(phase: .paused, failures: 0, opens: 1, until: 130)
            ),
        ]
        for (what, before, sign, after) in rows {
            var circuit = before
            circuit.note(sign, now: 100, openSeconds: 5)
            #expect(circuit == after, "\(what)")
        }
    }

    @Test func oneProbeIsLetThroughWhenTheTimeIsOver() {
        var circuit = Self.open(until: 105)
        #expect(circuit.isBlocking(now: 200))
        let tries = [104, 105, 106].map { circuit.takeProbe(now: $0, seconds: 60) }
        #expect(tries == [false, true, false], "only one, and not too early")
        var left = circuit
        let isTakenOver = left.takeProbe(now: 165, seconds: 60)
        #expect(isTakenOver, "its prober died")
        left.giveBackProbe(165, now: 170)
        #expect(left.phase == .halfOpen, "it is another's by now")
        circuit.giveBackProbe(165, now: 106)
        let isTakenAgain = circuit.takeProbe(now: 106, seconds: 60)
        #expect(isTakenAgain)
        #expect(!Self.paused.isBlocking(now: 130))
        #expect(Self.paused.isBlocking(now: 129))
    }

    @Test func jobsOfAVendorThatIsDownWaitWithoutSpendingAnything() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let isBack = Notes<Bool>()
            let runs = Notes<Int64>()
            let others = Notes<Int64>()
            let system = bench.system([
                JobRegistration("test.call", vendor: "shopify") { job in
                    runs.add(job.id)
                    if isBack.count > 0 {
                        VendorSigns.tell("shopify", .answered)
                        return nil
                    }
                    throw VendorFailure(
                        vendor: "shopify", operation: "test", kind: .unreachable, mayHaveHappened: false, message: "no")
                },
                JobRegistration("test.other") { job in
                    others.add(job.id)
                    return nil
                },
            ])
            try await whileRunning(system) {
                for _ in 0..<20 { try await bench.enqueue(NewJob("test.call")) }
                try await eventually("it is open") {
                    try await VendorCircuits(database: database).states().first?.phase == "open"
                }
                try await bench.enqueue(NewJob("test.other"))
                try await eventually("others go on") { others.count == 1 }
                let before = runs.count
                // More than a day in all, which only a probe's own failures may count: the first one's.
                try await bench.moveClock(bySeconds: 3600 * 23)
                try await eventually("one tried it") { runs.count > before }
                isBack.add(true)
                try await bench.moveClock(bySeconds: 3600 * 23)
                try await eventually("it is seen to be back") {
                    try await bench.moveClock(bySeconds: 300)
                    return try await bench.count("done", kind: "test.call") == 20
                }
            }
            #expect(try await VendorCircuits(database: database).states().map(\.phase) == ["closed"])
            #expect(try await bench.one("SELECT max(wrong_count) FROM jobs.job", as: Int.self) == 0)
            #expect(try await bench.count("dead") == 0)
        }
    }

    @Test func aProbeThatHadNothingToAskClosesTheCircuit() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute(
                """
                INSERT INTO jobs.vendor_circuit (vendor, phase, opens, until)
                VALUES ('mail', 'open', 1, jobs.clock() - interval '1 second')
                """)
            let system = bench.system([JobRegistration("test.mail", vendor: "mail") { _ in nil }])
            try await whileRunning(system) {
                try await untilCircuitsAreKnown(bench)
                try await bench.enqueue(NewJob("test.mail"), NewJob("test.mail"))
                try await eventually("both are done") { try await bench.count("done", kind: "test.mail") == 2 }
            }
            #expect(try await VendorCircuits(database: database).states().map(\.phase) == ["closed"])
        }
    }

    @Test func theProbeOfADeadWorkerDoesNotHoldTheOthersUp() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            // Of a worker that died: its job is to be rescued now, the time of its probe is over in ten minutes.
            try await bench.enqueue(NewJob("test.mail"), NewJob("test.mail"))
            try await database.execute(
                """
                UPDATE jobs.job SET state = 'running', claims = 1, fence = nextval('jobs.fence'),
                    worker = gen_random_uuid(), claimed_at = jobs.clock(), lease_until = jobs.clock() - interval '1 second'
                WHERE id = (SELECT min(id) FROM jobs.job)
                """)
            try await database.execute(
                """
                INSERT INTO jobs.vendor_circuit (vendor, phase, opens, until)
                VALUES ('mail', 'half-open', 1, jobs.clock() + interval '600 seconds')
                """)
            let system = bench.system([JobRegistration("test.mail", vendor: "mail") { _ in nil }])
            try await whileRunning(system) {
                try await eventually("both are done") { try await bench.count("done", kind: "test.mail") == 2 }
            }
            #expect(try await VendorCircuits(database: database).states().map(\.phase) == ["closed"])
        }
    }

    /// The housekeeper reads them before it fires a schedule.
    private func untilCircuitsAreKnown(_ bench: Bench) async throws {
        try await eventually("the first schedule fired") { try await bench.count("done", kind: "jobs.prune") == 1 }
    }

    @Test func aVendorNobodyNeedsDoesNotStandBeforeTheOthers() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            try await database.execute(
                """
                INSERT INTO jobs.vendor_circuit (vendor, phase, opens, until)
                SELECT vendor, 'open', 1, jobs.clock() - make_interval(secs => age)
                FROM (VALUES ('unknown', 90), ('push', 60), ('mail', 30), ('shopify', 10)) AS open (vendor, age)
                """)
            let handle: JobHandler = { _ in nil }
            let system = bench.system([
                JobRegistration("test.push", vendor: "push", handle: handle),
                JobRegistration("test.mail", vendor: "mail", handle: handle),
                JobRegistration("test.shopify", vendor: "shopify", handle: handle),
            ])
            try await whileRunning(system) {
                try await untilCircuitsAreKnown(bench)
                try await bench.enqueue(NewJob("test.mail"), NewJob("test.shopify"))
                try await eventually("both are done") { try await bench.count("done", kind: "test.%") == 2 }
            }
        }
    }

    @Test func whatIsOverIsNotWaitedFor() async throws {
        try await withDatabase { database in
            try await database.execute(
                """
                INSERT INTO jobs.vendor_circuit (vendor, phase, opens, until)
                SELECT vendor, phase, opens, jobs.clock() + make_interval(secs => seconds)
                FROM (VALUES ('mail', 'paused', 0, -5), ('push', 'open', 1, -5), ('shopify', 'paused', 0, 600))
                    AS circuit (vendor, phase, opens, seconds)
                """)
            let board = CircuitBoard(
                database: database, registrations: [JobRegistration("test.call", vendor: "mail") { _ in nil }],
                probeSeconds: 60, openSeconds: 5, metrics: JobMetrics([]), logger: .quiet, released: {})
            try await board.refresh()
            let seconds = try #require(board.nextChangeSeconds)
            #expect(seconds > 500)
            #expect(board.blocked == ["push", "shopify"])
            let phases = try await VendorCircuits(database: database).states().map(\.phase)
            #expect(phases == ["closed", "open", "paused"])
        }
    }

    @Test func aJobThatItsVendorAlwaysAnswersWith500ComesToItsEnd() async throws {
        try await withDatabase { database in
            let bench = Bench(database)
            let system = bench.system([
                JobRegistration("test.poison", vendor: "shopify") { _ in
                    throw VendorFailure(
                        vendor: "shopify", operation: "test", kind: .broken, mayHaveHappened: false, message: "500")
                }
            ])
            try await bench.enqueue(NewJob("test.poison"))
            try await whileRunning(system) {
                try await eventually("it is dead") {
                    try await bench.moveClock(bySeconds: 3600 * 5)
                    return try await bench.count("dead", kind: "test.poison") == 1
                }
            }
        }
    }
}
