package import FoundationEssentials
package import Kernel

/// What Shipping answers to the rooms above it.
package protocol ShippingContract: Sendable {
    /// The shipments of these orders.
    func shipments(of orders: [OrderID]) async throws -> [ShipmentView]
}

/// One shipment as an operator sees it.
package struct ShipmentView: Sendable {
    package let id: ShipmentID
    package let orderID: OrderID
    package let state: ShipmentState
    package let parcelID: Int64?
    /// Sendcloud's carrier code, `postnl`.
    package let carrierCode: String?
    package let trackingNumber: String?
    package let trackingURL: String?
    package let weightGrams: Int
    package let hasLabel: Bool
    /// The carrier's last words.
    package let carrierStatus: String?
    package let createdAt: Date
    package let updatedAt: Date
    package let attention: Attention?

    package init(
        id: ShipmentID, orderID: OrderID, state: ShipmentState, parcelID: Int64?, carrierCode: String?,
        trackingNumber: String?, trackingURL: String?, weightGrams: Int, hasLabel: Bool, carrierStatus: String?,
        createdAt: Date, updatedAt: Date, attention: Attention?
    ) {
        self.id = id
        self.orderID = orderID
        self.state = state
        self.parcelID = parcelID
        self.carrierCode = carrierCode
        self.trackingNumber = trackingNumber
        self.trackingURL = trackingURL
        self.weightGrams = weightGrams
        self.hasLabel = hasLabel
        self.carrierStatus = carrierStatus
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.attention = attention
    }
}

/// The label is bought and stored (ADR-030).
package struct ShipmentCreated: DomainEvent {
    package static let name = "shipment.created"
    package let orderID: OrderID
    package let shipmentID: ShipmentID

    package init(orderID: OrderID, shipmentID: ShipmentID) {
        self.orderID = orderID
        self.shipmentID = shipmentID
    }
}

/// The parcel has a tracking number that it did not have when its label was stored.
package struct ShipmentTrackingChanged: DomainEvent {
    package static let name = "shipment.tracking_changed"
    package let orderID: OrderID
    package let shipmentID: ShipmentID

    package init(orderID: OrderID, shipmentID: ShipmentID) {
        self.orderID = orderID
        self.shipmentID = shipmentID
    }
}

/// The carrier moved the parcel on.
package struct ShipmentStatusChanged: DomainEvent {
    package static let name = "shipment.status_changed"
    package let orderID: OrderID
    package let shipmentID: ShipmentID
    package let from: ShipmentState
    package let to: ShipmentState

    package init(orderID: OrderID, shipmentID: ShipmentID, from: ShipmentState, to: ShipmentState) {
        self.orderID = orderID
        self.shipmentID = shipmentID
        self.from = from
        self.to = to
    }
}
