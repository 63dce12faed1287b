package import Artefacts
package import Contracts
package import Jobs
package import Kernel
package import Postgres
package import Sendcloud

/// The jobs that turn a printed order into a labelled parcel.
package struct ShippingJobs: Sendable {
    /// How to ship: nil switches shipping off.
    package struct Policy: Sendable {
        package let shippingMethodID: Int
        package let senderAddressID: Int?

        package init(shippingMethodID: Int, senderAddressID: Int?) {
            self.shippingMethodID = shippingMethodID
            self.senderAddressID = senderAddressID
        }
    }

    private let policy: Policy?
    private let database: Database
    private let outbox: Outbox
    private let effects: Effects
    private let artefacts: ArtefactStore
    private let orders: any OrdersContract
    private let desk: ShippingDesk
    private let effect: ParcelEffect
    private let client: SendcloudClient
    private let identities: Identities

    package init(
        policy: Policy?, database: Database, outbox: Outbox, effects: Effects, artefacts: ArtefactStore,
        orders: any OrdersContract, desk: ShippingDesk, effect: ParcelEffect, client: SendcloudClient,
        identities: Identities
    ) {
        self.policy = policy
        self.database = database
        self.outbox = outbox
        self.effects = effects
        self.artefacts = artefacts
        self.orders = orders
        self.desk = desk
        self.effect = effect
        self.client = client
        self.identities = identities
    }

    package var registrations: [JobRegistration] {
        [
            JobRegistration("shipping.plan", handle: plan),
            JobRegistration("shipping.create-parcel", onDeadLetter: complainOfParcel, handle: createParcel),
            JobRegistration("shipping.fetch-label", onDeadLetter: complainOfLabel, handle: fetchLabel),
        ]
    }

    /// A printed order gets its shipment; a changed one gets a new try when the first could not be sent.
    private func plan(_ job: Job) async throws -> Commit {
        let orderID = try job.decode(OrderReference.self).orderID
        guard let policy, let parcel = try await orders.parcel(of: orderID), parcel.isReady, !parcel.isCancelled else {
            return { _ in }
        }
        return { transaction in
            let fresh = Shipment(id: identities.make(), orderID: orderID, weightGrams: max(1, parcel.weightGrams))
            var (shipment, isNew) = try await ShipmentStorage.lockOrInsert(fresh, in: transaction)
            if !isNew {
                // Only one that Sendcloud certainly never had is made anew, under a reference of its own.
                guard shipment.state == .planned, shipment.problem != nil else { return }
                _ = try await effects.cancelPlanned(reference: shipment.reference, in: transaction)
                shipment.generation += 1
                shipment.weightGrams = max(1, parcel.weightGrams)
                shipment.problem = nil
            }
            do {
                let request = try ParcelDraft.make(
                    from: parcel, reference: shipment.reference, shippingMethodID: policy.shippingMethodID,
                    senderAddressID: policy.senderAddressID)
                try await ShipmentStorage.save(shipment, in: transaction)
                try await effects.plan(
                    ParcelEffect.self, reference: shipment.reference, request: request,
                    subject: StreamID(orderID.uuid), in: transaction)
                try await outbox.enqueue(
                    NewJob(
                        "shipping.create-parcel",
                        payload: ShipmentReference(shipmentID: shipment.id, generation: shipment.generation),
                        subject: StreamID(orderID.uuid)), in: transaction)
            } catch let unfit as ParcelDraft.Unfit {
                try await desk.complain(
                    unfit.code, unfit.reason, action: unfit.action, about: shipment, in: transaction)
            }
        }
    }

    private func createParcel(_ job: Job) async throws -> Commit {
        let reference = try job.decode(ShipmentReference.self)
        guard let shipment = try await ShipmentStorage.shipment(reference.shipmentID, in: database),
            shipment.generation == reference.generation
        else { return { _ in } }
        let outcome = try await effects.perform(
            effect, reference: shipment.reference, job: job, onSent: observing(.sent, of: reference),
            onUnknown: observing(.outcomeUnknown, of: reference))
        guard case .made(let parcel, let record) = outcome else { return { _ in } }
        return { transaction in
            try await record(transaction)
            guard var locked = try await ShipmentStorage.lock(shipment.id, in: transaction) else { return }
            locked.parcelID = parcel.id
            locked.take(parcel)
            try await desk.apply(.parcelCreated, to: &locked, in: transaction)
            try await outbox.enqueue(
                NewJob("shipping.fetch-label", payload: reference, subject: StreamID(locked.orderID.uuid)),
                in: transaction)
        }
    }

    /// The PDF is a second, authenticated call, and may lag behind the parcel (contracts §2.6).
    private func fetchLabel(_ job: Job) async throws -> Commit {
        let reference = try job.decode(ShipmentReference.self)
        guard let shipment = try await ShipmentStorage.shipment(reference.shipmentID, in: database),
            let parcelID = shipment.parcelID, shipment.labelDigest == nil
        else { return { _ in } }
        let isIncomplete = shipment.labelURL == nil || shipment.trackingNumber == nil
        let parcel = isIncomplete ? try await client.parcel(id: parcelID) : nil
        if let parcel, ParcelStatus.classify(parcel.statusID) == .failed {
            throw JobFailure.rejected("Sendcloud could not announce the parcel: \(parcel.statusMessage).")
        }
        let pdf = try await labelPDF(of: parcelID, url: parcel?.labelURL ?? shipment.labelURL)
        return { transaction in
            guard var locked = try await ShipmentStorage.lock(shipment.id, in: transaction), locked.labelDigest == nil
            else {
                return
            }
            if let parcel { locked.take(parcel) }
            locked.labelDigest = try await artefacts.put(pdf, mediaType: "application/pdf", in: transaction)
            try await desk.apply(.labelStored, to: &locked, in: transaction)
            try await desk.append(
                ShipmentCreated(orderID: locked.orderID, shipmentID: locked.id), about: locked, in: transaction)
        }
    }

    private func labelPDF(of parcelID: Int64, url: String?) async throws -> [UInt8] {
        do {
            return try await client.labelPDF(parcelID: parcelID, url: url)
        } catch {
            guard error.kind == .notFound else { throw error }
            throw JobFailure.notNow("The label is not ready at Sendcloud yet.", retryAfterSeconds: 2)
        }
    }

    private func observing(_ observation: ShipmentObservation, of reference: ShipmentReference) -> Commit {
        { transaction in
            guard var shipment = try await ShipmentStorage.lock(reference.shipmentID, in: transaction),
                shipment.generation == reference.generation
            else { return }
            try await desk.apply(observation, to: &shipment, in: transaction)
        }
    }

    private func complainOfParcel(_ job: Job, reason: String, in transaction: Transaction) async throws {
        try await complain(
            "label-refused", reason, job: job,
            action: "Mend the address or weight; a changed order is tried again by itself, else retry the order.",
            in: transaction)
    }

    private func complainOfLabel(_ job: Job, reason: String, in transaction: Transaction) async throws {
        try await complain(
            "label-not-fetched", reason, job: job, action: "Check the parcel in Sendcloud, then retry the order.",
            in: transaction)
    }

    private func complain(
        _ code: String, _ reason: String, job: Job, action: String, in transaction: Transaction
    ) async throws {
        guard let reference = try? job.decode(ShipmentReference.self),
            var shipment = try await ShipmentStorage.lock(reference.shipmentID, in: transaction)
        else { return }
        // Refused means never made: the shipment may be planned anew when the order is mended.
        if code == "label-refused", [.intent, .planned].contains(shipment.state) { shipment.state = .planned }
        try await desk.complain(code, reason, action: action, about: shipment, in: transaction)
    }
}

extension Shipment {
    /// What Sendcloud says about the parcel.
    package mutating func take(_ parcel: Parcel) {
        carrierCode = parcel.carrierCode ?? carrierCode
        trackingNumber = parcel.trackingNumber ?? trackingNumber
        trackingURL = parcel.trackingURL ?? trackingURL
        labelURL = parcel.labelURL ?? labelURL
        carrierStatus = parcel.statusMessage
    }
}

/// Payload of a job about one shipment.
package struct ShipmentReference: Codable, Hashable, Sendable {
    package let shipmentID: ShipmentID
    package let generation: Int

    package init(shipmentID: ShipmentID, generation: Int) {
        self.shipmentID = shipmentID
        self.generation = generation
    }
}
