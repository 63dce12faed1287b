package import Jobs
import Kernel
package import Shopify

/// One fulfilment at Shopify, made once.
///
/// `fulfillmentCreate` has no idempotency key (contracts: Shopify §2.4): after an unknown outcome the order's
/// fulfilments are read back, and one with our tracking number, or over exactly our lines, is ours.
package struct ShopifyFulfilmentEffect: EffectVendor {
    package static let kind = "shopify.fulfilment"
    /// Shopify holds no reference of ours: what replaced a fulfilment that was given up has its tracking and its lines.
    package static let isFoundByReference = false

    /// What one fulfilment is made from, and by what it is found again.
    package struct Request: Codable, Hashable, Sendable {
        package let new: NewFulfilment
        /// Shopify's line item id → quantity.
        package let quantities: [Int64: Int]

        package init(new: NewFulfilment, quantities: [Int64: Int]) {
            self.new = new
            self.quantities = quantities
        }
    }

    package typealias Receipt = CreatedFulfilment

    private let client: ShopifyClient
    package let callTimeoutSeconds: Double

    package init(client: ShopifyClient, callTimeoutSeconds: Double) {
        self.client = client
        self.callTimeoutSeconds = callTimeoutSeconds
    }

    package func send(_ request: Request, reference: String) async throws -> CreatedFulfilment {
        do {
            return try await client.createFulfilment(request.new)
        } catch let failure {
            // "unfulfillable status= closed": done already, by an earlier try of ours or by somebody else.
            if failure.kind == .conflict, let mine = try? await lookUp(reference, request).first(where: \.isAlive) {
                return mine.receipt
            }
            throw EffectSendFailure(failure.mayHaveHappened ? .unknown : .notMade, cause: failure)
        }
    }

    package func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<CreatedFulfilment>] {
        guard let state = try await client.fulfilmentState(of: request.new.orderID) else { return [] }
        return state.fulfilments.compactMap { existing in
            let isSameTracking = request.new.tracking?.number.map(existing.trackingNumbers.contains) ?? false
            let isSameLines = existing.lineItemIDs == request.quantities
            guard request.new.tracking?.number != nil ? isSameTracking : isSameLines else { return nil }
            return FoundEffect(
                receipt: CreatedFulfilment(id: existing.id, name: nil, status: existing.status),
                vendorID: String(existing.id), isAlive: existing.status != "CANCELLED",
                // A parcel may cover several locations under one tracking number: the lines tell them apart.
                isSameContent: isSameLines || existing.lineItemIDs.isEmpty)
        }.filter { $0.isSameContent }
    }

    package func vendorID(of receipt: CreatedFulfilment) -> String? { String(receipt.id) }

    package func cancel(_ receipt: CreatedFulfilment, reference: String) async throws {
        try await client.cancelFulfilment(id: receipt.id)
    }
}
