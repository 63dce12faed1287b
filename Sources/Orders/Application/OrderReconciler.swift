import Contracts
import FoundationEssentials
import Inbox
package import Jobs
package import Kernel
package import Logging
import Metrics
package import Postgres
package import Shopify

/// Nothing is lost when a webhook is: asks the shop which orders it touched, and takes in what we do not have.
///
/// What is found goes through the inbox like a webhook, marked as made here, so that there is one way in: one set of
/// rules, one list for operators, one place where bodies are erased. Every round is safe to repeat and to break off.
package struct OrderReconciler: Sendable {
    /// The shop's search may lag behind its writes, and clocks differ (contracts: Shopify §2.6).
    static let overlapSeconds = 900.0
    /// A webhook may still be on its way: only what is older is asked for, the rest is left to the next round.
    static let graceSeconds = 60.0
    /// How far back the daily sweep looks, for whatever the small rounds could not see.
    static let sweepDays = 7.0
    static let sweepEverySeconds = 86_400.0
    /// 50,000 orders in one list; a window with more is asked for in halves.
    package static let pagesMaximum = 200
    /// The shop's clock has whole seconds: a shorter window has no halves.
    static let windowSecondsMinimum = 2.0
    /// Bodies fetched in one round; the next one takes the rest.
    static let bodiesMaximum = 400
    /// Shopify's REST bucket holds 40 calls and refills two a second (contracts: Shopify §2.8): this many at once, then
    /// at half that pace, so that fulfilments are not starved.
    static let burst = 20
    static let paceSeconds = 1.0
    /// How long a body that was taken in is known: one that failed comes again when the sweep still sees it.
    static let dedupeHours = 24
    private static let timeoutSeconds = 900.0

    private let database: Database
    private let outbox: Outbox
    private let identities: Identities
    private let client: ShopifyClient
    private let everySeconds: Double
    private let pagesMaximum: Int
    private let logger: Logger

    package init(
        database: Database, outbox: Outbox, identities: Identities, client: ShopifyClient, everySeconds: Double,
        pagesMaximum: Int = Self.pagesMaximum, logger: Logger
    ) {
        self.database = database
        self.outbox = outbox
        self.identities = identities
        self.client = client
        self.everySeconds = everySeconds
        self.pagesMaximum = pagesMaximum
        self.logger = logger
    }

    package var registrations: [JobRegistration] {
        [
            JobRegistration("orders.reconcile", timeoutSeconds: Self.timeoutSeconds, vendor: "shopify") { _ in
                try await reconcile()
            },
            JobRegistration("orders.sweep", timeoutSeconds: Self.timeoutSeconds, vendor: "shopify") { _ in
                try await sweep()
            },
        ]
    }

    package var schedules: [Schedule] {
        [
            Schedule("orders.reconcile", "orders.reconcile", everySeconds: everySeconds),
            Schedule("orders.sweep", "orders.sweep", everySeconds: Self.sweepEverySeconds),
        ]
    }

    /// The watermark moves only after every page was taken in.
    private func reconcile() async throws -> Commit? {
        let progress = try await ReconciliationStorage.begin(in: database)
        let round = try await takeIn(
            since: progress.watermark.addingTimeInterval(-Self.overlapSeconds), now: progress.now)
        guard round.isComplete else { return nil }
        return { try await ReconciliationStorage.advance(to: round.newest, in: $0) }
    }

    /// What the shop has not touched since we are here stays outside: it may have been made by hand long ago.
    private func sweep() async throws -> Commit {
        let progress = try await ReconciliationStorage.begin(in: database)
        let start = progress.startedAt.addingTimeInterval(-Self.overlapSeconds)
        let since = max(start, progress.now.addingTimeInterval(-Self.sweepDays * 86_400))
        let round = try await takeIn(since: since, now: progress.now)
        return { if round.isComplete { try await ReconciliationStorage.noteSweep(in: $0) } }
    }

    private struct Round {
        var newest: Date?
        var isComplete: Bool
    }

    private func takeIn(since: Date, now: Date) async throws -> Round {
        let listed = try await list(since: since, until: nil, now: now)
        let settled = listed.filter { now.timeIntervalSince($0.updatedAt) >= Self.graceSeconds }
        // The oldest loss first: a round that breaks off has then done the most urgent.
        let missing = try await missing(among: settled).sorted { ($0.updatedAt, $0.id) < ($1.updatedAt, $1.id) }
        var count = 0
        for (index, revision) in missing.prefix(Self.bodiesMaximum).enumerated() {
            if index >= Self.burst { try await Task.sleep(for: .seconds(Self.paceSeconds)) }
            if try await takeIn(revision) { count += 1 }
        }
        if count > 0 {
            Counter(label: "shopify_orders_reconciled_total").increment(by: Int64(count))
            logger.notice(
                "Orders were taken in whose webhooks had not come.", metadata: ["orders": "\(count)"])
        }
        return Round(
            newest: settled.map(\.updatedAt).max(), isComplete: missing.count <= Self.bodiesMaximum)
    }

    /// All pages before the first body is fetched: a page's address does not live long.
    ///
    /// The shop lists by no order of its touches, so that a list that is broken off says nothing of what is left: a
    /// window with too many is asked for in halves, the older one first, because what is touched meanwhile moves on.
    private func list(since: Date, until: Date?, now: Date) async throws -> [ShopifyClient.OrderRevision] {
        var page = try await client.orderRevisions(updatedSince: since, until: until)
        var listed = page.revisions
        var pages = 1
        while let next = page.next {
            pages += 1
            if pages > pagesMaximum {
                let seconds = (until ?? now).timeIntervalSince(since)
                if seconds >= Self.windowSecondsMinimum {
                    let middle = since.addingTimeInterval((seconds / 2).rounded(.down))
                    return try await list(since: since, until: middle, now: now)
                        + list(since: middle, until: until, now: now)
                }
                logger.error(
                    "The shop touched more orders in one moment than are listed; the rest waits for its webhooks.",
                    metadata: ["listed": "\(listed.count)", "since": "\(Timestamp.format(since))"])
                return listed
            }
            page = try await client.orderRevisions(after: next)
            listed += page.revisions
        }
        return listed
    }

    private func missing(among listed: [ShopifyClient.OrderRevision]) async throws -> [ShopifyClient.OrderRevision] {
        let known = try await ReconciliationStorage.revisions(of: listed.map(\.id), in: database)
        let newer = listed.filter { revision in known[revision.id].map { $0 < revision.revision } ?? true }
        let taken = try await Inbox.knownKeys(newer.map(\.dedupeKey), source: "shopify", in: database)
        return newer.filter { !taken.contains($0.dedupeKey) }
    }

    /// False: the shop has it no more, or another round was faster.
    private func takeIn(_ revision: ShopifyClient.OrderRevision) async throws -> Bool {
        guard let body = try await client.orderBody(revision.id) else { return false }
        let delivery = SyntheticDelivery(
            id: identities.make(), source: "shopify", topic: "orders/updated", dedupeKey: revision.dedupeKey,
            body: body)
        return try await database.transaction { transaction in
            try await Inbox.take(delivery, dedupeHours: Self.dedupeHours, outbox: outbox, in: transaction)
        }
    }
}

extension ShopifyClient.OrderRevision {
    fileprivate var revision: Order.Revision {
        Order.Revision(
            updatedAt: updatedAt, isCancelled: isCancelled, paymentRank: Payment.rank(of: financialStatus))
    }

    /// The same for every replica and every round that finds this revision.
    fileprivate var dedupeKey: String {
        "reconcile:\(id):\(Timestamp.format(updatedAt)):\(isCancelled):\(Payment.rank(of: financialStatus))"
    }
}
