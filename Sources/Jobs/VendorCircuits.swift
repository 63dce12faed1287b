package import FoundationEssentials
import Kernel
import Logging
package import Postgres
import Synchronization

/// What an operator sees of the vendors' circuits.
package struct VendorCircuits: Sendable {
    package struct State: Hashable, Sendable {
        package let vendor: String
        /// `closed`, `open`, `half-open` or `paused`.
        package let phase: String
        /// In a row, while closed.
        package let failures: Int
        /// The next probe, or the end of a pause; nil while closed.
        package let until: Date?
    }

    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    /// Of every vendor that ever failed or asked for time.
    package func states() async throws -> [State] {
        try await CircuitStorage.all(in: database).map { entry in
            let circuit = entry.circuit.isPauseOver(now: entry.now) ? VendorCircuit() : entry.circuit
            return State(
                vendor: entry.vendor, phase: circuit.phase.rawValue, failures: circuit.failures,
                until: circuit.until.map(Date.init(timeIntervalSince1970:)))
        }
    }
}

/// One process's picture of the circuits: old by one round of the housekeeper at most, new at once for what this
/// process did itself. A claim asks it without a statement.
final class CircuitBoard: Sendable {
    /// The right to try a vendor with one job.
    struct Probe: Sendable {
        let vendor: String
        let kinds: [String]
        /// Until then nobody else may; by the database's clock.
        let until: Double
    }

    private struct Known {
        var circuit: VendorCircuit
        /// The database's clock and ours at the same moment.
        var readAt: Double
        var readAtInstant: ContinuousClock.Instant

        /// The database's clock now, as far as this process can tell.
        var now: Double { readAt + (ContinuousClock.now - readAtInstant).seconds }
    }

    private let database: Database
    /// Kinds by the vendor they call.
    private let kinds: [String: [String]]
    private let probeSeconds: Double
    private let openSeconds: Double
    private let metrics: JobMetrics
    private let logger: Logger
    /// Called when a vendor's jobs may be claimed again.
    private let released: @Sendable () -> Void
    private let known = Mutex<[String: Known]>([:])

    init(
        database: Database, registrations: some Sequence<JobRegistration>, probeSeconds: Double,
        openSeconds: Double, metrics: JobMetrics, logger: Logger, released: @escaping @Sendable () -> Void
    ) {
        self.database = database
        self.probeSeconds = probeSeconds
        self.openSeconds = openSeconds
        self.metrics = metrics
        self.logger = logger
        self.released = released
        kinds = Dictionary(
            grouping: registrations.filter { $0.vendor != nil }, by: { $0.vendor ?? "" }
        ).mapValues { $0.map(\.kind.name).sorted() }
    }

    /// Whose jobs are not to be claimed now.
    var blocked: Set<String> {
        known.withLock { known in
            var blocked: Set<String> = []
            for (vendor, state) in known where state.circuit.isBlocking(now: state.now) { blocked.insert(vendor) }
            return blocked
        }
    }

    func isBlocked(_ vendor: String) -> Bool { blocked.contains(vendor) }

    /// Seconds until the first vendor may be probed or its pause ends; nil when none waits for that. What is over already
    /// waits for a job, not for a time.
    var nextChangeSeconds: Double? {
        known.withLock { known in
            known.values.compactMap { state -> Double? in
                let now = state.now
                guard state.circuit.phase != .closed, let until = state.circuit.until, until > now else { return nil }
                return until - now
            }.min()
        }
    }

    func refresh() async throws {
        guard !kinds.isEmpty else { return }
        for entry in try await CircuitStorage.all(in: database) { keep(entry) }
    }

    /// What a run found out about vendors. A success costs no statement while nothing is wrong.
    func note(_ signs: [String: VendorSign]) async {
        for (vendor, sign) in signs {
            let isCalm = known.withLock { $0[vendor].map { $0.circuit == VendorCircuit() } ?? true }
            switch sign {
            case .answered where isCalm, .limited(nil) where isCalm: continue
            default:
                await change(vendor) { [openSeconds] circuit, now in
                    circuit.note(sign, now: now, openSeconds: openSeconds)
                }
            }
        }
    }

