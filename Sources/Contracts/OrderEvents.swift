import Kernel

// ADR-008's and ADR-022's names; `order.line-unmapped` and `order.updated` are ours (ADR-046).

/// A new order is known.
package struct OrderCreated: DomainEvent {
    package static let name = "order.created"
    package let orderID: OrderID
    package init(orderID: OrderID) { self.orderID = orderID }
}

/// What has to be made for the order is no longer what it was: a line was mapped, a quantity or the address changed.
package struct OrderUpdated: DomainEvent {
    package static let name = "order.updated"
    package let orderID: OrderID
    package init(orderID: OrderID) { self.orderID = orderID }
}

/// The order moved on.
package struct OrderStatusChanged: DomainEvent {
    package static let name = "order.status_changed"
    package let orderID: OrderID
    package let from: OrderStatus
    package let to: OrderStatus

    package init(orderID: OrderID, from: OrderStatus, to: OrderStatus) {
        self.orderID = orderID
        self.from = from
        self.to = to
    }
}

/// The shop cancelled the order: unstarted prints are taken back.
package struct OrderCancelled: DomainEvent {
    package static let name = "order.cancelled"
    package let orderID: OrderID
    package init(orderID: OrderID) { self.orderID = orderID }
}

/// A line has no product mapping; GridFlock or an operator may bring one.
package struct OrderLineUnmapped: DomainEvent {
    package static let name = "order.line-unmapped"
    package let orderID: OrderID
    package let lineItemID: LineItemID

    package init(orderID: OrderID, lineItemID: LineItemID) {
        self.orderID = orderID
        self.lineItemID = lineItemID
    }
}

/// Every part is printed: said once per order.
package struct OrderReadyForFulfillment: DomainEvent {
    package static let name = "order.ready-for-fulfillment"
    package let orderID: OrderID
    package init(orderID: OrderID) { self.orderID = orderID }
}

/// Shopify has every fulfilment of the order.
package struct OrderFulfilled: DomainEvent {
    package static let name = "order.fulfilled"
    package let orderID: OrderID
    package init(orderID: OrderID) { self.orderID = orderID }
}

/// A print of the order failed; it goes on when somebody asks for a reprint.
package struct OrderFailed: DomainEvent {
    package static let name = "order.failed"
    package let orderID: OrderID
    package let printJobID: PrintJobID

    package init(orderID: OrderID, printJobID: PrintJobID) {
        self.orderID = orderID
        self.printJobID = printJobID
    }
}

/// Payload of a job about one order; every order event can be read as one.
package struct OrderReference: Codable, Sendable {
    package let orderID: OrderID
    package init(orderID: OrderID) { self.orderID = orderID }
}
