import Kernel
package import Postgres

extension Outbox {
    /// The statement that puts one job of the kind into the queue for each row of a query with the columns `payload`
    /// (jsonb) and `correlation_id`: for who sends the change and its jobs in one flight and cannot look at the one
    /// before it asks for the other.
    ///
    /// Call `wakeWorkers(after:)` for its transaction, too.
    package static func enqueueing(_ kind: JobKind, forEachOf rows: Query) -> Query {
        """
        INSERT INTO jobs.job (kind, payload, correlation_id)
        SELECT \(kind.name)::text, wanted.payload, wanted.correlation_id
        FROM (\(condition: rows)) AS wanted (payload, correlation_id)
        """
    }

    /// Wakes waiters when the transaction has committed.
    package func wakeWorkers(after transaction: Transaction) {
        wakeAfterCommit(of: transaction)
    }
}
