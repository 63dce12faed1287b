import Contracts
import Jobs
import Kernel
import Postgres
import Sendcloud

/// Decides which label an order gets: the first, another one in its place, or none any more.
struct LabelPlanner: Sendable {
    let policy: ShippingJobs.Policy?
    let database: Database
    let outbox: Outbox
    let effects: Effects
    let desk: ShippingDesk
    let identities: Identities

    /// Asks for the label of an order, or for another one when what is wanted has changed and the first is not bought.
    /// - Throws: `.rejected` when no shipping method is chosen; the shipment shows it.
    func planning(_ parcel: ParcelView, of orderID: OrderID) async throws -> Commit {
        let policy = try await requirePolicy(parcel, of: orderID)
        return { transaction in
            var (shipment, isNew) = try await ShipmentStorage.lockOrInsert(fresh(parcel, of: orderID), in: transaction)
            if !isNew {
                let wanted = try? draft(parcel, shipment.reference, policy)
                guard try await isToBeReplaced(shipment, by: wanted, in: transaction) else { return }
                shipment.generation += 1
            }
            try await ask(for: &shipment, parcel, policy, in: transaction)
        }
    }

    /// Sendcloud's announcement of the parcel failed: there is no label and never will be.
    func replacingFailed(_ parcel: ParcelView, _ failed: Shipment) async throws -> Commit {
        let policy = try await requirePolicy(parcel, of: failed.orderID)
        return { transaction in
            guard var shipment = try await ShipmentStorage.lock(failed.id, in: transaction),
                shipment.generation == failed.generation, shipment.state == .created
            else { return }
            shipment.generation += 1
            shipment.parcelID = nil
            shipment.carrierCode = nil
            shipment.trackingNumber = nil
            shipment.trackingURL = nil
            shipment.labelURL = nil
            shipment.carrierStatus = nil
            shipment.observedAt = nil
            try await ask(for: &shipment, parcel, policy, in: transaction)
        }
    }

    /// What became of a label that is not wanted any more.
    enum TakeBack {
        /// There is none, and none will be bought.
        case done
        /// It may be being bought at this moment.
        case underWay
        /// It is bought. The parcel of a cancelled order is being cancelled, unless it was handed over.
        case bought
    }

    /// Takes the label of an order back that is not wanted any more.
    func takeBack(of orderID: OrderID, isCancelled: Bool, in transaction: Transaction) async throws -> TakeBack {
        guard var shipment = try await ShipmentStorage.lock(of: orderID, in: transaction) else { return .done }
        guard shipment.mayBeUnsent,
            try await effects.cancelPlanned(reference: shipment.reference, in: transaction)
        else {
            if isCancelled, [.created, .labelReady].contains(shipment.state) {
                try await CancellationJobs.plan(shipment, effects, outbox, in: transaction)
            }
            return [.planned, .intent, .unknown].contains(shipment.state) ? .underWay : .bought
        }
        try await desk.takeBack(&shipment, in: transaction)
        return .done
    }

    private func isToBeReplaced(
        _ shipment: Shipment, by wanted: NewParcel?, in transaction: Transaction
    ) async throws -> Bool {
        let asked = try shipment.request.map { try JSON.decode(NewParcel.self, from: $0) }
        // Whoever was refused or taken back gets another try, changed or not.
        let isWaiting = shipment.isRefused || shipment.state == .cancelled
        if shipment.mayBeUnsent, isWaiting || wanted != asked,
            // Only one that Sendcloud certainly never had is made anew, under a reference of its own.
            try await effects.cancelPlanned(reference: shipment.reference, in: transaction)
        {
            return true
        }
        if let wanted, let asked {
            try await desk.noteAddress(isChanged: !wanted.goesToSameDoor(as: asked), of: shipment, in: transaction)
        }
        return false
    }

    private func ask(
        for shipment: inout Shipment, _ parcel: ParcelView, _ policy: ShippingJobs.Policy, in transaction: Transaction
    ) async throws {
        let subject = StreamID(shipment.orderID.uuid)
        shipment.state = .planned
        shipment.weightGrams = Self.weightGrams(parcel)
        shipment.problem = nil
        shipment.request = nil
        do {
            let request = try draft(parcel, shipment.reference, policy)
            shipment.request = try JSON.text(request)
            try await ShipmentStorage.save(shipment, in: transaction)
            try await effects.plan(
                ParcelEffect.self, reference: shipment.reference, request: request, subject: subject, in: transaction)
            try await outbox.enqueue(
                NewJob(
                    "shipping.create-parcel",
                    payload: ShipmentReference(shipmentID: shipment.id, generation: shipment.generation),
                    subject: subject), in: transaction)
        } catch let unfit as ParcelDraft.Unfit {
            try await desk.complain(unfit.code, unfit.reason, action: unfit.action, about: shipment, in: transaction)
        }
    }

    private func requirePolicy(
        _ parcel: ParcelView, of orderID: OrderID
    ) async throws -> ShippingJobs.Policy {
        if let policy { return policy }
        let reason = "Shipping is on, but no shipping method is chosen."
        try await database.transaction { transaction in
            let (shipment, _) = try await ShipmentStorage.lockOrInsert(fresh(parcel, of: orderID), in: transaction)
            guard shipment.mayBeUnsent else { return }
            try await desk.complain(
                "shipping-method-missing", reason,
                action: "Set DEFAULT_SHIPPING_METHOD_ID (or SHIPPING_ENABLED=false), restart, then retry the order.",
                about: shipment, in: transaction)
        }
        throw JobFailure.rejected(reason)
    }

    private func draft(
        _ parcel: ParcelView, _ reference: String, _ policy: ShippingJobs.Policy
    ) throws(ParcelDraft.Unfit) -> NewParcel {
        try ParcelDraft.make(
            from: parcel, reference: reference, shippingMethodID: policy.shippingMethodID,
            senderAddressID: policy.senderAddressID)
    }

    private func fresh(_ parcel: ParcelView, of orderID: OrderID) -> Shipment {
        Shipment(id: identities.make(), orderID: orderID, weightGrams: Self.weightGrams(parcel))
    }

    private static func weightGrams(_ parcel: ParcelView) -> Int {
        max(ParcelDraft.weightGramsMinimum, parcel.weightGrams)
    }
}

extension NewParcel {
    /// To the same door: what the label says of the destination.
    func goesToSameDoor(as other: NewParcel) -> Bool {
        [name, address, houseNumber, city, postalCode, country]
            == [other.name, other.address, other.houseNumber, other.city, other.postalCode, other.country]
            && [companyName, address2, countryState] == [other.companyName, other.address2, other.countryState]
    }
}
