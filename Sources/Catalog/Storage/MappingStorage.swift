package import Contracts
import FoundationEssentials
package import Kernel
package import Postgres

/// All SQL of the catalog.
package enum MappingStorage {
    package static func insert(_ mapping: ProductMapping, in transaction: Transaction) async throws {
        let content = mapping.content
        try await transaction.execute(
            """
            INSERT INTO catalog.product_mapping
                (id, sku, shopify_product_id, shopify_variant_id, product_name, weight_grams, default_print_profile, is_active)
            VALUES (\(mapping.id), \(content.sku), \(content.shopifyProductID), \(content.shopifyVariantID),
                \(content.productName), \(content.weightGrams), \(content.defaultPrintProfile), \(content.isActive))
            """)
        try await insertParts(of: mapping, in: transaction)
    }

    /// False when there is no such mapping.
    package static func update(_ mapping: ProductMapping, in transaction: Transaction) async throws -> Bool {
        let content = mapping.content
        let touched = try await transaction.execute(
            """
            UPDATE catalog.product_mapping
            SET sku = \(content.sku), shopify_product_id = \(content.shopifyProductID),
                shopify_variant_id = \(content.shopifyVariantID), product_name = \(content.productName),
                weight_grams = \(content.weightGrams), default_print_profile = \(content.defaultPrintProfile),
                is_active = \(content.isActive), updated_at = now()
            WHERE id = \(mapping.id)
            """)
        guard touched == 1 else { return false }
        try await transaction.execute(
            "DELETE FROM catalog.assembly_part WHERE product_mapping_id = \(mapping.id)")
        try await insertParts(of: mapping, in: transaction)
        return true
    }

    /// False when there is no such mapping.
    package static func delete(_ id: ID<ProductMappingTag>, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute("DELETE FROM catalog.product_mapping WHERE id = \(id)") == 1
    }

    package static func mapping(_ id: ID<ProductMappingTag>, in database: Database) async throws -> ProductMapping? {
        let rows = try await database.query(
            """
            SELECT m.*, \(parts: ()) AS parts
            FROM catalog.product_mapping m WHERE m.id = \(id)
            """)
        return try rows.first.map(Self.mapping)
    }

    /// Newest first.
    package static func mappings(
        before: ID<ProductMappingTag>?, text: String?, isActive: Bool?, limit: Int, in database: Database
    ) async throws -> [ProductMapping] {
        try await database.query(
            """
            SELECT m.*, \(parts: ()) AS parts
            FROM catalog.product_mapping m
            WHERE (\(before)::uuid IS NULL OR m.id < \(before)::uuid)
                AND (\(isActive)::boolean IS NULL OR m.is_active = \(isActive)::boolean)
                AND (\(text)::text IS NULL OR strpos(lower(m.product_name), lower(\(text)::text)) > 0
                    OR strpos(lower(coalesce(m.sku, '')), lower(\(text)::text)) > 0)
            ORDER BY m.id DESC LIMIT \(limit)
            """
        ).map(Self.mapping)
    }

    /// Every active mapping that one of the keys could mean.
    package static func candidates(for lines: [LineKeys], in database: Database) async throws -> [ProductMapping] {
        let variants = SQLArray(lines.compactMap(\.shopifyVariantID))
        let skus = SQLArray(lines.compactMap { $0.sku?.trimmedOfSpaces })
        let products = SQLArray(lines.compactMap(\.shopifyProductID))
        return try await database.query(
            """
            SELECT m.*, \(parts: ()) AS parts
            FROM catalog.product_mapping m
            WHERE m.is_active AND (m.shopify_variant_id = ANY(\(variants)::bigint[])
                OR m.sku = ANY(\(skus)::text[]) OR m.shopify_product_id = ANY(\(products)::bigint[]))
            """
        ).map(Self.mapping)
    }

    private static func insertParts(of mapping: ProductMapping, in transaction: Transaction) async throws {
        for part in mapping.content.parts {
            try await transaction.execute(
                """
                INSERT INTO catalog.assembly_part
                    (product_mapping_id, part_number, part_name, simplyprint_file_id, quantity_per_product, print_profile)
                VALUES (\(mapping.id), \(part.partNumber), \(part.partName), \(part.simplyPrintFileID),
                    \(part.quantityPerProduct), \(part.printProfile))
                """)
        }
    }

    private static func mapping(_ row: Row) throws -> ProductMapping {
        let parts = try JSON.decode([StoredPart].self, from: row("parts") as String)
        return ProductMapping(
            id: try row("id"),
            content: ProductMapping.Content(
                sku: try row.optional("sku"), shopifyProductID: try row.optional("shopify_product_id"),
                shopifyVariantID: try row.optional("shopify_variant_id"), productName: try row("product_name"),
                weightGrams: try row("weight_grams"), defaultPrintProfile: try row.optional("default_print_profile"),
                isActive: try row("is_active"), parts: parts.map(\.part)))
    }
}

private struct StoredPart: Decodable {
    let number: Int
    let name: String
    let file: String
    let quantity: Int
    let profile: String?

    var part: ProductMapping.Part {
        ProductMapping.Part(
            partName: name, partNumber: number, simplyPrintFileID: file, quantityPerProduct: quantity,
            printProfile: profile)
    }
}

extension Query.Interpolation {
    /// The parts of mapping `m` as one JSON array, in order: one round trip, no N+1.
    fileprivate mutating func appendInterpolation(parts: Void) {
        appendLiteral(
            """
            (SELECT coalesce(json_agg(json_build_object('number', p.part_number, 'name', p.part_name,
                'file', p.simplyprint_file_id, 'quantity', p.quantity_per_product, 'profile', p.print_profile)
                ORDER BY p.part_number), '[]')
             FROM catalog.assembly_part p WHERE p.product_mapping_id = m.id)
            """)
    }
}
