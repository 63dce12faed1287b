import Kernel
package import Logging
package import Postgres

/// Effects on the outside world that happen once: `planned → sent → done | unknown | cancelled` (DESIGN §3.5, ADR-045).
package final class Effects: Sendable {
    /// - Parameter vendorLagSeconds: how long a vendor may hide something it has already done.
    package init(database: Database, settings: JobSettings, vendorLagSeconds: Double, logger: Logger) {}

    /// Plans one effect in the transaction that wants it. A reference is planned once; planning it again changes nothing.
    /// - Parameter reference: `<entity id>-<generation>`.
    package func plan<Vendor: EffectVendor>(
        _ vendor: Vendor.Type, reference: String, request: Vendor.Request, subject: StreamID?,
        in transaction: Transaction
    ) async throws { fatalError("skeleton") }

    /// Takes a planned effect back. False when it was already sent: then it has to be undone at the vendor.
    package func cancelPlanned(reference: String, in transaction: Transaction) async throws -> Bool {
        fatalError("skeleton")
    }

    /// Brings the effect about, or finds that it already was. Called from the first half of the job that owns it.
    ///
    /// - Parameters:
    ///   - onSent: runs in the transaction that commits `sent`, before the call.
    ///   - onUnknown: runs in the transaction that records that the outcome is not known.
    /// - Returns: the outcome; its `record(_:)` must be called in the job's commit.
    /// - Throws: `JobFailure` when it could not be brought about now.
    package func perform<Vendor: EffectVendor>(
        _ vendor: Vendor, reference: String, job: Job, onSent: Commit? = nil, onUnknown: Commit? = nil
    ) async throws -> EffectOutcome<Vendor.Receipt> { fatalError("skeleton") }

    /// Registers the vendor for the sweep that finds and cancels extras.
    package func register<Vendor: EffectVendor>(_ vendor: Vendor) { fatalError("skeleton") }
}

/// What became of an effect.
package enum EffectOutcome<Receipt: Codable & Sendable>: Sendable {
    /// It is there, once. `record` marks the intent done in the job's own commit.
    case made(Receipt, record: Commit)
    /// It was taken back before it was made.
    case cancelled
}
