import Contracts
import FoundationEssentials
import HTTPClient
import HTTPWire
import Jobs
import Kernel
import Logging
import Notifications
import Postgres
import TestKit
import Testing

@testable import Forma3DSandbox

/// Notifications on a database of its own, with the sandbox's mail server and push service.
struct NoticeRoom: Sendable {
    let database: Database
    let http: HTTPClient
    let smtp: SMTPClient
    let root: String
    let order: OrderID = Identities.system.make()
    var addresses: [MailAddress] = []
    var settings = JobSettings()

    static let callTimeoutSeconds = 2.0

    static func with(mails: Int = 1, _ body: (NoticeRoom) async throws -> Void) async throws {
        try await withDatabase { database in
            let sandbox = SandboxService(options: SandboxOptions(), logger: .quiet)
            let port = try await sandbox.start()
            let mailPort = await sandbox.mailPort ?? 0
            let http = HTTPClient(logger: .quiet)
            let smtp = SMTPClient(
                configuration: .init(host: "127.0.0.1", port: mailPort, security: .none), logger: .quiet)
            var room = NoticeRoom(database: database, http: http, smtp: smtp, root: "http://127.0.0.1:\(port)")
            room.addresses = (0..<mails).compactMap { MailAddress("operator\($0)@example.com") }
            room.settings.concurrency = 16
            room.settings.pollSeconds = 0.05
            room.settings.initialDelaySeconds = 0.01
            room.settings.delayMaximumSeconds = 0.05
            do {
                try await body(room)
            } catch {
                await room.close(sandbox)
                throw error
            }
            await room.close(sandbox)
        }
    }

    private func close(_ sandbox: SandboxService) async {
        await smtp.close()
        await http.close()
        await sandbox.stop()
    }

    func effects(_ faults: FaultPoints = .none) -> Effects {
        Effects(database: database, settings: settings, vendorLagSeconds: 0, logger: .quiet, faults: faults)
    }

    func module(_ effects: Effects, outbox: Outbox) -> NotificationsModule {
        var channels = NoticeJobs.Channels()
        if let sender = MailAddress("forma3d@shop.example") {
            channels.mail = MailEffect(
                client: smtp, sender: sender, callTimeoutSeconds: Self.callTimeoutSeconds, time: .system)
        }
        channels.mailRecipients = addresses
        channels.push = PushIdentity(
            key: SandboxCredentials.pushKey, contact: "mailto:forma3d@shop.example", allowsLocalServices: true)
        channels.pushTimeoutSeconds = Self.callTimeoutSeconds
        channels.webURL = "https://shop.example"
        return NotificationsModule(
            database: database, outbox: outbox, effects: effects, orders: Orders(known: order), channels: channels,
            http: http, identities: .system, time: .system, logger: .quiet)
    }

    /// - Parameter kinds: the part of the module's work that it does.
    func system(_ faults: FaultPoints = .none, kinds: (JobKind) -> Bool = { _ in true }) -> JobSystem {
        let wakeUps = WakeUps()
        let effects = effects(faults)
        let module = module(effects, outbox: Outbox(wakeUps: wakeUps))
        return JobSystem(
            database: database, settings: settings, wakeUps: wakeUps,
            registrations: module.registrations.filter { kinds($0.kind) },
            schedules: [],
            effects: effects, logger: .quiet, faults: faults)
    }

    func say(_ event: some DomainEvent, about subject: StreamID? = nil) async throws {
        try await database.transaction { transaction in
            try await Outbox(wakeUps: WakeUps()).append(
                event, about: subject ?? StreamID(order.uuid), source: "test", in: transaction)
        }
    }

    func sayFailed() async throws { try await say(OrderFailed(orderID: order, printJobID: Identities.system.make())) }

    /// Runs the systems while `body` does.
    func whileRunning(_ systems: JobSystem..., body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for system in systems { group.addTask { try await system.run() } }
            try await body()
            for system in systems { await system.drain(within: .seconds(5)) }
            try await group.waitForAll()
        }
    }

    /// Every delivery is settled one way or the other, and no job is left.
    func settled(_ count: Int) async throws {
        do {
            try await eventually("\(count) deliveries are settled") {
                let states = try await states()
                let live = try await liveJobs()
                return states.count == count && live == 0 && !states.contains { ["planned", "sent"].contains($0) }
            }
        } catch {
            let jobs: [String] = try await database.query(
                "SELECT kind || ' ' || state || ' ' || coalesce(last_error, '') AS line FROM jobs.job ORDER BY id"
            ).map { try $0("line") }
            Issue.record("\(try await states()) \(jobs)")
            throw error
        }
    }

    func liveJobs() async throws -> Int {
        try await database.query("SELECT count(*) AS n FROM jobs.job WHERE state IN ('ready', 'running')")[0]("n")
    }

    func states() async throws -> [String] {
        try await database.query("SELECT state FROM notify.delivery ORDER BY channel, recipient").map {
            try $0("state")
        }
    }

    func moveClock(bySeconds seconds: Double) async throws {
        try await database.execute("UPDATE jobs.clock_shift SET shift = shift + make_interval(secs => \(seconds))")
    }

    // MARK: The sandbox

    func control(_ path: String, _ body: JSONNode = [:], method: HTTPMethod = .post) async throws -> JSONNode {
        let answer = try await http.send(
            HTTPClientRequest(
                method: method, url: "\(root)/__control/\(path)",
                fields: ["content-type": "application/json"], body: method == .get ? [] : body.bytes()))
        return JSONNode.parse(answer.body) ?? .null
    }

    /// One browser of the sandbox's, subscribed as its page would.
    func subscribe() async throws {
        let browser = try await control("push/subscriptions")
        let subscriptions = PushSubscriptions(
            database: database,
            identity: PushIdentity(
                key: SandboxCredentials.pushKey, contact: "mailto:a@b.example", allowsLocalServices: true),
            identities: .system)
        _ = try await subscriptions.subscribe(
            endpoint: browser["endpoint"]?.string ?? "", key: browser["keys"]?["p256dh"]?.string ?? "",
            authentication: browser["keys"]?["auth"]?.string ?? "")
    }

    func ledger() async throws -> JSONNode { try await control("ledger", method: .get) }

    /// Every copy the mail server has, by Message-ID.
    func mailIDs() async throws -> [String] {
        (try await ledger()["mail"]?["mails"]?.array ?? []).compactMap { $0["messageId"]?.string }
    }

    func pushTopics() async throws -> [String] {
        (try await ledger()["push"]?["messages"]?.array ?? []).compactMap { $0["topic"]?.string }
    }
}

/// Orders with one order.
private struct Orders: OrdersContract {
    let known: OrderID

    func production(of order: OrderID) async throws -> ProductionView? { nil }
    func parcel(of order: OrderID) async throws -> ParcelView? { nil }
    func fulfilment(of order: OrderID) async throws -> FulfilmentOrderView? { nil }
    func orders(_ search: Contracts.OrderSearch) async throws -> [OrderView] { [] }
    func order(_ id: OrderID) async throws -> OrderView? {
        guard id == known else { return nil }
        return OrderView(
            id: id, shopifyOrderID: 1, orderNumber: "#1001", status: .received, financialStatus: nil, isTest: false,
            currency: "EUR", totalPrice: nil, customerName: "Testa Koper", email: "testa.koper@example.com",
            address: nil,
            orderedAt: Date(), createdAt: Date(), updatedAt: Date(), cancelledAt: nil, lineItems: [], attention: nil)
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
