package import FoundationEssentials
package import Postgres

/// Orders that the shop deleted before we had heard of them.
///
/// Whoever buries an order and whoever sees one for the first time queue up at one lock per order: else each could
/// commit without having seen the other, and a deleted order would be printed. Whoever sees it holds its new row by
/// then, which the other cannot see and so does not wait for.
package enum TombstoneStorage {
    package static func bury(_ shopifyOrderID: Int64, at time: Date, in transaction: Transaction) async throws {
        try await queueUp(shopifyOrderID, in: transaction)
        try await transaction.execute(
            """
            INSERT INTO orders.deleted_order (shopify_order_id, deleted_at) VALUES (\(shopifyOrderID), \(time))
            ON CONFLICT (shopify_order_id) DO NOTHING
            """)
    }

    /// When the shop deleted it; nil when it did not.
    package static func deletedAt(_ shopifyOrderID: Int64, in transaction: Transaction) async throws -> Date? {
        try await queueUp(shopifyOrderID, in: transaction)
        return try await transaction.query(
            "SELECT deleted_at FROM orders.deleted_order WHERE shopify_order_id = \(shopifyOrderID)"
        ).first.map { try $0("deleted_at") }
    }

    /// A statement of its own: the next one must see what the other committed.
    private static func queueUp(_ shopifyOrderID: Int64, in transaction: Transaction) async throws {
        _ = try await transaction.query(
            "SELECT pg_advisory_xact_lock(hashtextextended('deleted order ' || \(shopifyOrderID)::text, 0))::text AS lock"
        )
    }
}
