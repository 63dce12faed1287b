package import Jobs
import Kernel
package import Sendcloud

/// One parcel cancelled at Sendcloud, where its label is refunded. Cancelling twice does no harm; the intent shows what
/// is under way and what is not known.
package struct ParcelCancellation: EffectVendor {
    package static let kind = "sendcloud.parcel-cancellation"
    /// What is found is the parcel's state, whoever cancelled it.
    package static let isFoundByReference = false
    package static let canBeTooMany = false

    package struct Request: Codable, Hashable, Sendable {
        package let parcelID: Int64

        package init(parcelID: Int64) {
            self.parcelID = parcelID
        }
    }

    package struct Receipt: Codable, Hashable, Sendable {
        package let parcelID: Int64
        /// False: the carrier decides later, within 14 days (contracts §2.3).
        package let isCancelled: Bool

        package init(parcelID: Int64, isCancelled: Bool) {
            self.parcelID = parcelID
            self.isCancelled = isCancelled
        }
    }

    private let client: SendcloudClient
    package let callTimeoutSeconds: Double

    package init(client: SendcloudClient, callTimeoutSeconds: Double) {
        self.client = client
        self.callTimeoutSeconds = callTimeoutSeconds
    }

    package static func reference(of parcel: String) -> String { "\(parcel)-cancellation" }

    package func send(_ request: Request, reference: String) async throws -> Receipt {
        let outcome: CancelOutcome
        do {
            outcome = try await client.cancelParcel(id: request.parcelID)
        } catch {
            throw EffectSendFailure(error.mayHaveHappened ? .unknown : .notMade, cause: error)
        }
        switch outcome {
        case .cancelled: return Receipt(parcelID: request.parcelID, isCancelled: true)
        case .queued: return Receipt(parcelID: request.parcelID, isCancelled: false)
        case .refused(let message): throw EffectSendFailure(.notMade, cause: JobFailure.rejected(message))
        }
    }

    package func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>] {
        let status = ParcelStatus.classify(try await client.parcel(id: request.parcelID).statusID)
        guard status == .cancelled || status == .cancelling else { return [] }
        return [
            FoundEffect(
                receipt: Receipt(parcelID: request.parcelID, isCancelled: status == .cancelled),
                vendorID: String(request.parcelID), isAlive: true, isSameContent: true)
        ]
    }

    package func vendorID(of receipt: Receipt) -> String? { String(receipt.parcelID) }

    /// A parcel cannot be cancelled once too often.
    package func cancel(_ receipt: Receipt, reference: String) async throws {}
}
