import Kernel
import Logging
import Postgres

/// One run of one job: the handler's first half under a deadline, its second half in the transaction that completes
/// the job under its fence, or the settling of its failure.
struct JobRun: Sendable {
    let database: Database
    let policy: RetryPolicy
    let burial: JobBurial
    let leftovers: EffectLeftovers
    let circuits: CircuitBoard
    let deadlines: DeadlineWatch
    let faults: FaultPoints
    let metrics: JobMetrics
    /// After a retry was put back: the claim loop learns when it is due.
    let lookAgain: @Sendable () -> Void
    let logger: Logger

    /// How often a settling is tried before the lease is left to run out.
    private static let settleTries = 4

    /// What is left to do for it.
    enum End: Hashable, Sendable {
        /// Its completion is to be written, with those of others.
        case toBeCompleted
        /// Everything is written down, or is another's by now.
        case over
    }

    func perform(_ inHand: JobInHand, _ registration: JobRegistration) async -> End {
        let job = inHand.claimed.job.ending(at: .now + .seconds(registration.timeoutSeconds))
        let notes = VendorNotes()
        return await CorrelationID.$current.withValue(job.correlationID) {
            await VendorSigns.$listener.withValue(notes) {
                await perform(job, inHand, registration, notes)
            }
        }
    }

    private func perform(
        _ job: Job, _ inHand: JobInHand, _ registration: JobRegistration, _ notes: VendorNotes
    ) async -> End {
        let started = ContinuousClock.now
        do {
            let commit = try await firstHalf(of: job, inHand, registration)
            try inHand.beginCompleting()
            var signs = notes.all
            // It did its work: a probe that found nothing to ask must not keep the others waiting.
            if let probed = inHand.probe?.vendor, signs[probed] == nil { signs[probed] = .answered }
            await note(signs, of: inHand)
            guard let commit else {
                try await faults.reach(.beforeCompletionCommit, completing: job)
                return .toBeCompleted
            }
            try await complete(job, commit)
            metrics.done(job.kind, took: ContinuousClock.now - started)
        } catch {
            let reason = inHand.stopReason
            let isCancelled = Task.isCancelled
            _ = try? await withoutCancellation {
                let signs = signs(notes, error, registration)
                await note(signs, of: inHand)
                let isVendorOut =
                    registration.vendor.map { signs[$0] == .down && circuits.isBlocked($0) } ?? false
                await settle(
                    inHand, registration, error, reason: reason, isCancelled: isCancelled, isVendorOut: isVendorOut)
            }
        }
        return .over
    }

    /// The handler, until it is done, the deadline passes or the run is stopped. The one task beside the run's own is
    /// what deadline, heartbeat and drain cancel.
    private func firstHalf(
        of job: Job, _ inHand: JobInHand, _ registration: JobRegistration
    ) async throws -> Commit? {
        // On this very thread until it waits for something: another one need not be woken for it.
        let handling = Task.immediate {
            let commit = try await registration.handle(job)
            // Who has something to write down must not lose it to what an earlier run left.
            if commit == nil, job.claims > 1 || registration.vendor != nil { try await leftovers.settle(of: job) }
            return commit
        }
        defer { inHand.end() }
        if let deadline = job.deadline {
            inHand.begin(deadline: deadline) { handling.cancel() }
            deadlines.add(deadline)
        }
        let result = await withTaskCancellationHandler {
            await handling.result
        } onCancel: {
            handling.cancel()
        }
        if Task.isCancelled, case .failure = result { inHand.stop(.givenBack) }
        if let reason = inHand.stopReason { throw JobStopped(reason: reason) }
        return try result.get()
    }

    /// The calls' own words, and those of an error that came past the line to the vendor.
    private func signs(
        _ notes: VendorNotes, _ error: any Error, _ registration: JobRegistration
    ) -> [String: VendorSign] {
        var signs = notes.all
        if let failure = error as? VendorFailure, signs[failure.vendor] == nil { signs[failure.vendor] = failure.sign }
        return signs
    }

    private func note(_ signs: [String: VendorSign], of inHand: JobInHand) async {
        if !signs.isEmpty { await circuits.note(signs) }
        // It ended without having called: the next one may try.
        if let probe = inHand.probe, signs[probe.vendor] == nil { await circuits.giveBackProbe(probe) }
    }

