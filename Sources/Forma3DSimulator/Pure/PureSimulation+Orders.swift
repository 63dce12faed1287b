import Printing
import Shopify
import Contracts
import FoundationEssentials
import Jobs
import Kernel
import Orders

// The first and second halves of Orders' jobs, around the real rules.
extension PureSimulation {
    /// What subscriptions make of events (migrations 0005 to 0008, 0015).
    mutating func append(_ name: String, _ dossier: Dossier, _ kinds: [SimulatedJob.Kind]) {
        guard !isTorn else { return }
        counts.events += 1
        dossier.version += 1
        let version = dossier.version
        dossier.note("\(version) \(name)", at: now)
        for kind in kinds { enqueue(kind, dossier) }
    }

    private mutating func append(_ event: any DomainEvent, _ dossier: Dossier) {
        let kinds: [SimulatedJob.Kind] =
            switch event {
            case is OrderCreated, is OrderStatusChanged: [.planPrints]
            case is OrderUpdated: [.planPrints, .planShipment, .planFulfilment]
            case is OrderCancelled: [.planPrints, .planShipment]
            case is OrderReadyForFulfillment: [.planShipment, .planFulfilment]
            default: []
            }
        append(type(of: event).name, dossier, kinds)
        if event is OrderReadyForFulfillment { requirePrinted(dossier) }
    }

    /// Whoever says "ready" has had every copy printed, at least once.
    private mutating func requirePrinted(_ dossier: Dossier) {
        guard let order = dossier.order else { return }
        for line in order.lines where line.isToBeMade {
            let printed = dossier.prints.indices.count { index in
                dossier.prints[index].lineItemID == line.id
                    && dossier.items.contains { key, items in
                        key.kind == .queueItem && key.entity == index && items.contains { $0.state == .finished }
                    }
            }
            if printed < line.copiesTotal { fail("an order was called ready with a print missing", dossier) }
        }
    }

    mutating func takePayload(_ index: Int, _ dossier: Dossier) {
        let (payload, revision) = dossier.revisions[index]
        let known = dossier.order
        var fresh = Order(
            id: identities.make(), shopifyOrderID: payload.id, orderNumber: payload.name, revision: revision,
            isTest: false, currency: "EUR", orderedAt: date)
        fresh.orderedAt = date
        var holds = revision
        if broken == .lastPayloadHolds, let known { holds = max(revision, known.revision) }
        guard
            var order = Order.after(
                payload, revision: holds, known: known, fresh: fresh,
                deletedAt: dossier.deletedAt.map { World.start.addingTimeInterval($0) }, identities: identities)
        else { return }
        if dossier.isMapped { map(&order) }
        settle(order, since: known, dossier)
    }

    mutating func takeDeletion(_ dossier: Dossier) {
        guard let known = dossier.order else {
            dossier.deletedAt = dossier.deletedAt ?? now
            return
        }
        var order = known
        order.cancel(at: date)
        settle(order, since: known, dossier)
    }

    private func map(_ order: inout Order) {
        for index in order.lines.indices where order.lines[index].mapping == nil {
            order.lines[index].mapping = Self.mapping
        }
    }

    private static let mapping = Order.LineMapping(
        id: Identities.system.make(), weightGrams: 120,
        parts: [
            AssemblyPartView(
                partName: "Part", partNumber: 1, simplyPrintFileID: String(repeating: "a", count: 32),
                quantityPerProduct: 1, printProfile: nil)
        ])

    mutating func change(_ dossier: Dossier, _ change: (inout Order) -> Void) {
        guard let known = dossier.order else { return }
        var order = known
        change(&order)
        guard order != known else { return }
        settle(order, since: known, dossier)
    }

    private mutating func settle(_ order: Order, since known: Order?, _ dossier: Dossier) {
        var order = order
        let events = order.settle(since: known, now: date)
        dossier.order = order
        for event in events { append(event, dossier) }
    }

    mutating func mapLines(_ dossier: Dossier) {
        guard dossier.isMapped, var order = dossier.order else { return }
        map(&order)
        let mapped = order
        change(dossier) { $0 = mapped }
    }

    mutating func note(_ print: Int, _ fact: Order.PrintFact, _ dossier: Dossier) {
        let id = dossier.prints[print].id
        let heard =
            broken == .attemptsIgnored
            ? Order.PrintFact(attempt: 1, outcome: fact.outcome, copy: fact.copy) : fact
        let isCounted =
            broken == .countedInsteadOfSet
            && dossier.countedPrints >= dossier.order?.lines.reduce(0) { $0 + $1.copiesTotal } ?? 0
        let date = date
        change(dossier) { order in
            order.note(heard, of: id)
            if fact.outcome == .printed { order.productionStartedAt = order.productionStartedAt ?? date }
            guard isCounted else { return }
            for index in order.lines.indices {
                order.lines[index].finished.formUnion(order.lines[index].wantedCopies)
            }
        }
    }
}
