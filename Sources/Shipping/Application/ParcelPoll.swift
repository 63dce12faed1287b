import Contracts
import FoundationEssentials
package import Jobs
import Kernel
package import Postgres
package import Sendcloud

/// Asks Sendcloud about parcels whose webhooks were lost: a tracking number or a delivery is not missed for ever.
package struct ParcelPoll: Sendable {
    static let everySeconds = 900.0
    /// Carriers report less often than this; webhooks that come make the question needless.
    static let unheardSeconds = 21_600.0
    /// A parcel that is older will not arrive any more; somebody has noticed by then.
    static let ageDaysMaximum = 60
    /// Questions in one round: 200 an hour, far below Sendcloud's 15 a second (contracts §2.8).
    static let batch = 50
    /// What the poll saw is as old as the question, less what the two clocks may differ.
    private static let clockSkewSeconds = 60.0

    private let database: Database
    private let client: SendcloudClient
    private let desk: ShippingDesk

    package init(database: Database, client: SendcloudClient, desk: ShippingDesk) {
        self.database = database
        self.client = client
        self.desk = desk
    }

    package var registration: JobRegistration {
        JobRegistration("shipping.poll-parcels", timeoutSeconds: 600, vendor: "sendcloud") { _ in
            let stale = try await ParcelPollStorage.stale(
                unheardSeconds: Self.unheardSeconds, ageDaysMaximum: Self.ageDaysMaximum, limit: Self.batch,
                in: database)
            // Each is settled for itself: a round that breaks off has not asked in vain.
            for parcel in stale { try await ask(parcel) }
            return nil
        }
    }

    package var schedule: Schedule {
        Schedule("shipping.poll-parcels", "shipping.poll-parcels", everySeconds: Self.everySeconds)
    }

    private func ask(_ stale: ParcelPollStorage.Stale) async throws {
        let seenAt = stale.now.addingTimeInterval(-Self.clockSkewSeconds)
        let parcel: Parcel?
        do {
            parcel = try await client.parcel(id: stale.parcelID)
        } catch {
            // One that was deleted there says nothing; it must not stop the others.
            guard error.kind == .notFound else { throw error }
            parcel = nil
        }
        try await database.transaction { transaction in
            guard var shipment = try await ShipmentStorage.lock(stale.shipmentID, in: transaction),
                shipment.parcelID == stale.parcelID
            else { return }
            // A webhook came meanwhile and knows better.
            if let observedAt = shipment.observedAt, observedAt > seenAt { return }
            guard let parcel else {
                shipment.observedAt = seenAt
                return try await ShipmentStorage.save(&shipment, in: transaction)
            }
            try await desk.take(parcel, at: seenAt, to: &shipment, in: transaction)
        }
    }
}
