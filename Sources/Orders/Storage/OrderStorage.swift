package import Contracts
import FoundationEssentials
import Jobs
import Kernel
package import Postgres

/// Loads and saves whole orders under their row lock. All SQL that writes them is here.
package enum OrderStorage {
    /// Makes sure that the order exists and locks it.
    ///
    /// - Returns: nil when it was not known: then an empty row holds its place in this transaction.
    package static func lockOrReserve(
        _ fresh: Order, in transaction: Transaction
    ) async throws -> Order? {
        let inserted = try await transaction.execute(
            """
            INSERT INTO orders.shop_order (id, shopify_order_id, order_number, status, shop_updated_at, payment_rank,
                is_test, currency, ordered_at)
            VALUES (\(fresh.id), \(fresh.shopifyOrderID), \(fresh.orderNumber), 'received',
                \(fresh.revision.updatedAt), \(fresh.revision.paymentRank), \(fresh.isTest), \(fresh.currency),
                \(fresh.orderedAt))
            ON CONFLICT (shopify_order_id) DO NOTHING
            """)
        if inserted == 1 { return nil }
        return try await lock(shopifyOrderID: fresh.shopifyOrderID, in: transaction)
    }

    package static func lock(shopifyOrderID: Int64, in transaction: Transaction) async throws -> Order? {
        let rows = try await transaction.query(
            "SELECT * FROM orders.shop_order WHERE shopify_order_id = \(shopifyOrderID) FOR UPDATE")
        return try await order(rows.first, in: transaction)
    }

    package static func lock(_ id: OrderID, in transaction: Transaction) async throws -> Order? {
        let rows = try await transaction.query("SELECT * FROM orders.shop_order WHERE id = \(id) FOR UPDATE")
        return try await order(rows.first, in: transaction)
    }

    /// Writes the whole order, its lines, and what is new of its print jobs.
    /// - Parameter known: the order as it was loaded under its lock; nil: its place was reserved in this transaction.
    /// - Throws: `StaleWrite` when the row has been written since the order was read.
    package static func save(
        _ order: inout Order, since known: Order?, raw: String?, in transaction: Transaction
    ) async throws {
        try await saveRow(&order, raw: raw, in: transaction)
        try await saveLines(of: order, in: transaction)
        try await PrintFactStorage.save(order, since: known, in: transaction)
    }

    private static func saveRow(_ order: inout Order, raw: String?, in transaction: Transaction) async throws {
        let address = try order.address.map { try JSON.text($0) }
        let isWritten =
            try await transaction.execute(
                """
                UPDATE orders.shop_order
                SET order_number = \(order.orderNumber), status = \(order.status.rawValue),
                    shop_updated_at = \(order.revision.updatedAt), payment_rank = \(OrderRow.storedRank(order.revision)),
                    shop_triggered_at = \(order.revision.triggeredAt), content_rank = \(order.revision.contentRank),
                    financial_status = \(order.financialStatus), shop_fulfillment_status = \(order.shopFulfillmentStatus), is_test = \(order.isTest),
                    cancelled_at = \(order.cancelledAt), currency = \(order.currency), total_price = \(order.totalPrice),
                    customer_name = \(order.customerName), email = \(order.email), phone = \(order.phone),
                    shipping_address = \(address)::jsonb, raw = coalesce(\(raw)::jsonb, raw),
                    production_started_at = \(order.productionStartedAt), ready_at = \(order.readyAt),
                    shipped_at = \(order.shippedAt), fulfilled_at = \(order.fulfilledAt),
                    production_version = \(order.productionVersion), attention_code = \(order.attention?.code),
                    attention_reason = \(order.attention?.reason), attention_action = \(order.attention?.action),
                    attention_since = \(order.attention?.since), updated_at = now(), row_version = row_version + 1
                WHERE id = \(order.id) AND row_version = \(order.rowVersion)
                """) == 1
        guard isWritten else { throw StaleWrite("order \(order.orderNumber)") }
        order.rowVersion += 1
    }

    private static func saveLines(of order: Order, in transaction: Transaction) async throws {
        let lines = try JSON.text(order.lines.map(StoredLine.init))
        try await transaction.execute(
            """
            INSERT INTO orders.line_item AS l (id, order_id, shopify_line_item_id, position, title, sku,
                shopify_product_id, shopify_variant_id, quantity, current_quantity, fulfilled_before, price,
                skipped_because, properties, state, product_mapping_id, weight_grams, parts)
            SELECT n.id, \(order.id)::uuid, n.shopify_line_item_id, n.position, n.title, n.sku, n.shopify_product_id,
                n.shopify_variant_id, n.quantity, n.current_quantity, n.fulfilled_before, n.price, n.skipped_because, n.properties,
                n.state, n.product_mapping_id, n.weight_grams, n.parts
            FROM jsonb_to_recordset(\(lines)::jsonb) AS n (id uuid, shopify_line_item_id bigint, position integer,
                title text, sku text, shopify_product_id bigint, shopify_variant_id bigint, quantity integer,
                current_quantity integer, fulfilled_before integer, price numeric, skipped_because text, properties jsonb, state text,
                product_mapping_id uuid, weight_grams integer, parts jsonb)
            ON CONFLICT (id) DO UPDATE SET position = EXCLUDED.position, title = EXCLUDED.title, sku = EXCLUDED.sku,
                shopify_product_id = EXCLUDED.shopify_product_id, shopify_variant_id = EXCLUDED.shopify_variant_id,
                quantity = EXCLUDED.quantity, current_quantity = EXCLUDED.current_quantity,
                fulfilled_before = EXCLUDED.fulfilled_before, price = EXCLUDED.price,
                skipped_because = EXCLUDED.skipped_because, properties = EXCLUDED.properties, state = EXCLUDED.state,
                product_mapping_id = EXCLUDED.product_mapping_id, weight_grams = EXCLUDED.weight_grams,
                parts = EXCLUDED.parts
            WHERE (l.position, l.title, l.sku, l.shopify_product_id, l.shopify_variant_id, l.quantity,
                    l.current_quantity, l.price, l.skipped_because, l.properties, l.state, l.product_mapping_id,
                    l.weight_grams, l.parts)
                IS DISTINCT FROM (EXCLUDED.position, EXCLUDED.title, EXCLUDED.sku, EXCLUDED.shopify_product_id,
                    EXCLUDED.shopify_variant_id, EXCLUDED.quantity, EXCLUDED.current_quantity, EXCLUDED.price,
                    EXCLUDED.skipped_because, EXCLUDED.properties, EXCLUDED.state, EXCLUDED.product_mapping_id,
                    EXCLUDED.weight_grams, EXCLUDED.parts)
            """)
    }

    private static func order(_ row: Row?, in transaction: Transaction) async throws -> Order? {
        guard let row else { return nil }
        let id: OrderID = try row("id")
        let lines = try await transaction.query(
            """
            SELECT l.*, (SELECT coalesce(json_agg(json_build_object(
                    'partNumber', f.part_number, 'copyNumber', f.copy_number)), '[]')
                FROM orders.finished_part f WHERE f.line_item_id = l.id) AS finished
            FROM orders.line_item l WHERE l.order_id = \(id) ORDER BY l.position
            """)
        var order = try OrderRow.order(row)
        order.lines = try lines.map(OrderRow.line)
        order.printFacts = try await PrintFactStorage.facts(of: id, in: transaction)
        order.failedPrintJobs = Set(order.printFacts.filter { $0.value.outcome == .failed }.keys)
        return order
    }
}
