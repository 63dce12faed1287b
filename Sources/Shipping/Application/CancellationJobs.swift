import Contracts
import Jobs
import Kernel
import Postgres
import Sendcloud

/// Takes back a label that was bought for an order that is cancelled now, until the parcel is handed over.
struct CancellationJobs: Sendable {
    let database: Database
    let outbox: Outbox
    let effects: Effects
    let desk: ShippingDesk
    let effect: ParcelCancellation
    let client: SendcloudClient

    static let kind: JobKind = "shipping.cancel-parcel"
    /// Between two looks whether the carrier has decided.
    private static let lookAgainSeconds = 60.0

    var registration: JobRegistration {
        JobRegistration(
            Self.kind, vendor: "sendcloud", category: .cancellation, onDeadLetter: complain, handle: cancel)
    }

    /// Plans the cancellation of a parcel that exists; the caller holds the shipment locked.
    static func plan(
        _ shipment: Shipment, _ effects: Effects, _ outbox: Outbox, in transaction: Transaction
    ) async throws {
        guard let parcelID = shipment.parcelID else { return }
        let subject = StreamID(shipment.orderID.uuid)
        try await effects.plan(
            ParcelCancellation.self, reference: ParcelCancellation.reference(of: shipment.reference),
            request: .init(parcelID: parcelID), subject: subject, in: transaction)
        try await outbox.enqueue(job(shipment, delaySeconds: 0), in: transaction)
    }

    private static func job(_ shipment: Shipment, delaySeconds: Double) throws -> NewJob {
        try NewJob(
            kind, payload: ShipmentReference(shipmentID: shipment.id, generation: shipment.generation),
            subject: StreamID(shipment.orderID.uuid), delaySeconds: delaySeconds,
            uniqueKey: "\(kind):\(shipment.reference)")
    }

    private func cancel(_ job: Job) async throws -> Commit? {
        let reference = try job.decode(ShipmentReference.self)
        guard let shipment = try await ShipmentStorage.shipment(reference.shipmentID, in: database),
            shipment.generation == reference.generation
        else { return nil }
        let cancellation = ParcelCancellation.reference(of: shipment.reference)
        guard try await isOpen(cancellation, of: shipment) else {
            return { transaction in _ = try await effects.cancelPlanned(reference: cancellation, in: transaction) }
        }
        let outcome = try await effects.perform(effect, reference: cancellation, job: job)
        guard case .made(let receipt, let record) = outcome else { return nil }
        let isCancelled = receipt.isCancelled ? true : try await carrierHasAgreed(receipt.parcelID)
        return { transaction in
            let locked = try await ShipmentStorage.lock(shipment.id, in: transaction)
            try await record(transaction)
            guard var locked, locked.generation == reference.generation else { return }
            if isCancelled {
                try await desk.takeBack(&locked, in: transaction)
            } else {
                try await outbox.enqueue(
                    Self.job(locked, delaySeconds: Self.lookAgainSeconds), in: transaction)
            }
        }
    }

    /// There is something to take back, or a call of ours whose answer was lost: the carrier's own word that the parcel is
    /// cancelled may come first, and the call gets its end all the same.
    private func isOpen(_ cancellation: String, of shipment: Shipment) async throws -> Bool {
        if [.created, .labelReady].contains(shipment.state) { return true }
        guard shipment.state == .cancelled else { return false }
        return try await effects.unsettled(about: StreamID(shipment.orderID.uuid))
            .contains { $0.reference == cancellation && $0.state != .planned }
    }

    /// - Throws: `rejected` when the carrier has not agreed: status 94, or back to what it was.
    private func carrierHasAgreed(_ parcelID: Int64) async throws -> Bool {
        let parcel = try await client.parcel(id: parcelID)
        switch ParcelStatus.classify(parcel.statusID) {
        case .cancelled: return true
        case .cancelling: return false
        default: throw JobFailure.rejected("The carrier did not cancel the parcel: \(parcel.statusMessage).")
        }
    }

    private func complain(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let reference = try? job.decode(ShipmentReference.self),
            let shipment = try await ShipmentStorage.lock(reference.shipmentID, in: transaction),
            shipment.generation == reference.generation, [.created, .labelReady].contains(shipment.state)
        else { return }
        try await desk.complain(
            "label-not-wanted", reason,
            action: "The order is cancelled, its label is not: cancel the parcel in Sendcloud, then retry the order.",
            about: shipment, in: transaction)
    }
}
