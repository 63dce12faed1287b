package import Contracts

extension OrderStatus {
    /// The status that the order's facts add up to.
    ///
    /// It is computed, not stepped through: webhooks, polls and prints may arrive in any order and more than once, and
    /// the same facts always give the same status (DESIGN §3.7).
    package static func derived(from order: Order) -> OrderStatus {
        if order.fulfilledAt != nil { return .fulfilled }
        if order.cancelledAt != nil { return .cancelled }
        if order.isTest || order.isFulfilledElsewhere { return .closed }
        if order.shippedAt != nil { return .shipped }
        if order.readyAt != nil { return .printed }
        switch Payment(financialStatus: order.financialStatus) {
        case .awaited: return .received
        case .returned where order.productionStartedAt == nil: return .closed
        case .paid, .returned: break
        }
        let lines = order.lines.filter(\.isToBeMade)
        if lines.isEmpty { return .closed }
        if order.isBeyondLimit { return .onHold }
        if !order.failedPrintJobs.isEmpty { return .failed }
        if lines.contains(where: { $0.mapping == nil }) { return .needsMapping }
        if lines.contains(where: { !$0.finished.isEmpty }) { return .partiallyPrinted }
        return order.productionStartedAt != nil ? .inProduction : .mapped
    }
}

extension LineItemState {
    /// The state of one line, from its own facts and its order's.
    package static func derived(from line: Order.Line, of order: Order) -> LineItemState {
        if order.cancelledAt != nil || (line.skippedBecause == nil && line.currentQuantity == 0) { return .cancelled }
        if line.skippedBecause != nil { return .done }
        guard line.mapping != nil, order.isProducing || !line.finished.isEmpty else { return .pending }
        if line.isPrinted { return .done }
        return order.productionStartedAt != nil ? .printing : .mapped
    }
}

extension Order {
    /// Whether its goods are owed to the customer by us. Sticks after fulfilment: a line added later is still owed.
    package var isOwed: Bool {
        cancelledAt == nil && !isTest && !isFulfilledElsewhere && Payment(financialStatus: financialStatus) == .paid
    }

    /// Whether anything may be sent to the farm for it.
    package var isProducing: Bool { isOwed && !isBeyondLimit }

    /// More prints than one order may cause; a person has to look before a farm is filled.
    package static let copiesMaximum = 5_000

    package var isBeyondLimit: Bool { lines.reduce(0) { $0 + $1.copiesTotal } > Self.copiesMaximum }

    /// Fulfilled in the shop though no label of ours was bought: by hand, by another app, or long ago. Nothing is owed.
    package var isFulfilledElsewhere: Bool {
        shopFulfillmentStatus == "fulfilled" && shippedAt == nil && fulfilledAt == nil
    }

    /// Whether it may leave: the parcel is made, or everything in it is printed.
    package var isReadyByFacts: Bool { shippedAt != nil || fulfilledAt != nil || isWholePrinted }

    /// Whether every print it needs is done, and it needs one.
    package var isWholePrinted: Bool {
        let lines = lines.filter(\.isToBeMade)
        return !lines.isEmpty && lines.allSatisfy(\.isPrinted)
    }
}
