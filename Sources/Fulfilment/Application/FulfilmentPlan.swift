package import Contracts
package import Shopify

/// What to fulfil of an order at Shopify, or why nothing can be.
package enum FulfilmentPlan: Hashable, Sendable {
    /// One call for each location.
    case calls([LocationCall])
    /// Somebody else has fulfilled it all, in the admin or by another app.
    case alreadyFulfilled
    /// Shopify has not made the fulfilment orders yet, or the token may not see them.
    case notThereYet
    /// Nothing that was made here is left on the order.
    case nothingLeft
    /// They are there, but not all may be fulfilled now: on hold, scheduled, or for pick-up. An order leaves whole.
    case notFulfillable(statuses: [String])

    /// What leaves one location.
    package struct LocationCall: Hashable, Sendable {
        /// 0 where Shopify names none.
        package let locationID: Int64
        package let parts: [NewFulfilment.Part]
    }

    /// Fulfilment lines are matched by line item id, never by SKU (contracts: Shopify §2.3).
    package init(for order: FulfilmentOrderView, in state: OrderFulfilmentState) {
        guard !order.quantities.isEmpty else {
            self = state.displayFulfillmentStatus == "FULFILLED" ? .alreadyFulfilled : .nothingLeft
            return
        }
        let ours = state.fulfilmentOrders.filter { fulfilmentOrder in
            fulfilmentOrder.lines.contains { order.quantities[$0.lineItemID] != nil }
        }
        guard !ours.isEmpty else {
            self = state.displayFulfillmentStatus == "FULFILLED" ? .alreadyFulfilled : .notThereYet
            return
        }
        var left = order.quantities
        var byLocation: [Int64: [NewFulfilment.Part]] = [:]
        for fulfilmentOrder in ours.sorted(by: { $0.id < $1.id }) where fulfilmentOrder.canBeFulfilled {
            var lines: [NewFulfilment.Line] = []
            for line in fulfilmentOrder.lines where line.remainingQuantity > 0 {
                let quantity = min(line.remainingQuantity, left[line.lineItemID] ?? 0)
                guard quantity > 0 else { continue }
                left[line.lineItemID, default: 0] -= quantity
                lines.append(NewFulfilment.Line(id: line.id, quantity: quantity))
            }
            guard !lines.isEmpty else { continue }
            byLocation[fulfilmentOrder.locationID ?? 0, default: []]
                .append(NewFulfilment.Part(fulfilmentOrderID: fulfilmentOrder.id, lines: lines))
        }
        // What is left has to wait for these; closed ones give nothing any more.
        let blocking = ours.filter { fulfilmentOrder in
            !fulfilmentOrder.canBeFulfilled && !["CLOSED", "CANCELLED"].contains(fulfilmentOrder.status)
                && fulfilmentOrder.lines.contains { $0.remainingQuantity > 0 && left[$0.lineItemID, default: 0] > 0 }
        }
        if !blocking.isEmpty {
            self = .notFulfillable(statuses: Set(blocking.map(\.status)).sorted())
        } else if !byLocation.isEmpty {
            self = .calls(
                byLocation.sorted { $0.key < $1.key }.map { LocationCall(locationID: $0.key, parts: $0.value) })
        } else if ours.allSatisfy({ $0.lines.allSatisfy { $0.remainingQuantity == 0 } }) {
            self = .alreadyFulfilled
        } else {
            self = .notFulfillable(statuses: Set(ours.map(\.status)).sorted())
        }
    }
}
