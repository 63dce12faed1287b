package import Contracts
package import Inbox
package import Jobs
package import Postgres
package import Routing

/// What operators see and do across rooms.
package struct OperatorsModule: Sendable {
    private let pages: OrderPages
    private let inbox: Inbox
    private let jobs: JobRoutes
    private let effects: EffectRoutes
    private let feed: EventFeed

    /// - Parameter kinds: the kinds of jobs that this binary can do.
    package init(
        database: Database, outbox: Outbox, orders: any OrdersContract, printing: any PrintingContract,
        shipping: any ShippingContract, fulfilment: any FulfilmentContract, inbox: Inbox,
        kinds: [JobKind: JobKindFacts], effects: Effects
    ) {
        self.inbox = inbox
        self.effects = EffectRoutes(board: EffectBoard(database: database, outbox: outbox, effects: effects))
        jobs = JobRoutes(board: JobBoard(database: database, outbox: outbox), kinds: kinds)
        feed = EventFeed(database: database, outbox: outbox)
        pages = OrderPages(
            orders: orders, printing: printing, shipping: shipping, fulfilment: fulfilment, effects: effects,
            deadLetters: DeadLetters(database: database, outbox: outbox), eventLog: EventLog(database: database),
            database: database)
    }

    package var routes: [Route] {
        OrderRoutes(pages: pages).routes + jobs.routes + effects.routes + DeliveryRoutes(inbox: inbox).routes
            + EventRoutes(feed: feed).routes
    }
}
