package import Kernel
package import Postgres

/// Appends events and jobs in the caller's transaction; waiters are woken after its commit.
package struct Outbox: Sendable {
    let wakeUps: WakeUps

    package init(wakeUps: WakeUps) {
        self.wakeUps = wakeUps
    }

    /// One row in the event log and one job for each subscriber, in one statement. The correlation id is the task's.
    ///
    /// A subscriber's payload is the event's own data. Events of one subject are numbered without gaps, so the second
    /// of two transactions that append about it waits for the first.
    /// - Parameter source: the module that says it, `orders`.
    package func append(_ event: some DomainEvent, about subject: StreamID, source: String, in transaction: Transaction)
        async throws
    {
        try await append(event, about: subject, source: source, notTelling: nil, in: transaction)
    }

    /// - Parameter kind: the kind of job that gets none of it.
    func append(
        _ event: some DomainEvent, about subject: StreamID, source: String, notTelling kind: JobKind?,
        in transaction: Transaction
    ) async throws {
        let fact = OutboxStorage.Fact(
            name: type(of: event).name, subject: subject, data: try JSON.text(event), source: source,
            correlationID: Self.correlationID)
        OutboxStorage.append(fact, notTelling: kind?.name, in: transaction)
        transaction.afterCommit { [wakeUps] in wakeUps.signal([.work, .events]) }
    }

    /// Puts one job into the queue. Where a ready job holds its unique key, that one stands for both: it is locked
    /// until this transaction ends, so that it cannot run before what the caller is changing can be seen.
    package func enqueue(_ job: NewJob, in transaction: Transaction) async throws {
        OutboxStorage.enqueue(job, correlationID: Self.correlationID, in: transaction)
        wakeAfterCommit(of: transaction)
    }

    func wakeAfterCommit(of transaction: Transaction) {
        transaction.afterCommit { [wakeUps] in wakeUps.signal() }
    }

    static var correlationID: CorrelationID {
        CorrelationID.current ?? .make(.system)
    }
}
