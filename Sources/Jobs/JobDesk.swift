package import Postgres

/// What an operator may do to a job that waits.
package struct JobDesk: Sendable {
    package init() {}

    package enum Cancellation: Hashable, Sendable {
        case cancelled
        /// It runs or has ended: `running`, `done`, `dead`, `cancelled`.
        case notReady(state: String)
        case unknown
    }

    /// Takes a ready job out of the queue for good. One that runs is left alone: only its owner can end it.
    /// - Parameter reason: kept with the job, for the operators after this one.
    package func cancel(_ jobID: Int64, reason: String, in transaction: Transaction) async throws -> Cancellation {
        let reason = String(reason.prefix(FailureReading.messageMaximum)).replacing("\0", with: "")
        if try await DeskStorage.cancel(jobID, reason: reason, in: transaction) { return .cancelled }
        guard let state = try await DeskStorage.state(of: jobID, in: transaction) else { return .unknown }
        return .notReady(state: state)
    }
}
