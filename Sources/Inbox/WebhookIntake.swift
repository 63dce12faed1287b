import HTTPWire
import Jobs
import Kernel
import Logging
import Metrics
import Postgres
import Routing

/// The way of one delivery from the wire into the database: nothing is answered 2xx before the commit.
struct WebhookIntake: Sendable {
    private let database: Database
    private let outbox: Outbox
    private let identities: Identities
    private let dedupeHours: Int
    private let logger: Logger
    private let faults: FaultPoints
    private let refusals = RefusalLog()

    /// Characters of a dedupe key or topic that are kept; a longer key is replaced by the hash.
    private static let textMaximum = 200
    /// What a sender is asked to wait while the database is away.
    private static let retryAfterSeconds = 5

    init(
        database: Database, outbox: Outbox, identities: Identities, dedupeHours: Int, logger: Logger,
        faults: FaultPoints = .none
    ) {
        self.database = database
        self.outbox = outbox
        self.identities = identities
        self.dedupeHours = dedupeHours
        self.logger = logger
        self.faults = faults
    }

    /// - Throws: `Problem` 400, 401, 408, 413 or 503.
    func take(_ call: Call, from source: WebhookSource) async throws -> HTTPResponse {
        let body = try await Self.body(of: call)
        let fields = call.request.fields
        if case .refused(let reason) = source.verify(fields, body) {
            count(source, "refused")
            refusals.note(reason, from: source.name, logger)
            throw Problem.unauthorized("The signature is missing or wrong.")
        }
        let key = source.dedupeKey(fields, body).map(Self.printable)
        let delivery = WebhookStorage.Delivery(
            id: identities.make(), source: source.name,
            topic: String(Self.printable(source.topic(fields, body)).prefix(Self.textMaximum)),
            dedupeKey: key.flatMap { (1...Self.textMaximum).contains($0.count) ? $0 : nil },
            headers: WebhookHeaders.storable(fields), body: body, correlationID: call.correlationID)
        let isNew: Bool
        do {
            isNew = try await store(delivery)
            try await faults.reach(.afterWebhookCommit)
        } catch  where error is PostgresError || error is DroppedAtFaultPoint {
            count(source, "unavailable")
            logger.error(
                "A webhook could not be stored; its sender will try again.",
                metadata: ["source": "\(source.name)", "error": "\(error)"])
            throw Problem.unavailable(
                "The webhook could not be stored. Send it again.", retryAfterSeconds: Self.retryAfterSeconds)
        }
        count(source, isNew ? "accepted" : "duplicate")
        logger.info(
            isNew ? "A webhook was stored." : "A webhook was here before.",
            metadata: ["source": "\(source.name)", "topic": "\(delivery.topic)"])
        return .json(Array(isNew ? #"{"status":"accepted"}"#.utf8 : #"{"status":"duplicate"}"#.utf8))
    }

    /// Body, key and job are one commit; a duplicate commits nothing.
    private func store(_ delivery: WebhookStorage.Delivery) async throws -> Bool {
        let job = try NewJob(Inbox.processKind, payload: ProcessWebhook(webhook: delivery.id))
        return try await CorrelationID.$current.withValue(delivery.correlationID) {
            try await database.transaction { transaction in
                guard try await WebhookStorage.store(delivery, dedupeHours: dedupeHours, in: transaction) else {
                    return false
                }
                try await outbox.enqueue(job, in: transaction)
                try await faults.reach(.beforeWebhookCommit)
                return true
            }
        }
    }

    private static func body(of call: Call) async throws -> [UInt8] {
        do {
            return try await call.body()
        } catch HTTPBody.Failure.tooLarge(let limitBytes) {
            throw Problem(
                code: "body-too-large", status: 413, detail: "A webhook may have at most \(limitBytes) bytes.")
        } catch HTTPBody.Failure.incomplete {
            throw Problem.malformed("The body ended before it was complete.")
        } catch HTTPBody.Failure.timedOut {
            throw Problem(code: "timed-out", status: 408, detail: "The body came too slowly.")
        }
    }

    /// PostgreSQL's text has no U+0000, and a log line no line breaks.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
    }

    private func count(_ source: WebhookSource, _ outcome: String) {
        Counter(
            label: "webhooks_total", dimensions: [("source", source.name), ("outcome", outcome)]
        ).increment()
    }
}
