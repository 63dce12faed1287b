import Kernel

/// A transaction in hand. Only valid inside the closure it was given to.
package final class Transaction: Sendable {
    /// Runs one statement and gives its rows.
    /// - Throws: `PostgresError`; after a throw only rollback is possible.
    package func query(_ query: Query) async throws -> [Row] { fatalError("skeleton") }

    /// Runs one statement; how many rows it touched.
    @discardableResult
    package func execute(_ query: Query) async throws -> Int { fatalError("skeleton") }

    /// Runs `action` directly after this transaction has committed; never when it rolled back.
    package func afterCommit(_ action: @escaping @Sendable () -> Void) { fatalError("skeleton") }
}

/// A connection held outside the pool, in autocommit: for statements that cannot run in a transaction.
package final class Session: Sendable {
    package func query(_ query: Query) async throws -> [Row] { fatalError("skeleton") }

    @discardableResult
    package func execute(_ query: Query) async throws -> Int { fatalError("skeleton") }

    /// Several statements in one string, without binds (a migration file).
    package func script(_ sql: String) async throws { fatalError("skeleton") }
}
