package import Jobs
package import Kernel
package import Logging
package import Postgres
package import Routing

/// Verified raw webhooks: stored with their job in one commit before the sender hears 2xx (DESIGN §3.1).
package final class Inbox: Sendable {
    package init(
        database: Database, outbox: Outbox, sources: [WebhookSource], identities: Identities, retentionDays: Int,
        dedupeHours: Int,
        logger: Logger
    ) {}

    package var routes: [Route] { fatalError("skeleton") }
    /// `inbox.process`, `inbox.prune`
    package var registrations: [JobRegistration] { fatalError("skeleton") }
    package var schedules: [Schedule] { fatalError("skeleton") }

    /// Says whose bodies these are, in the module's commit, so that one subject's bodies can be erased.
    package static func file(_ webhook: WebhookID, under subject: StreamID, in transaction: Transaction) async throws {
        fatalError("skeleton")
    }

    /// Erases the bodies of one subject; the rows and their dedupe keys stay. How many there were.
    package func eraseBodies(of subject: StreamID) async throws -> Int { fatalError("skeleton") }
}
