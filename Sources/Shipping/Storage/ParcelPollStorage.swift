package import Contracts
package import FoundationEssentials
import Kernel
package import Postgres

/// Parcels on their way that nobody has said anything about for long.
package enum ParcelPollStorage {
    package struct Stale: Sendable {
        package let shipmentID: ShipmentID
        package let parcelID: Int64
        /// The clock for decisions (DESIGN §3.9).
        package let now: Date
    }

    /// The longest unheard of first.
    package static func stale(
        unheardSeconds: Double, ageDaysMaximum: Int, limit: Int, in database: Database
    ) async throws -> [Stale] {
        try await database.query(
            """
            SELECT id, parcel_id, jobs.clock() AS now FROM shipping.shipment
            WHERE state IN ('created', 'label_ready', 'handed_over', 'exception') AND parcel_id IS NOT NULL
                AND COALESCE(observed_at, created_at) < jobs.clock() - make_interval(secs => \(unheardSeconds))
                AND created_at > jobs.clock() - make_interval(days => \(ageDaysMaximum))
            ORDER BY COALESCE(observed_at, created_at), id
            LIMIT \(limit)
            """
        ).map { row in
            Stale(shipmentID: try row("id"), parcelID: try row("parcel_id"), now: try row("now"))
        }
    }
}
