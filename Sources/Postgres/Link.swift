import CPostgres
import EventLoop
import Logging

/// One libpq connection. Lives on the loop; drives libpq without blocking, so that deadline, cancellation and closing
/// work in the middle of a statement.
final class Link {
    /// How long a statement that was asked to stop may take to do so, before its connection is given up.
    static let cancelGraceSeconds = 3.0
    /// How much later than the server's `statement_timeout` we stop waiting: the link must be dead.
    static let statementTimeoutMarginSeconds = 5.0

    let raw: OpaquePointer
    var statements: StatementCache
    /// Evicted from the cache by flights that failed before they could drop them; the next flight does.
    var owedDeallocations: [String] = []
    /// Why the statement in hand is to be stopped; set by the connection.
    private(set) var interruption: Interruption?
    /// Nothing can be sent any more.
    private(set) var isBroken = false
    /// A cancel request went out; it may arrive late and hit an innocent statement, so the connection ends after this.
    private var wasInterrupted = false
    /// A transaction met a stale plan: what else is prepared here is as old, so the connection ends after it.
    private var isOutdated = false
    private let loop: EventLoop
    private let watch: LinkWatch
    private let statementTimeoutSeconds: Double
    private let onNotification: (@Sendable (String, String) -> Void)?
    /// Kept as long as the connection, which calls it.
    private let notices: NoticeSink

    /// Why a statement in hand is to be stopped.
    enum Interruption: Sendable {
        case cancelled
        case closing
    }

    init(
        adopting opened: LinkOpening.Opened, settings: ConnectionSettings, on loop: EventLoop, notices: NoticeSink,
        onNotification: (@Sendable (String, String) -> Void)?
    ) {
        raw = opened.raw
        self.loop = loop
        self.notices = notices
        self.onNotification = onNotification
        statementTimeoutSeconds = settings.statementTimeout / .seconds(1)
        statements = StatementCache(capacity: settings.preparedStatementsMaximum)
        watch = LinkWatch(PQsocket(raw), on: loop)
        PQsetnonblocking(raw, 1)
        notices.install(on: raw)
    }

    deinit {
        PQfinish(raw)
    }

    /// DESIGN: PostgreSQL 15 and later.
    private static let serverVersionMinimum: Int32 = 150_000

    /// Watches the socket and sets the session up.
    func start(
        _ settings: ConnectionSettings, onIdleInput: @escaping () -> Void
    ) async throws {
        guard PQserverVersion(raw) >= Self.serverVersionMinimum else {
            throw PostgresError(
                kind: .unreachable,
                message: "PostgreSQL 15 or later is needed, the server is \(PQserverVersion(raw) / 10_000)")
        }
        try watch.start(onIdleInput: onIdleInput)
        let seconds = settings.connectTimeout / .seconds(1)
        try await script(settings.setUpScript, Patience(deadlineNanoseconds: nanoseconds(afterSeconds: seconds)))
    }

    /// The socket is watched no more; statements fail from now on.
    func end() {
        isBroken = true
        watch.end()
    }

