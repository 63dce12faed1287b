package import Contracts
package import FoundationEssentials
package import Kernel

extension Order {
    /// Brings status, line states, readiness and attention in line with the facts, and says what has happened.
    ///
    /// - Parameter before: the order as it was loaded; nil for a new one.
    /// - Returns: the events to append, in order.
    package mutating func settle(since before: Order?, now: Date) -> [any DomainEvent] {
        var events: [any DomainEvent] = []
        if before == nil { events.append(OrderCreated(orderID: id)) }
        if cancelledAt != nil, before?.cancelledAt == nil { events.append(OrderCancelled(orderID: id)) }

        let wantedBefore = before.map(\.wantedByLine) ?? [:]
        if let before, wantedByLine != wantedBefore || address != before.address {
            if wantedByLine != wantedBefore { productionVersion += 1 }
            events.append(OrderUpdated(orderID: id))
        }
        for line in newlyUnmapped(since: before) {
            events.append(OrderLineUnmapped(orderID: id, lineItemID: line.id))
        }
        let failedBefore = before?.failedPrintJobs ?? []
        for printJob in failedPrintJobs.subtracting(failedBefore).sorted(by: { $0.description < $1.description }) {
            events.append(OrderFailed(orderID: id, printJobID: printJob))
        }
        // Said once: `readyAt` stays, whatever is done to the set later.
        if readyAt == nil, isProducing, isWholePrinted {
            readyAt = now
            events.append(OrderReadyForFulfillment(orderID: id))
        }
        let previous = before?.status ?? .received
        status = .derived(from: self)
        for index in lines.indices { lines[index].state = .derived(from: lines[index], of: self) }
        if status != previous { events.append(OrderStatusChanged(orderID: id, from: previous, to: status)) }
        settleAttention(now: now)
        return events
    }

    /// What has to be printed now, per line.
    package var wantedByLine: [LineItemID: [CopyKey]] {
        guard isProducing else { return [:] }
        return Dictionary(
            lines.filter { !$0.wantedCopies.isEmpty }.map { ($0.id, $0.wantedCopies) },
            uniquingKeysWith: { first, _ in first })
    }

    private func newlyUnmapped(since before: Order?) -> [Line] {
        guard isProducing else { return [] }
        func isWaiting(_ line: Line) -> Bool { line.isToBeMade && line.mapping == nil }
        let known = before?.isProducing == true ? Set(before?.lines.filter(isWaiting).map(\.id) ?? []) : []
        return lines.filter { isWaiting($0) && !known.contains($0.id) }
    }

    private mutating func settleAttention(now: Date) {
        guard let (code, reason, action) = concern else {
            attention = nil
            return
        }
        let since = attention?.code == code ? attention?.since ?? now : now
        attention = Attention(code: code, reason: reason, since: since, action: action)
    }

    /// The first thing that keeps the order from going on by itself.
    private var concern: (code: String, reason: String, action: String)? {
        if fulfilledAt != nil || isTest { return nil }
        if cancelledAt != nil {
            guard productionStartedAt != nil else { return nil }
            return (
                "cancelled-after-start", "The shop cancelled this order after printing had started.",
                "Stop prints that still run in SimplyPrint and set finished parts aside."
            )
        }
        if isBeyondLimit {
            return (
                "too-many-prints", "The order asks for more than \(Self.copiesMaximum) prints.",
                "Check the quantities in Shopify and the product mapping; lower them and the order goes on."
            )
        }
        let waiting = lines.filter { $0.isToBeMade && $0.mapping == nil }
        if isProducing, !waiting.isEmpty {
            let names = waiting.prefix(3).map { "\($0.title)\($0.sku.map { " (SKU \($0))" } ?? "")" }
            let more = waiting.count > 3 ? " and \(waiting.count - 3) more" : ""
            return (
                "line-unmapped", "No product mapping for: \(names.joined(separator: ", "))\(more).",
                "Create a product mapping for it; the order goes on by itself."
            )
        }
        if isProducing, address == nil, lines.contains(where: \.isToBeMade) {
            return (
                "address-missing", "The order has no shipping address, so no label can be bought.",
                "Add the address to the order in Shopify; or hand the order over and fulfil it there."
            )
        }
        return nil
    }
}
