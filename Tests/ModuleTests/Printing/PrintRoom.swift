import Artefacts
import Contracts
import FoundationEssentials
import HTTPWire
import Inbox
import Jobs
import Kernel
import Postgres
import Printing
import SimplyPrint
import Synchronization
import TestKit
import Testing

/// Printing on a database of its own, beside a farm that stands still; jobs run when a test says so.
struct PrintRoom: Sendable {
    let database: Database
    let farm: FarmStandIn
    let wishes = Wishes()
    let effects: Effects
    let printing: PrintingModule
    let answers: PrintJobAnswers
    let order: OrderID = Identities.system.make()
    let line: LineItemID = Identities.system.make()

    init(_ database: Database, _ farm: FarmStandIn, _ client: SimplyPrintClient) {
        self.database = database
        self.farm = farm
        effects = Effects(database: database, settings: JobSettings(), vendorLagSeconds: 0, logger: .noWhere)
        printing = PrintingModule(
            database: database, outbox: Outbox(wakeUps: WakeUps()), effects: effects,
            artefacts: ArtefactStore(database: database), orders: wishes, client: client,
            submitting: client, stamp: ReferenceStamp(client: client), callTimeoutSeconds: 0, identities: .system,
            time: .system,
            pollingSeconds: nil, webhookSecrets: nil)
        let outbox = Outbox(wakeUps: WakeUps())
        let desk = PrintDesk(outbox: outbox, time: .system)
        let effect = QueueItemEffect(
            client: client, stamp: ReferenceStamp(client: client), callTimeoutSeconds: 0)
        answers = PrintJobAnswers(
            database: database,
            jobs: PrintJobs(
                database: database, outbox: outbox, effects: effects, orders: wishes, desk: desk, effect: effect,
                removal: QueueItemRemoval(client: client, callTimeoutSeconds: 0), identities: .system), desk: desk)
    }

    static func with(_ body: (PrintRoom) async throws -> Void) async throws {
        try await withDatabase { database in
            try await FarmStandIn.with { farm, client in try await body(PrintRoom(database, farm, client)) }
        }
    }

    /// Wants so many copies of one part and carries the plan out.
    func want(_ count: Int, file: String = "good") async throws {
        wishes.want(
            (0..<count).map { index in
                WantedCopy(
                    lineItemID: line, partNumber: 1, copyNumber: index + 1, partName: "Part", simplyPrintFileID: file,
                    printProfile: nil)
            })
        try await run("printing.plan", OrderReference(orderID: order))
    }

    func run(_ kind: JobKind, _ payload: some Encodable) async throws {
        let commit = try await firstHalf(of: kind, payload)
        try await database.transaction { try await commit($0) }
    }

    func firstHalf(of kind: JobKind, _ payload: some Encodable) async throws -> Commit {
        let rows = try await database.query(
            """
            INSERT INTO jobs.job (kind, state, claims, fence, claimed_at, lease_until, worker, correlation_id, payload)
            VALUES (\(kind.name), 'running', 1, nextval('jobs.fence'), jobs.clock(),
                jobs.clock() + interval '30 seconds', gen_random_uuid(), 'test', '{}')
            RETURNING id, fence
            """)
        let job = Job(
            id: try rows[0]("id"), kind: kind, payload: try JSON.text(payload), subject: nil,
            fence: try rows[0]("fence"), claims: 1, correlationID: .make(.system))
        let registration = try #require(printing.registrations.first { $0.kind == kind })
        return try await registration.handle(job) ?? { _ in }
    }

    /// What the queue does with a job that the vendor refused.
    func bury(_ kind: JobKind, _ payload: some Encodable) async throws {
        let job = Job(
            id: 1, kind: kind, payload: try JSON.text(payload), subject: nil, fence: 1, claims: 1,
            correlationID: .make(.system))
        let registration = try #require(printing.registrations.first { $0.kind == kind })
        try await database.transaction { try await registration.onDeadLetter?(job, "refused", $0) }
    }

    /// As long as a call may still begin after its intent: until then nobody asks the farm what came of it.
    func waitUntilNoCallCanBegin() async throws {
        try await database.execute("UPDATE jobs.clock_shift SET shift = shift + interval '10 seconds'")
    }

    func submit(_ job: PrintJobView) async throws { try await run("printing.submit", reference(job)) }
    func withdraw(_ job: PrintJobView) async throws { try await run("printing.withdraw", reference(job)) }
    func poll() async throws { try await run(PrintPoll.kind, [String: String]()) }

    func reference(_ job: PrintJobView) -> AttemptReference {
        AttemptReference(printJobID: job.id, attempt: job.attempt)
    }

    /// Oldest first.
    func jobs() async throws -> [PrintJobView] {
        try await printing.contract.printJobs(of: [order]).sorted { $0.id.description < $1.id.description }
    }

    func job() async throws -> PrintJobView { try #require(try await jobs().first) }

    /// One copy on the farm's queue.
    func queued() async throws -> PrintJobView {
        try await want(1)
        try await submit(try await job())
        return try await job()
    }

    /// The farm takes the item up, or ends it.
    func farmSays(_ status: String, of item: Int64, uid: String = "uid-1") async throws {
        farm.change { farm in
            farm.history.removeAll { $0.uid == uid }
            farm.history.append(
                .init(id: Int64(farm.history.count + 1), uid: uid, queueItemID: item, status: status))
            if status == "ongoing" { farm.queue[item] = nil }
        }
    }

    func webhook(_ event: String, uid: String = "uid-1") async throws {
        let body = "{\"event\":\"\(event)\",\"data\":{\"job\":{\"id\":1,\"uid\":\"\(uid)\"}}}"
        let webhook = Webhook(
            id: Identities.system.make(), topic: event, headers: [:], body: Array(body.utf8), receivedAt: Date(),
            correlationID: .make(.system))
        let commit = try await printing.webhookSource.handle(webhook)
        try await database.transaction { try await commit($0) }
    }

    func events(_ name: String) async throws -> Int {
        try await database.query("SELECT count(*) AS count FROM jobs.event WHERE name = \(name)")[0]("count")
    }

    func ready(_ kind: JobKind) async throws -> Int {
        try await database.query(
            "SELECT count(*) AS count FROM jobs.job WHERE kind = \(kind.name) AND state = 'ready'")[0]("count")
    }

    /// Whether a transaction waits for another's lock.
    func isAnybodyWaiting() async throws -> Bool {
        try await !database.query(
            """
            SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        ).isEmpty
    }

    func isWithdrawn(_ job: PrintJobView) async throws -> Bool {
        try await PrintJobReading.job(job.id, in: database)?.isWithdrawn == true
    }
}

/// An Orders that wants what a test says.
final class Wishes: OrdersContract {
    private let production = Mutex<ProductionView?>(nil)

    func want(_ copies: [WantedCopy]) {
        production.withLock { view in
            view = ProductionView(version: (view?.version ?? 0) + 1, orderNumber: "#1", copies: copies)
        }
    }

    func production(of order: OrderID) async throws -> ProductionView? { production.withLock { $0 } }
    func parcel(of order: OrderID) async throws -> ParcelView? { nil }
    func fulfilment(of order: OrderID) async throws -> FulfilmentOrderView? { nil }
    func order(_ id: OrderID) async throws -> OrderView? { nil }
    func orders(_ search: OrderSearch) async throws -> [OrderView] { [] }
}
