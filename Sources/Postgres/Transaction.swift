import CPostgres
import Kernel
import Synchronization

/// A transaction in hand. Only valid inside the closure it was given to.
///
/// BEGIN travels with the first statement, COMMIT with the last ones where `pipelineAndCommit` or `sendLater` name them:
/// a transaction of known statements costs one round trip.
package final class Transaction: Sendable {
    private struct State {
        var isOver = false
        var isCommitted = false
        var actions: [@Sendable () -> Void] = []
        /// Given to `sendLater`, not sent yet.
        var postponed: [Query] = []
    }

    /// ROLLBACK does little on the server; one that hangs means a dead link.
    private static let rollBackTimeoutSeconds = 5.0

    private let connection: Connection
    private let opening: String
    private let state = Mutex(State())

    init(_ connection: Connection, opening: String = "BEGIN") {
        self.connection = connection
        self.opening = opening
    }

    /// Runs one statement and gives its rows.
    /// - Throws: `PostgresError`; after a throw only rollback is possible.
    package func query(_ query: Query) async throws -> [Row] { try await run(query).rows }

    /// Runs one statement; how many rows it touched.
    @discardableResult
    package func execute(_ query: Query) async throws -> Int { try await run(query).touchedCount }

    /// Runs the statements in one flight, in their order.
    /// - Throws: the `PostgresError` of the first that failed, with its `statementIndex`; only rollback is possible then.
    @discardableResult
    package func pipeline(_ queries: [Query]) async throws -> [QueryResult] {
        guard !queries.isEmpty else { return [] }
        return try await fly(queries, commits: false).map { QueryResult($0) }
    }

    /// Runs the statements and COMMIT in one flight; the transaction is over when this returns.
    ///
    /// What must hold for the commit has to fail as SQL (a constraint, a function that raises): nobody can look at the
    /// results before it. The actions of `afterCommit` run when the closure of `Database.transaction` has returned.
    /// - Throws: as `pipeline`, nothing is kept then; `PostgresError` with `isCommitOutcomeUnknown` when the link broke.
    @discardableResult
    package func pipelineAndCommit(_ queries: [Query]) async throws -> [QueryResult] {
        try await fly(queries, commits: true).map { QueryResult($0) }
    }

    /// Sends the statement with the next one or with COMMIT, without a round trip of its own.
    ///
    /// For statements whose result nobody reads. Its error is thrown by what it travels with.
    package func sendLater(_ query: Query) {
        state.withLock { $0.postponed.append(query) }
    }

    /// Runs `action` directly after this transaction has committed; never when it rolled back.
    package func afterCommit(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.actions.append(action) }
    }

    // MARK: for Database

    var isCommitted: Bool { state.withLock { $0.isCommitted } }

    /// Commits unless `pipelineAndCommit` has.
    func commit() async throws {
        if !isCommitted { try await fly([], commits: true) }
    }

    func runActionsAfterCommit() {
        let actions = state.withLock { state in
            defer { state.actions = [] }
            return state.isCommitted ? state.actions : []
        }
        for action in actions { action() }
    }

    func rollBack() async {
        state.withLock { $0.isOver = true }
        // Failing, it leaves the connection inside a transaction, and the pool then replaces it.
        try? await connection.perform(isCancellable: false) { link in
            if !link.isIdle { try await Self.rollBack(on: link) }
        }
    }

    // MARK: on the loop

    private func run(_ query: Query) async throws -> StatementResult {
        guard let result = try await fly([query], commits: false).last else {
            throw PostgresError(kind: .connectionLost, message: "a statement without an answer")
        }
        return result
    }

    @discardableResult
    private func fly(_ queries: [Query], commits: Bool) async throws -> [StatementResult] {
        let (isOver, postponed) = state.withLock { state in
            defer {
                state.isOver = state.isOver || commits
                state.postponed = []
            }
            return (state.isOver, state.postponed)
        }
        guard !isOver else { throw PostgresError(kind: .closed, message: "the transaction is over") }
        let all = postponed + queries
        let opening = opening
        do {
            let plan = try Flight.Plan(all, endsWithCommit: commits)
            // COMMIT alone runs to its end; statements may be stopped, and COMMIT is skipped then.
            let results = try await connection.perform(isCancellable: !all.isEmpty) { link in
                try await Self.fly(plan, opening: opening, on: link)
            }
            if commits { state.withLock { $0.isCommitted = true } }
            return Array(results.dropFirst(postponed.count))
        } catch let error as PostgresError {
            guard let index = error.statementIndex, !postponed.isEmpty else { throw error }
            throw error.at(statement: index < postponed.count ? nil : index - postponed.count)
        }
    }

    private static func fly(
        _ plan: Flight.Plan, opening: String, on link: Link
    ) async throws -> [StatementResult] {
        if plan.queries.isEmpty, link.isIdle { return [] }  // No statement was run.
        if plan.endsWithCommit, link.transactionStatus == PQTRANS_INERROR {
            try await rollBack(on: link)
            throw PostgresError(
                kind: .server, sqlState: "25P02",
                message: "a statement of this transaction failed and its error was not thrown on")
        }
        var plan = plan
        if link.isIdle { plan.opening = opening }
        return try await link.fly(plan, isInterruptible: !plan.queries.isEmpty)
    }

    private static func rollBack(on link: Link) async throws {
        let deadline = link.nanoseconds(afterSeconds: rollBackTimeoutSeconds)
        try await link.script("ROLLBACK", Link.Patience(deadlineNanoseconds: deadline, isInterruptible: false))
    }
}
