import CPostgres
package import EventLoop
import Kernel
package import Logging
import Synchronization

/// The pool of connections to one PostgreSQL database. Shared by everything in the process.
///
/// The connections live on an event loop and never block it, nor their callers. A task that is cancelled stops its statement on
/// the server, too.
package final class Database: Sendable {
    package let configuration: DatabaseConfiguration
    private let settings: Result<ConnectionSettings, any Error>
    private let pool: ConnectionPool
    private let loop: EventLoop
    private let sessions = SessionRegistry()
    private let logger: Logger

    /// - Parameter loop: where the connections live; nil is the loop that the whole process shares for this.
    package init(_ configuration: DatabaseConfiguration, on loop: EventLoop? = nil, logger: Logger) {
        let loop = loop ?? PostgresLoop.shared
        self.loop = loop
        self.configuration = configuration
        self.logger = logger
        let libpqMajorVersion = Int(PQlibVersion()) / 10_000
        let settings = Result { try ConnectionSettings(configuration, libpqMajorVersion: libpqMajorVersion) }
        self.settings = settings
        let failures = ConnectFailureLog(logger: logger)
        pool = ConnectionPool(
            size: configuration.poolSize, checkoutTimeoutSeconds: configuration.checkoutTimeoutSeconds, on: loop
        ) { onEnd in
            let settings = try settings.get()
            do {
                let connection = try await Connection.open(settings, on: loop, logger: logger, onEnd: onEnd)
                failures.succeeded()
                return connection
            } catch let error as PostgresError {
                failures.failed(error, settings.url)
                throw error
            }
        }
    }

    /// Where the connections live. A loop that does little but ask the database spares itself four changes of thread for
    /// each question when its task prefers this executor; nothing on it may take longer than a millisecond.
    package var executor: any TaskExecutor { loop }

    /// Runs one statement in a transaction of its own and gives its rows.
    /// - Throws: `PostgresError`.
    package func query(_ query: Query) async throws -> [Row] { try await run(query).rows }

    /// Runs one statement; how many rows it touched.
    @discardableResult
    package func execute(_ query: Query) async throws -> Int { try await run(query).touchedCount }

    /// Runs the statements in one flight and one transaction: one round trip, all or nothing.
    ///
    /// They are answered in their order; none sees another's result. Statements that come again are prepared on the way.
    /// - Throws: the `PostgresError` of the first that failed, with its `statementIndex`, and nothing is kept; one with
    ///   `isCommitOutcomeUnknown` when the link broke after everything was sent; `CancellationError`.
    package func pipeline(_ queries: [Query]) async throws -> [QueryResult] {
        TransactionScope.requireClosed(for: "Database.pipeline")
        guard !queries.isEmpty else { return [] }
        let plan = try Flight.Plan(queries)
        return try await perform { try await $0.fly(plan) }.map { QueryResult($0) }
    }

    /// Runs `body` in one transaction: commits when it returns, rolls back when it throws. Never nested.
    ///
    /// After the commit, and only then, the closures given to `Transaction.afterCommit` run. A task cancelled before
    /// COMMIT is sent rolls back; COMMIT itself runs to its end.
    /// - Parameter retries: how often `body` runs again, in a new transaction, after a serialization failure or a
    ///   deadlock (`40001`, `40P01`), with a random pause; it must not do anything outside the transaction then.
    /// - Throws: what `body` throws; `PostgresError` with `isCommitOutcomeUnknown` when the link broke during COMMIT.
    @discardableResult
    package func transaction<Value: Sendable>(
        isolation: Isolation = .readCommitted, retries: Int = 0, _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        TransactionScope.requireClosed(for: "Database.transaction")
        var attempt = 0
        while true {
            do {
                return try await transactionOnce(isolation, body)
            } catch  where attempt < retries && TransactionRetry.isWorthIt(error) {
                try await Task.sleep(
                    for: TransactionRetry.pause(attempt: attempt, randomness: Double.random(in: 0...1)))
                attempt += 1
            }
        }
    }

    private func transactionOnce<Value: Sendable>(
        _ isolation: Isolation, _ body: (Transaction) async throws -> Value
    ) async throws -> Value {
        let connection = try await pool.checkOut()
        let transaction = Transaction(connection, opening: isolation.opening)
        defer { transaction.runActionsAfterCommit() }
        // First: who is woken by the actions finds this connection, which is the warm one.
        defer { pool.checkIn(connection) }
        do {
            let value = try await TransactionScope.$isOpen.withValue(true) { try await body(transaction) }
            if !transaction.isCommitted { try Task.checkCancellation() }
            try await transaction.commit()
            return value
        } catch {
            await transaction.rollBack()
            throw error
        }
    }

    /// A connection of one's own, outside the pool's count and without a transaction: migrations, advisory locks.
    @discardableResult
    package func withoutTransaction<Value: Sendable>(
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        TransactionScope.requireClosed(for: "Database.withoutTransaction")
        let connection = try await Connection.open(try settings.get(), on: loop, logger: logger)
        try await sessions.add(connection)
        do {
            let value = try await body(Session(connection))
            await end(connection)
            return value
        } catch {
            await end(connection)
            throw error
        }
    }

    /// Notifications on the channels, on a connection of its own that reconnects by itself; ends when the task is
    /// cancelled. `onReady` runs after each (re)connection: what was missed has to be read.
    ///
    /// Both closures are called on the loop or between its reconnections: they must be short.
    /// - Throws: `CancellationError`; `PostgresError` `closed` after `close()`.
    package func listen(
        _ channels: [String], onReady: @escaping @Sendable () -> Void,
        onNotification: @escaping @Sendable (_ channel: String, _ payload: String) -> Void
    ) async throws {
        let settings = try settings.get()
        var listener = Listener(channels: channels, logger: logger)
        try await listener.run(onReady: onReady) {
            let connection = try await Connection.open(
                settings, on: self.loop, logger: self.logger, onNotification: onNotification)
            try await self.sessions.add(connection)
            return connection
        } close: { connection in
            await self.end(connection)
        }
    }

    /// How many callers wait for a connection.
    package var waiterCount: Int { pool.waiterCount }

    /// How often the pool has tried to open a connection.
    package var connectAttempts: Int { pool.connectAttempts }

    /// Ends every connection; statements in hand are cancelled.
    package func close() async {
        await sessions.close()
        await pool.close()
    }

    /// A connection in the middle of a COPY; one that is not at its end when `body` throws is replaced.
    func withCopy<Value: Sendable>(_ sql: String, _ body: (Connection) async throws -> Value) async throws -> Value {
        TransactionScope.requireClosed(for: "Database.copy")
        let connection = try await pool.checkOut()
        defer { pool.checkIn(connection) }
        try await connection.perform { try await $0.beginCopy(sql) }
        return try await body(connection)
    }

    private func run(_ query: Query) async throws -> StatementResult {
        TransactionScope.requireClosed(for: "Database.query")
        return try await perform { try await $0.execute(query, $0.statementPatience) }
    }

    private func perform<Value: Sendable>(_ body: @escaping @Sendable (Link) async throws -> Value) async throws
        -> Value
    {
        while true {
            let connection = try await pool.checkOut()
            defer { pool.checkIn(connection) }
            do {
                return try await connection.perform(body)
            } catch let error as PostgresError where error.isUnsent {
                // The server ended it while it was idle. Each try uses up one such connection, so this ends.
                continue
            }
        }
    }

    private func end(_ connection: Connection) async {
        await connection.close()
        sessions.remove(connection)
    }
}

/// The connections outside the pool, so that `close()` finds them.
private final class SessionRegistry: Sendable {
    private struct State {
        var isClosed = false
        var connections: [ObjectIdentifier: Connection] = [:]
    }

    private let state = Mutex(State())

    func add(_ connection: Connection) async throws {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.connections[ObjectIdentifier(connection)] = connection }
            return state.isClosed
        }
        guard isClosed else { return }
        await connection.close()
        throw PostgresError(kind: .closed, message: "the database was closed")
    }

    func remove(_ connection: Connection) {
        state.withLock { $0.connections[ObjectIdentifier(connection)] = nil }
    }

    func close() async {
        let connections = state.withLock { state in
            state.isClosed = true
            return Array(state.connections.values)
        }
        for connection in connections { connection.closeSoon() }
        for connection in connections { await connection.untilEnded() }
    }
}
