package import Jobs
import Kernel
package import Sendcloud

/// One parcel with its paid label at Sendcloud: bought once, found again by its external reference (DESIGN §3.5).
package struct ParcelEffect: EffectVendor {
    package typealias Request = NewParcel
    package typealias Receipt = Parcel

    package static let kind = "sendcloud.parcel"

    private let client: SendcloudClient
    package let callTimeoutSeconds: Double

    package init(client: SendcloudClient, callTimeoutSeconds: Double) {
        self.client = client
        self.callTimeoutSeconds = callTimeoutSeconds
    }

    package func send(_ request: NewParcel, reference: String) async throws -> Parcel {
        do {
            return try await client.createParcel(request)
        } catch let failure {
            // A 4xx may be the refusal of a duplicate reference: only a look-up can tell (contracts §2.2).
            let isRefusal = failure.kind == .rejected || failure.kind == .conflict
            if isRefusal, let mine = try? await living(reference, request) { return mine }
            throw EffectSendFailure(failure.mayHaveHappened ? .unknown : .notMade, cause: failure)
        }
    }

    package func lookUp(_ reference: String, _ request: NewParcel) async throws -> [FoundEffect<Parcel>] {
        try await client.parcels(externalReference: reference).map { parcel in
            FoundEffect(
                receipt: parcel, vendorID: String(parcel.id),
                isAlive: ![.cancelled, .cancelling, .failed].contains(ParcelStatus.classify(parcel.statusID)),
                isSameContent: parcel.orderNumber == nil || parcel.orderNumber == request.orderNumber)
        }
    }

    package func vendorID(of receipt: Parcel) -> String? { String(receipt.id) }

    package func cancel(_ receipt: Parcel, reference: String) async throws {
        _ = try await client.cancelParcel(id: receipt.id)
    }

    private func living(_ reference: String, _ request: NewParcel) async throws -> Parcel? {
        try await lookUp(reference, request).first { $0.isAlive && $0.isSameContent }?.receipt
    }
}
