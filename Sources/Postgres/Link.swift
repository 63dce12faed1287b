import CPostgres
import Glibc
import Logging

/// One libpq connection. Lives and dies on its connection's thread; drives libpq without blocking, so that deadline,
/// cancellation and closing work in the middle of a statement.
final class Link {
    /// How long a statement that was asked to stop may take to do so, before its connection is given up.
    static let cancelGrace: Duration = .seconds(3)
    /// How much later than the server's `statement_timeout` we stop waiting: the link must be dead.
    static let statementTimeoutMargin: Duration = .seconds(5)

    let raw: OpaquePointer
    let mailbox: Mailbox
    private let settings: ConnectionSettings
    var statements: StatementCache
    private let onNotification: (@Sendable (String, String) -> Void)?
    /// Kept as long as the connection, which calls it.
    private let notices: NoticeSink
    /// Nothing can be sent any more.
    private(set) var isBroken = false
    /// A cancel request went out; it may arrive late and hit an innocent statement, so the connection ends after this.
    private var wasInterrupted = false

    init(
        adopting raw: OpaquePointer, mailbox: Mailbox, settings: ConnectionSettings, notices: NoticeSink,
        onNotification: (@Sendable (String, String) -> Void)?
    ) {
        self.raw = raw
        self.mailbox = mailbox
        self.settings = settings
        self.notices = notices
        self.onNotification = onNotification
        statements = StatementCache(capacity: settings.preparedStatementsMaximum)
        notices.install(on: raw)
    }

    deinit {
        PQfinish(raw)
    }

