import Contracts
import Jobs
import Kernel
import Postgres
import Shopify

/// Sends a tracking number on to Shopify that came after its fulfilment was made.
struct TrackingJobs: Sendable {
    let database: Database
    let effects: Effects
    let orders: any OrdersContract
    let shipping: any ShippingContract
    let effect: FulfilmentTracking

    /// A fulfilment of the order is on its way to Shopify: asked again after this.
    private static let underWayRetrySeconds = 10.0

    var registration: JobRegistration {
        JobRegistration(
            "fulfilment.send-tracking", vendor: "shopify", category: .fulfillment, onDeadLetter: complain, handle: send)
    }

    private func send(_ job: Job) async throws -> Commit? {
        let orderID = try job.decode(OrderReference.self).orderID
        guard let order = try await orders.fulfilment(of: orderID),
            let shipment = try await shipping.shipments(of: [orderID]).first(where: { $0.state != .cancelled }),
            let number = shipment.trackingNumber
        else { return nil }
        if try await FulfilmentStorage.isUnderWay(orderID, in: database) {
            throw JobFailure.notNow(
                "A fulfilment of the order is under way.", retryAfterSeconds: Self.underWayRetrySeconds)
        }
        let tracking = NewFulfilment.Tracking(shipment, number: number)
        for fulfilment in try await FulfilmentStorage.fulfilments(of: orderID, in: database)
        where fulfilment.trackingNumber != number {
            try await send(tracking, number, of: fulfilment, order, job)
        }
        return nil
    }

    /// Each fulfilment is recorded when it has its number, so that a later one that fails does not put it in doubt.
    private func send(
        _ tracking: NewFulfilment.Tracking, _ number: String, of fulfilment: Fulfilment, _ order: FulfilmentOrderView,
        _ job: Job
    ) async throws {
        guard let shopifyID = fulfilment.shopifyFulfillmentID else { return }
        let reference = FulfilmentTracking.reference(of: fulfilment.reference, trackingNumber: number)
        try await database.transaction { transaction in
            try await effects.plan(
                FulfilmentTracking.self, reference: reference,
                request: .init(
                    shopifyOrderID: order.shopifyOrderID, shopifyFulfilmentID: shopifyID, tracking: tracking,
                    notifiesCustomer: fulfilment.notifiesCustomer), subject: StreamID(fulfilment.orderID.uuid),
                in: transaction)
        }
        guard case .made(_, let record) = try await effects.perform(effect, reference: reference, job: job) else {
            return
        }
        try await database.transaction { transaction in
            // Everywhere the fulfilment is locked before its effect.
            let locked = try await FulfilmentStorage.lock(fulfilment.id, in: transaction)
            try await record(transaction)
            guard var locked else { return }
            locked.trackingNumber = number
            locked.trackingCompany = tracking.company
            locked.trackingURL = tracking.url
            locked.state = FulfilmentMachine.after(.made(withTracking: true), in: locked.state)
            locked.problem = nil
            try await FulfilmentStorage.saveTracking(locked, in: transaction)
            try await FulfilmentStorage.save(&locked, in: transaction)
        }
    }

    private func complain(_ job: Job, reason: String, in transaction: Transaction) async throws {
        guard let orderID = try? job.decode(OrderReference.self).orderID else { return }
        try await FulfilmentStorage.complainOfTracking(reason, of: orderID, in: transaction)
    }
}

extension NewFulfilment.Tracking {
    /// As Shopify spells the carrier.
    init(_ shipment: ShipmentView, number: String) {
        self.init(
            company: shipment.carrierCode.map { TrackingCompany.shopifyName(forSendcloudCarrier: $0) ?? $0 },
            number: number, url: shipment.trackingURL)
    }
}