    /// A vendor whose circuit lets one job through now; the caller claims one of its kinds or gives back. Longest overdue
    /// first, and none without a job that is due: a vendor nobody needs must not stand before the others.
    func takeProbe() async throws -> Probe? {
        let due = known.withLock { known in
            known.filter { _, state in
                var circuit = state.circuit
                return circuit.takeProbe(now: state.now, seconds: 0)
            }.map { (vendor: $0.key, until: $0.value.circuit.until ?? 0) }
        }.sorted { ($0.until, $0.vendor) < ($1.until, $1.vendor) }
        let seconds = probeSeconds
        for (vendor, _) in due {
            guard let kinds = kinds[vendor], try await CircuitStorage.hasDueJob(of: kinds, in: database) else {
                continue
            }
            let until = await change(vendor) { circuit, now in
                circuit.takeProbe(now: now, seconds: seconds) ? circuit.until : nil
            }
            if case .some(.some(let until)) = until { return Probe(vendor: vendor, kinds: kinds, until: until) }
        }
        return nil
    }

    func giveBackProbe(_ probe: Probe) async {
        await change(probe.vendor) { circuit, now in circuit.giveBackProbe(probe.until, now: now) }
    }

    /// Jobs of dead workers are back; what they call is at hand.
    func rescued(_ vendors: Set<String>) async {
        for vendor in vendors.sorted() where known.withLock({ $0[vendor]?.circuit.phase == .halfOpen }) {
            await change(vendor) { circuit, now in circuit.proberMayBeDead(now: now) }
        }
    }

    /// - Returns: nil when it could not be written down: then the next one who calls the vendor will.
    @discardableResult
    private func change<Value: Sendable>(
        _ vendor: String, _ body: @escaping @Sendable (inout VendorCircuit, _ now: Double) -> Value
    ) async -> Value? {
        let kinds = kinds[vendor] ?? []
        do {
            let (before, after, value) = try await withoutCancellation { [database] in
                try await database.transaction { transaction in
                    let change = try await CircuitStorage.change(vendor, in: transaction, body)
                    if change.after.circuit.phase == .closed, change.before.circuit.opens > 0, !kinds.isEmpty {
                        try await CircuitStorage.release(kinds, in: transaction)
                    }
                    return change
                }
            }
            keep(after)
            tell(vendor, before.circuit, after.circuit, now: after.now)
            return value
        } catch {
            logger.warning(
                "What is known of a vendor could not be written down.",
                metadata: ["vendor": "\(vendor)", "error": "\(error)"])
            return nil
        }
    }

    private func keep(_ entry: CircuitStorage.Entry) {
        let isReleased = known.withLock { known in
            let wasBlocking = known[entry.vendor]?.circuit.isBlocking(now: entry.now) ?? false
            known[entry.vendor] = Known(circuit: entry.circuit, readAt: entry.now, readAtInstant: .now)
            return wasBlocking && !entry.circuit.isBlocking(now: entry.now)
        }
        metrics.circuit(entry.vendor, entry.circuit.phase)
        if isReleased { released() }
    }

    private func tell(_ vendor: String, _ before: VendorCircuit, _ after: VendorCircuit, now: Double) {
        guard before.phase != after.phase else { return }
        let metadata: Logger.Metadata = [
            "vendor": "\(vendor)", "seconds": "\(Int((after.until ?? now) - now))",
        ]
        switch after.phase {
        case .open: logger.warning("A vendor is down; its jobs wait.", metadata: metadata)
        case .paused: logger.warning("A vendor asked for time; its jobs wait.", metadata: metadata)
        case .halfOpen: logger.info("One job tries whether a vendor is back.", metadata: metadata)
        case .closed: logger.notice("A vendor is back; its jobs go on.", metadata: ["vendor": "\(vendor)"])
        }
    }
}

/// What the calls of one run said about vendors; the last word counts.
final class VendorNotes: VendorSignListener {
    private let signs = Mutex<[String: VendorSign]>([:])

    func hear(_ vendor: String, _ sign: VendorSign) { signs.withLock { $0[vendor] = sign } }
    var all: [String: VendorSign] { signs.withLock { $0 } }
}
