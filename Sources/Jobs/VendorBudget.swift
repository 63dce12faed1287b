package import Postgres

/// A vendor's request budget, shared by every replica: never more than `perMinute` calls in any 60 seconds.
package struct VendorBudget: Sendable {
    package init(database: Database, name: String, perMinute: Int) {}

    /// Takes one call out of the budget.
    /// - Throws: `JobFailure.notNow` with the seconds until the next free call.
    package func take() async throws { fatalError("skeleton") }
}