    var socket: Int32 { PQsocket(raw) }
    var readable: Int16 { Int16(POLLIN) }
    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(raw) }
    var isIdle: Bool { transactionStatus == PQTRANS_IDLE }
    var isReusable: Bool { !isBroken && !wasInterrupted && isIdle }

    /// How one statement is waited for.
    struct Patience {
        /// Nil waits as long as the server lets it run.
        var deadline: ContinuousClock.Instant?
        /// False for COMMIT and ROLLBACK: stopping half-way leaves nobody the wiser.
        var isInterruptible = true
        fileprivate var reason: StopReason?

        /// The statement was asked to stop.
        var isStopping: Bool { reason != nil }

        static let unlimited = Patience()

        init(deadline: ContinuousClock.Instant? = nil, isInterruptible: Bool = true) {
            self.deadline = deadline
            self.isInterruptible = isInterruptible
        }
    }

    fileprivate enum StopReason {
        case interruption(Interruption)
        case deadline
    }

    /// Patience of one statement under the configured time-out.
    var statementPatience: Patience {
        guard settings.statementTimeout > .zero else { return .unlimited }
        return Patience(deadline: .now + settings.statementTimeout + Self.statementTimeoutMargin)
    }

    /// Runs one statement with its bound values.
    func execute(_ query: Query, _ patience: Patience) throws -> StatementResult {
        let parameters = try BoundParameters(query.binds)
        let key = query.sql + parameters.signature
        do {
            return try execute(query.sql, key: key, parameters, patience)
        } catch let error as PostgresError where error.meansStalePlan {
            // A migration changed a table under a prepared statement, or a pooler gave us another backend.
            guard isIdle, !isBroken else {
                statements.forget(key)
                throw error
            }
            try forget(query)
            return try sendUnprepared(query.sql, parameters, patience)
        }
    }

    private func execute(
        _ sql: String, key: String, _ parameters: BoundParameters, _ patience: Patience
    ) throws -> StatementResult {
        switch statements.plan(for: key) {
        case .unprepared:
            return try sendUnprepared(sql, parameters, patience)
        case .prepared(let name):
            return try sendPrepared(name, parameters, patience)
        case .prepare(let name, let evicted):
            if let evicted { try send(patience) { PQsendQuery($0, "DEALLOCATE \(evicted)") } }
            try send(patience) { raw in
                parameters.withPointers { PQsendPrepare(raw, name, sql, $0.count, $0.types) }
            }
            statements.keep(key, name: name)
            return try sendPrepared(name, parameters, patience)
        }
    }

    /// The prepared statement of this text is stale or gone.
    func forget(_ query: Query) throws {
        let key = query.sql + (try BoundParameters(query.binds)).signature
        guard let name = statements.forget(key), isIdle, !isBroken else { return }
        _ = try? send(statementPatience) { PQsendQuery($0, "DEALLOCATE \(name)") }
    }

    /// Runs several statements in one string; the result is the last one's.
    @discardableResult
    func script(_ sql: String, _ patience: Patience) throws -> StatementResult {
        try send(patience) { PQsendQuery($0, sql) }
    }

    private func sendUnprepared(
        _ sql: String, _ parameters: BoundParameters, _ patience: Patience
    ) throws -> StatementResult {
        try send(patience) { raw in
            parameters.withPointers {
                PQsendQueryParams(raw, sql, $0.count, $0.types, $0.values, $0.lengths, $0.formats, 0)
            }
        }
    }

    private func sendPrepared(
        _ name: String, _ parameters: BoundParameters, _ patience: Patience
    ) throws -> StatementResult {
        try send(patience) { raw in
            parameters.withPointers {
                PQsendQueryPrepared(raw, name, $0.count, $0.values, $0.lengths, $0.formats, 0)
            }
        }
    }

    @discardableResult
    private func send(_ patience: Patience, _ step: (OpaquePointer) -> Int32) throws -> StatementResult {
        guard !isBroken else { throw lost() }
        guard step(raw) == 1 else {
            if PQstatus(raw) != CONNECTION_BAD {
                throw PostgresError(kind: .server, message: "libpq: \(errorMessage)")
            }
            throw lost()
        }
        var patience = patience
        return try receive(&patience)
    }

    // MARK: waiting

    private func receive(_ patience: inout Patience) throws -> StatementResult {
        while true {
            let flushed = PQflush(raw)
            guard flushed >= 0 else { throw lost() }
            if flushed == 0 { break }
            try wait(for: Int16(POLLIN | POLLOUT), &patience)
        }
        var last = StatementResult()
        var failure: PostgresError?
        while true {
            do {
                while PQisBusy(raw) == 1 { try wait(for: Int16(POLLIN), &patience) }
            } catch let error as PostgresError where error.kind == .connectionLost {
                // What the server said last tells more than the broken link.
                throw failure.map { lost(after: $0) } ?? error
            }
            guard let result = PQgetResult(raw) else { break }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                last = StatementResult(copying: result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                isBroken = true
                throw PostgresError(kind: .server, sqlState: "0A000", message: "COPY is not spoken here")
            default:
                failure = failure ?? serverError(result)
            }
            if PQstatus(raw) == CONNECTION_BAD { break }
        }
        deliverNotifications()
        if PQstatus(raw) == CONNECTION_BAD { throw lost(after: failure) }
        guard let failure else { return last }
        throw explain(failure, patience)
    }

    /// Waits for the socket; stops the statement when somebody asked for it or when time is up.
    func wait(for events: Int16, _ patience: inout Patience) throws {
        let ready = mailbox.wakeUp.sleep(watching: PQsocket(raw), for: events, until: patience.deadline)
        if ready != 0, ready & Int16(POLLIN | POLLERR | POLLHUP) != 0, PQconsumeInput(raw) == 0 { throw lost() }
        if patience.isInterruptible, patience.reason == nil, let interruption = mailbox.interruption {
            stop(.interruption(interruption), &patience)
        }
        guard let deadline = patience.deadline, ContinuousClock.now >= deadline else { return }
        guard patience.isInterruptible, patience.reason == nil else {
            isBroken = true
            throw explain(
                PostgresError(kind: .connectionLost, message: "no answer from the server in time"), patience)
        }
        stop(.deadline, &patience)
    }

    /// The statement was asked to stop and its link is given up at once.
    func stopped(_ patience: Patience) -> any Error {
        isBroken = true
        return explain(
            PostgresError(kind: .connectionLost, message: "the statements could not be sent in time"), patience)
    }

    func markBroken() { isBroken = true }

    private func stop(_ reason: StopReason, _ patience: inout Patience) {
        patience.reason = reason
        patience.deadline = .now + Self.cancelGrace
        wasInterrupted = true
        guard let request = CancelRequest(raw) else { return }
        // PQcancel opens a connection and blocks: a thread of its own, which nobody has to wait for, because this
        // connection is not used again.
        try? BlockingThread.start("pg-cancel") { request.send() }
    }

    func explain(_ error: PostgresError, _ patience: Patience) -> any Error {
        guard error.sqlState == .queryCanceled || error.sqlState == nil else { return error }
        switch patience.reason {
        case .interruption(.cancelled)?: return CancellationError()
        case .interruption(.closing)?: return PostgresError(kind: .closed, message: "the connection was closed")
        case .deadline?, nil: return error
        }
    }

    // MARK: between statements

    /// Reads what came without being asked for: notifications, or the end of the link.
    func consumeIdleInput() {
        if PQconsumeInput(raw) == 0 || PQstatus(raw) == CONNECTION_BAD { isBroken = true }
        deliverNotifications()
        // Its last words come some time before the link itself ends.
        if notices.hasServerTakenLeave { isBroken = true }
    }

    func deliverNotifications() {
        while let notification = PQnotifies(raw) {
            // SAFETY: libpq's struct with two C strings, alive until PQfreemem.
            let (channel, payload) = (notification.pointee.relname, notification.pointee.extra)
            if let channel {
                onNotification?(String(cString: channel), payload.map { String(cString: $0) } ?? "")
            }
            PQfreemem(notification)
        }
    }

    // MARK: errors

    private var errorMessage: String { String(cString: PQerrorMessage(raw)) }

    func lost(after error: PostgresError? = nil) -> PostgresError {
        isBroken = true
        return PostgresError(
            kind: .connectionLost, sqlState: error?.sqlState, message: error?.message ?? errorMessage)
    }

    func serverError(_ result: OpaquePointer) -> PostgresError {
        func text(_ field: UnsafePointer<CChar>?) -> String? { field.map { String(cString: $0) } }
        let sqlState = text(forma3d_pq_sqlstate(result)).map { SQLState($0) }
        return PostgresError(
            kind: .server, sqlState: sqlState, constraint: text(forma3d_pq_constraint(result)),
            table: text(forma3d_pq_table(result)), column: text(forma3d_pq_column(result)),
            message: text(forma3d_pq_message(result)) ?? String(cString: PQresultErrorMessage(result)))
    }
}

extension PostgresError {
    /// `cached plan must not change result type`, or the prepared statement is gone.
    var meansStalePlan: Bool {
        (sqlState == "0A000" && message.hasPrefix("cached plan")) || sqlState == "26000"
    }
}

/// libpq's handle for asking the server to stop a statement; independent of the connection it came from.
// SAFETY: a PGcancel is immutable, and libpq documents PQcancel as safe in another thread than the connection's.
private final class CancelRequest: @unchecked Sendable {
    private let raw: OpaquePointer

    init?(_ connection: OpaquePointer) {
        guard let raw = PQgetCancel(connection) else { return nil }
        self.raw = raw
    }

    deinit {
        PQfreeCancel(raw)
    }

    func send() {
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(raw, &message, Int32(message.count))
    }
}
