import Artefacts
import Catalog
import Contracts
import Foundation
import Fulfilment
import GridFlock
import HTTPClient
import Inbox
import Jobs
import Kernel
import Logging
import Notifications
import Operators
import Orders
import Postgres
import Printing
import Routing
import Sendcloud
import Shipping
import Shopify
import SimplyPrint

/// Every room of the house, wired once: settings → technology → vendors → modules in dependency order.
struct CompositionRoot: Sendable {
    let shopify: ShopifyClient
    let simplyPrint: SimplyPrintClient
    let sendcloud: SendcloudClient
    let stamp: ReferenceStamp
    let jobs: JobSystem
    let moduleRoutes: [Route]
    let http: HTTPClient
    let notices: NoticeChannels
    let gridFlock: GridFlockRoom

    /// Of SimplyPrint's calls a minute, what new queue items may not use.
    static let budgetShareOfPolls = 0.25

    init(
        settings: Settings, database: Database, notifications: Database? = nil, identities: Identities = .system,
        time: Time = .system, logger: Logger
    ) throws {
        let wakeUps = WakeUps()
        let outbox = Outbox(wakeUps: wakeUps)
        let artefacts = ArtefactStore(database: database)
        let faults = try FaultPoints(settings, logger: logger)
        let jobSettings = JobSettings(settings)
        let effects = Effects(
            database: database, settings: jobSettings, vendorLagSeconds: settings.vendorLagSeconds, logger: logger,
            faults: faults)
        http = HTTPClient(configuration: HTTPClient.Configuration(settings), logger: logger)
        shopify = ShopifyClient(configuration: ShopifyConfiguration(settings), http: http, logger: logger)
        let budget = VendorBudget(ofSimplyPrint: settings, database)
        simplyPrint = SimplyPrintClient(settings, http, logger) { try await budget.take() }
        // A rush of orders leaves the polls their calls: completions are seen by them.
        let submitting = SimplyPrintClient(settings, http, logger) {
            try await budget.take(sparing: Self.budgetShareOfPolls)
        }
        sendcloud = SendcloudClient(configuration: SendcloudConfiguration(settings), http: http, logger: logger)
        stamp = ReferenceStamp(client: simplyPrint)
        let catalog = CatalogModule(database: database, outbox: outbox, identities: identities)
        let orders = OrdersModule(
            database: database, outbox: outbox, catalog: catalog.contract, identities: identities, time: time,
            shopDomain: settings.shopifyShopDomain, webhookSecrets: settings.verifying(settings.shopifyWebhookSecrets),
            watch: settings.watch(client: shopify, logger: logger))
        let printing = PrintingModule(
            database: database, outbox: outbox, effects: effects, artefacts: artefacts, orders: orders.contract,
            client: simplyPrint, submitting: submitting, stamp: stamp,
            callTimeoutSeconds: Double(settings.simplyPrintAPITimeoutMilliseconds) / 1_000, identities: identities,
            time: time, pollingSeconds: settings.pollingSeconds,
            webhookSecrets: settings.verifying([settings.simplyPrintWebhookSecret].compactMap { $0 }))
        let shipping = ShippingModule(
            database: database, outbox: outbox, effects: effects, artefacts: artefacts, orders: orders.contract,
            client: sendcloud, callTimeoutSeconds: Double(settings.sendcloudAPITimeoutMilliseconds) / 1_000,
            isEnabled: settings.shippingEnabled, policy: settings.shippingPolicy, identities: identities, time: time,
            webhookKeys: settings.verifying([settings.sendcloudWebhookSecret].compactMap { $0 }))
        let fulfilment = FulfilmentModule(
            database: database, outbox: outbox, effects: effects, orders: orders.contract, shipping: shipping.contract,
            client: shopify, callTimeoutSeconds: Double(settings.shopifyAPITimeoutMilliseconds) / 1_000,
            shippingEnabled: settings.shippingEnabled, identities: identities, time: time)
        notices = NoticeChannels(settings, time: time, logger: logger)
        let telling = NotificationsModule(
            database: database, outbox: outbox, effects: effects, orders: orders.contract, channels: notices.channels,
            http: http, identities: identities, time: time, logger: logger)
        gridFlock = GridFlockRoom(
            settings, database: database, outbox: outbox, artefacts: artefacts, identities: identities, time: time,
            logger: logger)
        let inbox = Inbox(
            database: database, outbox: outbox,
            sources: [orders.webhookSource, printing.webhookSource, shipping.webhookSource], identities: identities,
            retentionDays: settings.webhookRetentionDays, dedupeHours: settings.webhookIdempotencyTTLHours,
            logger: logger, faults: faults)
        jobs = JobSystem(
            database: database, settings: jobSettings, wakeUps: wakeUps,
            registrations: inbox.registrations + orders.registrations + printing.registrations + shipping.registrations
                + fulfilment.registrations + telling.registrations + gridFlock.module.registrations,
            schedules: inbox.schedules + orders.schedules + printing.schedules + shipping.schedules
                + telling.schedules + gridFlock.module.schedules,
            effects: effects, logger: logger, faults: faults, notifications: notifications)
        let operators = OperatorsModule(
            database: database, outbox: outbox, orders: orders.contract, printing: printing.contract,
            shipping: shipping.contract, fulfilment: fulfilment.contract, inbox: inbox,
            kinds: jobs.kinds, effects: effects)
        moduleRoutes =
            inbox.routes + operators.routes + catalog.routes + printing.routes + shipping.routes + telling.routes
            + gridFlock.module.routes
    }
}

