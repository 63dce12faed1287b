package import Contracts
package import Inbox
package import Jobs
package import Postgres
package import Routing

/// What operators see and do across rooms.
package struct OperatorsModule: Sendable {
    private let pages: OrderPages
    private let inbox: Inbox
    private let feed: EventFeed

    package init(
        database: Database, outbox: Outbox, orders: any OrdersContract, printing: any PrintingContract,
        shipping: any ShippingContract, fulfilment: any FulfilmentContract, inbox: Inbox
    ) {
        self.inbox = inbox
        feed = EventFeed(database: database, outbox: outbox)
        pages = OrderPages(
            orders: orders, printing: printing, shipping: shipping, fulfilment: fulfilment,
            deadLetters: DeadLetters(database: database, outbox: outbox), eventLog: EventLog(database: database),
            database: database)
    }

    package var routes: [Route] {
        OrderRoutes(pages: pages).routes + DeliveryRoutes(inbox: inbox).routes
            + EventRoutes(feed: feed).routes
    }
}
