import Kernel
package import Logging

/// The pool of connections to one PostgreSQL database. Shared by everything in the process.
package final class Database: Sendable {
    package let configuration: DatabaseConfiguration

    package init(_ configuration: DatabaseConfiguration, logger: Logger) {
        self.configuration = configuration
    }

    /// Runs one statement in a transaction of its own and gives its rows.
    /// - Throws: `PostgresError`.
    package func query(_ query: Query) async throws -> [Row] { fatalError("skeleton") }

    /// Runs one statement; how many rows it touched.
    @discardableResult
    package func execute(_ query: Query) async throws -> Int { fatalError("skeleton") }

    /// Runs `body` in one transaction: commits when it returns, rolls back when it throws. Never nested.
    ///
    /// After the commit, and only then, the closures given to `Transaction.afterCommit` run.
    /// - Throws: what `body` throws; `PostgresError` with `isCommitOutcomeUnknown` when the link broke during COMMIT.
    package func transaction<Value: Sendable>(
        _ body: (Transaction) async throws -> Value
    ) async throws -> Value { fatalError("skeleton") }

    /// A connection of one's own, outside the pool's count and without a transaction: migrations, advisory locks.
    package func withoutTransaction<Value: Sendable>(
        _ body: (Session) async throws -> Value
    ) async throws -> Value { fatalError("skeleton") }

    /// Notifications on the channels, on a connection of its own that reconnects by itself; ends when the task is
    /// cancelled. `onReady` runs after each (re)connection: what was missed has to be read.
    package func listen(
        _ channels: [String], onReady: @escaping @Sendable () -> Void,
        onNotification: @escaping @Sendable (_ channel: String, _ payload: String) -> Void
    ) async throws { fatalError("skeleton") }

    /// Ends every connection; statements in hand are cancelled.
    package func close() async { fatalError("skeleton") }
}
