package import Contracts
package import Jobs
package import Kernel
package import Postgres

/// The use cases of the catalog; each is one transaction.
package struct Catalogue: CatalogContract {
    private let database: Database
    private let outbox: Outbox
    private let identities: Identities

    package init(database: Database, outbox: Outbox, identities: Identities) {
        self.database = database
        self.outbox = outbox
        self.identities = identities
    }

    package func mappings(for lines: [LineKeys]) async throws -> [ProductMappingView?] {
        TransactionScope.requireClosed(for: "catalog.mappings")
        guard !lines.isEmpty else { return [] }
        let candidates = try await MappingStorage.candidates(for: lines, in: database)
        return lines.map { MappingChoice.choose(for: $0, among: candidates)?.view }
    }

    package func mapping(_ id: ProductMappingID) async throws -> ProductMapping? {
        try await MappingStorage.mapping(id, in: database)
    }

    /// A page, newest first.
    package func mappings(
        before: ProductMappingID?, text: String?, isActive: Bool?, limit: Int
    ) async throws -> [ProductMapping] {
        try await MappingStorage.mappings(before: before, text: text, isActive: isActive, limit: limit, in: database)
    }

    /// - Throws: `Problem` 409 that names the key another active mapping has.
    package func create(_ content: ProductMapping.Content) async throws -> ProductMapping {
        let mapping = ProductMapping(id: identities.make(), content: content)
        try await namingTakenKeys {
            try await database.transaction { transaction in
                try await MappingStorage.insert(mapping, in: transaction)
                try await outbox.append(
                    ProductMappingCreated(productMappingID: mapping.id), about: StreamID(mapping.id.uuid),
                    source: "catalog",
                    in: transaction)
            }
        }
        return mapping
    }

    /// - Throws: `Problem` 404, or 409 that names the key another active mapping has.
    package func replace(_ id: ProductMappingID, with content: ProductMapping.Content) async throws -> ProductMapping {
        let mapping = ProductMapping(id: id, content: content)
        try await namingTakenKeys {
            try await database.transaction { transaction in
                guard try await MappingStorage.update(mapping, in: transaction) else { throw Self.noSuchMapping }
                try await outbox.append(
                    ProductMappingUpdated(productMappingID: id), about: StreamID(id.uuid), source: "catalog",
                    in: transaction)
            }
        }
        return mapping
    }

    /// Orders keep what they were mapped to; only new lines no longer find it.
    /// - Throws: `Problem` 404.
    package func delete(_ id: ProductMappingID) async throws {
        try await database.transaction { transaction in
            guard try await MappingStorage.delete(id, in: transaction) else { throw Self.noSuchMapping }
        }
    }

    package static let noSuchMapping = Problem.notFound("There is no product mapping with this id.")

    private func namingTakenKeys(_ write: () async throws -> Void) async throws {
        do {
            try await write()
        } catch let error as PostgresError where error.sqlState == .uniqueViolation {
            let field =
                switch error.constraint {
                case "product_mapping_sku_active": "sku"
                case "product_mapping_product_active": "shopifyProductId"
                case "product_mapping_variant_active": "shopifyVariantId"
                default: "parts"
                }
            throw Problem.conflict(
                "Another active product mapping already has this \(field).",
                fields: [
                    .init(
                        field, "is taken by another active mapping",
                        allowed: "a value no active mapping has; or switch the other one off")
                ])
        }
    }
}
