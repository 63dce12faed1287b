package import Contracts
package import Jobs
package import Kernel
package import Postgres
package import Shopify

/// The jobs that tell Shopify, and through it the customer, that an order has left.
package struct FulfilmentJobs: Sendable {
    private let shippingEnabled: Bool
    private let database: Database
    private let outbox: Outbox
    private let effects: Effects
    private let orders: any OrdersContract
    private let shipping: any ShippingContract
    private let effect: ShopifyFulfilmentEffect
    private let client: ShopifyClient
    private let identities: Identities
    private let time: Time

    package init(
        shippingEnabled: Bool, database: Database, outbox: Outbox, effects: Effects, orders: any OrdersContract,
        shipping: any ShippingContract, effect: ShopifyFulfilmentEffect, client: ShopifyClient, identities: Identities,
        time: Time
    ) {
        self.shippingEnabled = shippingEnabled
        self.database = database
        self.outbox = outbox
        self.effects = effects
        self.orders = orders
        self.shipping = shipping
        self.effect = effect
        self.client = client
        self.identities = identities
        self.time = time
    }

    package var registrations: [JobRegistration] {
        [
            JobRegistration(
                "fulfilment.plan", vendor: "shopify", category: .fulfillment, onDeadLetter: complainOfPlan, handle: plan
            ),
            JobRegistration(
                "fulfilment.create", vendor: "shopify", category: .fulfillment, onDeadLetter: complain, handle: create),
        ]
    }

    /// Shopify makes fulfilment orders a moment after the order, and a hold may last days; asked again after this.
    package static let notThereRetrySeconds = 5.0
    package static let holdRetrySeconds = 300.0
    /// Another fulfilment of the order is on its way to Shopify; what is left is only known afterwards.
    package static let underWayRetrySeconds = 10.0
    /// What Shopify refused is planned anew so often, each time after so much longer.
    package static let replansMaximum = 5
    package static let replanSeconds = 5.0

    private func plan(_ job: Job) async throws -> Commit? {
        let orderID = try job.decode(OrderReference.self).orderID
        guard let order = try await orders.fulfilment(of: orderID), order.isReady, !order.isCancelled,
            order.isWanted || order.quantities.isEmpty, try await !FulfilmentStorage.isComplete(orderID, in: database)
        else { return nil }
        let shipment = shippingEnabled ? try await labelled(orderID) : nil
        // With shipping on, the label comes first; its event brings us here again.
        guard shipment != nil || !shippingEnabled else { return nil }
        if try await FulfilmentStorage.isUnderWay(orderID, in: database) { throw Self.underWay }
        guard let state = try await client.fulfilmentState(of: order.shopifyOrderID) else {
            throw JobFailure.rejected("Shopify does not know order \(order.orderNumber) any more.")
        }
        let plan = FulfilmentPlan(for: order, in: state)
        try await requireNow(plan, of: orderID, orderNumber: order.orderNumber)
        return { transaction in
            let known = try await FulfilmentStorage.lockPlan(
                of: orderID, orderNumber: order.orderNumber, in: transaction)
            guard !known.isComplete else { return }
            switch plan {
            case .nothingLeft:
                try await complainOfNothing(order, of: orderID, in: transaction)
                return
            case .calls(let calls):
                try await FulfilmentStorage.deleteTakenBack(of: orderID, in: transaction)
                let lines = Self.lineItems(of: state)
                for (index, call) in calls.enumerated() {
                    // The customer is told once: with the first location's fulfilment.
                    try await planCall(
                        call, of: orderID, order: order, shipment: shipment, lineItems: lines,
                        notifiesCustomer: index == 0 && !known.hasNotified, in: transaction)
                }
            case .alreadyFulfilled: try await FulfilmentStorage.deleteTakenBack(of: orderID, in: transaction)
            case .notThereYet, .notFulfillable: return
            }
            try await FulfilmentStorage.completePlan(of: orderID, in: transaction)
            try await sayFulfilled(orderID, in: transaction)
        }
    }

    /// - Throws: `.notNow` when Shopify is not so far.
    private func requireNow(_ plan: FulfilmentPlan, of orderID: OrderID, orderNumber: String) async throws {
        switch plan {
        case .notThereYet:
            throw JobFailure.notNow(
                "Shopify shows no fulfilment orders yet; if this stays, the token lacks read_merchant_managed_fulfillment_orders.",
                retryAfterSeconds: Self.notThereRetrySeconds)
        case .notFulfillable(let statuses):
            try await show(
                Attention(
                    code: "fulfilment-blocked",
                    reason: "Shopify does not let all of it be fulfilled now (\(statuses.joined(separator: ", "))).",
                    since: time.now(),
                    action: "Release the hold in Shopify; it is tried again every five minutes."), of: orderID,
                orderNumber: orderNumber)
            throw JobFailure.notNow("The fulfilment orders are on hold.", retryAfterSeconds: Self.holdRetrySeconds)
        case .calls, .alreadyFulfilled, .nothingLeft: break
        }
    }

    private static var underWay: JobFailure {
        .notNow("Another fulfilment of the order is under way.", retryAfterSeconds: underWayRetrySeconds)
    }

    private func labelled(_ order: OrderID) async throws -> ShipmentView? {
        try await shipping.shipments(of: [order]).first {
            [.labelReady, .handedOver, .delivered, .exception].contains($0.state)
        }
    }

    private func planCall(
        _ call: FulfilmentPlan.LocationCall, of orderID: OrderID, order: FulfilmentOrderView, shipment: ShipmentView?,
        lineItems: [Int64: Int64], notifiesCustomer: Bool, in transaction: Transaction
    ) async throws {
        var fulfilment = Fulfilment(id: identities.make(), orderID: orderID, locationID: call.locationID)
        var tracking: NewFulfilment.Tracking?
        if let shipment, let number = shipment.trackingNumber {
            let known = NewFulfilment.Tracking(shipment, number: number)
            fulfilment.trackingNumber = number
            fulfilment.trackingCompany = known.company
            fulfilment.trackingURL = known.url
            tracking = known
        }
        var quantities: [Int64: Int] = [:]
        for line in call.parts.flatMap(\.lines) {
            if let lineItem = lineItems[line.id] { quantities[lineItem, default: 0] += line.quantity }
        }
        fulfilment.notifiesCustomer = notifiesCustomer
        let request = ShopifyFulfilmentEffect.Request(
            new: NewFulfilment(
                orderID: order.shopifyOrderID, fulfilmentOrders: call.parts, tracking: tracking,
                notifyCustomer: notifiesCustomer
            ),
            quantities: quantities)
        try await FulfilmentStorage.insert(fulfilment, in: transaction)
        try await effects.plan(
            ShopifyFulfilmentEffect.self, reference: fulfilment.reference, request: request,
            subject: StreamID(orderID.uuid), in: transaction)
        try await outbox.enqueue(
            NewJob(
                "fulfilment.create", payload: FulfilmentReference(fulfilmentID: fulfilment.id),
                subject: StreamID(orderID.uuid)), in: transaction)
    }

    private func create(_ job: Job) async throws -> Commit? {
        let id = try job.decode(FulfilmentReference.self).fulfilmentID
        guard let fulfilment = try await FulfilmentStorage.fulfilment(id, in: database) else { return nil }
        // A retry of what was given up: the fulfilment orders it was planned for may be gone.
        if fulfilment.isTakenBack { return replanning(fulfilment, because: nil) }
        let outcome: EffectOutcome<CreatedFulfilment>
        do {
            outcome = try await effects.perform(
                effect, reference: fulfilment.reference, job: job, onSent: observing(.sent, of: id),
                onUnknown: observing(.outcomeUnknown, of: id))
        } catch let failure as VendorFailure where Self.isStale(failure) {
            return replanning(fulfilment, because: failure)
        }
        guard case .made(let receipt, let record) = outcome else { return nil }
        return { transaction in
            // The plan's lock orders the last two locations: exactly one of them says `order.fulfilled`. The effect
            // comes last in every transaction.
            _ = try await FulfilmentStorage.lockPlan(of: fulfilment.orderID, orderNumber: "", in: transaction)
            let locked = try await FulfilmentStorage.lock(id, in: transaction)
            try await record(transaction)
            guard var locked, !locked.isMade else { return }
            locked.shopifyFulfillmentID = receipt.id
            locked.state = FulfilmentMachine.after(.made(withTracking: locked.trackingNumber != nil), in: locked.state)
            locked.problem = nil
            try await FulfilmentStorage.save(&locked, in: transaction)
            try await append(
                FulfillmentCreated(orderID: locked.orderID, fulfilmentID: id), about: locked.orderID, in: transaction)
            try await sayFulfilled(locked.orderID, in: transaction)
        }
    }

    /// Shopify does not take what was planned, because its fulfilment orders were split, moved, held, closed or refunded
    /// since (contracts: Shopify §2.4).
    private static func isStale(_ failure: VendorFailure) -> Bool {
        !failure.mayHaveHappened && [.conflict, .notFound, .rejected].contains(failure.kind)
    }

    /// Forgets a fulfilment that was certainly not made, and has the rest of the order planned anew.
    /// - Parameter failure: what it was refused with; nil: an operator wants it tried again.
    private func replanning(_ fulfilment: Fulfilment, because failure: VendorFailure?) -> Commit {
        { transaction in
            let plan = try await FulfilmentStorage.lockPlan(of: fulfilment.orderID, orderNumber: "", in: transaction)
            guard let locked = try await FulfilmentStorage.lock(fulfilment.id, in: transaction) else { return }
            if let failure, plan.replans >= Self.replansMaximum { throw failure }
            guard try await effects.cancelPlanned(reference: locked.reference, in: transaction) else {
                throw failure ?? Self.underWay
            }
            try await FulfilmentStorage.delete(locked.id, in: transaction)
            let replans = failure == nil ? 0 : plan.replans + 1
            try await FulfilmentStorage.reopenPlan(of: locked.orderID, replans: replans, in: transaction)
            try await outbox.enqueue(
                NewJob(
                    "fulfilment.plan", payload: OrderReference(orderID: locked.orderID),
                    subject: StreamID(locked.orderID.uuid), delaySeconds: Self.replanSeconds * Double(replans)),
                in: transaction)
        }
    }

    private func sayFulfilled(_ order: OrderID, in transaction: Transaction) async throws {
        guard try await FulfilmentStorage.markFulfilled(order, in: transaction) else { return }
        try await append(OrderFulfilled(orderID: order), about: order, in: transaction)
    }

    private func observing(_ observation: FulfilmentObservation, of id: FulfilmentID) -> Commit {
        { transaction in
            guard var fulfilment = try await FulfilmentStorage.lock(id, in: transaction) else { return }
            fulfilment.state = FulfilmentMachine.after(observation, in: fulfilment.state)
            if fulfilment.state == .unknown {
                fulfilment.problem = Attention(
                    code: "fulfilment-unknown", reason: "It is not known whether Shopify took the fulfilment.",
                    since: fulfilment.problem?.since ?? time.now(), action: "Nothing yet: it is looked up by itself.")
            }
            try await FulfilmentStorage.save(&fulfilment, in: transaction)
        }
    }

    private func show(_ problem: Attention, of order: OrderID, orderNumber: String) async throws {
        try await database.transaction { transaction in
            try await FulfilmentStorage.complainOfPlan(problem, of: order, orderNumber: orderNumber, in: transaction)
        }
    }

    private func complainOfNothing(
        _ order: FulfilmentOrderView, of orderID: OrderID, in transaction: Transaction
    ) async throws {
        try await FulfilmentStorage.complainOfPlan(
            Attention(
                code: "nothing-to-fulfil", reason: "Nothing that was printed for the order is left to fulfil.",
                since: time.now(), action: "Set the parts and the label aside, or close the order in Shopify."),
            of: orderID, orderNumber: order.orderNumber, in: transaction)
    }

    private func complainOfPlan(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let order = try? job.decode(OrderReference.self).orderID else { return }
        try await FulfilmentStorage.complainOfPlan(
            Attention(
                code: "fulfilment-not-planned", reason: reason, since: time.now(),
                action: "Mend the cause in Shopify, then retry the order."), of: order, orderNumber: "", in: transaction
        )
        try await append(FulfillmentFailed(orderID: order, fulfilmentID: nil), about: order, in: transaction)
    }

    private func complain(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let id = try? job.decode(FulfilmentReference.self).fulfilmentID,
            var fulfilment = try await FulfilmentStorage.lock(id, in: transaction)
        else { return }
        guard !fulfilment.isMade else { return }
        // What was certainly not made is planned anew by a retry; of anything else it is not known.
        let isTakenBack = try await effects.cancelPlanned(reference: fulfilment.reference, in: transaction)
        fulfilment.state = isTakenBack ? .planned : FulfilmentMachine.after(.outcomeUnknown, in: fulfilment.state)
        fulfilment.problem = Attention(
            code: isTakenBack ? "fulfilment-refused" : "fulfilment-unknown", reason: reason,
            since: fulfilment.problem?.since ?? time.now(), action: "Mend the cause in Shopify, then retry the order.")
        try await FulfilmentStorage.save(&fulfilment, in: transaction)
        try await append(
            FulfillmentFailed(orderID: fulfilment.orderID, fulfilmentID: id), about: fulfilment.orderID, in: transaction
        )
    }

    private func append(_ event: some DomainEvent, about order: OrderID, in transaction: Transaction) async throws {
        try await outbox.append(event, about: StreamID(order.uuid), source: "fulfilment", in: transaction)
    }

    /// Fulfilment order line id → line item id.
    private static func lineItems(of state: OrderFulfilmentState) -> [Int64: Int64] {
        Dictionary(
            state.fulfilmentOrders.flatMap(\.lines).map { ($0.id, $0.lineItemID) },
            uniquingKeysWith: { first, _ in first })
    }
}

/// Payload of a job about one fulfilment.
package struct FulfilmentReference: Codable, Hashable, Sendable {
    package let fulfilmentID: FulfilmentID

    package init(fulfilmentID: FulfilmentID) {
        self.fulfilmentID = fulfilmentID
    }
}
