import Contracts
import FoundationEssentials
package import Inbox
package import Jobs
import Kernel
package import Sendcloud

/// Sendcloud's webhooks move shipments on; their order may be scrambled (contracts §2.5).
package struct CarrierWebhook: Sendable {
    private let desk: ShippingDesk

    package init(desk: ShippingDesk) {
        self.desk = desk
    }

    package func handle(_ webhook: Webhook) async throws -> Commit {
        let event: SendcloudEvent
        do {
            event = try SendcloudEvent.decode(webhook.body)
        } catch {
            let reason = (error as? DecodingError)?.sentence ?? "the body is not what it should be"
            throw JobFailure.rejected("The Sendcloud webhook cannot be read: \(reason).")
        }
        guard event.action == "parcel_status_changed", let parcel = event.parcel else { return { _ in } }
        let at = event.at ?? webhook.receivedAt
        return { transaction in
            guard var shipment = try await ShipmentStorage.lock(parcelID: parcel.id, in: transaction) else { return }
            try await Inbox.file(webhook.id, under: StreamID(shipment.orderID.uuid), in: transaction)
            // An older status than the one taken says nothing new.
            if let observedAt = shipment.observedAt, at < observedAt { return }
            shipment.observedAt = at
            let trackingBefore = shipment.trackingNumber
            shipment.take(parcel)
            // Before the label is stored nobody was told of a number: `shipment.created` brings it.
            if shipment.trackingNumber != trackingBefore, shipment.labelDigest != nil {
                try await desk.append(
                    ShipmentTrackingChanged(orderID: shipment.orderID, shipmentID: shipment.id), about: shipment,
                    in: transaction)
            }
            guard let observation = Self.observation(of: ParcelStatus.classify(parcel.statusID)) else {
                try await ShipmentStorage.save(shipment, in: transaction)
                return
            }
            try await desk.apply(observation, to: &shipment, in: transaction)
        }
    }

    /// Nil for statuses that say nothing about where the parcel is.
    package static func observation(of status: ParcelStatus) -> ShipmentObservation? {
        switch status {
        case .inTransit, .pickup: .inTransit
        case .delivered: .delivered
        case .problem, .failed: .problem
        case .cancelled: .cancelled
        default: nil
        }
    }
}
