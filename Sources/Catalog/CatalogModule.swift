package import Contracts
package import Jobs
package import Kernel
package import Postgres
package import Routing

/// What each product is printed from: product mappings and their assembly parts.
package struct CatalogModule: Sendable {
    private let catalogue: Catalogue

    package init(database: Database, outbox: Outbox, identities: Identities) {
        catalogue = Catalogue(database: database, outbox: outbox, identities: identities)
    }

    package var contract: any CatalogContract { catalogue }
    package var routes: [Route] { MappingRoutes(catalogue: catalogue).routes }
}
