import Artefacts
import Cryptography
import EventLoop
import GridFlock
import GridGeometry
import Jobs
import Kernel
import Logging
import Postgres
import Shopify

/// The room of the drawer plates with the threads it works on.
struct GridFlockRoom: Sendable {
    let module: GridFlockModule
    private let meshing: BlockingPool
    private let quoting: BlockingPool

    /// Of its jobs, as `JOB_QUEUE_CONCURRENCY` names it.
    static let queue = "gridflock"
    /// Quotes that may wait for a thread; beyond it they are answered 503.
    private static let quotesWaitingMaximum = 64
    /// Quotes at a time: each takes milliseconds, so that meshing never holds them up.
    private static let quotingThreads = 2

    init(
        _ settings: Settings, database: Database, outbox: Outbox, artefacts: ArtefactStore, identities: Identities,
        time: Time, logger: Logger
    ) {
        let own = settings.gridFlock
        // As many as the queue hands over at a time, so that none of them waits for a thread.
        let meshes = settings.jobQueueConcurrency[Self.queue] ?? own.limits.concurrency
        meshing = BlockingPool(name: "mesh", threadsMaximum: max(meshes, 1), logger: logger)
        quoting = BlockingPool(
            name: "quote", threadsMaximum: Self.quotingThreads, queueMaximum: Self.quotesWaitingMaximum, logger: logger)
        let terms = own.terms
        let rates = MinuteRates(
            estimate: terms.printRate, load: { try await Slices.calibrating(terms.rates, in: database) })
        let quotes = Quotes(
            workbench: Workbench(quoting),
            bed: Size(
                width: Length(millimetres: own.bed.widthMillimetres),
                depth: Length(millimetres: own.bed.depthMillimetres)),
            terms: terms, rates: rates, digest: Self.digest, time: time)
        let gate = StorefrontGate(
            limits: own.limits, judge: Self.judge(settings, time: time), seconds: Self.uptimeSeconds(),
            onRefusal: { logger.debug("a storefront request was refused", metadata: ["reason": "\($0)"]) })
        let designs = Designs(
            database: database, outbox: outbox, artefacts: artefacts, workbench: Workbench(meshing), limits: own.limits,
            identities: identities, time: time, digest: Self.digest, make: PlateMaking.make)
        module = GridFlockModule(
            designs: designs, quoting: quotes,
            slices: Slices(
                database: database, designs: designs, rates: rates, identities: identities,
                material: terms.rates.materialName),
            storefront: .init(gate: gate, proxyParameters: ShopifyAppProxy.parameters), isEnabled: own.isEnabled)
    }

    /// After the last job and the last request.
    func shutDown() {
        quoting.shutDown()
        meshing.shutDown()
    }

    static let digest: Quotes.Digest = { bytes in
        SHA256.digest(bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The app's own secret signs its proxy; while it is replaced, the old one stands among the webhooks' secrets.
    private static func judge(_ settings: Settings, time: Time) -> StorefrontGate.Judge {
        guard !settings.webhookSkipVerification else { return { _ in nil } }
        let secrets = [settings.shopifyClientSecret].compactMap { $0 } + settings.shopifyWebhookSecrets
        return { query in
            let verdict = ShopifyAppProxy.judge(
                query: query, secrets: secrets, shopDomain: settings.shopifyShopDomain, now: time.now())
            guard case .refused(let reason) = verdict else { return nil }
            return reason
        }
    }

    private static func uptimeSeconds() -> @Sendable () -> Double {
        let start = ContinuousClock.now
        return {
            let parts = (ContinuousClock.now - start).components
            return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
        }
    }
}

extension Workbench {
    /// - Parameter pool: answers 503 when so many wait for it that another would wait too long.
    init(_ pool: BlockingPool) {
        self.init { work in
            do {
                try await pool.run(work)
            } catch is BlockingPool.Failure {
                throw Problem.unavailable("Too many plates are being worked on; try again later.")
            }
        }
    }
}