    /// Why the server has ended this session, if it has.
    var farewell: SQLState? { notices.farewell }

    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(raw) }
    var isIdle: Bool { transactionStatus == PQTRANS_IDLE }
    var isReusable: Bool { !isBroken && !wasInterrupted && !isOutdated && isIdle }

    // MARK: statements

    /// Runs one statement with its bound values.
    func execute(_ query: Query, _ patience: Patience) async throws -> StatementResult {
        let parameters = try BoundParameters(query.binds)
        let key = query.sql + parameters.signature
        do {
            return try await execute(query.sql, key: key, parameters, patience)
        } catch let error as PostgresError where error.meansStalePlan {
            // A migration changed a table under a prepared statement, or a pooler gave us another backend.
            guard isIdle, !isBroken else {
                outdate(key)
                throw error
            }
            try await forget(query)
            return try await sendUnprepared(query.sql, parameters, patience)
        }
    }

    private func execute(
        _ sql: String, key: String, _ parameters: BoundParameters, _ patience: Patience
    ) async throws -> StatementResult {
        switch statements.plan(for: key) {
        case .unprepared:
            return try await sendUnprepared(sql, parameters, patience)
        case .prepared(let name):
            return try await sendPrepared(name, parameters, patience)
        case .prepare(let name, let evicted):
            if let evicted { try await send(patience) { PQsendQuery($0, "DEALLOCATE \(evicted)") } }
            try await send(patience) { raw in
                parameters.withPointers { PQsendPrepare(raw, name, sql, $0.count, $0.types) }
            }
            statements.keep(key, name: name)
            return try await sendPrepared(name, parameters, patience)
        }
    }

    /// The prepared statement of this text is stale or gone.
    func forget(_ query: Query) async throws {
        let key = query.sql + (try BoundParameters(query.binds)).signature
        guard let name = statements.forget(key), isIdle, !isBroken else { return }
        _ = try? await send(statementPatience) { PQsendQuery($0, "DEALLOCATE \(name)") }
    }

    /// A plan turned out to be stale where its statement cannot be sent again: in the middle of a transaction.
    func outdate(_ key: String?) {
        if let key { statements.forget(key) }
        isOutdated = true
    }

    /// Runs several statements in one string; the result is the last one's.
    @discardableResult
    func script(_ sql: String, _ patience: Patience) async throws -> StatementResult {
        try await send(patience) { PQsendQuery($0, sql) }
    }

    private func sendUnprepared(
        _ sql: String, _ parameters: BoundParameters, _ patience: Patience
    ) async throws -> StatementResult {
        try await send(patience) { raw in
            parameters.withPointers {
                PQsendQueryParams(raw, sql, $0.count, $0.types, $0.values, $0.lengths, $0.formats, 0)
            }
        }
    }

    private func sendPrepared(
        _ name: String, _ parameters: BoundParameters, _ patience: Patience
    ) async throws -> StatementResult {
        try await send(patience) { raw in
            parameters.withPointers {
                PQsendQueryPrepared(raw, name, $0.count, $0.values, $0.lengths, $0.formats, 0)
            }
        }
    }

    @discardableResult
    private func send(_ patience: Patience, _ step: (OpaquePointer) -> Int32) async throws -> StatementResult {
        loop.preconditionCurrent()
        guard !isBroken else { throw lost() }
        guard step(raw) == 1 else {
            if PQstatus(raw) != CONNECTION_BAD {
                throw PostgresError(kind: .server, message: "libpq: \(errorMessage)")
            }
            throw lost()
        }
        var patience = patience
        try await flush(&patience)
        return try await receive(&patience)
    }

    // MARK: waiting

    /// Until the kernel has taken everything.
    func flush(_ patience: inout Patience) async throws {
        while true {
            let flushed = PQflush(raw)
            guard flushed >= 0 else { throw lost() }
            if flushed == 0 { return }
            try await wait(for: [.readable, .writable], &patience)
        }
    }

    /// The last result of what was sent.
    func receive(_ patience: inout Patience) async throws -> StatementResult {
        var last = StatementResult()
        var failure: PostgresError?
        while true {
            do {
                while PQisBusy(raw) == 1 { try await wait(for: .readable, &patience) }
            } catch let error as PostgresError where error.kind == .connectionLost {
                // What the server said last tells more than the broken link.
                throw failure.map { lost(after: $0) } ?? error
            }
            guard let result = PQgetResult(raw) else { break }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                last = StatementResult(owning: result)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(result)
                isBroken = true
                throw PostgresError(kind: .server, sqlState: "0A000", message: "COPY needs copyIn or copyOut")
            default:
                failure = failure ?? serverError(result)
                PQclear(result)
            }
            if PQstatus(raw) == CONNECTION_BAD { break }
        }
        deliverNotifications()
        if PQstatus(raw) == CONNECTION_BAD { throw lost(after: failure) }
        guard let failure else { return last }
        throw explain(failure, patience)
    }

    /// Waits for the socket; stops the statement when somebody asked for it or when time is up.
    func wait(for wanted: Readiness, _ patience: inout Patience) async throws {
        // Before the wait, too: what was asked while this yielded to others has woken nobody.
        heed(&patience)
        let ready = await watch.wait(for: wanted, untilNanoseconds: patience.deadlineNanoseconds)
        guard !isBroken else { throw lost() }
        if !ready.isDisjoint(with: [.readable, .broken]), PQconsumeInput(raw) == 0 { throw lost() }
        heed(&patience)
        guard ready.isEmpty, let deadline = patience.deadlineNanoseconds, EventLoop.monotonicNanoseconds >= deadline
        else { return }
        guard patience.isInterruptible, patience.reason == nil else {
            isBroken = true
            throw explain(
                PostgresError(kind: .connectionLost, message: "no answer from the server in time"), patience)
        }
        stop(.deadline, &patience)
    }

    /// Asks the statement in hand to stop; nil: the next one is not meant any more.
    func interrupt(_ interruption: Interruption?) {
        self.interruption = interruption
        if interruption != nil { watch.wake() }
    }

    /// The statement was asked to stop and its link is given up at once.
    func stopped(_ patience: Patience) -> any Error {
        isBroken = true
        return explain(
            PostgresError(kind: .connectionLost, message: "the statements could not be sent in time"), patience)
    }

    func markBroken() { isBroken = true }

    private func heed(_ patience: inout Patience) {
        guard patience.isInterruptible, patience.reason == nil, let interruption else { return }
        stop(.interruption(interruption), &patience)
    }

    private func stop(_ reason: StopReason, _ patience: inout Patience) {
        patience.reason = reason
        patience.deadlineNanoseconds = nanoseconds(afterSeconds: Self.cancelGraceSeconds)
        wasInterrupted = true
        guard let request = CancelRequest(raw) else { return }
        // PQcancel opens a connection and blocks: a thread of its own, which nobody has to wait for, because this
        // connection is not used again.
        try? BlockingThread.start("pg-cancel") { request.send() }
    }

    // MARK: between statements

    /// Reads what came without being asked for: notifications, or the end of the link.
    func consumeIdleInput() {
        if PQconsumeInput(raw) == 0 || PQstatus(raw) == CONNECTION_BAD { isBroken = true }
        deliverNotifications()
        // Its last words come some time before the link itself ends.
        if farewell != nil { isBroken = true }
        if isBroken { watch.end() }
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

    // MARK: time

    func nanoseconds(afterSeconds seconds: Double) -> Int64 {
        EventLoop.monotonicNanoseconds + Int64(seconds * 1e9)
    }

    /// Patience of one statement under the configured time-out.
    var statementPatience: Patience {
        guard statementTimeoutSeconds > 0 else { return .unlimited }
        let seconds = statementTimeoutSeconds + Self.statementTimeoutMarginSeconds
        return Patience(deadlineNanoseconds: nanoseconds(afterSeconds: seconds))
    }
}
