import Contracts
package import FoundationEssentials
import Kernel
package import Postgres

/// How far the shop was compared with us.
package enum ReconciliationStorage {
    package struct Progress: Sendable {
        package let startedAt: Date
        package let watermark: Date
        /// The clock for decisions (DESIGN §3.9).
        package let now: Date
    }

    /// Where the comparison stands; the first call starts it now.
    package static func begin(in database: Database) async throws -> Progress {
        try await database.execute(
            """
            INSERT INTO orders.reconciliation (started_at, watermark) VALUES (jobs.clock(), jobs.clock())
            ON CONFLICT (only_row) DO NOTHING
            """)
        let rows = try await database.query(
            "SELECT started_at, watermark, jobs.clock() AS now FROM orders.reconciliation")
        guard let row = rows.first else { throw RowError(column: "watermark", reason: "is not there") }
        return Progress(startedAt: try row("started_at"), watermark: try row("watermark"), now: try row("now"))
    }

    /// Never back, and never beyond now: one order with an odd time must not hide the others.
    package static func advance(to newest: Date?, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE orders.reconciliation
            SET watermark = GREATEST(watermark, LEAST(\(newest)::timestamptz, jobs.clock())),
                finished_at = jobs.clock()
            """)
    }

    package static func noteSweep(in transaction: Transaction) async throws {
        try await transaction.execute("UPDATE orders.reconciliation SET swept_at = jobs.clock()")
    }

    /// What we last took of each of these orders; an unknown one is left out.
    package static func revisions(
        of shopifyOrderIDs: [Int64], in database: Database
    ) async throws -> [Int64: Order.Revision] {
        let rows = try await database.query(
            """
            SELECT shopify_order_id, shop_updated_at, payment_rank, cancelled_at IS NOT NULL AS is_cancelled
            FROM orders.shop_order
            WHERE shopify_order_id = ANY(\(SQLArray(shopifyOrderIDs))::bigint[])
            """)
        var revisions: [Int64: Order.Revision] = [:]
        for row in rows {
            revisions[try row("shopify_order_id")] = Order.Revision(
                updatedAt: try row("shop_updated_at"), isCancelled: try row("is_cancelled"),
                paymentRank: try row("payment_rank"))
        }
        return revisions
    }
}
