package import FoundationEssentials
package import Kernel
package import Postgres

/// The operator's hand over effects: look, and decide what is not known. Every decision is an event.
package struct EffectBoard: Sendable {
    private let database: Database
    private let outbox: Outbox
    private let effects: Effects

    package init(database: Database, outbox: Outbox, effects: Effects) {
        self.database = database
        self.outbox = outbox
        self.effects = effects
    }

    // MARK: Looking

    package struct Search: Sendable {
        /// Nil: the unsettled ones.
        package var state: EffectView.State?
        package var kind: String?
        package var subject: StreamID?
        /// The last one of the page before.
        package var before: String?
        package var limit: Int

        package init(limit: Int) { self.limit = limit }
    }

    /// Newest first.
    package func effects(_ search: Search) async throws -> [EffectView] {
        try await EffectStorage.page(search, in: database)
    }

    package func effect(_ reference: String) async throws -> EffectDetail? {
        try await EffectStorage.detail(reference, in: database)
    }

    // MARK: Deciding

    package enum Decision: String, Hashable, Sendable, CaseIterable {
        case made
        /// It may be sent again.
        case notMade = "not-made"
        case askAgain = "ask-again"
    }

    package enum Answer: Sendable {
        case done
        case noSuchEffect
        /// Nothing is in doubt, or its job is about to find out.
        case notOpen(EffectView.State)
        /// The vendor cannot be asked about this kind.
        case cannotAsk
        /// Not among what the vendor holds under our reference.
        case notThere([EffectFinding])
        /// This binary does not know the kind.
        case kindNotKnown
        /// Somebody or something decided in this moment.
        case changed
        /// Its job is gone, so nobody would send or ask: nothing was changed.
        case noJob
        /// The look-up failed, in words.
        case lookUpFailed(String)
    }

    /// Decides an effect whose outcome is not known, and has its job go on. The decision takes a fence of its own: a
    /// run that still works on the effect can record nothing any more.
    /// - Parameter vendorID: the vendor's id of what was made; nil: the only living one.
    package func resolve(
        _ reference: String, as decision: Decision, vendorID: String?, by act: OperatorAct
    ) async throws -> Answer {
        guard let effect = try await effect(reference) else { return .noSuchEffect }
        let isOrphan = effect.view.state == .sent && !effect.view.hasLiveJob
        guard effect.view.state == .unknown || isOrphan else { return .notOpen(effect.view.state) }
        let kinds = effects.kinds
        let isOnceOnly = kinds.onceOnly.contains(effect.view.kind)
        switch decision {
        case .askAgain:
            guard !isOnceOnly else { return .cannotAsk }
            return try await settle(effect, .askAgain, act)
        case .notMade:
            return try await settle(effect, .notMade, act)
        case .made where isOnceOnly:
            return try await settle(effect, .made(receipt: "null", vendorID: vendorID), act)
        case .made:
            guard let lookUp = kinds.lookUps[effect.view.kind] else { return .kindNotKnown }
            let found: [EffectLookUp.Found]
            do {
                found = try await lookUp.find(reference, effect.request)
            } catch {
                return .lookUpFailed(FailureReading(error).message)
            }
            let alive = found.filter { $0.finding.isAlive && (vendorID ?? $0.finding.vendorId) == $0.finding.vendorId }
            guard let kept = alive.first, Set(alive.map(\.finding.vendorId)).count == 1 else {
                return .notThere(found.map(\.finding))
            }
            return try await settle(effect, .made(receipt: kept.receipt, vendorID: kept.finding.vendorId), act)
        }
    }

    private func settle(
        _ effect: EffectDetail, _ settlement: EffectStorage.Settlement, _ act: OperatorAct
    ) async throws -> Answer {
        do {
            return try await database.transaction(retries: JobBoard.deadlockRetries) { transaction in
                guard try await EffectStorage.settle(effect, settlement, in: transaction) else { return .changed }
                let resolved = EffectResolved(
                    reference: effect.view.reference, kind: effect.view.kind, decision: settlement.decision.rawValue,
                    vendorId: settlement.vendorID, by: act.by, reason: act.reason)
                try await outbox.append(
                    resolved, about: effect.view.subject ?? .system, source: "jobs", in: transaction)
                // What is made is made; everything else needs somebody who does it.
                guard try await goOn(effect, in: transaction) || settlement.decision == .made else { throw NoJob() }
                return .done
            }
        } catch is NoJob {
            return .noJob
        }
    }

    /// Rolls the decision back.
    private struct NoJob: Error {}

    /// The job takes the decision to the module's own rows: at once where it waits, from the dead where it gave up, as
    /// a new one where it has ended or is running past its fence. False: nothing is left to make it from.
    private func goOn(_ effect: EffectDetail, in transaction: Transaction) async throws -> Bool {
        if let jobID = effect.jobID, try await EffectStorage.wake(jobID: jobID, in: transaction) {
            outbox.wakeAfterCommit(of: transaction)
            return true
        }
        guard let kind = effect.jobKind, let payload = effect.jobPayload else { return false }
        try await CorrelationID.$current.withValue(effect.correlationID) {
            try await outbox.enqueue(
                NewJob(JobKind(kind), payload: payload, subject: effect.view.subject), in: transaction)
        }
        return true
    }
}

/// An operator has decided an effect whose outcome was not known.
package struct EffectResolved: DomainEvent {
    package static let name = "effect.resolved"
    package let reference: String
    package let kind: String
    package let decision: String
    package let vendorId: String?
    package let by: String
    package let reason: String?
}

/// One effect with all that is known of it.
package struct EffectDetail: Sendable {
    /// What became of one run of its job.
    package struct Run: Sendable {
        package let startedAt: Date
        package let endedAt: Date
        package let outcome: String
        package let error: String?
    }

    package let view: EffectView
    /// JSON; whoever shows it masks what may be personal.
    package let request: String
    package let receipt: String?
    package let vendorID: String?
    package let correlationID: CorrelationID
    package let jobID: Int64?
    package let jobKind: String?
    let jobPayload: String?
    let fence: Int64
    package let doneAt: Date?
    /// What the last look-up found, and when.
    package let found: [EffectFinding]?
    package let lookedUpAt: Date?
    package let extrasCancelled: Int
    package let resolvedAs: String?
    package let resolvedAt: Date?
    /// Of its last job, oldest first.
    package let runs: [Run]
}
