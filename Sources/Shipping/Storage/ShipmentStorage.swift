package import Contracts
import FoundationEssentials
import Kernel
package import Postgres

/// All SQL of shipping.
package enum ShipmentStorage {
    /// The order's shipment, locked; made when there is none.
    package static func lockOrInsert(_ fresh: Shipment, in transaction: Transaction) async throws -> (
        Shipment, isNew: Bool
    ) {
        let inserted = try await transaction.execute(
            """
            INSERT INTO shipping.shipment (id, order_id, generation, state, weight_grams)
            VALUES (\(fresh.id), \(fresh.orderID), \(fresh.generation), \(fresh.state.rawValue), \(fresh.weightGrams))
            ON CONFLICT (order_id) DO NOTHING
            """)
        if inserted == 1 { return (fresh, true) }
        let rows = try await transaction.query(
            "SELECT * FROM shipping.shipment WHERE order_id = \(fresh.orderID) FOR UPDATE")
        guard let row = rows.first else { return (fresh, true) }
        return (try shipment(row), false)
    }

    package static func lock(_ id: ShipmentID, in transaction: Transaction) async throws -> Shipment? {
        try await transaction.query("SELECT * FROM shipping.shipment WHERE id = \(id) FOR UPDATE").first.map(shipment)
    }

    package static func lock(of order: OrderID, in transaction: Transaction) async throws -> Shipment? {
        try await transaction.query("SELECT * FROM shipping.shipment WHERE order_id = \(order) FOR UPDATE").first
            .map(shipment)
    }

    package static func lock(parcelID: Int64, in transaction: Transaction) async throws -> Shipment? {
        try await transaction.query("SELECT * FROM shipping.shipment WHERE parcel_id = \(parcelID) FOR UPDATE").first
            .map(shipment)
    }

    /// - Throws: `StaleWrite` when the row has been written since the shipment was read.
    package static func save(_ shipment: inout Shipment, in transaction: Transaction) async throws {
        let isWritten =
            try await transaction.execute(
                """
                UPDATE shipping.shipment
                SET generation = \(shipment.generation), state = \(shipment.state.rawValue), parcel_id = \(shipment.parcelID),
                    carrier_code = \(shipment.carrierCode), tracking_number = \(shipment.trackingNumber),
                    tracking_url = \(shipment.trackingURL), label_url = \(shipment.labelURL),
                    label_digest = \(shipment.labelDigest), weight_grams = \(shipment.weightGrams),
                    request = \(shipment.request)::jsonb,
                    carrier_status = \(shipment.carrierStatus), observed_at = \(shipment.observedAt),
                    problem_code = \(shipment.problem?.code), problem_text = \(shipment.problem?.reason),
                    problem_action = \(shipment.problem?.action), problem_since = \(shipment.problem?.since),
                    in_transit_at = \(shipment.carrier.inTransitAt), parcel_problem_at = \(shipment.carrier.problemAt),
                    delivered_at = \(shipment.carrier.deliveredAt), cancelled_at = \(shipment.carrier.cancelledAt),
                    updated_at = now(), row_version = row_version + 1
                WHERE id = \(shipment.id) AND row_version = \(shipment.rowVersion)
                """) == 1
        guard isWritten else { throw StaleWrite("shipment") }
        shipment.rowVersion += 1
    }

    package static func shipment(_ id: ShipmentID, in database: Database) async throws -> Shipment? {
        try await database.query("SELECT * FROM shipping.shipment WHERE id = \(id)").first.map(shipment)
    }

    package static func shipment(of order: OrderID, in database: Database) async throws -> Shipment? {
        try await database.query("SELECT * FROM shipping.shipment WHERE order_id = \(order)").first.map(shipment)
    }

    package static func views(of orders: [OrderID], in database: Database) async throws -> [ShipmentView] {
        try await database.query(
            "SELECT * FROM shipping.shipment WHERE order_id = ANY(\(SQLArray(orders))::uuid[]) ORDER BY id"
        ).map(view)
    }

    package static func view(_ id: ShipmentID, in database: Database) async throws -> ShipmentView? {
        try await database.query("SELECT * FROM shipping.shipment WHERE id = \(id)").first.map(view)
    }

    /// A page, newest first.
    package static func views(
        state: ShipmentState?, before: ShipmentID?, limit: Int, in database: Database
    ) async throws -> [ShipmentView] {
        try await database.query(
            """
            SELECT * FROM shipping.shipment
            WHERE (\(state?.rawValue)::text IS NULL OR state = \(state?.rawValue)::text)
                AND (\(before)::uuid IS NULL OR id < \(before)::uuid)
            ORDER BY id DESC LIMIT \(limit)
            """
        ).map(view)
    }

    private static func shipment(_ row: Row) throws -> Shipment {
        var shipment = Shipment(id: try row("id"), orderID: try row("order_id"), weightGrams: try row("weight_grams"))
        shipment.generation = try row("generation")
        shipment.state = try state(row)
        shipment.parcelID = try row.optional("parcel_id")
        shipment.carrierCode = try row.optional("carrier_code")
        shipment.trackingNumber = try row.optional("tracking_number")
        shipment.trackingURL = try row.optional("tracking_url")
        shipment.labelURL = try row.optional("label_url")
        shipment.labelDigest = try row.optional("label_digest")
        shipment.request = try row.optional("request")
        shipment.carrierStatus = try row.optional("carrier_status")
        shipment.observedAt = try row.optional("observed_at")
        shipment.problem = try problem(row)
        shipment.carrier.inTransitAt = try row.optional("in_transit_at")
        shipment.carrier.problemAt = try row.optional("parcel_problem_at")
        shipment.carrier.deliveredAt = try row.optional("delivered_at")
        shipment.carrier.cancelledAt = try row.optional("cancelled_at")
        shipment.rowVersion = try row("row_version")
        try completeWords(of: &shipment, row)
        return shipment
    }

    /// The previous binary writes states and knows no times of words (migration 0015): its state is the word then, said
    /// when the carrier was last heard, or the row last written.
    private static func completeWords(of shipment: inout Shipment, _ row: Row) throws {
        let saidAt: Date = try row.optional("observed_at") ?? row("updated_at")
        switch shipment.state {
        case .handedOver: shipment.carrier.inTransitAt = shipment.carrier.inTransitAt ?? saidAt
        case .exception: shipment.carrier.problemAt = shipment.carrier.problemAt ?? saidAt
        case .delivered: shipment.carrier.deliveredAt = shipment.carrier.deliveredAt ?? saidAt
        case .cancelled where shipment.parcelID != nil:
            shipment.carrier.cancelledAt = shipment.carrier.cancelledAt ?? saidAt
        case .planned, .intent, .unknown, .created, .labelReady, .cancelled: break
        }
    }

    private static func view(_ row: Row) throws -> ShipmentView {
        let shipment = try shipment(row)
        return ShipmentView(
            id: shipment.id, orderID: shipment.orderID, state: shipment.state, parcelID: shipment.parcelID,
            carrierCode: shipment.carrierCode, trackingNumber: shipment.trackingNumber,
            trackingURL: shipment.trackingURL,
            weightGrams: shipment.weightGrams, hasLabel: shipment.labelDigest != nil,
            carrierStatus: shipment.carrierStatus, createdAt: try row("created_at"), updatedAt: try row("updated_at"),
            attention: shipment.problem)
    }

    private static func state(_ row: Row) throws -> ShipmentState {
        guard let state = ShipmentState(rawValue: try row("state")) else {
            throw RowError(column: "state", reason: "is no shipment state")
        }
        return state
    }

    private static func problem(_ row: Row) throws -> Attention? {
        guard let code: String = try row.optional("problem_code") else { return nil }
        return Attention(
            code: code, reason: try row("problem_text"), since: try row("problem_since"),
            action: try row("problem_action"))
    }
}
