import Kernel
import Logging
import Postgres

/// One attempt of one job at one effect that can be looked up. None of the steps can be taken away.
///
/// 1. Done already: the stored receipt. 2. May have been sent before: wait until the vendor can no longer hide it, look
/// it up everywhere, adopt it. 3. Send it (`EffectSend`). 4. After a send that was not the first, look for extras at
/// once; after a refusal of one, look whether an earlier one was made after all.
struct EffectAttempt<Vendor: EffectVendor>: Sendable {
    let sending: EffectSend<Vendor>

    typealias Outcome = EffectOutcome<Vendor.Receipt>

    private var ground: EffectGround { sending.ground }
    private var vendor: Vendor { sending.sender }
    private var reference: String { sending.reference }
    /// From the commit of `sent`: the call begins, ends, and the vendor shows what came of it.
    private var hiddenSeconds: Double {
        ground.startSeconds + vendor.callTimeoutSeconds + ground.vendorLagSeconds
    }

    func perform() async throws -> Outcome {
        let startedAt = ContinuousClock.now
        if let request = try await sending.commitFresh() {
            return try await send(request, isFirst: true, committedAt: startedAt)
        }
        let intent = try await sending.intent()
        switch intent.state {
        case .done:
            return .made(try intent.decodeReceipt(), record: { _ in })
        case .cancelled:
            return .cancelled
        case .planned, .sent, .unknown:
            let request = try JSON.decode(Vendor.Request.self, from: intent.request)
            if let outcome = try await resolve(intent, request) { return outcome }
            let committedAt = ContinuousClock.now
            let sends = try await sending.commitAgain()
            return try await send(request, isFirst: sends == 1 && !intent.wasUnknown, committedAt: committedAt)
        }
    }

    /// Finds out what became of an earlier send, for a job that has no use for the effect any more. Sends nothing.
    func settle() async throws {
        let intent = try await sending.intent()
        guard [.sent, .unknown].contains(intent.state) else { return }
        let request = try JSON.decode(Vendor.Request.self, from: intent.request)
        guard case .made(let receipt, let record) = try await resolve(intent, request) else {
            return try await EffectStorage.giveUp(
                sending.ownership, isForGood: Vendor.isFoundByReference, in: ground.database)
        }
        // An item of an attempt that is over would be printed beside its successor. What has begun stays.
        let id = vendor.vendorID(of: receipt) ?? "unnamed"
        await cancelIfOurs([.init(receipt: receipt, vendorID: id, isAlive: true, isSameContent: true)])
        try await ground.database.transaction { try await record($0) }
    }

    // MARK: It may have been sent before

    /// What became of the earlier send; nil when the vendor has nothing of it.
    private func resolve(_ intent: EffectStorage.Intent, _ request: Vendor.Request) async throws -> Outcome? {
        if intent.state == .planned {
            // Refused, or taken for not made, after a send in doubt: a look costs less than a second one.
            guard intent.wasUnknown else { return nil }
        } else {
            try await sending.takeOver(intent)
            let rest = hiddenSeconds - (intent.secondsSinceSent ?? 0)
            if rest > 0 {
                throw JobFailure.notNow(
                    "It is not known yet whether \(reference) was made; asking the vendor in a moment.",
                    retryAfterSeconds: rest)
            }
        }
        let found = try await lookUp(request)
        switch EffectChoice.among(found) {
        case .nothing:
            try await note(found, error: nil)
            return nil
        case .keep(let kept, let extras):
            if intent.state == .planned { _ = try await sending.commitAgain() }
            await cancelIfOurs(extras)
            ground.logger.notice("An effect was found at the vendor and adopted.", metadata: sending.metadata)
            return made(kept.receipt, vendorID: kept.vendorID, from: intent.state == .planned ? .sent : .unknown)
        case .foreign(let foreign):
            let ids = foreign.map(\.vendorID).joined(separator: ", ")
            let message =
                "\(Vendor.kind) \(ids) carries our reference \(reference) but is not what was asked for. "
                + "Correct or delete it at the vendor, then try again."
            try await note(found, error: message)
            throw JobFailure.rejected(message)
        }
    }

    /// - Throws: `notNow` for any failure: an unknown outcome is never given up for an answer that did not come.
    private func lookUp(_ request: Vendor.Request) async throws -> [FoundEffect<Vendor.Receipt>] {
        do {
            return try await vendor.lookUp(reference, request)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let reading = FailureReading(error)
            var retryAfter: Double?
            if case .notNow(let seconds) = reading.verdict { retryAfter = seconds }
            throw JobFailure.notNow(
                "The vendor could not be asked about \(reference): \(reading.message)", retryAfterSeconds: retryAfter)
        }
    }

    private func note(_ found: [FoundEffect<Vendor.Receipt>], error: String?) async throws {
        try await EffectStorage.noteFound(
            found.map(EffectFinding.init), error: error, sending.ownership, in: ground.database)
    }

    // MARK: Sending

