import Contracts
import FoundationEssentials
package import Jobs
package import Kernel
package import Postgres

/// Moves print jobs on: the one place that applies observations, saves and says what happened.
package struct PrintDesk: Sendable {
    private let outbox: Outbox
    private let time: Time

    package init(outbox: Outbox, time: Time) {
        self.outbox = outbox
        self.time = time
    }

    /// Applies an observation to a print job that the caller holds locked.
    /// - Parameter farmJobID: the farm's job that it is about; nil: the newest that is known, or none.
    package func apply(
        _ observation: PrintObservation, of farmJobID: Int64? = nil, to job: inout PrintJob,
        in transaction: Transaction
    ) async throws {
        let before = job
        let life = PrintJobMachine.after(
            observation, of: farmJobID, in: .init(state: before.state, farmJobID: before.farmJobID))
        job.state = life.state
        job.farmJobID = life.farmJobID
        job.problem = problem(after: observation, of: job, before: before)
        guard job != before else { return }
        try await PrintJobStorage.save(&job, in: transaction)
        guard job.state != before.state else { return }
        if let status = PrintJobMachine.farmStatus(observation) {
            try await append(
                SimplyPrintJobStatusChanged(orderID: job.orderID, printJobID: job.id, status: status), job, transaction)
        }
        try await append(
            PrintJobStatusChanged(orderID: job.orderID, printJobID: job.id, from: before.state, to: job.state), job,
            transaction)
        if let event = event(of: job, after: observation) { try await append(event, job, transaction) }
    }

    /// Withdraws a print job of which nothing is, or can come to be, at the farm. The caller holds it locked.
    package func drop(_ job: inout PrintJob, in transaction: Transaction) async throws {
        let wasOver = [.failed, .cancelled].contains(job.state)
        let wasWithdrawn = job.isWithdrawn
        job.isWithdrawn = true
        job.problem = nil
        try await PrintJobStorage.save(&job, in: transaction)
        guard wasOver else { return try await apply(.withdrawn, to: &job, in: transaction) }
        guard !wasWithdrawn else { return }
        try await append(cancelled(job), job, transaction)
    }

    package func append(_ event: some DomainEvent, _ job: PrintJob, _ transaction: Transaction) async throws {
        try await outbox.append(event, about: StreamID(job.orderID.uuid), source: "printing", in: transaction)
    }

    /// Shows a failure of ours on the print job; nothing else changes.
    package func complain(
        _ code: String, _ reason: String, action: String, about job: PrintJob, in transaction: Transaction
    ) async throws {
        var job = job
        job.problem = Attention(code: code, reason: reason, since: job.problem?.since ?? time.now(), action: action)
        try await PrintJobStorage.save(&job, in: transaction)
    }

    private func event(of job: PrintJob, after observation: PrintObservation) -> (any DomainEvent)? {
        switch (job.state, observation) {
        case (.queued, .returned): nil
        case (.queued, _): PrintJobCreated(orderID: job.orderID, printJobID: job.id)
        case (.done, _):
            PrintJobCompleted(
                orderID: job.orderID, printJobID: job.id, lineItemID: job.lineItemID, partNumber: job.partNumber,
                copyNumber: job.copyNumber, attempt: job.attempt)
        // Nobody misses a copy that is not wanted any more.
        case (.failed, _) where job.isWithdrawn: cancelled(job)
        case (.failed, _): failed(job)
        case (.cancelled, .withdrawn): cancelled(job)
        // A copy that was cancelled at the farm is still missing from the order: for the order that is a failure.
        case (.cancelled, _) where !job.isWithdrawn: failed(job)
        case (.cancelled, _): cancelled(job)
        default: nil
        }
    }

    private func failed(_ job: PrintJob) -> PrintJobFailed {
        PrintJobFailed(orderID: job.orderID, printJobID: job.id, attempt: job.attempt)
    }

    private func cancelled(_ job: PrintJob) -> PrintJobCancelled {
        PrintJobCancelled(orderID: job.orderID, printJobID: job.id, attempt: job.attempt)
    }

    private func problem(after observation: PrintObservation, of job: PrintJob, before: PrintJob) -> Attention? {
        guard !job.isWithdrawn else { return nil }
        let code: String
        let reason: String
        switch job.state {
        case .failed: (code, reason) = ("print-failed", "The print of \(job.partName) failed.")
        case .cancelled where observation == .vanished:
            (code, reason) = ("print-vanished", "SimplyPrint no longer knows the print of \(job.partName).")
        case .cancelled: (code, reason) = ("print-cancelled", "The print of \(job.partName) was cancelled at the farm.")
        case .unknown:
            return Attention(
                code: "print-unknown", reason: "It is not known whether SimplyPrint took \(job.partName).",
                since: before.problem?.since ?? time.now(),
                action:
                    "Nothing yet: it is looked up by itself. If this stays for an hour, check the queue in SimplyPrint."
            )
        default: return nil
        }
        guard job.state != before.state else { return before.problem }
        return Attention(
            code: code, reason: reason, since: time.now(),
            action: "Ask for a reprint: POST /api/v1/print-jobs/\(job.id)/retry.")
    }
}
