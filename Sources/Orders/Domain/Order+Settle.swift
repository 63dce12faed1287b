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
        for printJob in newlyFailed(since: before) {
            events.append(OrderFailed(orderID: id, printJobID: printJob))
        }
        settleReadiness(since: before, now: now, &events)
        let previous = before?.status ?? .received
        status = .derived(from: self)
        for index in lines.indices { lines[index].state = .derived(from: lines[index], of: self) }
        if status != previous { events.append(OrderStatusChanged(orderID: id, from: previous, to: status)) }
        settleAttention(now: now)
        return events
    }

    /// Ready is what the facts make it, not what was said first: it is taken back when a part turns out bad or more is
    /// ordered, unless the parcel is made already.
    private mutating func settleReadiness(since before: Order?, now: Date, _ events: inout [any DomainEvent]) {
        guard isReadyByFacts else {
            guard readyAt != nil else { return }
            readyAt = nil
            // Shipping takes the label back that it has not bought.
            if !events.contains(where: { $0 is OrderUpdated }) { events.append(OrderUpdated(orderID: id)) }
            return
        }
        // Shipped made it ready while a print was being made again: fulfilment ended quietly then, and hears of the whole
        // set now. Those who listen do their work once, however often this is said.
        let isWholeAgain = fulfilledAt == nil && before?.isWholePrinted == false
        guard readyAt == nil || isWholeAgain else { return }
        readyAt = readyAt ?? now
        if isProducing, isWholePrinted { events.append(OrderReadyForFulfillment(orderID: id)) }
    }

    /// What has to be printed of one line, and from what.
    package struct Wanted: Hashable, Sendable {
        package let copies: [CopyKey]
        package let parts: [AssemblyPartView]
    }

    /// What has to be printed now, per line.
    package var wantedByLine: [LineItemID: Wanted] {
        guard isProducing else { return [:] }
        let wanted = lines.filter { !$0.wantedCopies.isEmpty }.map { line in
            (line.id, Wanted(copies: line.wantedCopies, parts: line.mapping?.parts ?? []))
        }
        return Dictionary(wanted, uniquingKeysWith: { first, _ in first })
    }

    private func newlyUnmapped(since before: Order?) -> [Line] {
        guard isProducing else { return [] }
        func isWaiting(_ line: Line) -> Bool { line.isToBeMade && line.mapping == nil }
        let known = before?.isProducing == true ? Set(before?.lines.filter(isWaiting).map(\.id) ?? []) : []
        return lines.filter { isWaiting($0) && !known.contains($0.id) }
    }

    private mutating func settleAttention(now: Date) {
        guard let concern else {
            attention = nil
            return
        }
        let since = attention?.code == concern.code ? attention?.since ?? now : now
        attention = Attention(code: concern.code, reason: concern.reason, since: since, action: concern.action)
    }
}
