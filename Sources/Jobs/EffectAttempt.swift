import Postgres
import Kernel
import Logging

/// One attempt of one job at one effect, step by step. The order of the steps is what a measured ladder of 88 kills
/// and freezes left over; none can be taken away.
///
/// 1. Done already: the stored receipt. 2. May have been sent before: wait until the vendor can no longer hide it, look
/// it up everywhere, adopt it. 3. Commit `sent` under the fence. 4. Make the lease outlast the call, and see that it is
/// still ours, right before the wire. 5. Send. 6. After a send that was not the first, look for extras at once.
///
/// Lock order: the module's row, then the effect's, as in the commits that plan. What the module writes comes first and
/// goes back with the transaction where the effect turns out to be another's.
struct EffectAttempt<Vendor: EffectVendor>: Sendable {
    let ground: EffectGround
    let vendor: Vendor
    let reference: String
    let job: Job
    let onSent: Commit?
    let onUnknown: Commit?

    private var ownership: EffectStorage.Ownership { .init(reference: reference, fence: job.fence, jobID: job.id) }

    func perform() async throws -> EffectOutcome<Vendor.Receipt> {
        guard let intent = try await EffectStorage.intent(reference, in: ground.database) else {
            throw JobFailure(.wrong, "No effect is planned under \(reference).")
        }
        guard intent.kind == Vendor.kind else {
            throw JobFailure.rejected("The effect \(reference) is a \(intent.kind), not a \(Vendor.kind).")
        }
        switch intent.state {
        case .done:
            return .made(try intent.decodeReceipt(), record: { _ in })
        case .cancelled:
            return .cancelled
        case .sent, .unknown:
            let request: Vendor.Request = try JSON.decode(Vendor.Request.self, from: intent.request)
            if let outcome = try await resolve(intent, request) { return outcome }
            return try await send(request)
        case .planned:
            return try await send(try JSON.decode(Vendor.Request.self, from: intent.request))
        }
    }

    // MARK: It may have been sent before

    /// What became of the earlier send; nil when the vendor certainly has nothing of it.
    private func resolve(
        _ intent: EffectStorage.Intent, _ request: Vendor.Request
    ) async throws -> EffectOutcome<Vendor.Receipt>? {
        if intent.fence > job.fence { throw JobSuperseded() }
        guard intent.state == .unknown || intent.fence < job.fence else {
            throw JobFailure(.wrong, "The effect \(reference) was performed twice in one run of its job.")
        }
        try await takeOver(wasSent: intent.state == .sent)
        let hiddenSeconds = ground.vendorLagSeconds + vendor.callTimeoutSeconds
        let rest = hiddenSeconds - (intent.secondsSinceSent ?? 0)
        if rest > 0 {
            throw JobFailure.notNow(
                "It is not known yet whether \(reference) was made; asking the vendor in a moment.",
                retryAfterSeconds: rest)
        }
        switch EffectChoice.among(try await lookUp(request)) {
        case .nothing:
            return nil
        case .keep(let found, let extras):
            await cancel(extras)
            ground.logger.notice("An effect was found at the vendor and adopted.", metadata: metadata)
            return made(found.receipt, vendorID: found.vendorID, from: .unknown)
        case .foreign(let found):
            let ids = found.map(\.vendorID).joined(separator: ", ")
            let message =
                "\(Vendor.kind) \(ids) carries our reference \(reference) but is not what was asked for. "
                + "Correct or delete it at the vendor, then try again."
            try await EffectStorage.noteError(message, ownership, in: ground.database)
            throw JobFailure.rejected(message)
        }
    }