    /// The second half and the job's completion are one transaction, the completion and COMMIT one flight. Not to be
    /// torn by a drain: its end is near.
    private func complete(_ job: Job, _ commit: @escaping Commit) async throws {
        try await withoutCancellation {
            do {
                try await database.transaction { transaction in
                    try await commit(transaction)
                    try await faults.reach(.beforeCompletionCommit, completing: job)
                    try await transaction.pipelineAndCommit([SettlementStorage.completeOrFailQuery(job)])
                }
            } catch let error as PostgresError where error.isStaleClaim {
                throw LeaseLost()
            }
            try await faults.reach(.afterCompletionCommit, completing: job)
        }
    }

    private func settle(
        _ inHand: JobInHand, _ registration: JobRegistration, _ error: any Error, reason: JobInHand.StopReason?,
        isCancelled: Bool, isVendorOut: Bool
    ) async {
        var logger = logger
        logger[metadataKey: "job"] = "\(inHand.claimed.job.id)"
        logger[metadataKey: "kind"] = "\(inHand.claimed.job.kind)"
        if error is LeaseLost || reason == .leaseLost {
            // One that was stopped by the heartbeat was counted there.
            if reason != .leaseLost { metrics.fenceRejected(.completion) }
            logger.warning("Another worker has this job now; what was done here is thrown away.")
            return
        }
        for attempt in 1...Self.settleTries {
            do {
                try await settleOnce(
                    inHand.claimed, registration, error, isGivenBack: reason == .givenBack || isCancelled,
                    isVendorOut: isVendorOut, isProbe: inHand.probe?.vendor == registration.vendor, logger)
                return
            } catch {
                // A unique violation: an equal job came in just now, which the next try sees.
                logger.debug("A job's end could not be written down.", metadata: ["error": "\(error)"])
                if attempt < Self.settleTries { try? await Task.sleep(for: .milliseconds(50 << attempt)) }
            }
        }
        logger.warning("A job's end could not be written down; its lease runs out by itself.")
    }

    private func settleOnce(
        _ claimed: ClaimedJob, _ registration: JobRegistration, _ error: any Error, isGivenBack: Bool,
        isVendorOut: Bool, isProbe: Bool, _ logger: Logger
    ) async throws {
        if error is JobSuperseded {
            _ = try await SettlementStorage.supersede(claimed.job, in: database)
            logger.info("Another job has this work; this one ends.")
            return
        }
        let isOutside = error is CancellationError || error is JobStopped
        if isGivenBack, isOutside {
            _ = try await SettlementStorage.giveBack(claimed, in: database)
            logger.info("Given back: the process is stopping.")
            return
        }
        let reading = FailureReading(error)
        let jitter = Double.random(in: -1...1)
        var decision = policy.decide(
            reading.verdict, message: reading.message, history: claimed.history, jitter: jitter)
        // The time a vendor is away is not the job's, but what a probe found is: one that its vendor always answers
        // with 500 must come to its end.
        if isVendorOut, !isProbe || !decision.isDead {
            decision = .retryNotNow(seconds: policy.backoffSeconds(after: 0, jitter: jitter))
        }
        metrics.failed(claimed.job.kind)
        logger.debug("A job failed.", metadata: ["error": "\(String(reflecting: error))"])
        switch decision {
        case .dead(let reason):
            try await burial.bury(claimed, registration, reason: reason, onlyIfExpired: false)
        case .retryAfterWrong(let seconds):
            try await retry(
                claimed, reading,
                .init(
                    delaySeconds: seconds, outcome: "wrong", isWrong: true, error: reading.message), logger)
        case .retryNotNow(let seconds):
            try await retry(
                claimed, reading,
                .init(
                    delaySeconds: seconds, outcome: "not-now", isWrong: false, spendsTime: isProbe || !isVendorOut,
                    error: reading.message), logger)
        }
    }

    private func retry(
        _ claimed: ClaimedJob, _ reading: FailureReading, _ retry: SettlementStorage.Retry, _ logger: Logger
    ) async throws {
        guard try await SettlementStorage.retry(claimed, retry, in: database) else {
            // The commit's outcome was not known and it had happened, or another worker has it.
            logger.info("The job had ended already.")
            return
        }
        logger.info(
            "A job will be tried again.",
            metadata: [
                "outcome": "\(retry.outcome)", "inSeconds": "\(retry.delaySeconds)", "reason": "\(reading.message)",
            ])
        lookAgain()
    }
}
