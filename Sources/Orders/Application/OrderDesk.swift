package import Contracts
package import FoundationEssentials
package import Jobs
package import Kernel
package import Postgres

/// Changes orders: load under the lock, change facts, settle, save, append what happened. The one place that does.
package struct OrderDesk: Sendable {
    /// Longer than a transaction that makes a mapping takes.
    package static let lookAgainSeconds = 5.0

    private let outbox: Outbox
    private let time: Time

    package init(outbox: Outbox, time: Time) {
        self.outbox = outbox
        self.time = time
    }

    /// A commit that changes the facts of one order; an order that is not there is nothing to do.
    package func change(
        _ id: OrderID, _ change: @escaping @Sendable (inout Order, _ now: Date) -> Void
    ) -> Commit {
        { transaction in
            guard let known = try await OrderStorage.lock(id, in: transaction) else { return }
            var order = known
            change(&order, time.now())
            guard order != known else { return }
            try await settle(&order, since: known, raw: nil, in: transaction)
        }
    }

    /// Settles and saves an order that the caller holds locked.
    package func settle(_ order: inout Order, since known: Order?, raw: String?, in transaction: Transaction)
        async throws
    {
        let events = order.settle(since: known, now: time.now())
        try await OrderStorage.save(&order, since: known, raw: raw, in: transaction)
        for event in events {
            try await outbox.append(event, about: StreamID(order.id.uuid), source: "orders", in: transaction)
        }
        // A mapping may have been made while this order was on its way in: whoever made it could not see the order.
        if events.contains(where: { $0 is OrderLineUnmapped }) {
            try await outbox.enqueue(
                NewJob(
                    "orders.map-lines", payload: OrderReference(orderID: order.id), subject: StreamID(order.id.uuid),
                    delaySeconds: Self.lookAgainSeconds, uniqueKey: "orders.map-lines:\(order.id)"), in: transaction)
        }
    }
}
