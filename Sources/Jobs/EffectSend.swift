import Kernel
import Logging
import Postgres

/// The steps of one send that every effect takes, in the order that a measured ladder of 88 kills and freezes left over:
/// commit `sent` under the fence, make the lease outlast the call and see that it is still ours, call, write down what
/// is known.
///
/// Lock order: the module's row, then the effect's, as in the commits that plan. What the module writes comes first and
/// goes back with the transaction where the effect turns out to be another's.
struct EffectSend<Sender: EffectSender>: Sendable {
    let ground: EffectGround
    let sender: Sender
    let reference: String
    let job: Job
    let onSent: Commit?
    let onUnknown: Commit?

    /// What is known after the call.
    enum Outcome {
        case made(Sender.Receipt)
        /// It never came to the wire.
        case notSent(any Error)
        /// The vendor certainly did nothing.
        case notMade(any RetryClassified)
        case unknown(any Error)
    }

    var ownership: EffectStorage.Ownership { .init(reference: reference, fence: job.fence, job: job) }

    var metadata: Logger.Metadata {
        ["effect": "\(reference)", "kind": "\(Sender.kind)", "job": "\(job.id)"]
    }

    /// - Throws: `JobFailure` where there is none, or one of another kind.
    func intent() async throws -> EffectStorage.Intent {
        guard let intent = try await EffectStorage.intent(reference, in: ground.database) else {
            throw JobFailure(.wrong, "No effect is planned under \(reference).")
        }
        guard intent.kind == Sender.kind else {
            throw JobFailure.rejected("The effect \(reference) is a \(intent.kind), not a \(Sender.kind).")
        }
        return intent
    }

    // MARK: Before the call

    var hasTimeForCall: Bool {
        guard let deadline = job.deadline else { return true }
        return deadline - .now >= .seconds(sender.callTimeoutSeconds)
    }

    /// The usual case in one transaction and without a read before: planned, and never in doubt. Nil: it is not so.
    func commitFresh() async throws -> Sender.Request? {
        guard job.claims <= 1, hasTimeForCall else { return nil }
        do {
            let sent = try await commitSent(isFresh: true)
            return try JSON.decode(Sender.Request.self, from: sent.request)
        } catch is EffectNotOurs {
            return nil
        }
    }

    /// The intent is committed before the call, or there is no call.
    /// - Returns: how many sends may have reached the vendor by now, this one included.
    func commitAgain() async throws -> Int {
        guard hasTimeForCall else {
            throw JobFailure.notNow("This run has no time left for a call of \(sender.callTimeoutSeconds) seconds.")
        }
        do {
            return try await commitSent(isFresh: false).sends
        } catch is EffectNotOurs {
            throw try await whyNotOurs()
        }
    }

    /// Fenced, or somebody took it back in this moment: then the next run reads what is there now. To call that
    /// superseded would end the only job that the effect has.
    private func whyNotOurs() async throws -> any Error {
        let fence = try await EffectStorage.intent(reference, in: ground.database)?.fence ?? 0
        return fence > job.fence
            ? JobSuperseded() : JobFailure.notNow("The effect \(reference) changed while it was about to be sent.")
    }

    private func commitSent(isFresh: Bool) async throws -> EffectStorage.Sent {
        try await ground.database.transaction { transaction in
            try await onSent?(transaction)
            let sent = try await EffectStorage.commitSent(
                ownership, kind: Sender.kind, isFresh: isFresh, in: transaction)
            guard let sent else { throw EffectNotOurs() }
            try await ground.faults.reach(.beforeIntentCommit, kinds: [Sender.kind])
            return sent
        }
    }

    // MARK: The call

    /// - Parameter committedAt: from before the commit of `sent`.
    func call(_ request: Sender.Request, committedAt: ContinuousClock.Instant) async -> Outcome {
        do {
            try await ground.faults.reach(.afterIntentCommit, kinds: [Sender.kind])
            try await holdLease(committedAt: committedAt)
        } catch {
            return .notSent(error)
        }
        do {
            let latest = committedAt + .seconds(ground.startSeconds + sender.callTimeoutSeconds)
            let receipt = try await CallDeadline.$latest.withValue(latest) {
                try await sender.send(request, reference: reference)
            }
            try await ground.faults.reach(.afterSend, kinds: [Sender.kind])
            return .made(receipt)
        } catch let failure as EffectSendFailure where failure.outcome == .notMade {
            return .notMade(failure.cause)
        } catch {
            return .unknown((error as? EffectSendFailure)?.cause ?? error)
        }
    }

