package import Contracts
package import Kernel
package import Postgres

/// What Fulfilment answers to the rooms above it.
package struct FulfilmentAnswers: FulfilmentContract {
    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    package func fulfilments(of orders: [OrderID]) async throws -> [FulfilmentView] {
        TransactionScope.requireClosed(for: "fulfilment.fulfilments")
        return try await FulfilmentStorage.views(of: orders, in: database)
    }

    package func problems(of orders: [OrderID]) async throws -> [OrderID: Attention] {
        try await FulfilmentStorage.planProblems(of: orders, in: database)
    }
}
