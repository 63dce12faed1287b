import Contracts
import FoundationEssentials
import Jobs
import Kernel
import Postgres
import Sendcloud

extension ShippingDesk {
    /// Takes the carrier's word of one moment, heard or asked for, about a shipment that the caller holds locked.
    ///
    /// An older word still counts for what it says; the parcel's particulars are the newest one's.
    func take(
        _ parcel: Parcel, at: Date, to shipment: inout Shipment, in transaction: Transaction
    ) async throws {
        if shipment.observedAt.map({ at >= $0 }) ?? true {
            shipment.observedAt = at
            let trackingBefore = shipment.trackingNumber
            shipment.take(parcel)
            // Before the label is stored nobody was told of a number: `shipment.created` brings it.
            if shipment.trackingNumber != trackingBefore, shipment.labelDigest != nil {
                try await append(
                    ShipmentTrackingChanged(orderID: shipment.orderID, shipmentID: shipment.id), about: shipment,
                    in: transaction)
            }
        }
        guard let observation = CarrierWebhook.observation(of: ParcelStatus.classify(parcel.statusID)) else {
            return try await ShipmentStorage.save(&shipment, in: transaction)
        }
        try await apply(observation, at: at, to: &shipment, in: transaction)
    }
}
