package import Contracts
package import FoundationEssentials
package import Kernel

/// One parcel of an order, from wish to delivery.
package struct Shipment: Hashable, Sendable {
    package let id: ShipmentID
    package let orderID: OrderID
    /// 1 for the first label; a further wanted label is a new generation.
    package var generation: Int
    package var state: ShipmentState
    package var parcelID: Int64?
    package var carrierCode: String?
    package var trackingNumber: String?
    package var trackingURL: String?
    package var labelURL: String?
    package var labelDigest: String?
    package var weightGrams: Int
    /// The label as it was last asked for, JSON; nil: never. Personal data: never logged.
    package var request: String?
    package var carrierStatus: String?
    package var observedAt: Date?
    /// What the carrier said of the parcel, each with the newest time it was said for.
    package var carrier = CarrierWords()
    /// Counts the writes of its row: a writer that read an older one is refused.
    package var rowVersion: Int64 = 1
    package var problem: Attention?

    package init(id: ShipmentID, orderID: OrderID, weightGrams: Int) {
        self.id = id
        self.orderID = orderID
        generation = 1
        state = .planned
        self.weightGrams = weightGrams
    }

    /// Sendcloud may not have it yet: while its intent says the same, it can be made anew. One that was taken back before
    /// it was sent comes alive again when the order is wanted again.
    package var mayBeUnsent: Bool {
        state == .planned || state == .intent || (state == .cancelled && parcelID == nil)
    }

    /// It was refused and has waited for a person since.
    package var isRefused: Bool { state == .planned && problem != nil }

    /// Sendcloud's `external_reference`: unique there for ever.
    package var reference: String { "\(id)-\(generation)" }
}
