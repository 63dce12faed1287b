import Kernel
import Logging
import Metrics

/// The net below: effects that were sent twice, not known for a while or given up in that state are looked up again for
/// a day, and what the vendor holds too many of is cancelled.
struct EffectSweep: Sendable {
    /// A vendor with its types taken away.
    struct Vendor: Sendable {
        /// How many extras were cancelled, and how many living things there are that cannot be told apart.
        typealias Look = @Sendable (EffectStorage.Doubtful) async throws -> Result

        /// For one sweep.
        let begin: @Sendable () -> Look
    }

    struct Result: Hashable, Sendable {
        var cancelled = 0
        var unclear = 0
    }

    let ground: EffectGround
    let kinds: EffectKinds
    let intervalSeconds: Double

    /// A day, and until the look that follows the last one in it (`EffectStorage.doubtful`).
    private static let windowSeconds = 86_400.0 * 4 / 3
    /// Lookups in one sweep; the longest unswept come first.
    private static let batch = 100
    private static let listed = 20

    func run() async throws {
        let doubtful = try await EffectStorage.doubtful(
            withinSeconds: Self.windowSeconds, kinds: Array(kinds.sweeps.keys), limit: Self.batch, in: ground.database)
        let looks = kinds.sweeps.mapValues { $0.begin() }
        var resting: Set<String> = []
        for effect in doubtful where !resting.contains(effect.kind) {
            do {
                if let look = looks[effect.kind] { try await sweep(effect, look) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // Out of budget or away: the others of this vendor wait for the next sweep.
                resting.insert(effect.kind)
                ground.logger.notice(
                    "The sweep of a vendor stopped early.",
                    metadata: ["kind": "\(effect.kind)", "reason": "\(FailureReading(error).message)"])
            }
        }
        try await reportOrphans()
        try await measure()
    }

    /// How many of each kind are not known; every kind, so that none stays at an old figure.
    private func measure() async throws {
        let unknown = try await EffectStorage.unknownByKind(in: ground.database)
        for kind in Set(kinds.lookUps.keys).union(kinds.onceOnly).union(unknown.keys) {
            Gauge(label: "effects_unknown", dimensions: [("kind", kind)]).record(unknown[kind] ?? 0)
        }
    }

    private func sweep(_ effect: EffectStorage.Doubtful, _ look: Vendor.Look) async throws {
        let result = try await look(effect)
        try await EffectStorage.swept(effect.reference, extras: result.cancelled, in: ground.database)
        let metadata: Logger.Metadata = ["effect": "\(effect.reference)", "kind": "\(effect.kind)"]
        if result.cancelled > 0 {
            Counter(label: "effect_extras_cancelled_total", dimensions: [("kind", effect.kind)])
                .increment(by: result.cancelled)
            ground.logger.error("The sweep cancelled what was one too many.", metadata: metadata)
        }
        if result.unclear > 0 {
            ground.logger.error(
                "The vendor holds more than one of an effect, and which is ours is not clear.", metadata: metadata)
        }
    }

    /// An unsettled effect that no job will settle is an operator's.
    private func reportOrphans() async throws {
        let views = try await EffectStorage.unsettled(
            olderThanSeconds: max(60, intervalSeconds), limit: 1000, in: ground.database)
        let orphans = views.filter { !$0.hasLiveJob }
        Gauge(label: "effects_unsettled").record(orphans.count)
        for orphan in orphans.prefix(Self.listed) {
            ground.logger.error(
                "The outcome of an effect is not known and no job will settle it.",
                metadata: ["effect": "\(orphan.reference)", "kind": "\(orphan.kind)"])
        }
    }
}

extension EffectSweep.Vendor {
    init<Vendor: EffectVendor>(_ vendor: Vendor) {
        begin = {
            let reading = vendor.forOneSweep()
            return { effect in
                let seen = EffectChoice.alive(
                    try await reading.lookUp(effect.reference, JSON.decode(Vendor.Request.self, from: effect.request)))
                // What is there as it should be. Before anything is cancelled the vendor is asked anew.
                guard seen.count > (effect.receipt == nil ? 0 : 1) else { return .init() }
                return try await Self.look(at: effect, vendor)
            }
        }
    }

    private static func look<Vendor: EffectVendor>(
        at effect: EffectStorage.Doubtful, _ vendor: Vendor
    ) async throws -> EffectSweep.Result {
        let request = try JSON.decode(Vendor.Request.self, from: effect.request)
        guard let receipt = effect.receipt else {
            guard Vendor.isFoundByReference else { return .init() }
            var result = EffectSweep.Result()
            for late in EffectChoice.alive(try await vendor.lookUp(effect.reference, request))
            where late.isSameContent {
                try await vendor.cancel(late.receipt, reference: effect.reference)
                result.cancelled += 1
            }
            return result
        }
        let recorded = try JSON.decode(Vendor.Receipt.self, from: receipt)
        let alive = EffectChoice.alive(try await vendor.lookUp(effect.reference, request))
        guard alive.count > 1 else { return .init() }
        let recordedText = try JSON.text(recorded)
        let ours = try alive.first { found in
            if let id = effect.vendorID ?? vendor.vendorID(of: recorded) { return found.vendorID == id }
            return try JSON.text(found.receipt) == recordedText
        }
        // Without the recorded one among them nothing is certain enough to be cancelled.
        // Where the vendor holds no reference, what looks alike may be another effect's: an operator has to look.
        guard let ours, Vendor.isFoundByReference else { return .init(unclear: alive.count) }
        var result = EffectSweep.Result()
        for extra in alive where extra.vendorID != ours.vendorID {
            try await vendor.cancel(extra.receipt, reference: effect.reference)
            result.cancelled += 1
        }
        return result
    }
}
