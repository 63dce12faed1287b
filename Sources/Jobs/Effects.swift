import Kernel
package import Logging
package import Postgres
import Synchronization

/// Effects on the outside world that happen once: `planned → sent → done | unknown | cancelled` (DESIGN §3.5, ADR-045).
package final class Effects: Sendable {
    private let ground: EffectGround
    private let reconcileSeconds: Double
    private let known = Mutex(EffectKinds())

    private static let reconcileKind: JobKind = "jobs.reconcile-effects"

    /// - Parameter vendorLagSeconds: how long a vendor may hide something it has already done.
    package init(
        database: Database, settings: JobSettings, vendorLagSeconds: Double, logger: Logger,
        faults: FaultPoints = .none
    ) {
        ground = EffectGround(
            database: database, leaseSeconds: settings.leaseSeconds, vendorLagSeconds: vendorLagSeconds,
            faults: faults, logger: logger)
        reconcileSeconds = settings.reconcileSeconds
    }

    /// Plans one effect in the transaction that wants it. A reference is planned once; planning it again changes nothing.
    /// - Parameter reference: `<entity id>-<generation>`.
    package func plan<Sender: EffectSender>(
        _ sender: Sender.Type, reference: String, request: Sender.Request, subject: StreamID?,
        in transaction: Transaction
    ) async throws {
        try await EffectStorage.plan(
            reference, kind: Sender.kind, request: try JSON.text(request), subject: subject,
            correlationID: Outbox.correlationID, in: transaction)
    }

    /// Takes a planned effect back. False when it was already sent: then it has to be undone at the vendor.
    package func cancelPlanned(reference: String, in transaction: Transaction) async throws -> Bool {
        try await EffectStorage.cancelPlanned(reference, in: transaction)
    }

    /// Brings the effect about, or finds that it already was. Called from the first half of the job that owns it.
    ///
    /// - Parameters:
    ///   - onSent: runs in the transaction that commits `sent`, before the effect's row is locked and before the call;
    ///     rolled back where the effect is another's.
    ///   - onUnknown: runs likewise in the transaction that records that the outcome is not known.
    /// - Returns: the outcome; its `record(_:)` must be called in the job's commit, after the module locked its own row.
    /// - Throws: `JobFailure` when it could not be brought about now, or what the vendor refused it with. Any error has
    ///   to be passed on to the queue: some say that another owner has the work.
    package func perform<Vendor: EffectVendor>(
        _ vendor: Vendor, reference: String, job: Job, onSent: Commit? = nil, onUnknown: Commit? = nil
    ) async throws -> EffectOutcome<Vendor.Receipt> {
        TransactionScope.requireClosed(for: "Effects.perform")
        ground.faults.performs(Vendor.kind, fence: job.fence)
        return try await EffectAttempt(
            sending: EffectSend(
                ground: ground, sender: vendor, reference: reference, job: job, onSent: onSent, onUnknown: onUnknown)
        ).perform()
    }

    /// Brings about an effect that cannot be looked up afterwards: at most once.
    ///
    /// Its start is committed before the call. What fails before the wire, or is clearly refused, is thrown and may be
    /// tried again by the queue; anything else is `unknown`, written down before this returns, and never sent again by
    /// itself. A run that finds the start of an earlier one makes it `unknown`.
    /// - Parameters: as of `perform`; `onUnknown` lets the module show it on its own row.
    /// - Returns: the outcome. `made`'s `record` must be called in the job's commit; after `unknown` the job just ends.
    /// - Throws: as `perform`; every error has to be passed on to the queue.
    package func performOnce<Vendor: OnceOnlyVendor>(
        _ vendor: Vendor, reference: String, job: Job, onSent: Commit? = nil, onUnknown: Commit? = nil
    ) async throws -> OnceOutcome<Vendor.Receipt> {
        TransactionScope.requireClosed(for: "Effects.performOnce")
        ground.faults.performs(Vendor.kind, fence: job.fence)
        return try await EffectOnce(
            sending: EffectSend(
                ground: ground, sender: vendor, reference: reference, job: job, onSent: onSent, onUnknown: onUnknown)
        ).perform()
    }

    /// Registers the vendor for the sweep that finds and cancels extras, and for an operator's decisions.
    package func register<Vendor: EffectVendor>(_ vendor: Vendor) {
        let sweep = EffectSweep.Vendor(vendor)
        let lookUp = EffectLookUp(vendor)
        let leftovers = EffectLeftovers.Vendor(vendor)
        known.withLock { known in
            if Vendor.canBeTooMany { known.sweeps[Vendor.kind] = sweep }
            known.lookUps[Vendor.kind] = lookUp
            known.leftovers[Vendor.kind] = leftovers
            known.callTimeoutSeconds = max(known.callTimeoutSeconds, vendor.callTimeoutSeconds)
        }
    }

    /// Registers a vendor that nobody can ask, for an operator's decisions.
    package func register<Vendor: OnceOnlyVendor>(once vendor: Vendor) {
        known.withLock { _ = $0.onceOnly.insert(Vendor.kind) }
    }

    /// What settles the effects that a job leaves behind, run by `JobSystem`.
    var leftovers: EffectLeftovers { EffectLeftovers(ground: ground, kinds: { self.kinds }) }

    /// What this binary knows of the kinds of effects.
    var kinds: EffectKinds { known.withLock { $0 } }

    /// Effects of one subject whose outcome is not settled: being made, or not known.
    package func unsettled(about subject: StreamID) async throws -> [EffectView] {
        try await EffectStorage.unsettled(about: subject, in: ground.database)
    }

    /// Effects that are unsettled for longer than that, oldest first: an operator's work list.
    package func unsettled(olderThanSeconds seconds: Double, limit: Int = 200) async throws -> [EffectView] {
        try await EffectStorage.unsettled(olderThanSeconds: seconds, limit: limit, in: ground.database)
    }

    /// Effects that are not known for longer than a vendor can hide them, by subject, oldest first: an operator has to
    /// look. One that cannot be looked up is among them at once.
    package func lasting(about subjects: [StreamID]) async throws -> [StreamID: [EffectView]] {
        guard !subjects.isEmpty else { return [:] }
        let kinds = kinds
        let views = try await EffectStorage.lasting(
            about: subjects, hiddenSeconds: ground.vendorLagSeconds + kinds.callTimeoutSeconds,
            onceOnly: Array(kinds.onceOnly), in: ground.database)
        return Dictionary(grouping: views, by: { $0.subject ?? .system })
    }

    /// Empties what was asked for and what came back, in all settled effects of one subject: names and addresses. The
    /// rows stay, so that nothing is made twice. How many there were.
    package func erase(about subject: StreamID) async throws -> Int {
        try await EffectStorage.erase(about: subject, in: ground.database)
    }

    /// The sweep, run by `JobSystem`.
    var registrations: [JobRegistration] {
        [
            JobRegistration(Self.reconcileKind, timeoutSeconds: max(60, reconcileSeconds)) { _ in
                try await self.reconcile()
                return nil
            }
        ]
    }

    var schedules: [Schedule] {
        [Schedule("jobs.reconcile-effects", Self.reconcileKind, everySeconds: max(1, reconcileSeconds))]
    }

    /// One sweep: cancels what the vendors hold too many of.
    func reconcile() async throws {
        try await EffectSweep(ground: ground, kinds: kinds, intervalSeconds: reconcileSeconds).run()
    }
}

/// What became of an effect.
package enum EffectOutcome<Receipt: Codable & Sendable>: Sendable {
    /// It is there, once. `record` marks the intent done in the job's own commit.
    case made(Receipt, record: Commit)
    /// It was taken back before it was made.
    case cancelled
}

/// What every attempt at an effect stands on.
struct EffectGround: Sendable {
    let database: Database
    let leaseSeconds: Double
    let vendorLagSeconds: Double
    let faults: FaultPoints
    let logger: Logger

    private static let startSecondsMaximum = 5.0

    /// A call that has not begun this long after its `sent` was committed is not begun any more.
    var startSeconds: Double { min(Self.startSecondsMaximum, leaseSeconds) }
}
