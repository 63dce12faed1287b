import Artefacts
import Catalog
import Foundation
import Fulfilment
import HTTPClient
import Inbox
import Jobs
import Kernel
import Operators
import Orders
import Postgres
import Printing
import Routing
import Sendcloud
import Shipping
import Shopify
import SimplyPrint
import Synchronization

/// The rooms as the program wires them, with the simulator's clock and faults in their places.
struct SimulatedRooms {
    let wakeUps = WakeUps()
    let jobs: JobSystem
    let routes: [Route]
    let catalogue: Catalogue

    /// Rarer than in life: each poll and each sweep reads the farm four times.
    private static let pollSeconds = 600.0
    private static let reconcileSeconds = 3_600.0
    private static let lagSeconds = 5.0
    private static let timeoutSeconds = 10.0

    init(database: Database, http: HTTPClient, vendors: String, clock: SimulatedClock) throws {
        var settings = JobSettings()
        settings.pollSeconds = 0.02
        settings.rescueSweepSeconds = 0.02
        settings.reconcileSeconds = Self.reconcileSeconds
        let outbox = Outbox(wakeUps: wakeUps)
        let faults = FaultPoints { try clock.reach($0.rawValue) }
        let effects = Effects(
            database: database, settings: settings, vendorLagSeconds: Self.lagSeconds, logger: .nowhere, faults: faults)
        let shopify = ShopifyClient(
            configuration: .init(
                shopDomain: "forma3d-sandbox.myshopify.com", apiURL: "\(vendors)/shopify",
                accessToken: "shpat_sandbox0000000000000000000000", timeoutSeconds: Self.timeoutSeconds),
            http: http, logger: .nowhere)
        let farm = SimplyPrintClient(
            configuration: .init(
                companyID: "2310", apiKey: "sandbox-simplyprint-key", apiURL: "\(vendors)/simplyprint",
                filesURL: "\(vendors)/simplyprint-files", timeoutSeconds: Self.timeoutSeconds),
            http: http, takeBudget: {}, logger: .nowhere)
        let sendcloud = SendcloudClient(
            configuration: .init(
                publicKey: "sandbox-sendcloud-public", secretKey: "sandbox-sendcloud-secret",
                apiURL: "\(vendors)/sendcloud/api/v2", timeoutSeconds: Self.timeoutSeconds),
            http: http, logger: .nowhere)
        let time = clock.time
        let artefacts = ArtefactStore(database: database)
        let catalog = CatalogModule(database: database, outbox: outbox, identities: clock.identities)
        catalogue = Catalogue(database: database, outbox: outbox, identities: clock.identities)
        let orders = OrdersModule(
            database: database, outbox: outbox, catalog: catalog.contract, identities: clock.identities, time: time,
            shopDomain: nil, webhookSecrets: nil)
        let printing = PrintingModule(
            database: database, outbox: outbox, effects: effects, artefacts: artefacts, orders: orders.contract,
            client: farm, submitting: farm, stamp: ReferenceStamp(client: farm),
            callTimeoutSeconds: Self.timeoutSeconds, identities: clock.identities, time: time,
            pollingSeconds: Self.pollSeconds,
            webhookSecrets: nil)
        let shipping = ShippingModule(
            database: database, outbox: outbox, effects: effects, artefacts: artefacts, orders: orders.contract,
            client: sendcloud, callTimeoutSeconds: Self.timeoutSeconds, isEnabled: true,
            policy: .init(shippingMethodID: 2_077, senderAddressID: 1), identities: clock.identities, time: time,
            webhookKeys: nil)
        let fulfilment = FulfilmentModule(
            database: database, outbox: outbox, effects: effects, orders: orders.contract,
            shipping: shipping.contract, client: shopify, callTimeoutSeconds: Self.timeoutSeconds,
            shippingEnabled: true, identities: clock.identities, time: time)
        let inbox = Inbox(
            database: database, outbox: outbox,
            sources: [orders.webhookSource, printing.webhookSource, shipping.webhookSource],
            identities: clock.identities,
            retentionDays: 90, dedupeHours: 48, logger: .nowhere)
        jobs = JobSystem(
            database: database, settings: settings, wakeUps: wakeUps,
            registrations: inbox.registrations + orders.registrations + printing.registrations
                + shipping.registrations + fulfilment.registrations,
            schedules: inbox.schedules + printing.schedules, effects: effects, logger: .nowhere, faults: faults)
        let operators = OperatorsModule(
            database: database, outbox: outbox, orders: orders.contract, printing: printing.contract,
            shipping: shipping.contract, fulfilment: fulfilment.contract, inbox: inbox,
            kinds: jobs.kinds, effects: effects)
        routes = inbox.routes + operators.routes + catalog.routes + printing.routes + shipping.routes
    }
}

/// The modules' clock, and the dice of the fault points.
final class SimulatedClock: Sendable {
    private struct State {
        var shiftSeconds = 0.0
        var random: SeededRandom
        var crashes = 0
        var isCalm = false
    }

    /// How often a run breaks off at a point it reaches.
    private static let crash = 0.01

    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(random: SeededRandom(seed: ~seed)))
    }

    var time: Time { Time { Date().addingTimeInterval(self.state.withLock { $0.shiftSeconds }) } }
    var crashes: Int { state.withLock { $0.crashes } }

    /// Ids tell when they were made, and how far back the farm's history has to be read: by the simulated clock, too.
    var identities: Identities {
        Identities {
            var generator = SystemRandomNumberGenerator()
            return Identities.uuidV7(at: self.time.now(), using: &generator)
        }
    }

    func turnForward(seconds: Double) { state.withLock { $0.shiftSeconds += seconds } }

    func calm() { state.withLock { $0.isCalm = true } }

    /// Breaks the run off as a lost connection would: nothing after this point is done.
    func reach(_ point: String) throws {
        let breaks = state.withLock { state -> Bool in
            guard !state.isCalm, state.random.isTrue(Self.crash) else { return false }
            state.crashes += 1
            return true
        }
        if breaks { throw JobFailure.notNow("The simulation broke the run off at \(point).", retryAfterSeconds: 30) }
    }
}
