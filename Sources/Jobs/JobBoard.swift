import Kernel
package import Postgres

/// The operator's hand in the queue: look, put back, take out. Every act is one transaction with the event that says
/// who did it and why, and is refused where the job has moved on meanwhile.
package struct JobBoard: Sendable {
    /// Attempts shown of one job, the newest.
    package static let attemptsMaximum = 100
    /// Groups in one answer, the largest.
    package static let groupsMaximum = 200
    /// Jobs one request puts back at most; the next request takes the rest.
    package static let retryMaximum = 5_000
    /// Jobs one transaction puts back, so that it holds locks for moments only.
    static let retryBatch = 200

    /// An operator's act locks a job and then others' rows, the queue in another order: it is the one to try again.
    static let deadlockRetries = 3

    private let database: Database
    private let outbox: Outbox
    private let deadLetters: DeadLetters

    package init(database: Database, outbox: Outbox) {
        self.database = database
        self.outbox = outbox
        deadLetters = DeadLetters(database: database, outbox: outbox)
    }

    package struct Search: Sendable {
        package var state: JobState?
        /// Nil: every kind; empty: none.
        package var kinds: [JobKind]?
        package var subject: StreamID?
        /// Part of the last error, whatever its case; without a state among the ready, running and dead ones.
        package var error: String?
        /// Keyset: newest first, ids below this one.
        package var before: Int64?
        package var limit: Int

        package init(limit: Int) { self.limit = limit }
    }

    // MARK: Looking

    /// Newest first.
    package func jobs(_ search: Search) async throws -> [JobView] {
        try await JobBoardStorage.jobs(search, in: database)
    }

    package func job(_ id: Int64) async throws -> JobDetail? {
        try await JobBoardStorage.job(id, attempts: Self.attemptsMaximum, in: database)
    }

    /// Dead jobs by cause, the largest group first.
    package func groups(limit: Int = JobBoard.groupsMaximum) async throws -> [JobGroup] {
        try await JobBoardStorage.groups(limit: limit, in: database)
    }

    // MARK: Acting

    package enum Answer: Hashable, Sendable {
        case done
        case unknown
        /// It is in this state now, from which this cannot be done.
        case otherState(JobState)
        /// An equal one waits already and stands for it.
        case equalWaits
    }

    /// Puts one dead job back with its tries renewed. An effect whose outcome it does not know is looked up at the
    /// vendor before anything is sent (`EffectAttempt`).
    package func retry(_ id: Int64, by act: OperatorAct) async throws -> Answer {
        try await database.transaction(retries: Self.deadlockRetries) { transaction in
            guard let job = try await JobBoardStorage.lock(id, in: transaction) else { return .unknown }
            guard job.state == .dead else { return .otherState(job.state) }
            guard try await self.deadLetters.redrive(jobID: id, in: transaction) else { return .equalWaits }
            try await self.say(job, act, in: transaction)
            return .done
        }
    }

    /// Takes a dead or waiting job out of the queue for good. It stays in the list as cancelled, with the reason.
    package func discard(_ id: Int64, reason: String, by act: OperatorAct) async throws -> Answer {
        try await database.transaction(retries: Self.deadlockRetries) { transaction in
            guard let job = try await JobBoardStorage.lock(id, in: transaction) else { return .unknown }
            guard try await JobBoardStorage.discard(id, reason: reason, in: transaction) else {
                return .otherState(job.state)
            }
            try await self.outbox.append(
                JobDiscarded(jobID: id, kind: job.kind.name, by: act.by, reason: reason),
                about: job.subject ?? .system, source: "jobs", in: transaction)
            return .done
        }
    }

    /// Which dead jobs are meant.
    package enum Selection: Hashable, Sendable {
        case group(String)
        case kinds([JobKind])
    }

    /// Puts dead jobs back, oldest first, batch by batch; how many there were. Of several with one unique key one
    /// comes back; the others end, because it stands for them.
    package func retry(_ selection: Selection, limit: Int = JobBoard.retryMaximum, by act: OperatorAct) async throws
        -> Int
    {
        var count = 0
        // One that dies again meanwhile keeps its id, which is behind the last one: this comes to an end.
        var last: Int64 = 0
        while count < limit {
            let batch = min(Self.retryBatch, limit - count)
            let (retried, seen) = try await database.transaction(retries: Self.deadlockRetries) { [last] transaction in
                let jobs = try await JobBoardStorage.lockDead(selection, after: last, limit: batch, in: transaction)
                var retried = 0
                for job in jobs {
                    if try await self.deadLetters.redrive(jobID: job.id, in: transaction) {
                        try await self.say(job, act, in: transaction)
                        retried += 1
                    } else {
                        _ = try await JobBoardStorage.discard(
                            job.id, reason: "An equal job waits.", in: transaction)
                    }
                }
                return (retried, jobs.map(\.id))
            }
            count += retried
            guard let newest = seen.last, seen.count == batch else { break }
            last = newest
        }
        return count
    }

    private func say(
        _ job: JobBoardStorage.Standing, _ act: OperatorAct, in transaction: Transaction
    ) async throws {
        try await outbox.append(
            JobRetried(jobID: job.id, kind: job.kind.name, by: act.by, reason: act.reason),
            about: job.subject ?? .system, source: "jobs", in: transaction)
    }
}

/// An operator put a dead job back.
package struct JobRetried: DomainEvent {
    package static let name = "job.retried"
    package let jobID: Int64
    package let kind: String
    package let by: String
    package let reason: String?
}

/// An operator took a job out of the queue.
package struct JobDiscarded: DomainEvent {
    package static let name = "job.discarded"
    package let jobID: Int64
    package let kind: String
    package let by: String
    package let reason: String
}
