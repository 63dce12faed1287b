package import Contracts
import HTTPWire
package import Inbox
package import Jobs
package import Kernel
package import Postgres
package import Routing
package import SimplyPrint

/// Gets every wanted copy printed once and watches the prints.
package struct PrintingModule: Sendable {
    private let jobs: PrintJobs
    private let poll: PrintPoll
    private let webhook: FarmWebhook
    private let answers: PrintJobAnswers
    private let pollingSeconds: Double?
    private let webhookSecrets: [String]?

    /// - Parameters:
    ///   - submitting: the client that makes queue items, with its own share of the budget.
    ///   - pollingSeconds: nil switches the regular poll off (webhooks still set one off).
    ///   - webhookSecrets: every live secret; empty refuses all, nil verifies nothing (development only).
    package init(
        database: Database, outbox: Outbox, effects: Effects, orders: any OrdersContract, client: SimplyPrintClient,
        submitting: SimplyPrintClient, stamp: ReferenceStamp, callTimeoutSeconds: Double, identities: Identities,
        time: Time, pollingSeconds: Double?,
        webhookSecrets: [String]?
    ) {
        let desk = PrintDesk(outbox: outbox, time: time)
        let effect = QueueItemEffect(client: submitting, stamp: stamp, callTimeoutSeconds: callTimeoutSeconds)
        effects.register(effect)
        let removal = QueueItemRemoval(client: client, callTimeoutSeconds: callTimeoutSeconds)
        effects.register(removal)
        jobs = PrintJobs(
            database: database, outbox: outbox, effects: effects, orders: orders, desk: desk, effect: effect,
            removal: removal, identities: identities)
        poll = PrintPoll(database: database, desk: desk, client: client, stamp: stamp, time: time)
        webhook = FarmWebhook(database: database, outbox: outbox, desk: desk)
        answers = PrintJobAnswers(database: database, jobs: jobs, desk: desk)
        self.pollingSeconds = pollingSeconds
        self.webhookSecrets = webhookSecrets
    }

    package var contract: any PrintingContract { answers }
    package var routes: [Route] { PrintJobRoutes(answers: answers).routes }
    package var registrations: [JobRegistration] { jobs.registrations + [poll.registration] }

    package var schedules: [Schedule] {
        pollingSeconds.map { [Schedule(PrintPoll.scheduleName, PrintPoll.kind, everySeconds: $0)] } ?? []
    }

    package var webhookSource: WebhookSource {
        WebhookSource(
            name: "simplyprint", paths: ["/webhooks/simplyprint"],
            verify: { fields, _ in
                guard let webhookSecrets else { return .genuine }
                guard !webhookSecrets.isEmpty else { return .refused("SIMPLYPRINT_WEBHOOK_SECRET is not set") }
                return SimplyPrintWebhook.isGenuine(fields: fields, secrets: webhookSecrets)
                    ? .genuine : .refused("neither X-SP-Secret nor X-SP-Token holds the secret")
            },
            dedupeKey: { _, _ in nil },
            topic: { _, body in (try? SimplyPrintEvent.decode(body).name) ?? "unreadable" },
            handle: { try await webhook.handle($0) })
    }
}
