import Kernel
import Logging
import Postgres

/// Makes a job a dead letter: its state, the event `job.retry-exhausted` and what the module wants to show on its own
/// rows are one transaction.
struct JobBurial: Sendable {
    let database: Database
    let outbox: Outbox
    let metrics: JobMetrics
    let logger: Logger

    /// - Parameter onlyIfExpired: for another process's claim, whose owner may have come back to life.
    func bury(
        _ claimed: ClaimedJob, _ registration: JobRegistration, reason: String, onlyIfExpired: Bool
    ) async throws {
        do {
            try await bury(claimed.job, reason: reason, onlyIfExpired: onlyIfExpired, registration.onDeadLetter)
        } catch is LeaseLost {
            metrics.fenceRejected(.burial)
            return
        } catch let error as PostgresError where error.isPassing {
            // A deadlock, a lock or a restart says nothing about the module: the same burial is tried again.
            throw error
        } catch {
            // A module that cannot show the failure must not keep the job alive for ever.
            logger.error(
                "A dead letter could not be shown by its module.",
                metadata: ["kind": "\(claimed.job.kind)", "error": "\(error)"])
            try await bury(claimed.job, reason: reason, onlyIfExpired: onlyIfExpired, nil)
        }
        metrics.died(claimed.job.kind)
        logger.error(
            "A job gave up and waits for an operator.",
            metadata: ["job": "\(claimed.job.id)", "kind": "\(claimed.job.kind)", "reason": "\(reason)"])
    }

    private func bury(
        _ job: Job, reason: String, onlyIfExpired: Bool,
        _ onDeadLetter: (@Sendable (Job, _ reason: String, Transaction) async throws -> Void)?
    ) async throws {
        // Locks are taken in the order of every other commit: the module's row, the job, the order's stream.
        try await database.transaction { transaction in
            try await onDeadLetter?(job, reason, transaction)
            guard
                try await SettlementStorage.bury(
                    job, reason: reason, onlyIfExpired: onlyIfExpired, in: transaction)
            else { throw LeaseLost() }
            try await outbox.append(
                JobRetryExhausted(jobID: job.id, kind: job.kind.name, reason: reason),
                about: job.subject ?? .system, source: "jobs", notTelling: job.kind, in: transaction)
        }
    }
}

extension PostgresError {
    /// It comes from the moment, not from what was asked for.
    var isPassing: Bool {
        if case .notNow = retryVerdict { true } else { false }
    }
}
