import Kernel
package import Postgres

/// All SQL of the browsers that want to be told.
package enum PushStorage {
    /// Keeps one subscription to an endpoint: a browser that subscribes again gets the one it has, with its new keys.
    /// - Returns: nil when there are `limit` others already.
    package static func save(
        _ subscription: PushSubscription, limit: Int, in transaction: Transaction
    ) async throws -> PushSubscriptionID? {
        // One at a time, so that the limit is one; operators subscribe rarely.
        try await transaction.execute("LOCK TABLE notify.push_subscription IN SHARE ROW EXCLUSIVE MODE")
        return try await transaction.query(
            """
            INSERT INTO notify.push_subscription AS known (id, endpoint, p256dh, auth)
            SELECT \(subscription.id)::uuid, \(subscription.endpoint)::text, \(subscription.key)::text,
                \(subscription.authentication)::text
            WHERE (SELECT count(*) FROM notify.push_subscription WHERE endpoint <> \(subscription.endpoint)) < \(limit)
            ON CONFLICT (endpoint) DO UPDATE SET p256dh = excluded.p256dh, auth = excluded.auth
            RETURNING id
            """
        ).first.map { try $0("id") }
    }

    /// False when there is none.
    package static func delete(_ id: PushSubscriptionID, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute("DELETE FROM notify.push_subscription WHERE id = \(id)") == 1
    }

    package static func subscription(
        _ id: PushSubscriptionID, in database: Database
    ) async throws -> PushSubscription? {
        try await database.query("SELECT id, endpoint, p256dh, auth FROM notify.push_subscription WHERE id = \(id)")
            .first.map(subscription)
    }

    package static func ids(in database: Database) async throws -> [PushSubscriptionID] {
        try await database.query("SELECT id FROM notify.push_subscription ORDER BY id").map { try $0("id") }
    }

    private static func subscription(_ row: Row) throws -> PushSubscription {
        PushSubscription(
            id: try row("id"), endpoint: try row("endpoint"), key: try row("p256dh"), authentication: try row("auth"))
    }
}
