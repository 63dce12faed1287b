/// Why a call to a vendor gave no usable answer; the same shape for every vendor.
///
/// `message` is for the operator: the vendor's own words where they help, never personal data or credentials.
package struct VendorFailure: RetryClassified, Hashable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// No connection could be made.
        case unreachable
        case timedOut
        case rateLimited
        case unauthorized
        /// The vendor refuses these values.
        case rejected
        case notFound
        case conflict
        /// 5xx, HTML, half an answer.
        case broken
        /// A complete answer that does not have the documented shape.
        case malformed
        /// Given up on this side: cancelled, the process stops, or no connection of ours was free in time. It says
        /// nothing about the vendor.
        case givenUp
    }

    private static let unauthorizedRetrySeconds = 60.0

    package let vendor: String
    package let operation: String
    package let kind: Kind
    package let status: Int?
    package let requestID: String?
    package let retryAfterSeconds: Double?
    /// False only when the vendor certainly did nothing.
    package let mayHaveHappened: Bool
    package let message: String

    package init(
        vendor: String, operation: String, kind: Kind, status: Int? = nil, requestID: String? = nil,
        retryAfterSeconds: Double? = nil, mayHaveHappened: Bool, message: String
    ) {
        self.vendor = vendor
        self.operation = operation
        self.kind = kind
        self.status = status
        self.requestID = requestID
        self.retryAfterSeconds = retryAfterSeconds
        self.mayHaveHappened = mayHaveHappened
        self.message = message
    }

    package var retryVerdict: RetryVerdict {
        switch kind {
        case .unreachable, .timedOut, .rateLimited, .broken, .givenUp: .notNow(retryAfterSeconds: retryAfterSeconds)
        // A rotated token stops every order at once and is mended by an operator: it costs time, not the orders' tries.
        case .unauthorized: .notNow(retryAfterSeconds: retryAfterSeconds ?? Self.unauthorizedRetrySeconds)
        case .notFound, .conflict, .malformed: .wrong
        case .rejected: .rejected
        }
    }

    package var operatorMessage: String { "\(vendor) \(operation): \(message)" }

    package var description: String {
        "\(vendor) \(operation) \(kind)\(status.map { " \($0)" } ?? "")\(requestID.map { " request \($0)" } ?? "")"
    }
}