    /// Right before the wire: the lease outlasts the call, the row count says that it is still ours, and our own clock
    /// says that we were not frozen since the commit: a look-up of another owner counts from that on.
    ///
    /// What is frozen between here and the wire finds its time over there (`CallDeadline`).
    ///
    /// No more than a lease or a call: after a crash the work goes on that much later.
    private func holdLease(committedAt: ContinuousClock.Instant) async throws {
        let seconds = max(sender.callTimeoutSeconds, ground.leaseSeconds)
        guard try await EffectStorage.holdLease(ownership, seconds: seconds, in: ground.database) else {
            throw LeaseLost()
        }
        try await ground.faults.reach(.beforeSend, kinds: [Sender.kind])
        try Task.checkCancellation()
        guard ContinuousClock.now - committedAt < .seconds(ground.startSeconds) else {
            throw JobFailure.notNow("This process was too slow, or frozen, right before the call.")
        }
    }

    // MARK: After the call

    /// This send was certainly not made. When even that cannot be written down, `sent` stays and is looked up later.
    func takeBack(_ error: any Error) async {
        let message = FailureReading(error).message
        await writeDown("An effect that was not made stays in doubt.") {
            try await EffectStorage.takeBack(ownership, error: message, in: ground.database)
        }
    }

    /// Neither this send nor one before it was made.
    func takeBackAll(_ error: any Error) async {
        let message = FailureReading(error).message
        await writeDown("An effect that was not made stays in doubt.") {
            try await EffectStorage.takeBackAll(ownership, error: message, in: ground.database)
        }
    }

    private func writeDown(_ failed: Logger.Message, _ body: @escaping @Sendable () async throws -> Void) async {
        do {
            try await withoutCancellation(body)
        } catch {
            ground.logger.warning(failed, metadata: metadata)
        }
    }

    /// - Returns: the cause in words; nil where it could not be written down, and `sent` stays for the next run.
    func becomeUnknown(_ error: any Error) async -> (message: String, isRecorded: Bool) {
        let message = FailureReading(error).message
        var isRecorded = false
        do {
            try await withoutCancellation {
                try await ground.database.transaction { transaction in
                    try await onUnknown?(transaction)
                    guard try await EffectStorage.becomeUnknown(ownership, error: message, in: transaction) else {
                        throw EffectNotOurs()
                    }
                }
            }
            isRecorded = true
        } catch is EffectNotOurs {
            ground.logger.info(
                "Another owner has the effect; what came of this send is its to find.", metadata: metadata)
        } catch {
            ground.logger.warning("An unknown outcome could not be written down.", metadata: metadata)
        }
        ground.logger.warning("It is not known whether an effect was made.", metadata: metadata)
        return (message, isRecorded)
    }

    /// From here on an older owner can record nothing, and the module can show that the outcome is not known.
    /// - Throws: `JobSuperseded` where a newer owner has it.
    func takeOver(_ intent: EffectStorage.Intent) async throws {
        if intent.fence > job.fence { throw JobSuperseded() }
        guard intent.state == .unknown || intent.fence < job.fence else {
            throw JobFailure(.wrong, "The effect \(reference) was performed twice in one run of its job.")
        }
        do {
            try await ground.database.transaction { transaction in
                if intent.state == .sent { try await onUnknown?(transaction) }
                guard try await EffectStorage.takeOver(ownership, in: transaction) else { throw EffectNotOurs() }
            }
        } catch is EffectNotOurs {
            throw try await whyNotOurs()
        }
    }

    /// Marks the intent done in the job's own commit; throws that whole commit away where another owner has the effect.
    func recording(_ receipt: Sender.Receipt, vendorID: String?, from state: EffectView.State) -> Commit {
        { [ownership] transaction in
            let isOurs = try await EffectStorage.finish(
                ownership, from: state, receipt: try JSON.text(receipt), vendorID: vendorID, in: transaction)
            guard isOurs else { throw JobSuperseded() }
        }
    }
}

/// The effect's row has another owner or state: rolls back what the module wrote for it.
private struct EffectNotOurs: Error {}
