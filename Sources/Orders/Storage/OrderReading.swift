package import Contracts
import FoundationEssentials
import Kernel
package import Postgres

/// Reads orders without locking them.
package enum OrderReading {
    package static func order(_ id: OrderID, in database: Database) async throws -> Order? {
        try await orders(where: "o.id = \(id)", limit: 1, in: database).first
    }

    /// Newest first.
    package static func orders(_ search: OrderSearch, in database: Database) async throws -> [Order] {
        try await orders(
            where: """
                (\(search.status?.rawValue)::text IS NULL OR o.status = \(search.status?.rawValue)::text)
                AND (\(search.shopifyOrderID)::bigint IS NULL OR o.shopify_order_id = \(search.shopifyOrderID)::bigint)
                AND (\(search.before)::uuid IS NULL OR o.id < \(search.before)::uuid)
                AND (\(search.text)::text IS NULL OR strpos(lower(o.order_number), lower(\(search.text)::text)) > 0
                    OR EXISTS (SELECT 1 FROM orders.line_item s WHERE s.order_id = o.id
                        AND (strpos(lower(s.title), lower(\(search.text)::text)) > 0
                            OR strpos(lower(coalesce(s.sku, '')), lower(\(search.text)::text)) > 0)))
                """, limit: search.limit, in: database)
    }

    /// Whether production of the order is known to have started.
    package static func hasStarted(_ id: OrderID, in database: Database) async throws -> Bool {
        try await !database.query(
            "SELECT 1 FROM orders.shop_order WHERE id = \(id) AND production_started_at IS NOT NULL"
        ).isEmpty
    }

    /// Orders with a line that waits for a mapping, or that was mapped to this one and has nothing printed yet.
    package static func unsettled(
        by mapping: ProductMappingID?, in database: Database
    ) async throws -> [OrderID] {
        try await database.query(
            """
            SELECT DISTINCT l.order_id AS id FROM orders.line_item l
            JOIN orders.shop_order o ON o.id = l.order_id
            WHERE l.skipped_because IS NULL AND l.current_quantity > 0 AND o.cancelled_at IS NULL
                AND (l.product_mapping_id IS NULL OR (l.product_mapping_id = \(mapping)::uuid AND o.ready_at IS NULL))
            """
        ).map { try $0("id") }
    }

    private static func orders(where condition: Query, limit: Int, in database: Database) async throws -> [Order] {
        let rows = try await database.query(
            """
            SELECT o.*,
                (SELECT coalesce(json_agg(f.print_job_id), '[]') FROM orders.failed_print_job f
                 WHERE f.order_id = o.id) AS failed,
                (SELECT coalesce(json_agg(to_jsonb(l) || jsonb_build_object('finished',
                        (SELECT coalesce(jsonb_agg(jsonb_build_object('partNumber', p.part_number,
                            'copyNumber', p.copy_number)), '[]')
                         FROM orders.finished_part p WHERE p.line_item_id = l.id)) ORDER BY l.position), '[]')
                 FROM orders.line_item l WHERE l.order_id = o.id) AS lines
            FROM orders.shop_order o
            WHERE \(condition: condition)
            ORDER BY o.id DESC LIMIT \(limit)
            """)
        return try rows.map { row in
            var order = try OrderRow.order(row)
            order.lines = try JSON.decode([JSONLine].self, from: row("lines") as String).map(\.line)
            order.failedPrintJobs = Set(try JSON.decode([PrintJobID].self, from: row("failed") as String))
            return order
        }
    }
}

/// A line as `to_jsonb` gives it.
private struct JSONLine: Decodable {
    let line: Order.Line

    private enum CodingKeys: String, CodingKey {
        case id, position, title, sku, quantity, price, properties, state, parts, finished
        case shopifyLineItemID = "shopify_line_item_id"
        case shopifyProductID = "shopify_product_id"
        case shopifyVariantID = "shopify_variant_id"
        case currentQuantity = "current_quantity"
        case fulfilledBefore = "fulfilled_before"
        case skippedBecause = "skipped_because"
        case mappingID = "product_mapping_id"
        case weightGrams = "weight_grams"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        var mapping: Order.LineMapping?
        if let id = try fields.decodeIfPresent(ProductMappingID.self, forKey: .mappingID) {
            mapping = Order.LineMapping(
                id: id, weightGrams: try fields.decode(Int.self, forKey: .weightGrams),
                parts: try fields.decode([AssemblyPartView].self, forKey: .parts))
        }
        var line = Order.Line(
            id: try fields.decode(LineItemID.self, forKey: .id),
            shopifyLineItemID: try fields.decode(Int64.self, forKey: .shopifyLineItemID),
            position: try fields.decode(Int.self, forKey: .position),
            title: try fields.decode(String.self, forKey: .title),
            sku: try fields.decodeIfPresent(String.self, forKey: .sku),
            shopifyProductID: try fields.decodeIfPresent(Int64.self, forKey: .shopifyProductID),
            shopifyVariantID: try fields.decodeIfPresent(Int64.self, forKey: .shopifyVariantID),
            quantity: try fields.decode(Int.self, forKey: .quantity),
            currentQuantity: try fields.decode(Int.self, forKey: .currentQuantity),
            price: try fields.decodeIfPresent(Decimal.self, forKey: .price),
            skippedBecause: try fields.decodeIfPresent(Order.SkipReason.self, forKey: .skippedBecause),
            properties: try fields.decode([Order.Property].self, forKey: .properties),
            state: try fields.decode(LineItemState.self, forKey: .state), mapping: mapping,
            finished: try fields.decode(Set<Order.CopyKey>.self, forKey: .finished))
        line.fulfilledBefore = try fields.decode(Int.self, forKey: .fulfilledBefore)
        self.line = line
    }
}
