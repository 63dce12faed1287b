import Postgres

/// The statements of an operator over one job.
enum DeskStorage {
    static func cancel(_ jobID: Int64, reason: String, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE jobs.job SET state = 'cancelled', finished_at = jobs.clock(), last_error = \(reason)
            WHERE id = \(jobID) AND state = 'ready'
            """) == 1
    }

    static func state(of jobID: Int64, in transaction: Transaction) async throws -> String? {
        try await transaction.query("SELECT state FROM jobs.job WHERE id = \(jobID)").first?("state")
    }
}
