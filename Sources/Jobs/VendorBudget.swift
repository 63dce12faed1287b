package import Postgres

/// A vendor's request budget, shared by every replica: never more than `perMinute` calls in any 60 seconds.
///
/// Calls are counted in buckets of five seconds over the last 65: thirteen buckets cover every window of 60 seconds,
/// so the limit is exact whatever the phase. The price is that a burst comes back after up to 65 seconds.
package struct VendorBudget: Sendable {
    private let database: Database
    private let name: String
    private let perMinute: Int

    /// - Parameter perMinute: zero or less means no limit and no statement.
    package init(database: Database, name: String, perMinute: Int) {
        self.database = database
        self.name = name
        self.perMinute = perMinute
    }

    /// Takes one call out of the budget.
    /// - Parameter share: this part of the budget is left for others, 0 to 1: a rush of new work must not starve those
    ///   who watch the old.
    /// - Throws: `JobFailure.notNow` with the seconds until the next free call; `PostgresError`.
    package func take(sparing share: Double = 0) async throws {
        guard perMinute > 0 else { return }
        let limit = max(1, perMinute - Int(Double(perMinute) * share))
        guard try await BudgetStorage.take(from: name, perMinute: limit, in: database) else {
            let seconds = try await BudgetStorage.secondsUntilFree(name, in: database)
            throw JobFailure.notNow(
                "The budget of \(perMinute) requests a minute at \(name) is used up.", retryAfterSeconds: seconds)
        }
    }
}
