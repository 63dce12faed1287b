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

    /// Of these ids of Shopify's, those that are recorded for another fulfilment than the one with this reference.
    package typealias TakenByOthers = @Sendable (_ ids: [Int64], _ reference: String) async throws -> Set<Int64>

    private let client: ShopifyClient
    private let takenByOthers: TakenByOthers
    package let callTimeoutSeconds: Double

    package init(client: ShopifyClient, callTimeoutSeconds: Double, takenByOthers: @escaping TakenByOthers) {
        self.client = client
        self.takenByOthers = takenByOthers
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
        let alike: [FoundEffect<CreatedFulfilment>] = state.fulfilments.compactMap { existing in
            let isSameTracking = request.new.tracking?.number.map(existing.trackingNumbers.contains) ?? false
            let isSameLines = existing.lineItemIDs == request.quantities
            guard request.new.tracking?.number != nil ? isSameTracking : isSameLines else { return nil }
            return FoundEffect(
                receipt: CreatedFulfilment(id: existing.id, name: nil, status: existing.status),
                vendorID: String(existing.id), isAlive: existing.status != "CANCELLED",
                // A parcel may cover several locations under one tracking number: the lines tell them apart.
                isSameContent: isSameLines || existing.lineItemIDs.isEmpty)
        }.filter { $0.isSameContent }
        guard !alike.isEmpty else { return [] }
        // One line over two locations, under one tracking number: two fulfilments look alike, and each is one of ours.
        let others = try await takenByOthers(alike.map(\.receipt.id), reference)
        return alike.filter { !others.contains($0.receipt.id) }
    }

    package func vendorID(of receipt: CreatedFulfilment) -> String? { String(receipt.id) }

    package func cancel(_ receipt: CreatedFulfilment, reference: String) async throws {
        try await client.cancelFulfilment(id: receipt.id)
    }
}
