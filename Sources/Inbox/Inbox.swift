import HTTPWire
package import Jobs
package import Kernel
package import Logging
package import Postgres
package import Routing

/// Verified raw webhooks: stored with their job in one commit before the sender hears 2xx (DESIGN §3.1).
package final class Inbox: Sendable {
    let database: Database
    let deadLetters: DeadLetters
    let outbox: Outbox
    private let sources: [WebhookSource]
    private let retentionDays: Int
    private let intake: WebhookIntake
    private let logger: Logger

    static let processKind: JobKind = "inbox.process"
    private static let pruneKind: JobKind = "inbox.prune"
    private static let pruneEverySeconds = 3600.0
    /// Rows one statement of the clean-up deletes, so that it never holds locks for long.
    private static let pruneBatch = 500

    /// - Parameters:
    ///   - retentionDays: how long bodies are kept: they hold personal data.
    ///   - dedupeHours: how long a delivery is known; longer than the sender's retries.
    package init(
        database: Database, outbox: Outbox, sources: [WebhookSource], identities: Identities, retentionDays: Int,
        dedupeHours: Int, logger: Logger, faults: FaultPoints = .none
    ) {
        precondition(Set(sources.map(\.name)).count == sources.count, "each source has a name of its own")
        self.database = database
        self.outbox = outbox
        deadLetters = DeadLetters(database: database, outbox: outbox)
        self.sources = sources
        self.retentionDays = retentionDays
        self.logger = logger
        intake = WebhookIntake(
            database: database, outbox: outbox, identities: identities, dedupeHours: dedupeHours, logger: logger,
            faults: faults)
    }

    /// One route for each path of each source.
    package var routes: [Route] {
        sources.flatMap { source in
            source.paths.map { path in
                Route(
                    .post, PathPattern(path), "Take a webhook of \(source.name)", tag: "Webhooks", access: .webhook,
                    limits: .init(bodyBytes: source.bodyLimitBytes),
                    takes: .any,
                    returns: .object(
                        name: "WebhookReceipt",
                        [.init("status", .oneOf(["accepted", "duplicate"]), "Both mean: stored, do not send again.")]),
                    problems: [400, 401, 413, 503]
                ) { [intake] call in
                    try await intake.take(call, from: source)
                }
            }
        }
    }

    /// `inbox.process`, `inbox.prune`
    package var registrations: [JobRegistration] {
        let onDeadLetter: @Sendable (Job, String, Transaction) async throws -> Void = { job, reason, transaction in
            let payload = try job.decode(ProcessWebhook.self)
            try await WebhookStorage.markFailed(payload.webhook, note: reason, in: transaction)
        }
        return [
            JobRegistration(Self.processKind, onDeadLetter: onDeadLetter) { job in try await self.process(job) },
            JobRegistration(Self.pruneKind, timeoutSeconds: 600) { _ in
                try await self.prune()
                return nil
            },
        ]
    }

    package var schedules: [Schedule] {
        [Schedule("inbox.prune", Self.pruneKind, everySeconds: Self.pruneEverySeconds)]
    }

    /// Says whose bodies these are, in the module's commit, so that one subject's bodies can be erased.
    package static func file(_ webhook: WebhookID, under subject: StreamID, in transaction: Transaction) async throws {
        try await WebhookStorage.file(webhook, under: subject, in: transaction)
    }

    /// Erases the bodies of one subject; the rows and their dedupe keys stay. How many there were.
    package func eraseBodies(of subject: StreamID) async throws -> Int {
        try await WebhookStorage.eraseBodies(of: subject, in: database)
    }

    /// What became of the deliveries of one correlation id, oldest first.
    package func deliveries(of correlationID: CorrelationID) async throws -> [DeliveryView] {
        try await WebhookStorage.deliveries(of: correlationID, in: database)
    }

    /// Deliveries that no module could make sense of, newest first.
    package func failedDeliveries(limit: Int) async throws -> [DeliveryView] {
        try await WebhookStorage.failedDeliveries(limit: limit, in: database)
    }

    /// The first half is the module's; its second half and the mark on the row are one transaction.
    private func process(_ job: Job) async throws -> Commit? {
        let payload = try job.decode(ProcessWebhook.self)
        guard let stored = try await WebhookStorage.webhook(payload.webhook, in: database) else {
            logger.info("A webhook was pruned before it was processed.", metadata: ["webhook": "\(payload.webhook)"])
            return nil
        }
        guard let source = sources.first(where: { $0.name == stored.source }) else {
            throw JobFailure.rejected("No module takes webhooks of \(stored.source).")
        }
        guard let webhook = stored.webhook else {
            throw JobFailure.rejected("The body was erased before it was processed.")
        }
        let commit = try await source.handle(webhook)
        return { transaction in
            try await commit(transaction)
            try await WebhookStorage.markProcessed(webhook.id, in: transaction)
        }
    }

    /// Deletes what is older than its setting, batch by batch.
    func prune() async throws {
        while try await WebhookStorage.deleteWebhooks(
            olderThanDays: retentionDays, limit: Self.pruneBatch, in: database) == Self.pruneBatch
        {
            try Task.checkCancellation()
        }
        while try await WebhookStorage.deleteExpiredKeys(limit: Self.pruneBatch, in: database) == Self.pruneBatch {
            try Task.checkCancellation()
        }
    }
}

/// Payload of `inbox.process`.
struct ProcessWebhook: Codable, Sendable {
    let webhook: WebhookID
}
