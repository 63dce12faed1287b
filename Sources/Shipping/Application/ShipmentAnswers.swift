package import Artefacts
package import Contracts
import Kernel
package import Postgres

/// What Shipping answers: to the rooms above and to operators.
package struct ShipmentAnswers: ShippingContract {
    private let database: Database
    private let artefacts: ArtefactStore

    package init(database: Database, artefacts: ArtefactStore) {
        self.database = database
        self.artefacts = artefacts
    }

    package func shipments(of orders: [OrderID]) async throws -> [ShipmentView] {
        TransactionScope.requireClosed(for: "shipping.shipments")
        return try await ShipmentStorage.views(of: orders, in: database)
    }

    package func view(_ id: ShipmentID) async throws -> ShipmentView? {
        try await ShipmentStorage.view(id, in: database)
    }

    package func page(state: ShipmentState?, before: ShipmentID?, limit: Int) async throws -> [ShipmentView] {
        try await ShipmentStorage.views(state: state, before: before, limit: limit, in: database)
    }

    /// The stored label; nil when there is none.
    package func label(of id: ShipmentID) async throws -> ArtefactStore.Artefact? {
        guard let digest = try await ShipmentStorage.shipment(id, in: database)?.labelDigest else { return nil }
        return try await artefacts.get(digest)
    }
}
