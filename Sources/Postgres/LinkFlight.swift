import CPostgres
import EventLoop

/// Pipelines: many statements, one round trip.
///
/// The server answers while we still send. Whoever only writes, until both sides' buffers are full, waits for ever
/// (libpq's manual, 34.5 Pipeline Mode), so answers are read whenever the socket does not take more.
extension Link {
    /// Sent to the kernel in pieces of about this size; libpq's own threshold in pipeline mode.
    private static let flushThresholdBytes = 64 * 1024

    /// Statements handed to libpq between two looks at other sockets.
    private static let statementsPerTurnMaximum = 128
    /// Answers taken between two looks at other sockets; each is two calls of libpq.
    private static let answersPerTurnMaximum = 256

    /// Runs the plan's statements in one flight.
    ///
    /// Outside a transaction and without `opening`, the flight is a transaction of its own: all or nothing.
    /// - Throws: `PostgresError` of the first statement that failed, with its place; `CancellationError`.
    func fly(_ plan: Flight.Plan, isInterruptible: Bool = true) async throws -> [StatementResult] {
        let wasIdle = isIdle
        do {
            return try await fly(plan, mayPrepare: true, isInterruptible: isInterruptible)
        } catch let error as PostgresError where error.meansStalePlan && !isBroken {
            let stale = error.statementIndex.flatMap { plan.queries.indices.contains($0) ? $0 : nil }
            guard wasIdle else {
                // What came before it in the transaction is not ours to repeat.
                outdate(stale.map { plan.queries[$0].sql + plan.parameters[$0].signature })
                throw error
            }
            // Nothing was kept, so it may fly again; the texts themselves cannot be stale.
            if !isIdle { try await script("ROLLBACK", statementPatience) }
            if let stale { try await forget(plan.queries[stale]) }
            return try await fly(plan, mayPrepare: false, isInterruptible: isInterruptible)
        }
    }

    private func fly(
        _ plan: Flight.Plan, mayPrepare: Bool, isInterruptible: Bool
    ) async throws -> [StatementResult] {
        guard !isBroken, PQenterPipelineMode(raw) == 1 else { throw lost() }
        var flight = Flight(
            commits: plan.endsWithCommit || (isIdle && plan.opening == nil), capacity: plan.queries.count)
        var patience = statementPatience
        patience.isInterruptible = isInterruptible
        do {
            try await board(plan, mayPrepare: mayPrepare, &flight, &patience)
            try await land(&flight, &patience)
        } catch {
            throw outcome(of: flight, error)
        }
        deliverNotifications()
        for key in flight.unpreparedKeys { statements.forget(key) }
        owedDeallocations += flight.owedDeallocations
        if PQexitPipelineMode(raw) != 1 { markBroken() }
        guard let failure = flight.failure else { return flight.results }
        if PQstatus(raw) == CONNECTION_BAD { throw outcome(of: flight, lost(after: failure.error)) }
        throw explain(failure.error, patience)
    }

    /// What a link that broke in the middle means for the caller.
    private func outcome(of flight: Flight, _ error: any Error) -> any Error {
        markBroken()
        guard flight.mayHaveCommitted else {
            guard let failure = flight.failure, let error = error as? PostgresError else { return error }
            return lost(after: error.sqlState == nil ? failure.error : error)
        }
        // Even for a task that was cancelled: that it may have happened is what the caller must know.
        let said = flight.failure?.error ?? error as? PostgresError
        return PostgresError(
            kind: .connectionLost, sqlState: said?.sqlState, isCommitOutcomeUnknown: true,
            message: said?.message ?? "stopped during COMMIT")
    }

    // MARK: sending

    private func board(
        _ plan: Flight.Plan, mayPrepare: Bool, _ flight: inout Flight, _ patience: inout Patience
    ) async throws {
        if let opening = plan.opening { try send(plain: opening, as: .opening, &flight) }
        for name in owedDeallocations { try send(deallocationOf: name, &flight) }
        owedDeallocations = []
        var unflushedBytes = 0
        for (index, query) in plan.queries.enumerated() {
            try send(query.sql, plan.parameters[index], index, mayPrepare: mayPrepare, &flight)
            unflushedBytes += plan.parameters[index].byteCount + query.sql.utf8.count
            guard unflushedBytes >= Self.flushThresholdBytes || index % Self.statementsPerTurnMaximum == 0 && index > 0
            else { continue }
            unflushedBytes = 0
            try await flush(&flight, &patience)
            // The server skips the rest in any case.
            if flight.failure != nil { break }
            // The loop has others to serve.
            await Task.yield()
        }
        if plan.endsWithCommit, flight.failure == nil { try send(plain: "COMMIT", as: .commit, &flight) }
        guard PQpipelineSync(raw) == 1 else { throw lost() }
    }

