import CPostgres

extension Link {
    /// How one statement is waited for.
    struct Patience {
        /// By the loop's clock; nil waits as long as the server lets it run.
        var deadlineNanoseconds: Int64?
        /// False for COMMIT and ROLLBACK: stopping half-way leaves nobody the wiser.
        var isInterruptible = true
        var reason: StopReason?

        static let unlimited = Patience()

        init(deadlineNanoseconds: Int64? = nil, isInterruptible: Bool = true) {
            self.deadlineNanoseconds = deadlineNanoseconds
            self.isInterruptible = isInterruptible
        }

        /// The statement was asked to stop.
        var isStopping: Bool { reason != nil }
    }

    enum StopReason {
        case interruption(Interruption)
        case deadline
    }

    // MARK: errors

    /// The server's error, or the reason why it was made to give one.
    func explain(_ error: PostgresError, _ patience: Patience) -> any Error {
        guard error.sqlState == .queryCanceled || error.sqlState == nil else { return error }
        switch patience.reason {
        case .interruption(.cancelled)?: return CancellationError()
        case .interruption(.closing)?: return PostgresError(kind: .closed, message: "the connection was closed")
        case .deadline?, nil: return error
        }
    }

    var errorMessage: String { String(cString: PQerrorMessage(raw)) }

    func lost(after error: PostgresError? = nil) -> PostgresError {
        markBroken()
        return PostgresError(
            kind: .connectionLost, sqlState: error?.sqlState, message: error?.message ?? errorMessage)
    }

    /// - Parameter result: stays the caller's to clear.
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
final class CancelRequest: @unchecked Sendable {
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
