package import Kernel
package import Postgres

/// Appends events and jobs in the caller's transaction; waiters are woken after its commit.
package struct Outbox: Sendable {
    package init(wakeUps: WakeUps) {}

    /// One row in the event log and one job for each subscriber, in one statement. The correlation id is the task's.
    /// - Parameter source: the module that says it, `orders`.
    package func append(_ event: some DomainEvent, about subject: StreamID, source: String, in transaction: Transaction)
        async throws
    { fatalError("skeleton") }

    package func enqueue(_ job: NewJob, in transaction: Transaction) async throws { fatalError("skeleton") }
}
