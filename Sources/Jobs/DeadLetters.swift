package import FoundationEssentials
import Kernel
package import Postgres

/// Jobs that gave up and wait for an operator.
package struct DeadLetters: Sendable {
    package init(database: Database, outbox: Outbox) {}

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

    package func letters(about subject: StreamID) async throws -> [Letter] { fatalError("skeleton") }

    /// Puts every dead job of the subject back into the queue with its tries renewed; how many there were.
    package func redrive(about subject: StreamID, in transaction: Transaction) async throws -> Int {
        fatalError("skeleton")
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