    /// From here on an older owner can record nothing, and the module can show that the outcome is not known.
    private func takeOver(wasSent: Bool) async throws {
        try await ground.database.transaction { transaction in
            if wasSent { try await onUnknown?(transaction) }
            guard try await EffectStorage.takeOver(ownership, in: transaction) else { throw JobSuperseded() }
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

    // MARK: Sending

    private func send(_ request: Vendor.Request) async throws -> EffectOutcome<Vendor.Receipt> {
        try requireTimeForCall()
        let sends = try await commitSent()
        let sentAt = ContinuousClock.now
        do {
            try await ground.faults.reach(.afterIntentCommit, kinds: [Vendor.kind])
            try await holdLease()
        } catch {
            await takeBack(FailureReading(error).message)
            throw error
        }
        let receipt: Vendor.Receipt
        do {
            receipt = try await vendor.send(request, reference: reference)
            try await ground.faults.reach(.afterSend, kinds: [Vendor.kind])
        } catch let failure as EffectSendFailure where failure.outcome == .notMade {
            await takeBack(failure.cause.operatorMessage)
            throw failure.cause
        } catch {
            throw await becomeUnknown(error, sentAt: sentAt)
        }
        guard sends > 1 else { return made(receipt, vendorID: vendor.vendorID(of: receipt), from: .sent) }
        return await madeAfterExtras(receipt, request)
    }

    private func requireTimeForCall() throws {
        guard let deadline = job.deadline, deadline - .now < .seconds(vendor.callTimeoutSeconds) else { return }
        throw JobFailure.notNow("This run has no time left for a call of \(vendor.callTimeoutSeconds) seconds.")
    }

    /// The intent is committed before the call, or there is no call.
    private func commitSent() async throws -> Int {
        do {
            return try await ground.database.transaction { transaction in
                try await onSent?(transaction)
                guard let sends = try await EffectStorage.commitSent(ownership, in: transaction) else {
                    throw EffectNotOurs()
                }
                try await ground.faults.reach(.beforeIntentCommit, kinds: [Vendor.kind])
                return sends
            }
        } catch is EffectNotOurs {
            // Fenced, or somebody took it back in this moment: the next run reads what is there now.
            let fence = try await EffectStorage.intent(reference, in: ground.database)?.fence ?? 0
            if fence > job.fence { throw JobSuperseded() }
            throw JobFailure.notNow("The effect \(reference) changed while it was about to be sent.")
        }
    }

    /// Right before the wire: the lease outlasts the call, the row count says that it is still ours, and our own clock
    /// says that we were not frozen since.
    private func holdLease() async throws {
        let askedAt = ContinuousClock.now
        let seconds = vendor.callTimeoutSeconds + ground.leaseSeconds
        guard try await LeaseStorage.extend(job, seconds: seconds, in: ground.database) else { throw LeaseLost() }
        try await ground.faults.reach(.beforeSend, kinds: [Vendor.kind])
        try Task.checkCancellation()
        guard ContinuousClock.now - askedAt < .seconds(ground.leaseSeconds) else {
            throw JobFailure.notNow("This process was frozen right before the call.")
        }
    }

    /// It was certainly not made. When even this cannot be written down, `sent` stays and is looked up later.
    private func takeBack(_ message: String) async {
        do {
            try await withoutCancellation {
                try await EffectStorage.takeBack(ownership, error: message, in: ground.database)
            }
        } catch {
            ground.logger.warning("An effect that was not made stays in doubt.", metadata: metadata)
        }
    }

    /// - Returns: what the job throws.
    private func becomeUnknown(_ error: any Error, sentAt: ContinuousClock.Instant) async -> JobFailure {
        let cause: any Error = (error as? EffectSendFailure)?.cause ?? error
        let message = FailureReading(cause).message
        do {
            try await withoutCancellation {
                try await ground.database.transaction { transaction in
                    try await onUnknown?(transaction)
                    guard try await EffectStorage.becomeUnknown(ownership, error: message, in: transaction) else {
                        throw EffectNotOurs()
                    }
                }
            }
        } catch is EffectNotOurs {
            ground.logger.info(
                "Another owner has the effect; what came of this send is its to find.", metadata: metadata)
        } catch {
            ground.logger.warning("An unknown outcome could not be written down.", metadata: metadata)
        }
        ground.logger.warning("It is not known whether an effect was made.", metadata: metadata)
        let hiddenSeconds = ground.vendorLagSeconds + vendor.callTimeoutSeconds
        return .notNow(
            "It is not known whether \(reference) was made: \(message)",
            retryAfterSeconds: max(0, hiddenSeconds - (ContinuousClock.now - sentAt).seconds))
    }

    // MARK: It is there

    /// The earlier send may have arrived after all: what is too many goes at once, the oldest stays.
    private func madeAfterExtras(
        _ receipt: Vendor.Receipt, _ request: Vendor.Request
    ) async -> EffectOutcome<Vendor.Receipt> {
        let own = vendor.vendorID(of: receipt)
        guard let found = try? await vendor.lookUp(reference, request) else {
            ground.logger.notice("Extras could not be looked for; the sweep will.", metadata: metadata)
            return made(receipt, vendorID: own, from: .sent)
        }
        guard case .keep(let kept, let extras) = EffectChoice.among(found), !extras.isEmpty else {
            return made(receipt, vendorID: own, from: .sent)
        }
        await cancel(extras)
        return made(kept.vendorID == own ? receipt : kept.receipt, vendorID: kept.vendorID, from: .sent)
    }

    /// One that cannot be cancelled now is left to the sweep.
    private func cancel(_ extras: [FoundEffect<Vendor.Receipt>]) async {
        for extra in extras {
            do {
                try await vendor.cancel(extra.receipt, reference: reference)
                try await EffectStorage.countExtra(reference, in: ground.database)
                ground.logger.error("One too many was cancelled at the vendor.", metadata: metadata)
            } catch {
                ground.logger.warning("One too many could not be cancelled; the sweep will.", metadata: metadata)
            }
        }
    }

    private func made(
        _ receipt: Vendor.Receipt, vendorID: String?, from state: EffectView.State
    ) -> EffectOutcome<Vendor.Receipt> {
        .made(receipt) { [ownership] transaction in
            let isOurs = try await EffectStorage.finish(
                ownership, from: state, receipt: try JSON.text(receipt), vendorID: vendorID, in: transaction)
            // Another owner has it: the whole commit is thrown away.
            guard isOurs else { throw JobSuperseded() }
        }
    }

    private var metadata: Logger.Metadata {
        ["effect": "\(reference)", "kind": "\(Vendor.kind)", "job": "\(job.id)"]
    }
}

/// The effect's row has another owner or state: rolls back what the module wrote for it.
private struct EffectNotOurs: Error {}
