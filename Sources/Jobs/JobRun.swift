import Kernel
import Logging
import Postgres

/// One run of one job: the handler's first half under a deadline, its second half in the transaction that completes
/// the job under its fence, or the settling of its failure.
struct JobRun: Sendable {
    let database: Database
    let policy: RetryPolicy
    let burial: JobBurial
    let faults: FaultPoints
    let metrics: JobMetrics
    /// After a retry was put back: the claim loop learns when it is due.
    let lookAgain: @Sendable () -> Void
    let logger: Logger

    /// How often a settling is tried before the lease is left to run out.
    private static let settleTries = 4

    func perform(_ inHand: JobInHand, _ registration: JobRegistration) async {
        let started = ContinuousClock.now
        var job = inHand.claimed.job
        job = Job(
            id: job.id, kind: job.kind, payload: job.payload, subject: job.subject, fence: job.fence,
            claims: job.claims, correlationID: job.correlationID,
            deadline: started + .seconds(registration.timeoutSeconds))
        await CorrelationID.$current.withValue(job.correlationID) {
            do {
                let commit = try await firstHalf(of: job, inHand, registration)
                try inHand.beginCompleting()
                try await complete(job, commit)
                metrics.done(job.kind, took: ContinuousClock.now - started)
            } catch {
                let reason = inHand.stopReason
                let isCancelled = Task.isCancelled
                _ = try? await withoutCancellation {
                    await settle(inHand, registration, error, reason: reason, isCancelled: isCancelled)
                }
            }
        }
    }

    /// The handler, until it is done, the deadline passes or the run is stopped.
    private func firstHalf(
        of job: Job, _ inHand: JobInHand, _ registration: JobRegistration
    ) async throws -> Commit {
        try await withThrowingTaskGroup(of: Commit?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await registration.handle(job) }
            group.addTask {
                await inHand.stopFlag.wait()
                return nil
            }
            group.addTask {
                do {
                    try await Task.sleep(for: .seconds(registration.timeoutSeconds))
                    inHand.stop(.timedOut)
                } catch {
                    // The handler was done first.
                }
                return nil
            }
            guard let first = try await group.next(), let commit = first else {
                if Task.isCancelled { inHand.stop(.givenBack) }
                throw JobStopped(reason: inHand.stopReason ?? .givenBack)
            }
            return commit
        }
    }

    /// The second half and the job's completion are one transaction. Not to be torn by a drain: its end is near.
    private func complete(_ job: Job, _ commit: @escaping Commit) async throws {
        try await withoutCancellation {
            try await database.transaction { transaction in
                try await commit(transaction)
                guard try await SettlementStorage.complete(job, in: transaction) else { throw LeaseLost() }
                try await faults.reach(.beforeCompletionCommit, completing: job)
            }
            try await faults.reach(.afterCompletionCommit, completing: job)
        }
    }

    private func settle(
        _ inHand: JobInHand, _ registration: JobRegistration, _ error: any Error, reason: JobInHand.StopReason?,
        isCancelled: Bool
    ) async {
        var logger = logger
        logger[metadataKey: "job"] = "\(inHand.claimed.job.id)"
        logger[metadataKey: "kind"] = "\(inHand.claimed.job.kind)"
        if error is LeaseLost || reason == .leaseLost {
            metrics.leaseLost()
            logger.warning("Another worker has this job now; what was done here is thrown away.")
            return
        }
        for attempt in 1...Self.settleTries {
            do {
                try await settleOnce(
                    inHand.claimed, registration, error, isGivenBack: reason == .givenBack || isCancelled, logger)
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
        _ logger: Logger
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
        let decision = policy.decide(
            reading.verdict, message: reading.message, history: claimed.history, jitter: .random(in: -1...1))
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
                    delaySeconds: seconds, outcome: "not-now", isWrong: false, error: reading.message), logger)
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
