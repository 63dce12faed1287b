import FoundationEssentials
import Jobs
import Kernel
import Logging
import Postgres
import Synchronization
import TestKit

/// A queue to try things on: one database, one process's worth of objects.
struct Bench: Sendable {
    let database: Database
    let wakeUps = WakeUps()
    var settings: JobSettings

    var outbox: Outbox { Outbox(wakeUps: wakeUps) }

    init(_ database: Database) {
        self.database = database
        settings = JobSettings()
        settings.pollSeconds = 0.05
        settings.initialDelaySeconds = 0.01
        settings.leaseSeconds = 30
    }

    init(_ database: Database, _ settings: JobSettings) {
        self.database = database
        self.settings = settings
    }

    func system(
        _ registrations: [JobRegistration], schedules: [Schedule] = [], effects: Effects? = nil,
        faults: FaultPoints = .none, wakeUps: WakeUps? = nil
    ) -> JobSystem {
        JobSystem(
            database: database, settings: settings, wakeUps: wakeUps ?? self.wakeUps, registrations: registrations,
            schedules: schedules, effects: effects ?? self.effects(), logger: .quiet, faults: faults)
    }

    func effects(lagSeconds: Double = 0, faults: FaultPoints = .none) -> Effects {
        Effects(
            database: database, settings: settings, vendorLagSeconds: lagSeconds, logger: .quiet, faults: faults)
    }

    func enqueue(_ jobs: NewJob...) async throws {
        try await database.transaction { transaction in
            for job in jobs { try await outbox.enqueue(job, in: transaction) }
        }
    }

    /// Moves the one clock all decisions are made by.
    func moveClock(bySeconds seconds: Double) async throws {
        try await database.execute("UPDATE jobs.clock_shift SET shift = shift + make_interval(secs => \(seconds))")
    }

    /// As long as a call may still begin after its intent: until then nobody asks the vendor what came of it.
    func waitUntilNoCallCanBegin() async throws { try await moveClock(bySeconds: min(5, settings.leaseSeconds) + 0.1) }

    func count(_ state: String, kind: String = "%") async throws -> Int {
        try await database.query(
            "SELECT count(*) AS count FROM jobs.job WHERE state = \(state) AND kind LIKE \(kind)")[0]("count")
    }

    func one<Value: SQLDecodable>(_ query: Query, as type: Value.Type = Value.self) async throws -> Value {
        let rows = try await database.query(query)
        guard let row = rows.first, let name = row.columns.names.first else { throw NoRow() }
        return try row(name)
    }

    struct NoRow: Error {}

    /// A job that a worker has in hand, as the row would stand; for calls outside the running queue.
    func jobInHand(_ kind: JobKind = "test.held", leaseSeconds: Double = 30) async throws -> Job {
        let rows = try await database.query(
            """
            INSERT INTO jobs.job (kind, state, claims, fence, claimed_at, lease_until, worker, correlation_id, payload)
            VALUES (\(kind.name), 'running', 1, nextval('jobs.fence'), jobs.clock(),
                jobs.clock() + make_interval(secs => \(leaseSeconds)), gen_random_uuid(), 'test', '{}')
            RETURNING id, fence
            """)
        return Job(
            id: try rows[0]("id"), kind: kind, payload: "{}", subject: nil, fence: try rows[0]("fence"), claims: 1,
            correlationID: .make(.system))
    }

    /// What another worker does that claims a job whose lease ran out.
    func stealClaim(of kind: String) async throws {
        try await database.execute(
            """
            UPDATE jobs.job SET fence = nextval('jobs.fence'), worker = gen_random_uuid(),
                lease_until = jobs.clock() + interval '1 hour'
            WHERE kind = \(kind) AND state = 'running'
            """)
    }
}

/// Runs the systems while `body` does, then drains them.
func whileRunning<Value: Sendable>(
    _ systems: JobSystem..., body: () async throws -> Value
) async throws -> Value {
    try await whileRunning(systems, body: body)
}

func whileRunning<Value: Sendable>(_ systems: [JobSystem], body: () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for system in systems { group.addTask { try await system.run() } }
        let value = try await body()
        for system in systems { await system.drain(within: .seconds(5)) }
        try await group.waitForAll()
        return value
    }
}

/// What happened, in order, from many tasks.
final class Notes<Note: Sendable>: Sendable {
    private let notes = Mutex<[Note]>([])

    func add(_ note: Note) { notes.withLock { $0.append(note) } }
    var all: [Note] { notes.withLock { $0 } }
    var count: Int { all.count }
}

/// Closed until it is opened; waits without a time.
actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    func pass() async {
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }
}

struct SomethingHappened: DomainEvent {
    static let name = "test.happened"
    let number: Int
}

/// An error that counts as told.
struct Refusal: RetryClassified {
    var retryVerdict: RetryVerdict
    var operatorMessage = "refused"
}

func subject() -> StreamID { Identities.system.make() }