    private func send(
        _ request: Vendor.Request, isFirst: Bool, committedAt: ContinuousClock.Instant
    ) async throws -> Outcome {
        switch await sending.call(request, committedAt: committedAt) {
        case .made(let receipt):
            try await requireNotOvertaken(receipt, since: committedAt)
            return isFirst
                ? made(receipt, vendorID: vendor.vendorID(of: receipt), from: .sent)
                : await madeAfterExtras(receipt, request)
        case .notSent(let error):
            await sending.takeBack(error)
            throw error
        case .notMade(let cause):
            if !isFirst, let outcome = try await afterRefusal(cause, request) { return outcome }
            if isFirst { await sending.takeBack(cause) }
            throw cause
        case .unknown(let error):
            let message = await sending.becomeUnknown(error).message
            throw JobFailure.notNow(
                "It is not known whether \(reference) was made: \(message)",
                retryAfterSeconds: max(0, hiddenSeconds - (ContinuousClock.now - committedAt).seconds))
        }
    }

    /// This send was refused, an earlier one was in doubt. What refuses it may be the earlier one itself; where the
    /// vendor has nothing, nothing is in doubt any more and the module may decide anew.
    /// - Returns: nil when there is nothing; the effect is planned again then, or stays in doubt.
    private func afterRefusal(_ cause: any RetryClassified, _ request: Vendor.Request) async throws -> Outcome? {
        if case .notNow = cause.retryVerdict {
            await sending.takeBack(cause)
            return nil
        }
        guard let found = try? await vendor.lookUp(reference, request) else {
            await sending.takeBack(cause)
            throw JobFailure.notNow(
                "\(reference) was refused, and the vendor could not be asked whether an earlier try was made: "
                    + cause.operatorMessage)
        }
        switch EffectChoice.among(found) {
        case .nothing: await sending.takeBackAll(cause)
        case .keep(let kept, let extras):
            await cancelIfOurs(extras)
            return made(kept.receipt, vendorID: kept.vendorID, from: .sent)
        case .foreign: await sending.takeBack(cause)
        }
        return nil
    }

    // MARK: It is there

    /// The lease ran out during the call (a frozen process): where a newer owner has recorded another one meanwhile,
    /// this one is too many and goes at once.
    private func requireNotOvertaken(_ receipt: Vendor.Receipt, since committedAt: ContinuousClock.Instant) async throws
    {
        guard ContinuousClock.now - committedAt > .seconds(ground.leaseSeconds),
            let intent = try await EffectStorage.intent(reference, in: ground.database),
            intent.fence > sending.job.fence
        else { return }
        if intent.state == .done {
            let keptText = try JSON.text(try intent.decodeReceipt() as Vendor.Receipt)
            let receiptText = try JSON.text(receipt)
            let isOther =
                vendor.vendorID(of: receipt).map { $0 != intent.vendorID }
                ?? (receiptText != keptText)
            if isOther {
                let own = vendor.vendorID(of: receipt) ?? "unnamed"
                await cancel([.init(receipt: receipt, vendorID: own, isAlive: true, isSameContent: true)])
            }
        }
        throw JobSuperseded()
    }

    /// The earlier send may have arrived after all: what is too many goes at once, the oldest stays.
    private func madeAfterExtras(_ receipt: Vendor.Receipt, _ request: Vendor.Request) async -> Outcome {
        let own = vendor.vendorID(of: receipt)
        // What looks alike may be another effect's; the one just made is ours.
        guard Vendor.isFoundByReference else { return made(receipt, vendorID: own, from: .sent) }
        guard let found = try? await vendor.lookUp(reference, request) else {
            ground.logger.notice("Extras could not be looked for; the sweep will.", metadata: sending.metadata)
            return made(receipt, vendorID: own, from: .sent)
        }
        guard case .keep(let kept, let extras) = EffectChoice.among(found), !extras.isEmpty else {
            return made(receipt, vendorID: own, from: .sent)
        }
        await cancel(extras)
        return made(kept.vendorID == own ? receipt : kept.receipt, vendorID: kept.vendorID, from: .sent)
    }

    /// Only what carries our reference is certainly ours; what is merely alike is left, and the sweep shows it.
    private func cancelIfOurs(_ extras: [FoundEffect<Vendor.Receipt>]) async {
        guard Vendor.isFoundByReference else { return }
        await cancel(extras)
    }

    /// One that cannot be cancelled now is left to the sweep.
    private func cancel(_ extras: [FoundEffect<Vendor.Receipt>]) async {
        for extra in extras {
            do {
                try await vendor.cancel(extra.receipt, reference: reference)
                try await EffectStorage.countExtra(reference, in: ground.database)
                ground.logger.error("One too many was cancelled at the vendor.", metadata: sending.metadata)
            } catch {
                ground.logger.warning(
                    "One too many could not be cancelled; the sweep will.", metadata: sending.metadata)
            }
        }
    }

    private func made(
        _ receipt: Vendor.Receipt, vendorID: String?, from state: EffectView.State
    ) -> Outcome {
        .made(receipt, record: sending.recording(receipt, vendorID: vendorID, from: state))
    }
}
