package import Jobs
import Kernel
package import Shopify

/// The tracking number of a fulfilment that was made before there was one, or with another. Sent once, because Shopify
/// mails the customer with it.
package struct FulfilmentTracking: EffectVendor {
    package static let kind = "shopify.fulfilment-tracking"
    /// A fulfilment holds a tracking number, whoever gave it.
    package static let isFoundByReference = false
    package static let canBeTooMany = false

    package struct Request: Codable, Hashable, Sendable {
        package let shopifyOrderID: Int64
        package let shopifyFulfilmentID: Int64
        package let tracking: NewFulfilment.Tracking
        package let notifiesCustomer: Bool

        package init(
            shopifyOrderID: Int64, shopifyFulfilmentID: Int64, tracking: NewFulfilment.Tracking, notifiesCustomer: Bool
        ) {
            self.shopifyOrderID = shopifyOrderID
            self.shopifyFulfilmentID = shopifyFulfilmentID
            self.tracking = tracking
            self.notifiesCustomer = notifiesCustomer
        }
    }

    package struct Receipt: Codable, Hashable, Sendable {
        package let shopifyFulfilmentID: Int64

        package init(shopifyFulfilmentID: Int64) {
            self.shopifyFulfilmentID = shopifyFulfilmentID
        }
    }

    private let client: ShopifyClient
    package let callTimeoutSeconds: Double

    package init(client: ShopifyClient, callTimeoutSeconds: Double) {
        self.client = client
        self.callTimeoutSeconds = callTimeoutSeconds
    }

    /// A number that comes later is another effect.
    package static func reference(of fulfilment: String, trackingNumber: String) -> String {
        "\(fulfilment)-tracking-\(trackingNumber.prefix(100))"
    }

    package func send(_ request: Request, reference: String) async throws -> Receipt {
        do {
            try await client.updateTracking(
                fulfilmentID: request.shopifyFulfilmentID, tracking: request.tracking,
                notifyCustomer: request.notifiesCustomer)
            return Receipt(shopifyFulfilmentID: request.shopifyFulfilmentID)
        } catch {
            throw EffectSendFailure(error.mayHaveHappened ? .unknown : .notMade, cause: error)
        }
    }

    package func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>] {
        guard let number = request.tracking.number,
            let state = try await client.fulfilmentState(of: request.shopifyOrderID)
        else { return [] }
        return state.fulfilments.filter {
            $0.id == request.shopifyFulfilmentID && $0.trackingNumbers.contains(number)
        }.map { existing in
            FoundEffect(
                receipt: Receipt(shopifyFulfilmentID: existing.id), vendorID: String(existing.id),
                isAlive: existing.status != "CANCELLED", isSameContent: true)
        }
    }

    package func vendorID(of receipt: Receipt) -> String? { String(receipt.shopifyFulfilmentID) }

    /// A number that is there cannot be there once too often.
    package func cancel(_ receipt: Receipt, reference: String) async throws {}
}
