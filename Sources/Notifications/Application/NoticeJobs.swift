import Contracts
import FoundationEssentials
import HTTPClient
package import Jobs
package import Kernel
import Logging
import Postgres

/// The jobs that turn events into notices, and notices into mails and push messages.
package struct NoticeJobs: Sendable {
    /// Where notices go.
    package struct Channels: Sendable {
        package var mail: MailEffect?
        package var mailRecipients: [MailAddress] = []
        package var push: PushIdentity?
        package var pushTimeoutSeconds = 30.0
        /// Of the operators' pages; nil leaves links out.
        package var webURL: String?

        package init() {}
    }

    /// Settled notices are kept as long as dead letters.
    package static let keptDays = 90
    static let pruneEverySeconds = 86_400.0
    static let pruneBatch = 1_000

    let database: Database
    let outbox: Outbox
    let effects: Effects
    let orders: any OrdersContract
    let channels: Channels
    let http: HTTPClient
    let identities: Identities
    let time: Time
    let logger: Logger

    package var registrations: [JobRegistration] {
        [
            telling("notifications.tell-order-failed") { .orderFailed($0, number: $1) },
            telling("notifications.tell-line-unmapped") { .lineUnmapped($0, number: $1) },
            telling("notifications.tell-fulfillment-failed") { .fulfillmentFailed($0, number: $1) },
            JobRegistration("notifications.tell-retry-exhausted", handle: tellRetryExhausted),
            JobRegistration(
                "notifications.send-mail", vendor: MailEffect.kind, category: .notification, onDeadLetter: giveUp,
                handle: sendMail),
            JobRegistration(
                "notifications.send-push", vendor: PushEffect.kind, category: .notification, onDeadLetter: giveUp,
                handle: sendPush),
            JobRegistration("notifications.prune") { _ in
                { transaction in
                    _ = try await NoticeStorage.deleteOld(
                        days: Self.keptDays, limit: Self.pruneBatch, in: transaction)
                    try await NoticeStorage.deleteOldQuiet(
                        days: Self.keptDays, limit: Self.pruneBatch, in: transaction)
                }
            },
        ]
    }

    package var schedules: [Schedule] {
        [Schedule("notifications.prune", "notifications.prune", everySeconds: Self.pruneEverySeconds)]
    }

    // MARK: From an event to a notice

    private func telling(
        _ kind: JobKind, _ notice: @escaping @Sendable (OrderID, String) -> Notice
    ) -> JobRegistration {
        JobRegistration(kind) { job in
            let id = try job.decode(OrderReference.self).orderID
            guard let number = try await orderNumber(id) else { return nil }
            return try await tell(notice(id, number), job)
        }
    }

    private func tellRetryExhausted(_ job: Job) async throws -> Commit? {
        let event = try job.decode(JobRetryExhausted.self)
        guard Notice.tells(ofJob: event.kind) else { return nil }
        let order = job.subject == .system ? nil : job.subject.map { OrderID($0.uuid) }
        var known: (id: OrderID, number: String)?
        if let order, let number = try await orderNumber(order) { known = (order, number) }
        return try await tell(.retryExhausted(kind: event.kind, order: known), job)
    }

    private func orderNumber(_ id: OrderID) async throws -> String? {
        try await orders.order(id).map { Notice.plain(orderNumber: $0.orderNumber) }
    }

    /// One job is one event, and its commit is one: so a notice, its deliveries and
    /// their intents are there once.
    private func tell(_ notice: Notice, _ job: Job) async throws -> Commit? {
        let addresses = channels.mail == nil ? [] : channels.mailRecipients.map(\.text)
        let browsers = channels.push == nil ? [] : try await PushStorage.ids(in: database)
        let recipients: [(channel: Delivery.Channel, name: String)] =
            addresses.map { (.mail, $0) } + browsers.map { (.push, $0.description) }
        guard !recipients.isEmpty else { return nil }
        return { transaction in
            guard
                let heldBack = try await NoticeStorage.beginQuiet(
                    notice.quietKey, seconds: Notice.quietSeconds, in: transaction)
            else { return }
            let id = identities.uuid()
            let text = notice.text + Notice.words(forHeldBack: heldBack)
            try await NoticeStorage.insert(notice, id: id, text: text, sourceJob: job.id, in: transaction)
            for recipient in recipients {
                let delivery = Delivery(
                    id: identities.make(), noticeID: id, channel: recipient.channel, recipient: recipient.name,
                    subject: notice.subject, text: text, path: notice.path)
                try await plan(delivery, about: job.subject, in: transaction)
            }
        }
    }

    private func plan(_ delivery: Delivery, about subject: StreamID?, in transaction: Transaction) async throws {
        try await NoticeStorage.insert(delivery, in: transaction)
        let kind: JobKind
        switch delivery.channel {
        case .mail:
            kind = "notifications.send-mail"
            try await effects.plan(
                MailEffect.self, reference: delivery.reference, request: mail(delivery), subject: subject,
                in: transaction)
        case .push:
            kind = "notifications.send-push"
            try await effects.plan(
                PushEffect.self, reference: delivery.reference, request: push(delivery), subject: subject,
                in: transaction)
        }
        try await outbox.enqueue(
            NewJob(kind, payload: DeliveryReference(deliveryID: delivery.id), subject: subject), in: transaction)
    }

    private func mail(_ delivery: Delivery) -> MailEffect.Request {
        let link = channels.webURL.map { "\n\n\($0)\(delivery.path)" } ?? ""
        return MailEffect.Request(
            recipient: delivery.recipient, subject: delivery.subject,
            body: "\(delivery.text)\(link)\n\n-- \nForma3D.Connect writes this to OPERATOR_EMAIL.\n")
    }

    private func push(_ delivery: Delivery) -> PushEffect.Request {
        PushEffect.Request(
            title: delivery.subject, body: delivery.text, url: (channels.webURL ?? "") + delivery.path,
            tag: delivery.noticeID.uuidString.lowercased())
    }

    // MARK: Sending, at most once

    private func sendMail(_ job: Job) async throws -> Commit? {
        guard let delivery = try await delivery(of: job) else { return nil }
        guard let effect = channels.mail else { throw Self.isOff("SMTP_HOST and SMTP_FROM") }
        return try await send(delivery, over: effect, job)
    }

    private func sendPush(_ job: Job) async throws -> Commit? {
        guard let delivery = try await delivery(of: job) else { return nil }
        guard let identity = channels.push else { throw Self.isOff("VAPID_PRIVATE_KEY") }
        guard let id = PushSubscriptionID(delivery.recipient),
            let subscription = try await PushStorage.subscription(id, in: database)
        else { return ended(delivery) }
        let effect = PushEffect(
            identity: identity, subscription: subscription, http: http,
            callTimeoutSeconds: channels.pushTimeoutSeconds, time: time, logger: logger)
        do {
            return try await send(delivery, over: effect, job)
        } catch let failure as VendorFailure where failure.kind == .notFound && !failure.mayHaveHappened {
            return ended(delivery, unsubscribing: id)
        }
    }

    private func send(_ delivery: Delivery, over effect: some OnceOnlyVendor, _ job: Job) async throws -> Commit {
        let outcome = try await effects.performOnce(
            effect, reference: delivery.reference, job: job, onSent: moving(delivery, to: .sent),
            onUnknown: moving(delivery, to: .unknown))
        switch outcome {
        case .made(_, let record):
            return { transaction in
                try await NoticeStorage.move(delivery.id, to: .made, in: transaction)
                try await record(transaction)
            }
        case .cancelled: return moving(delivery, to: .refused)
        case .unknown: return moving(delivery, to: .unknown)
        }
    }

    /// The browser is no more. A message that may have gone stays as unknown as it is.
    private func ended(_ delivery: Delivery, unsubscribing id: PushSubscriptionID? = nil) -> Commit {
        { transaction in
            if let id { _ = try await PushStorage.delete(id, in: transaction) }
            if try await effects.cancelPlanned(reference: delivery.reference, in: transaction) {
                try await NoticeStorage.move(delivery.id, to: .gone, in: transaction)
            }
        }
    }

    private func giveUp(_ job: Job, _ reason: String, _ transaction: Transaction) async throws {
        let id = try job.decode(DeliveryReference.self).deliveryID
        try await NoticeStorage.move(id, to: .refused, in: transaction)
    }

    private func delivery(of job: Job) async throws -> Delivery? {
        try await NoticeStorage.delivery(job.decode(DeliveryReference.self).deliveryID, in: database)
    }

    private func moving(_ delivery: Delivery, to state: Delivery.State) -> Commit {
        { try await NoticeStorage.move(delivery.id, to: state, in: $0) }
    }

    private static func isOff(_ settings: String) -> JobFailure {
        .notNow("This server does not send such notices: set \(settings).")
    }
}

/// Payload of a job about one delivery.
package struct DeliveryReference: Codable, Sendable {
    package let deliveryID: DeliveryID

    package init(deliveryID: DeliveryID) { self.deliveryID = deliveryID }
}
