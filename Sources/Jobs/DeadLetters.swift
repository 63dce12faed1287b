package import FoundationEssentials
import Kernel
package import Postgres

/// Jobs that gave up and wait for an operator.
package struct DeadLetters: Sendable {
    private let database: Database
    private let outbox: Outbox

    package init(database: Database, outbox: Outbox) {
        self.database = database
        self.outbox = outbox
    }

    package struct Letter: Sendable {
        package let jobID: Int64
        package let kind: JobKind
        package let reason: String
        package let since: Date

        package init(jobID: Int64, kind: JobKind, reason: String, since: Date) {
            self.jobID = jobID
            self.kind = kind
            self.reason = reason
            self.since = since
        }
    }

    /// Oldest first.
    package func letters(about subject: StreamID) async throws -> [Letter] {
        try await DeadLetterStorage.letters(about: subject, in: database)
    }

    /// Of several subjects in one query, oldest first each; a subject without any is left out.
    package func letters(about subjects: [StreamID]) async throws -> [StreamID: [Letter]] {
        guard !subjects.isEmpty else { return [:] }
        return try await DeadLetterStorage.letters(about: subjects, in: database)
    }

    /// Every dead job of the system, newest first.
    package func letters(limit: Int) async throws -> [Letter] {
        try await DeadLetterStorage.letters(limit: limit, in: database)
    }

    /// Puts every dead job of the subject back into the queue with its tries renewed; how many there were.
    ///
    /// Of several with one unique key only the newest comes back, and none where a ready one waits already.
    package func redrive(about subject: StreamID, in transaction: Transaction) async throws -> Int {
        let count = try await DeadLetterStorage.redrive(about: subject, in: transaction)
        if count > 0 { outbox.wakeAfterCommit(of: transaction) }
        return count
    }

    /// Puts the dead job of this kind and payload back into the queue with its tries renewed; where there is none any
    /// more, a new one. Never leaves two.
    package func renew(_ job: NewJob, in transaction: Transaction) async throws {
        let dead = try await DeadLetterStorage.jobID(of: job, in: transaction)
        if let dead, try await redrive(jobID: dead, in: transaction) { return }
        try await outbox.enqueue(job, in: transaction)
    }

    /// Whether a job of this kind and payload waits or runs. Reads the whole backlog: for an operator's request only.
    package func isLive(_ job: NewJob, in transaction: Transaction) async throws -> Bool {
        try await DeadLetterStorage.isLive(job, in: transaction)
    }

    /// Puts one dead job back into the queue with its tries renewed. False: it is not dead, or an equal one waits.
    package func redrive(jobID: Int64, in transaction: Transaction) async throws -> Bool {
        guard try await DeadLetterStorage.redrive(jobID: jobID, in: transaction) else { return false }
        outbox.wakeAfterCommit(of: transaction)
        return true
    }
}

/// A dead letter (ADR-021: "exhaustion alerts the operator").
package struct JobRetryExhausted: DomainEvent {
    package static let name = "job.retry-exhausted"
    package let jobID: Int64
    package let kind: String
    package let reason: String

    package init(jobID: Int64, kind: String, reason: String) {
        self.jobID = jobID
        self.kind = kind
        self.reason = reason
    }
}
