import FoundationEssentials
import HTTPWire
import Inbox
import Jobs
import Kernel
import Logging
import Postgres
import Routing
import Synchronization
import TestKit

/// What happened, in order, from many tasks.
final class Notes<Note: Sendable>: Sendable {
    private let notes = Mutex<[Note]>([])

    func add(_ note: Note) { notes.withLock { $0.append(note) } }
    var all: [Note] { notes.withLock { $0 } }
    var count: Int { all.count }
}

/// An inbox with one source that signs with a word, calls made without a server.
struct Scene: Sendable {
    static let bodyLimit = 1000

    let database: Database
    let inbox: Inbox
    let handled = Notes<Webhook>()
    /// Once something is in it, poison does no harm any more.
    let mended = Notes<Bool>()
    let subject = StreamID(Identities.system.uuid())
    private let wakeUps = WakeUps()
    private let calls = Notes<Bool>()

    struct Answer: Sendable {
        let status: Int
        let text: String
        let retryAfterSeconds: Int?
    }

    init(_ database: Database, faults: FaultPoints = .none) throws {
        self.database = database
        let source = WebhookSource(
            name: "test", paths: ["/webhooks/test", "/api/v1/webhooks/test"], bodyLimitBytes: Self.bodyLimit,
            verify: { fields, _ in
                fields["x-signature"] == "genuine" ? .genuine : .refused("no such signature")
            },
            dedupeKey: { fields, _ in fields["x-id"] }, topic: { fields, _ in fields["x-topic"] ?? "" },
            handle: { [handled, mended, subject] webhook in
                if webhook.body == Array("poison".utf8), mended.count == 0 {
                    throw JobFailure.rejected("The body is poison.")
                }
                handled.add(webhook)
                return { transaction in try await Inbox.file(webhook.id, under: subject, in: transaction) }
            })
        inbox = Inbox(
            database: database, outbox: Outbox(wakeUps: wakeUps), sources: [source], identities: .system,
            retentionDays: 90, dedupeHours: 72, logger: .quiet, faults: faults)
    }

    func deliver(_ body: String, _ fields: HTTPFields, signature: String = "genuine") async throws -> Answer {
        calls.add(true)
        var fields = fields
        fields["x-signature"] = signature
        let route = inbox.routes[0]
        let call = Call(
            request: HTTPRequest(
                method: .post, path: "/webhooks/test", fields: fields, body: .bytes(Array(body.utf8))),
            route: route, pathParameters: [:])
        do {
            let response = try await CorrelationID.$current.withValue(CorrelationID("call-\(calls.count)")) {
                try await route.handle(call)
            }
            return Answer(
                status: response.status.code, text: String(decoding: response.bodyBytes ?? [], as: UTF8.self),
                retryAfterSeconds: nil)
        } catch let problem as Problem {
            return Answer(
                status: problem.status, text: problem.detail, retryAfterSeconds: problem.retryAfterSeconds)
        }
    }

    /// Runs the inbox's jobs until the condition holds and they have ended.
    func process(until condition: () async throws -> Bool) async throws {
        var settings = JobSettings()
        settings.pollSeconds = 0.05
        let system = JobSystem(
            database: database, settings: settings, wakeUps: wakeUps, registrations: inbox.registrations,
            schedules: inbox.schedules,
            effects: Effects(database: database, settings: settings, vendorLagSeconds: 0, logger: .quiet),
            logger: .quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await system.run() }
            try await eventually("the inbox is worked off", condition)
            await system.drain(within: .seconds(5))
            try await group.waitForAll()
        }
    }

    /// Lets the hourly clean-up run once more.
    func prune() async throws {
        let done: Query =
            "SELECT COALESCE(max(id), 0) AS count FROM jobs.job WHERE kind = 'inbox.prune' AND state = 'done'"
        let before = try await count(done)
        try await moveClock(bySeconds: 3600)
        try await process { try await count(done) > before }
    }

    func moveClock(bySeconds seconds: Double) async throws {
        try await database.execute("UPDATE jobs.clock_shift SET shift = shift + make_interval(secs => \(seconds))")
    }

    func count(_ query: Query) async throws -> Int {
        try await database.query(query)[0]("count")
    }
}
