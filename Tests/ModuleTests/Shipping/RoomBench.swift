import Contracts
import FoundationEssentials
import Jobs
import Kernel
import Logging
import Postgres
import Synchronization
import TestKit

/// Runs the jobs of one room by hand, one at a time, on a database of the test's own.
struct RoomBench: Sendable {
    let database: Database
    let orders = StubOrders()
    let orderID: OrderID = Identities.system.make()

    var outbox: Outbox { Outbox(wakeUps: WakeUps()) }

    func effects() -> Effects {
        Effects(database: database, settings: JobSettings(), vendorLagSeconds: 0, logger: .init(label: "test"))
    }

    var reference: String { get throws { try JSON.text(OrderReference(orderID: orderID)) } }

    /// As a worker would: claimed under a fence, first half, commit.
    func run(_ kind: JobKind, _ payload: String, in rooms: [JobRegistration]) async throws {
        let job = try await inHand(kind, payload)
        guard let room = rooms.first(where: { $0.kind == kind }) else { throw Missing() }
        let commit = try await room.handle(job)
        try await database.transaction { try await commit?($0) }
    }

    /// As the queue does when a job gave up.
    func bury(_ kind: JobKind, _ payload: String, in rooms: [JobRegistration]) async throws {
        let job = try await inHand(kind, payload)
        guard let show = rooms.first(where: { $0.kind == kind })?.onDeadLetter else { throw Missing() }
        try await database.transaction { try await show(job, "refused", $0) }
    }

    /// As long as a call may still begin after its intent: until then nobody asks the vendor what came of it.
    func waitUntilNoCallCanBegin() async throws {
        try await database.execute("UPDATE jobs.clock_shift SET shift = shift + interval '10 seconds'")
    }

    /// The payloads of the waiting jobs, oldest first.
    func waiting(_ kind: JobKind) async throws -> [String] {
        try await database.query(
            "SELECT payload FROM jobs.job WHERE kind = \(kind.name) AND state = 'ready' ORDER BY id"
        ).map { try $0("payload") }
    }

    func events(_ name: String) async throws -> Int {
        try await database.query("SELECT count(*) AS count FROM jobs.event WHERE name = \(name)")[0]("count")
    }

    private func inHand(_ kind: JobKind, _ payload: String) async throws -> Job {
        let rows = try await database.query(
            """
            INSERT INTO jobs.job (kind, state, claims, fence, claimed_at, lease_until, worker, correlation_id, payload)
            VALUES (\(kind.name), 'running', 1, nextval('jobs.fence'), jobs.clock(),
                jobs.clock() + interval '30 seconds', gen_random_uuid(), 'test', \(payload)::jsonb)
            RETURNING id, fence
            """)
        return Job(
            id: try rows[0]("id"), kind: kind, payload: payload, subject: StreamID(orderID.uuid),
            fence: try rows[0]("fence"), claims: 1, correlationID: .make(.system))
    }

    struct Missing: Error {}
}

/// An order that a test changes at will.
final class StubOrders: OrdersContract {
    private let parcelView = Mutex<ParcelView?>(nil)
    private let fulfilmentView = Mutex<FulfilmentOrderView?>(nil)

    func set(_ parcel: ParcelView) { parcelView.withLock { $0 = parcel } }
    func set(_ fulfilment: FulfilmentOrderView) { fulfilmentView.withLock { $0 = fulfilment } }

    func parcel(of order: OrderID) async throws -> ParcelView? { parcelView.withLock { $0 } }
    func fulfilment(of order: OrderID) async throws -> FulfilmentOrderView? { fulfilmentView.withLock { $0 } }
    func production(of order: OrderID) async throws -> ProductionView? { nil }
    func order(_ id: OrderID) async throws -> OrderView? { nil }
    func orders(_ search: OrderSearch) async throws -> [OrderView] { [] }
}
