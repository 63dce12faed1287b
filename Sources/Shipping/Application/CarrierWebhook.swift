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
            try await desk.take(parcel, at: at, to: &shipment, in: transaction)
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
