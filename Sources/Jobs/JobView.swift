package import FoundationEssentials
package import Kernel
import Postgres

/// Where a job stands.
package enum JobState: String, CaseIterable, Hashable, Sendable, SQLDecodable {
    case ready, running, done, dead, cancelled

    package init?(sqlText: String) { self.init(rawValue: sqlText) }
}

/// One job as an operator sees it in a list.
package struct JobView: Sendable, Hashable {
    package let id: Int64
    package let kind: JobKind
    package let state: JobState
    package let priority: Int
    /// When it may be claimed next; of a job that ended, when it was last due.
    package let runAt: Date
    package let claims: Int
    /// Answers that said "wrong", each of which spent a try.
    package let wrongCount: Int
    /// Answers that said "not now" since the last other one.
    package let notNowCount: Int
    /// How often a worker died or froze with it in hand.
    package let rescues: Int
    /// What it is about: an order, where there is one.
    package let subject: StreamID?
    package let correlationID: CorrelationID
    package let lastError: String?
    package let discardReason: String?
    package let createdAt: Date
    package let finishedAt: Date?

    init(row: Row) throws {
        id = try row("id")
        kind = JobKind(try row("kind"))
        state = try row("state")
        priority = try row("priority")
        runAt = try row("run_at")
        claims = try row("claims")
        wrongCount = try row("wrong_count")
        notNowCount = try row("not_now_count")
        rescues = try row("rescues")
        subject = try row.optional("subject")
        correlationID = try row("correlation_id")
        lastError = try row.optional("last_error")
        discardReason = try row.optional("discard_reason")
        createdAt = try row("created_at")
        finishedAt = try row.optional("finished_at")
    }
}

/// One job whole: who has it, what it is to do, and what became of each claim.
package struct JobDetail: Sendable {
    package let view: JobView
    /// JSON; whoever shows it masks what may be personal.
    package let payload: String
    package let fence: Int64
    package let worker: UUID?
    package let leaseUntil: Date?
    package let uniqueKey: String?
    /// Oldest first; the last `JobBoard.attemptsMaximum`.
    package let attempts: [Attempt]

    /// What became of one claim.
    package struct Attempt: Sendable, Hashable {
        package let fence: Int64
        package let started: Date
        package let ended: Date
        /// `done`, `wrong`, `not-now`, `rejected`, `superseded`, `rescued`, `dead`
        package let outcome: String
        package let error: String?
    }
}

/// Dead jobs of one kind and one cause.
package struct JobGroup: Sendable, Hashable {
    /// 32 hexadecimal digits; the same as long as the cause is.
    package let id: String
    package let kind: JobKind
    /// The error without ids and numbers.
    package let pattern: String
    /// One of the errors as it was.
    package let example: String
    package let count: Int
    package let firstAt: Date
    package let lastAt: Date
}

/// What this binary knows of a kind of job.
package struct JobKindFacts: Sendable, Hashable {
    package let queue: String?
    /// Whose circuit pauses it.
    package let vendor: String?
    /// ADR-021's job type.
    package let category: String?

    package init(queue: String? = nil, vendor: String? = nil, category: String? = nil) {
        self.queue = queue
        self.vendor = vendor
        self.category = category
    }
}
