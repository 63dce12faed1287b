package import Kernel
import Postgres

/// The vendor's part of a once-only effect: how to make it, how to find it again by our reference, how to undo one too many.
package protocol EffectVendor: Sendable {
    /// What the effect is made from; compared with what is found before adopting.
    associatedtype Request: Codable & Sendable
    /// What the vendor gave back; kept with the intent.
    associatedtype Receipt: Codable & Sendable

    /// `simplyprint.queue-item`; part of the intent.
    static var kind: String { get }
    /// How long one call may take on the wire. The lease is renewed to outlast it.
    var callTimeoutSeconds: Double { get }

    /// Makes the effect. Sends at most one request to the wire that can have the effect.
    /// - Throws: `EffectSendFailure`, which says whether it can have happened.
    func send(_ request: Request, reference: String) async throws -> Receipt

    /// Everything the vendor holds under that reference, in every place it may keep it, dead or alive.
    func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>]

    /// Undoes one that should not be there (a duplicate).
    func cancel(_ receipt: Receipt, reference: String) async throws

    /// The vendor's own id in a receipt, as `FoundEffect.vendorID` spells it. Tells the recorded one from an extra;
    /// without it only an equal receipt does.
    func vendorID(of receipt: Receipt) -> String?
}

extension EffectVendor {
    package func vendorID(of receipt: Receipt) -> String? { nil }
}

/// One thing found under a reference.
package struct FoundEffect<Receipt: Codable & Sendable>: Sendable {
    package let receipt: Receipt
    /// The vendor's own id, digits.
    package let vendorID: String
    /// Not cancelled or deleted.
    package let isAlive: Bool
    /// Equal to what was asked for in every field that matters.
    package let isSameContent: Bool

    package init(receipt: Receipt, vendorID: String, isAlive: Bool, isSameContent: Bool) {
        self.receipt = receipt
        self.vendorID = vendorID
        self.isAlive = isAlive
        self.isSameContent = isSameContent
    }
}

/// Why a send failed, and the one thing that decides what comes next: can it have happened?
package struct EffectSendFailure: Error {
    package enum Outcome: Hashable, Sendable {
        /// The vendor certainly did nothing: no connection, or a clear refusal.
        case notMade
        /// It may have happened: time-out, broken link, 5xx, an answer that cannot be read.
        case unknown
    }

    package let outcome: Outcome
    package let cause: any RetryClassified

    package init(_ outcome: Outcome, cause: any RetryClassified) {
        self.outcome = outcome
        self.cause = cause
    }
}
