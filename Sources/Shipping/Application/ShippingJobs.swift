package import Artefacts
package import Contracts
package import Jobs
package import Kernel
package import Postgres
package import Sendcloud

/// The jobs that turn a printed order into a labelled parcel.
package struct ShippingJobs: Sendable {
    /// How to ship.
    package struct Policy: Sendable {
        package let shippingMethodID: Int
        package let senderAddressID: Int?

        package init(shippingMethodID: Int, senderAddressID: Int?) {
            self.shippingMethodID = shippingMethodID
            self.senderAddressID = senderAddressID
        }
    }

    private let isEnabled: Bool
    private let planner: LabelPlanner
    private let database: Database
    private let outbox: Outbox
    private let effects: Effects
    private let artefacts: ArtefactStore
    private let orders: any OrdersContract
    private let desk: ShippingDesk
    private let effect: ParcelEffect
    private let client: SendcloudClient
    private let cancellation: CancellationJobs

    /// Until a label that is being bought is looked at again.
    private static let underWayRetrySeconds = 5.0

    package init(
        isEnabled: Bool, policy: Policy?, database: Database, outbox: Outbox, effects: Effects,
        artefacts: ArtefactStore, orders: any OrdersContract, desk: ShippingDesk, effect: ParcelEffect,
        cancelling: ParcelCancellation, client: SendcloudClient, identities: Identities
    ) {
        self.isEnabled = isEnabled
        planner = LabelPlanner(
            policy: policy, database: database, outbox: outbox, effects: effects, desk: desk, identities: identities)
        self.database = database
        self.outbox = outbox
        self.effects = effects
        self.artefacts = artefacts
        self.orders = orders
        self.desk = desk
        self.effect = effect
        self.client = client
        cancellation = CancellationJobs(
            database: database, outbox: outbox, effects: effects, desk: desk, effect: cancelling, client: client)
    }

    package var registrations: [JobRegistration] {
        [
            JobRegistration("shipping.plan", handle: plan),
            JobRegistration(
                "shipping.create-parcel", vendor: "sendcloud", category: .fulfillment, onDeadLetter: complainOfParcel,
                handle: createParcel),
            JobRegistration(
                "shipping.fetch-label", vendor: "sendcloud", category: .fulfillment, onDeadLetter: complainOfLabel,
                handle: fetchLabel),
            cancellation.registration,
        ]
    }

    /// A printed order gets its shipment; a changed one another label while the first is not bought; one that is not
    /// wanted any more gets none.
    private func plan(_ job: Job) async throws -> Commit? {
        let orderID = try job.decode(OrderReference.self).orderID
        guard isEnabled, let parcel = try await orders.parcel(of: orderID) else { return nil }
        guard parcel.isWanted else {
            return { transaction in
                let label = try await planner.takeBack(of: orderID, isCancelled: parcel.isCancelled, in: transaction)
                guard parcel.isCancelled, label == .underWay else { return }
                throw JobFailure.notNow(
                    "The label may be being bought; it is taken back as soon as that is known.",
                    retryAfterSeconds: Self.underWayRetrySeconds)
            }
        }
        return try await planner.planning(parcel, of: orderID)
    }

    private func createParcel(_ job: Job) async throws -> Commit? {
        let reference = try job.decode(ShipmentReference.self)
        guard let shipment = try await ShipmentStorage.shipment(reference.shipmentID, in: database),
            shipment.generation == reference.generation
        else { return nil }
        if let parcel = try await orders.parcel(of: shipment.orderID) {
            // Here and not in the commit: what may be at Sendcloud already has to be settled below.
            if !parcel.isWanted,
                try await database.transaction({
                    try await planner.takeBack(of: shipment.orderID, isCancelled: parcel.isCancelled, in: $0)
                }) == .done
            {
                return nil
            }
            // A retry of what was refused: what was asked for then would be refused again.
            if parcel.isWanted, shipment.isRefused {
                return try await planner.planning(parcel, of: shipment.orderID)
            }
        }
        let outcome = try await effects.perform(
            effect, reference: shipment.reference, job: job, onSent: observing(.sent, of: reference),
            onUnknown: observing(.outcomeUnknown, of: reference))
        guard case .made(let parcel, let record) = outcome else { return nil }
        return { transaction in
            // Everywhere the shipment is locked before its effect.
            guard var locked = try await ShipmentStorage.lock(shipment.id, in: transaction) else { return }
            try await record(transaction)
            locked.parcelID = parcel.id
            locked.take(parcel)
            try await desk.apply(.parcelCreated, to: &locked, in: transaction)
            try await outbox.enqueue(
                NewJob("shipping.fetch-label", payload: reference, subject: StreamID(locked.orderID.uuid)),
                in: transaction)
        }
    }

    /// The PDF is a second, authenticated call, and may lag behind the parcel (contracts §2.6).
    private func fetchLabel(_ job: Job) async throws -> Commit? {
        let reference = try job.decode(ShipmentReference.self)
        guard let shipment = try await ShipmentStorage.shipment(reference.shipmentID, in: database),
            shipment.generation == reference.generation, let parcelID = shipment.parcelID, shipment.labelDigest == nil
        else { return nil }
        let isIncomplete = shipment.labelURL == nil || shipment.trackingNumber == nil
        let parcel = isIncomplete ? try await client.parcel(id: parcelID) : nil
        if let parcel, ParcelStatus.classify(parcel.statusID) == .failed {
            // It keeps its reference for ever: a retry asks for another one.
            if shipment.problem?.code == "label-not-fetched",
                let wanted = try await orders.parcel(of: shipment.orderID),
                wanted.isWanted
            {
                return try await planner.replacingFailed(wanted, shipment)
            }
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
            // A parcel that was cancelled meanwhile is not on its way to anybody.
            guard locked.state != .cancelled else { return }
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

    /// What was certainly never made may be asked for anew; of anything else it is not known.
    private func complainOfParcel(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard var shipment = try await current(job, in: transaction),
            [.planned, .intent, .unknown].contains(shipment.state)
        else { return }
        if try await effects.cancelPlanned(reference: shipment.reference, in: transaction) {
            shipment.state = .planned
            try await desk.complain(
                "label-refused", reason,
                action: "Mend the address or weight; a changed order is tried again by itself, else retry the order.",
                about: shipment, in: transaction)
        } else {
            shipment.take(.outcomeUnknown)
            try await desk.complain(
                "label-unknown", reason, action: "Check in Sendcloud whether there is a parcel, then retry the order.",
                about: shipment, in: transaction)
        }
    }

    private func complainOfLabel(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let shipment = try await current(job, in: transaction) else { return }
        try await desk.complain(
            "label-not-fetched", reason, action: "Check the parcel in Sendcloud, then retry the order.",
            about: shipment, in: transaction)
    }

    /// The job's shipment, locked; nil when the job is about an earlier label.
    private func current(_ job: Job, in transaction: Transaction) async throws -> Shipment? {
        guard let reference = try? job.decode(ShipmentReference.self),
            let shipment = try await ShipmentStorage.lock(reference.shipmentID, in: transaction),
            shipment.generation == reference.generation
        else { return nil }
        return shipment
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