extension CompositionRoot {
    /// Ends the threads that talk to the outside.
    func close() async {
        await http.close()
        await notices.smtp?.close()
        gridFlock.shutDown()
    }
}

extension Settings {
    /// What a webhook source verifies with: nil verifies nothing, which only development may ask for.
    fileprivate func verifying(_ secrets: [String]) -> [String]? {
        webhookSkipVerification ? nil : secrets
    }

    /// Nil while no shop is configured: every call would fail.
    fileprivate func watch(client: ShopifyClient, logger: Logger) -> OrdersModule.Watch? {
        guard shopifyAPIURL != nil, shopifyAccessToken != nil else { return nil }
        return OrdersModule.Watch(
            client: client, reconcileEverySeconds: Double(shopWatch.reconcileIntervalMinutes) * 60,
            webhookAddress: shopifyWebhookAddress, logger: logger)
    }

    /// Where Shopify is to deliver; nil where that is not known, or not ours to look after.
    var shopifyWebhookAddress: String? {
        guard shopWatch.checksSubscriptions, let apiURL else { return nil }
        return apiURL + OrdersModule.webhookPath
    }

    fileprivate var pollingSeconds: Double? {
        simplyPrintPollingEnabled ? Double(simplyPrintPollingIntervalMilliseconds) / 1_000 : nil
    }

    /// Nil when shipping is off or no method is chosen.
    fileprivate var shippingPolicy: ShippingJobs.Policy? {
        guard shippingEnabled, let method = defaultShippingMethodID.flatMap({ Int($0) }) else { return nil }
        return ShippingJobs.Policy(
            shippingMethodID: method, senderAddressID: defaultSenderAddressID.flatMap { Int($0) })
    }
}

extension FaultPoints {
    /// Says loudly that something is armed, and the seed that plays it again.
    fileprivate init(_ settings: Settings, logger: Logger) throws {
        guard let armed = settings.armedFaults else {
            self = .none
            return
        }
        let seed = armed.seed ?? .random(in: 0...FaultPoints.seedMaximum)
        try self.init(parsing: armed.text, seed: UInt64(seed))
        logger.warning("Fault points are armed.", metadata: ["faults": "\(armed.text)", "seed": "\(seed)"])
    }
}

extension HTTPClient.Configuration {
    /// Calls beside those of jobs: polls, checks of the vendors, operators' requests.
    private static let callsBesideJobs = 16

    /// Every job in hand may call the same vendor: none waits for another's answer.
    init(_ settings: Settings) {
        self.init()
        connectionsPerHostMaximum = settings.workerConcurrency + Self.callsBesideJobs
    }
}

extension JobSettings {
    init(_ settings: Settings) {
        self.init()
        concurrency = settings.workerConcurrency
        // A design keeps a processor busy: beyond that number jobs would only hold hands that others need.
        queueConcurrency = [GridFlockRoom.queue: settings.gridFlock.limits.concurrency]
            .merging(settings.jobQueueConcurrency) { $1 }
        leaseSeconds = settings.jobLeaseSeconds
        pollSeconds = Double(settings.jobPollMilliseconds) / 1_000
        retriesMaximum = settings.retryMaxRetries
        initialDelaySeconds = Double(settings.retryInitialDelayMilliseconds) / 1_000
        delayMaximumSeconds = Double(settings.retryMaxDelayMilliseconds) / 1_000
        backoffMultiplier = settings.retryBackoffMultiplier
        jitterPercent = Double(settings.retryJitterPercent)
        notNowLimitSeconds = settings.notNowLimitHours * 3_600
        cleanupDays = settings.retryCleanupDays
        reconcileSeconds = settings.reconcileIntervalSeconds
        circuitOpenSeconds = Double(settings.vendorCircuitOpenMilliseconds) / 1_000
    }
}

extension ShopifyConfiguration {
    /// A shop that is not configured (development) is a host that cannot exist (RFC 2606): calls fail, nothing leaks.
    init(_ settings: Settings) {
        self.init(
            shopDomain: settings.shopifyShopDomain ?? "shop.invalid",
            apiURL: settings.shopifyAPIURL ?? "https://shop.invalid",
            accessToken: settings.shopifyAccessToken ?? "",
            timeoutSeconds: Double(settings.shopifyAPITimeoutMilliseconds) / 1_000)
    }
}

extension VendorBudget {
    fileprivate init(ofSimplyPrint settings: Settings, _ database: Database) {
        self.init(database: database, name: "simplyprint", perMinute: settings.simplyPrintRequestsPerMinute)
    }
}

extension SimplyPrintClient {
    fileprivate init(
        _ settings: Settings, _ http: HTTPClient, _ logger: Logger,
        takeBudget: @escaping @Sendable () async throws -> Void
    ) {
        self.init(
            configuration: SimplyPrintConfiguration(settings), http: http, takeBudget: takeBudget, logger: logger)
    }
}

extension SimplyPrintConfiguration {
    init(_ settings: Settings) {
        self.init(
            companyID: settings.simplyPrintCompanyID ?? "0", apiKey: settings.simplyPrintAPIKey ?? "",
            apiURL: settings.simplyPrintAPIURL, filesURL: settings.simplyPrintFilesURL,
            timeoutSeconds: Double(settings.simplyPrintAPITimeoutMilliseconds) / 1_000)
    }
}

extension SendcloudConfiguration {
    init(_ settings: Settings) {
        self.init(
            publicKey: settings.sendcloudPublicKey ?? "", secretKey: settings.sendcloudSecretKey ?? "",
            apiURL: settings.sendcloudAPIURL,
            timeoutSeconds: Double(settings.sendcloudAPITimeoutMilliseconds) / 1_000)
    }
}
