package import Kernel
import Postgres

/// What every effect on the outside world needs of whoever brings it about.
package protocol EffectSender: Sendable {
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
}

/// The vendor's part of an effect that can be found again: how to make it, how to find it by our reference, how to undo
/// one too many.
package protocol EffectVendor: EffectSender {
    /// Whether the vendor holds our reference. Where it does not (a fulfilment is known by its tracking and lines), what
    /// is found under a reference that was given up may be its successor's and is left alone.
    static var isFoundByReference: Bool { get }

    /// Whether it can be there more than once. What is set or taken away is there or not: the sweep need not ask.
    static var canBeTooMany: Bool { get }

    /// As it looks things up in one sweep: what answers many look-ups may be read once. By default as always.
    func forOneSweep() -> Self

    /// Everything the vendor holds under that reference, in every place it may keep it, dead or alive.
    func lookUp(_ reference: String, _ request: Request) async throws -> [FoundEffect<Receipt>]

    /// Undoes one that should not be there (a duplicate).
    func cancel(_ receipt: Receipt, reference: String) async throws

    /// The vendor's own id in a receipt, as `FoundEffect.vendorID` spells it. Tells the recorded one from an extra;
    /// without it only an equal receipt does.
    func vendorID(of receipt: Receipt) -> String?
}

extension EffectVendor {
    package static var isFoundByReference: Bool { true }
    package static var canBeTooMany: Bool { true }
    package func forOneSweep() -> Self { self }
    package func vendorID(of receipt: Receipt) -> String? { nil }
}

/// An effect that nobody can look up afterwards: a mail, a push message. Its start is recorded before the call, and it is
/// never sent again by itself; whether an unknown one was made is an operator's to say.
package protocol OnceOnlyVendor: EffectSender {}

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
        /// The vendor certainly did nothing: no connection, or a clear refusal. It may be tried again.
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