    private func send(deallocationOf name: String, _ flight: inout Flight) throws {
        try send(plain: "DEALLOCATE \(name)", as: .deallocation(name: name), &flight)
    }

    private func send(plain sql: String, as step: Flight.Step, _ flight: inout Flight) throws {
        flight.sent(step)
        guard PQsendQueryParams(raw, sql, 0, nil, nil, nil, nil, 0) == 1 else { throw lost() }
    }

    private func send(
        _ sql: String, _ parameters: BoundParameters, _ index: Int, mayPrepare: Bool, _ flight: inout Flight
    ) throws {
        let key = sql + parameters.signature
        var name: String?
        switch mayPrepare ? statements.plan(for: key) : .unprepared {
        case .unprepared: break
        case .prepared(let prepared): name = prepared
        case .prepare(let fresh, let evicted):
            if let evicted { try send(deallocationOf: evicted, &flight) }
            flight.sent(.preparation(key: key, name: fresh))
            guard parameters.withPointers({ PQsendPrepare(raw, fresh, sql, $0.count, $0.types) }) == 1 else {
                throw lost()
            }
            // The next equal text of this very flight already uses it.
            statements.keep(key, name: fresh)
            name = fresh
        }
        flight.sent(.statement(index))
        let isSent = parameters.withPointers { values in
            if let name {
                PQsendQueryPrepared(raw, name, values.count, values.values, values.lengths, values.formats, 0)
            } else {
                PQsendQueryParams(
                    raw, sql, values.count, values.types, values.values, values.lengths, values.formats, 0)
            }
        }
        guard isSent == 1 else { throw lost() }
    }

    /// Until the kernel has taken everything, reading meanwhile.
    private func flush(_ flight: inout Flight, _ patience: inout Patience) async throws {
        while true {
            let flushed = PQflush(raw)
            guard flushed >= 0 else { throw lost() }
            try collect(&flight, &patience)
            if flushed == 0 || flight.failure != nil { return }
            try await wait(for: [.readable, .writable], &patience)
            // Without its Sync nothing of the flight is kept; the server learns of it from the end of the link.
            if patience.isStopping { throw stopped(patience) }
        }
    }

    // MARK: receiving

    private func land(_ flight: inout Flight, _ patience: inout Patience) async throws {
        while true {
            if !flight.isSyncSent {
                let flushed = PQflush(raw)
                guard flushed >= 0 else { throw lost() }
                flight.isSyncSent = flushed == 0
            }
            try collect(&flight, &patience)
            if flight.isOver { return }
            if hasMore(flight) {
                await Task.yield()
                continue
            }
            try await wait(for: flight.isSyncSent ? .readable : [.readable, .writable], &patience)
            if patience.isStopping, !flight.isSyncSent { throw stopped(patience) }
        }
    }

    private func hasMore(_ flight: Flight) -> Bool { flight.isAwaiting && PQisBusy(raw) == 0 }

    /// Takes the answers that are there, up to a turn's share.
    private func collect(_ flight: inout Flight, _ patience: inout Patience) throws {
        var count = 0
        while count < Self.answersPerTurnMaximum, hasMore(flight) {
            count += 1
            guard let result = PQgetResult(raw) else {
                guard flight.finishStep(), PQstatus(raw) != CONNECTION_BAD else { throw lost() }
                continue
            }
            let answer = StatementResult(owning: result)
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: flight.succeeded(answer)
            case PGRES_PIPELINE_SYNC: flight.synced()
            case PGRES_PIPELINE_ABORTED: flight.skipped()
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                throw PostgresError(kind: .server, sqlState: "0A000", message: "no COPY in a flight")
            default:
                let isFatal = forma3d_pq_severity(result).map { String(cString: $0) } != "ERROR"
                flight.failed(
                    serverError(result).at(statement: flight.currentStatement), isServerAlive: !isFatal)
            }
        }
        // `statement_timeout` is for each statement, so is our patience.
        if count > 0, !patience.isStopping { patience.deadlineNanoseconds = statementPatience.deadlineNanoseconds }
    }
}
