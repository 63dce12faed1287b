package import Kernel

/// The five-character SQLSTATE of PostgreSQL's Appendix A.
package struct SQLState: Hashable, Sendable, ExpressibleByStringLiteral {
    package let code: String

    package init(_ code: String) { self.code = code }
    package init(stringLiteral value: String) { code = value }

    package static let uniqueViolation: SQLState = "23505"
    package static let foreignKeyViolation: SQLState = "23503"
    package static let checkViolation: SQLState = "23514"
    package static let notNullViolation: SQLState = "23502"
    package static let serializationFailure: SQLState = "40001"
    package static let deadlockDetected: SQLState = "40P01"
    package static let queryCanceled: SQLState = "57014"
    package static let lockNotAvailable: SQLState = "55P03"
    package static let idleInTransactionSessionTimeout: SQLState = "25P03"
    package static let undefinedTable: SQLState = "42P01"
}

/// A statement or connection that failed.
///
/// `description` is generic on purpose: messages of the server can quote rows. The whole story is in
/// `debugDescription`, for logs at debug level and tests.
package struct PostgresError: Error, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The server answered with an error.
        case server
        /// No connection could be had: refused, time-out, authentication.
        case unreachable
        /// The link broke while a statement was in hand.
        case connectionLost
        /// No free connection within the checkout time-out.
        case poolExhausted
        /// The pool or session was closed.
        case closed
    }

    package let kind: Kind
    package let sqlState: SQLState?
    package let constraint: String?
    package let table: String?
    package let column: String?
    /// The link broke during COMMIT: it may have happened or not.
    package let isCommitOutcomeUnknown: Bool
    /// The link had broken before the statement was sent: nothing can have happened, try again at once.
    package let isUnsent: Bool
    /// Which statement of a flight failed, counted from 0; nil for a single one, for COMMIT and for a broken link.
    package let statementIndex: Int?
    package let message: String

    package init(
        kind: Kind, sqlState: SQLState? = nil, constraint: String? = nil, table: String? = nil,
        column: String? = nil, isCommitOutcomeUnknown: Bool = false, isUnsent: Bool = false, statementIndex: Int? = nil,
        message: String
    ) {
        self.kind = kind
        self.sqlState = sqlState
        self.constraint = constraint
        self.table = table
        self.column = column
        self.isCommitOutcomeUnknown = isCommitOutcomeUnknown
        self.isUnsent = isUnsent
        self.statementIndex = statementIndex
        self.message = message
    }

    /// The same error of the statement at this place of a flight.
    func at(statement index: Int?) -> PostgresError {
        PostgresError(
            kind: kind, sqlState: sqlState, constraint: constraint, table: table, column: column,
            isCommitOutcomeUnknown: isCommitOutcomeUnknown, isUnsent: isUnsent, statementIndex: index,
            message: message)
    }

    package var description: String {
        "PostgreSQL: \(kind)\(sqlState.map { " \($0.code)" } ?? "")\(constraint.map { " on \($0)" } ?? "")"
    }

    package var debugDescription: String { "\(description): \(message)" }
}

extension PostgresError: RetryClassified {
    package var retryVerdict: RetryVerdict {
        switch (kind, sqlState) {
        case (.server, .serializationFailure?), (.server, .deadlockDetected?), (.server, .lockNotAvailable?),
            (.server, .queryCanceled?):
            .notNow(retryAfterSeconds: nil)
        case (.server, let state?) where ["08", "53", "57", "58"].contains(String(state.code.prefix(2))):
            .notNow(retryAfterSeconds: nil)
        // A migration changed a table under a transaction; the next one has a fresh plan.
        case (.server, _) where meansStalePlan: .notNow(retryAfterSeconds: nil)
        // Class 22 (data exception) and 23 (integrity): a value that can never be stored. An equal row or a missing one
        // may be there or gone the next time.
        case (.server, .uniqueViolation?), (.server, .foreignKeyViolation?): .wrong
        case (.server, let state?) where ["22", "23"].contains(state.code.prefix(2)): .rejected
        case (.server, _): .wrong
        default: .notNow(retryAfterSeconds: nil)
        }
    }

    /// Never the value: it may be anybody's data.
    package var operatorMessage: String {
        guard retryVerdict == .rejected, let sqlState else {
            return "The database could not do this now (\(description))."
        }
        let what = [sqlState.code, sqlState.words].compactMap { $0 }.joined(separator: " ")
        let place = [
            constraint.map { "constraint \($0)" }, column.map { "column \($0)" }, table.map { "table \($0)" },
        ].compactMap { $0 }
        return "The database refuses a value (\(([what] + place).joined(separator: ", ")))."
    }
}

extension SQLState {
    /// The condition's name in PostgreSQL's Appendix A, for the values that cannot be stored.
    fileprivate var words: String? {
        switch code {
        case "22001": "text too long for its column"
        case "22003": "numeric value out of range"
        case "22007": "invalid date or time"
        case "22008": "date or time out of range"
        case "22012": "division by zero"
        case "22021": "character not in repertoire"
        case "22023": "invalid parameter value"
        case "22P02": "text in a form its type does not have"
        case "22P05": "character that cannot be translated"
        case "23502": "value missing"
        case "23514": "check violation"
        default: nil
        }
    }
}
