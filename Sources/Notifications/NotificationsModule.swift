package import Contracts
package import HTTPClient
package import Jobs
package import Kernel
package import Logging
package import Postgres
package import Routing

/// Tells operators, by mail and push message, what needs them; each notice at most once to each recipient (ADR-053).
package struct NotificationsModule: Sendable {
    private let jobs: NoticeJobs
    private let subscriptions: PushSubscriptions

    /// - Parameter channels: where notices go; empty ones tell nobody.
    package init(
        database: Database, outbox: Outbox, effects: Effects, orders: any OrdersContract,
        channels: NoticeJobs.Channels, http: HTTPClient, identities: Identities, time: Time, logger: Logger
    ) {
        jobs = NoticeJobs(
            database: database, outbox: outbox, effects: effects, orders: orders, channels: channels, http: http,
            identities: identities, time: time, logger: logger)
        subscriptions = PushSubscriptions(database: database, identity: channels.push, identities: identities)
    }

    package var registrations: [JobRegistration] { jobs.registrations }
    package var schedules: [Schedule] { jobs.schedules }
    package var routes: [Route] { PushRoutes(subscriptions: subscriptions).routes }
}
