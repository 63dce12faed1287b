import CPostgres
import Kernel
import Synchronization

/// A transaction in hand. Only valid inside the closure it was given to.
package final class Transaction: Sendable {
    private struct State {
        var isOver = false
        var actions: [@Sendable () -> Void] = []
    }

    /// ROLLBACK does little on the server; one that hangs means a dead link.
    private static let rollBackTimeout: Duration = .seconds(5)

    private let connection: Connection
    private let state = Mutex(State())

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Runs one statement and gives its rows.
    /// - Throws: `PostgresError`; after a throw only rollback is possible.
    package func query(_ query: Query) async throws -> [Row] { try await run(query).rows }

    /// Runs one statement; how many rows it touched.
    @discardableResult
    package func execute(_ query: Query) async throws -> Int { try await run(query).touchedCount }

    /// Runs `action` directly after this transaction has committed; never when it rolled back.
    package func afterCommit(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.actions.append(action) }
    }

    private func run(_ query: Query) async throws -> StatementResult {
        guard !state.withLock({ $0.isOver }) else {
            throw PostgresError(kind: .closed, message: "the transaction is over")
        }
        return try await connection.perform { link in
            // With the first statement, on the thread: saves one way there and back for each transaction.
            if link.isIdle { try link.script("BEGIN", link.statementPatience) }
            return try link.execute(query, link.statementPatience)
        }
    }

    func commit() async throws {
        let actions = state.withLock { state in
            state.isOver = true
            return state.actions
        }
        try await connection.perform(isCancellable: false) { try Self.commit(on: $0) }
        for action in actions { action() }
    }

    func rollBack() async {
        state.withLock { $0.isOver = true }
        // Failing, it leaves the connection inside a transaction, and the pool then replaces it.
        try? await connection.perform(isCancellable: false) { link in
            guard !link.isIdle else { return }
            let patience = Link.Patience(deadline: .now + Self.rollBackTimeout, isInterruptible: false)
            try link.script("ROLLBACK", patience)
        }
    }

    private static func commit(on link: Link) throws {
        if link.isIdle { return }  // No statement was run.
        guard link.transactionStatus == PQTRANS_INTRANS else {
            try link.script("ROLLBACK", Link.Patience(deadline: .now + rollBackTimeout, isInterruptible: false))
            throw PostgresError(
                kind: .server, sqlState: "25P02",
                message: "a statement of this transaction failed and its error was not thrown on")
        }
        var patience = link.statementPatience
        patience.isInterruptible = false
        do {
            let tag = try link.script("COMMIT", patience).tag
            guard tag == "COMMIT" else {
                throw PostgresError(kind: .server, sqlState: "25P02", message: "COMMIT answered \(tag)")
            }
        } catch let error as PostgresError where error.kind == .connectionLost {
            throw PostgresError(
                kind: .connectionLost, sqlState: error.sqlState, isCommitOutcomeUnknown: !error.isUnsent,
                message: error.message)
        }
    }
}
