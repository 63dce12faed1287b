package import FoundationEssentials
package import Kernel

/// What Fulfilment answers to the rooms above it.
package protocol FulfilmentContract: Sendable {
    /// The fulfilments of these orders.
    func fulfilments(of orders: [OrderID]) async throws -> [FulfilmentView]
    /// What keeps an order from being fulfilled at all, by order.
    func problems(of orders: [OrderID]) async throws -> [OrderID: Attention]
}

/// One Shopify fulfilment as an operator sees it.
package struct FulfilmentView: Sendable {
    package let id: FulfilmentID
    package let orderID: OrderID
    package let state: FulfilmentState
    package let shopifyFulfillmentID: Int64?
    package let trackingNumber: String?
    package let trackingCompany: String?
    package let trackingURL: String?
    package let createdAt: Date
    package let updatedAt: Date
    package let attention: Attention?

    package init(
        id: FulfilmentID, orderID: OrderID, state: FulfilmentState, shopifyFulfillmentID: Int64?,
        trackingNumber: String?,
        trackingCompany: String?, trackingURL: String?, createdAt: Date, updatedAt: Date, attention: Attention?
    ) {
        self.id = id
        self.orderID = orderID
        self.state = state
        self.shopifyFulfillmentID = shopifyFulfillmentID
        self.trackingNumber = trackingNumber
        self.trackingCompany = trackingCompany
        self.trackingURL = trackingURL
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.attention = attention
    }
}

/// Shopify has the fulfilment (ADR-022).
package struct FulfillmentCreated: DomainEvent {
    package static let name = "fulfillment.created"
    package let orderID: OrderID
    package let fulfilmentID: FulfilmentID

    package init(orderID: OrderID, fulfilmentID: FulfilmentID) {
        self.orderID = orderID
        self.fulfilmentID = fulfilmentID
    }
}

/// Shopify refused the fulfilment, or it could not be made in time (ADR-022).
package struct FulfillmentFailed: DomainEvent {
    package static let name = "fulfillment.failed"
    package let orderID: OrderID
    package let fulfilmentID: FulfilmentID?

    package init(orderID: OrderID, fulfilmentID: FulfilmentID?) {
        self.orderID = orderID
        self.fulfilmentID = fulfilmentID
    }
}
