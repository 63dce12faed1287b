package import Contracts
package import Jobs
package import Kernel
package import Postgres

/// The page of one order and the list of many, composed from what each room knows.
package struct OrderPages: Sendable {
    private let orders: any OrdersContract
    private let printing: any PrintingContract
    private let shipping: any ShippingContract
    private let fulfilment: any FulfilmentContract
    private let effects: Effects
    private let deadLetters: DeadLetters
    private let eventLog: EventLog
    private let database: Database

    package init(
        orders: any OrdersContract, printing: any PrintingContract, shipping: any ShippingContract,
        fulfilment: any FulfilmentContract, effects: Effects, deadLetters: DeadLetters, eventLog: EventLog,
        database: Database
    ) {
        self.orders = orders
        self.printing = printing
        self.shipping = shipping
        self.fulfilment = fulfilment
        self.effects = effects
        self.deadLetters = deadLetters
        self.eventLog = eventLog
        self.database = database
    }

    package static let noSuchOrder = Problem.notFound("There is no order with this id.")

    /// - Throws: `Problem` 404.
    package func page(of id: OrderID) async throws -> OrderPage {
        guard let order = try await orders.order(id) else { throw Self.noSuchOrder }
        guard let page = try await pages(of: [order]).first else { throw Self.noSuchOrder }
        return page
    }

    package func pages(_ search: OrderSearch) async throws -> [OrderPage] {
        try await pages(of: orders.orders(search))
    }

    /// The order's events, oldest first, from after a version.
    /// - Throws: `Problem` 404.
    package func timeline(of id: OrderID, after version: Int64, limit: Int) async throws -> [EventLog.Entry] {
        guard try await orders.order(id) != nil else { throw Self.noSuchOrder }
        return try await eventLog.timeline(of: StreamID(id.uuid), after: version, limit: limit)
    }

    /// Puts the order's dead letters back into the queue.
    /// - Throws: `Problem` 404, or 409 when nothing waits.
    package func retry(_ id: OrderID) async throws -> Int {
        guard try await orders.order(id) != nil else { throw Self.noSuchOrder }
        let count = try await database.transaction { transaction in
            try await deadLetters.redrive(about: StreamID(id.uuid), in: transaction)
        }
        guard count > 0 else {
            throw Problem.conflict("No step of this order has given up, so there is nothing to retry.")
        }
        return count
    }

    private func pages(of orders: [OrderView]) async throws -> [OrderPage] {
        guard !orders.isEmpty else { return [] }
        let ids = orders.map(\.id)
        let printJobs = Dictionary(grouping: try await printing.printJobs(of: ids), by: \.orderID)
        let shipments = Dictionary(grouping: try await shipping.shipments(of: ids), by: \.orderID)
        let fulfilments = Dictionary(grouping: try await fulfilment.fulfilments(of: ids), by: \.orderID)
        let problems = try await fulfilment.problems(of: ids)
        let subjects = ids.map { StreamID($0.uuid) }
        let letters = try await deadLetters.letters(about: subjects)
        let unknown = try await effects.lasting(about: subjects)
        return orders.map { order in
            OrderPage(
                order: order, printJobs: printJobs[order.id] ?? [], shipments: shipments[order.id] ?? [],
                fulfilments: fulfilments[order.id] ?? [], planProblem: problems[order.id],
                unknownEffect: unknown[StreamID(order.id.uuid)]?.first,
                deadLetter: letters[StreamID(order.id.uuid)]?.first)
        }
    }
}

/// One order with everything that belongs to it.
package struct OrderPage: Sendable {
    package let order: OrderView
    package let printJobs: [PrintJobView]
    package let shipments: [ShipmentView]
    package let fulfilments: [FulfilmentView]
    package let planProblem: Attention?
    /// The oldest effect that is not known for longer than its vendor can hide it.
    package let unknownEffect: EffectView?
    /// The oldest step that gave up.
    package let deadLetter: DeadLetters.Letter?

    /// What an operator should look at first: the order's own concern, else the oldest one further down the line, else
    /// a step that gave up without a word in its room.
    package var attention: Attention? {
        guard order.fulfilledOrGone == false else { return order.attention ?? notKnown ?? stepGaveUp }
        let others =
            printJobs.compactMap(\.attention) + shipments.compactMap(\.attention) + fulfilments.compactMap(\.attention)
            + [planProblem, notKnown].compactMap { $0 }
        return order.attention ?? others.min { $0.since < $1.since } ?? stepGaveUp
    }

    private var notKnown: Attention? {
        unknownEffect.map { effect in
            Attention(
                code: "effect-unknown", reason: "It is not known whether \(effect.kind) was made.",
                since: effect.unknownAt ?? effect.plannedAt,
                action: "Look at the vendor and at GET /api/v1/effects/\(effect.reference), then decide: "
                    + "POST /api/v1/effects/\(effect.reference)/resolve.")
        }
    }

    private var stepGaveUp: Attention? {
        deadLetter.map { letter in
            Attention(
                code: "step-gave-up", reason: "\(letter.kind): \(letter.reason)", since: letter.since,
                action: "Mend the cause, then POST /api/v1/orders/\(order.id)/retry.")
        }
    }
}

extension OrderView {
    fileprivate var fulfilledOrGone: Bool { status == .cancelled || status == .closed }
}
