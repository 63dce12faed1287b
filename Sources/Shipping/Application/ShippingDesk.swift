import Contracts
package import FoundationEssentials
package import Jobs
package import Kernel
package import Postgres

/// Moves shipments on: the one place that applies observations, saves and says what happened.
package struct ShippingDesk: Sendable {
    private let outbox: Outbox
    private let time: Time

    package init(outbox: Outbox, time: Time) {
        self.outbox = outbox
        self.time = time
    }

    /// Applies an observation, saves, and appends `shipment.status_changed` when the state moved.
    /// - Parameter at: the carrier's clock, for its words.
    package func apply(
        _ observation: ShipmentObservation, at: Date? = nil, to shipment: inout Shipment, in transaction: Transaction
    ) async throws {
        let before = shipment.state
        shipment.take(observation, at: at)
        // What was cancelled has been shown, or was cancelled by us: no later word about it needs a person.
        if before != .cancelled || shipment.state != .cancelled {
            shipment.problem = problem(after: observation, of: shipment)
        }
        try await ShipmentStorage.save(&shipment, in: transaction)
        guard shipment.state != before else { return }
        try await append(
            ShipmentStatusChanged(orderID: shipment.orderID, shipmentID: shipment.id, from: before, to: shipment.state),
            about: shipment, in: transaction)
    }

    /// A label that was never bought, or whose parcel we cancelled, is not wanted any more: nobody has to look.
    package func takeBack(_ shipment: inout Shipment, in transaction: Transaction) async throws {
        let before = shipment.state
        shipment.takeBack(at: time.now())
        shipment.problem = nil
        try await ShipmentStorage.save(&shipment, in: transaction)
        guard shipment.state != before else { return }
        try await append(
            ShipmentStatusChanged(orderID: shipment.orderID, shipmentID: shipment.id, from: before, to: shipment.state),
            about: shipment, in: transaction)
    }

    /// The label says another address than the order does now, or does no more.
    package func noteAddress(isChanged: Bool, of shipment: Shipment, in transaction: Transaction) async throws {
        guard [.planned, .intent, .unknown, .created, .labelReady].contains(shipment.state) else { return }
        if isChanged {
            try await complain(
                Self.addressChanged, "The address of the order changed after its label was asked for.",
                action: "Cancel the parcel in Sendcloud and buy a new label there, or send it to the old address.",
                about: shipment, in: transaction)
        } else if shipment.problem?.code == Self.addressChanged {
            var shipment = shipment
            shipment.problem = nil
            try await ShipmentStorage.save(&shipment, in: transaction)
        }
    }

    private static let addressChanged = "address-changed-after-label"

    package func append(_ event: some DomainEvent, about shipment: Shipment, in transaction: Transaction) async throws {
        try await outbox.append(event, about: StreamID(shipment.orderID.uuid), source: "shipping", in: transaction)
    }

    package func complain(
        _ code: String, _ reason: String, action: String, about shipment: Shipment, in transaction: Transaction
    ) async throws {
        var shipment = shipment
        let since = shipment.problem?.code == code ? shipment.problem?.since : nil
        shipment.problem = Attention(code: code, reason: reason, since: since ?? time.now(), action: action)
        try await ShipmentStorage.save(&shipment, in: transaction)
    }

    private func problem(after observation: ShipmentObservation, of shipment: Shipment) -> Attention? {
        // What becomes of the label does not mend its address.
        let isAddressChanged = shipment.problem?.code == Self.addressChanged
        if isAddressChanged, [.intent, .unknown, .created, .labelReady, .handedOver].contains(shipment.state) {
            return shipment.problem
        }
        return switch shipment.state {
        case .unknown:
            Attention(
                code: "label-unknown", reason: "It is not known whether Sendcloud made the parcel.",
                since: shipment.problem?.since ?? time.now(),
                action: "Nothing yet: it is looked up by itself. If this stays for an hour, check Sendcloud.")
        case .exception:
            Attention(
                code: "parcel-problem", reason: "The carrier reports: \(shipment.carrierStatus ?? "a problem").",
                since: shipment.problem?.since ?? time.now(),
                action: "Open the parcel in Sendcloud and contact the carrier.")
        case .cancelled where shipment.problem == nil || observation == .cancelled:
            Attention(
                code: "parcel-cancelled", reason: "The parcel was cancelled at Sendcloud.", since: time.now(),
                action: "Decide whether the order still has to be sent.")
        case .cancelled: shipment.problem
        default: nil
        }
    }
}
