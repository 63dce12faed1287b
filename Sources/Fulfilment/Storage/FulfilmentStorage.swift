package import Contracts
import FoundationEssentials
package import Kernel
package import Postgres

/// All SQL of fulfilment.
package enum FulfilmentStorage {
    /// How far the order's plan is.
    package struct Plan: Hashable, Sendable {
        package let isComplete: Bool
        package let isFulfilled: Bool
        /// How often it was planned anew because Shopify refused it.
        package let replans: Int
        /// A fulfilment that was made, or will be, mails the customer.
        package let hasNotified: Bool
    }

    /// Locks the order's plan, made when there is none.
    package static func lockPlan(
        of order: OrderID, orderNumber: String, in transaction: Transaction
    ) async throws -> Plan {
        try await transaction.execute(
            """
            INSERT INTO fulfilment.order_plan (order_id, order_number) VALUES (\(order), \(orderNumber))
            ON CONFLICT (order_id) DO NOTHING
            """)
        let rows = try await transaction.query(
            """
            SELECT is_complete, fulfilled_at IS NOT NULL AS is_fulfilled, replans,
                EXISTS (SELECT 1 FROM fulfilment.fulfilment f
                    WHERE f.order_id = p.order_id AND f.notifies_customer
                        AND NOT (f.state = 'planned' AND f.problem_code IS NOT NULL)) AS has_notified
            FROM fulfilment.order_plan p WHERE p.order_id = \(order) FOR UPDATE OF p
            """)
        guard let row = rows.first else {
            return Plan(isComplete: false, isFulfilled: false, replans: 0, hasNotified: false)
        }
        return Plan(
            isComplete: try row("is_complete"), isFulfilled: try row("is_fulfilled"), replans: try row("replans"),
            hasNotified: try row("has_notified"))
    }

    package static func isComplete(_ order: OrderID, in database: Database) async throws -> Bool {
        try await !database.query(
            "SELECT 1 AS one FROM fulfilment.order_plan WHERE order_id = \(order) AND is_complete"
        ).isEmpty
    }

    /// Whether a fulfilment of the order may be made at any moment: neither made nor given up.
    package static func isUnderWay(_ order: OrderID, in database: Database) async throws -> Bool {
        try await !database.query(
            """
            SELECT 1 AS one FROM fulfilment.fulfilment
            WHERE order_id = \(order) AND state NOT IN ('created', 'tracking_sent')
                AND NOT (state = 'planned' AND problem_code IS NOT NULL)
            """
        ).isEmpty
    }

    /// Has the order planned anew.
    package static func reopenPlan(of order: OrderID, replans: Int, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE fulfilment.order_plan SET is_complete = false, replans = \(replans) WHERE order_id = \(order)
            """)
    }

    /// The caller has cancelled its effect.
    package static func delete(_ id: FulfilmentID, in transaction: Transaction) async throws {
        try await transaction.execute("DELETE FROM fulfilment.fulfilment WHERE id = \(id)")
    }

    /// Those that were given up before they were made; a new plan takes their place.
    package static func deleteTakenBack(of order: OrderID, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            DELETE FROM fulfilment.fulfilment
            WHERE order_id = \(order) AND state = 'planned' AND problem_code IS NOT NULL
            """)
    }

    package static func completePlan(of order: OrderID, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE fulfilment.order_plan SET is_complete = true, problem_code = NULL, problem_text = NULL,
                problem_action = NULL, problem_since = NULL
            WHERE order_id = \(order)
            """)
    }

    /// True once: when the plan is complete, all of it is made, and nobody has said so yet. The caller holds the lock.
    package static func markFulfilled(_ order: OrderID, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            UPDATE fulfilment.order_plan p SET fulfilled_at = now()
            WHERE p.order_id = \(order) AND p.is_complete AND p.fulfilled_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM fulfilment.fulfilment f
                    WHERE f.order_id = p.order_id AND f.state NOT IN ('created', 'tracking_sent'))
            """) == 1
    }

    package static func complainOfPlan(
        _ problem: Attention, of order: OrderID, orderNumber: String, in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            INSERT INTO fulfilment.order_plan AS p
                (order_id, order_number, problem_code, problem_text, problem_action, problem_since)
            VALUES (\(order), \(orderNumber), \(problem.code), \(problem.reason), \(problem.action), \(problem.since))
            ON CONFLICT (order_id) DO UPDATE SET problem_code = EXCLUDED.problem_code,
                problem_text = EXCLUDED.problem_text, problem_action = EXCLUDED.problem_action,
                problem_since = coalesce(p.problem_since, EXCLUDED.problem_since)
            """)
    }

    package static func insert(_ fulfilment: Fulfilment, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO fulfilment.fulfilment (id, order_id, location_id, generation, state, tracking_number,
                tracking_company, tracking_url, notifies_customer)
            VALUES (\(fulfilment.id), \(fulfilment.orderID), \(fulfilment.locationID), \(fulfilment.generation),
                \(fulfilment.state.rawValue), \(fulfilment.trackingNumber), \(fulfilment.trackingCompany),
                \(fulfilment.trackingURL), \(fulfilment.notifiesCustomer))
            """)
    }

    package static func lock(_ id: FulfilmentID, in transaction: Transaction) async throws -> Fulfilment? {
        try await transaction.query("SELECT * FROM fulfilment.fulfilment WHERE id = \(id) FOR UPDATE").first
            .map(fulfilment)
    }

    package static func fulfilment(_ id: FulfilmentID, in database: Database) async throws -> Fulfilment? {
        try await database.query("SELECT * FROM fulfilment.fulfilment WHERE id = \(id)").first.map(fulfilment)
    }

    /// - Throws: `StaleWrite` when the row has been written since the fulfilment was read.
    package static func save(_ fulfilment: inout Fulfilment, in transaction: Transaction) async throws {
        let isWritten =
            try await transaction.execute(
                """
                UPDATE fulfilment.fulfilment
                SET state = \(fulfilment.state.rawValue), shopify_fulfillment_id = \(fulfilment.shopifyFulfillmentID),
                    problem_code = \(fulfilment.problem?.code), problem_text = \(fulfilment.problem?.reason),
                    problem_action = \(fulfilment.problem?.action), problem_since = \(fulfilment.problem?.since),
                    updated_at = now(), row_version = row_version + 1
                WHERE id = \(fulfilment.id) AND row_version = \(fulfilment.rowVersion)
                """) == 1
        guard isWritten else { throw StaleWrite("fulfilment") }
        fulfilment.rowVersion += 1
    }

    package static func fulfilments(of order: OrderID, in database: Database) async throws -> [Fulfilment] {
        try await database.query("SELECT * FROM fulfilment.fulfilment WHERE order_id = \(order) ORDER BY id")
            .map(fulfilment)
    }

    /// Of these ids of Shopify's, those that are recorded for another fulfilment than the one with this reference.
    package static func takenByOthers(
        _ ids: [Int64], than reference: String, in database: Database
    ) async throws -> Set<Int64> {
        let rows = try await database.query(
            "SELECT * FROM fulfilment.fulfilment WHERE shopify_fulfillment_id = ANY(\(SQLArray(ids))::bigint[])")
        return Set(try rows.map(fulfilment).filter { $0.reference != reference }.compactMap(\.shopifyFulfillmentID))
    }

    package static func saveTracking(_ fulfilment: Fulfilment, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE fulfilment.fulfilment
            SET tracking_number = \(fulfilment.trackingNumber), tracking_company = \(fulfilment.trackingCompany),
                tracking_url = \(fulfilment.trackingURL), updated_at = now()
            WHERE id = \(fulfilment.id)
            """)
    }

    /// Shown on those that are made, whose tracking Shopify does not have.
    package static func complainOfTracking(
        _ reason: String, of order: OrderID, in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE fulfilment.fulfilment
            SET problem_code = 'tracking-not-sent', problem_text = \(reason),
                problem_action = 'Mend the cause in Shopify, then retry the order.',
                problem_since = COALESCE(problem_since, now()), updated_at = now()
            WHERE order_id = \(order) AND state IN ('created', 'tracking_sent')
            """)
    }

    /// The fulfilments of these orders, and what keeps a plan from being made.
    package static func views(of orders: [OrderID], in database: Database) async throws -> [FulfilmentView] {
        try await database.query(
            "SELECT * FROM fulfilment.fulfilment WHERE order_id = ANY(\(SQLArray(orders))::uuid[]) ORDER BY id"
        ).map { row in
            let fulfilment = try fulfilment(row)
            return FulfilmentView(
                id: fulfilment.id, orderID: fulfilment.orderID, state: fulfilment.state,
                shopifyFulfillmentID: fulfilment.shopifyFulfillmentID, trackingNumber: fulfilment.trackingNumber,
                trackingCompany: fulfilment.trackingCompany, trackingURL: fulfilment.trackingURL,
                createdAt: try row("created_at"), updatedAt: try row("updated_at"), attention: fulfilment.problem)
        }
    }

    package static func planProblems(of orders: [OrderID], in database: Database) async throws -> [OrderID: Attention] {
        let rows = try await database.query(
            """
            SELECT order_id, problem_code, problem_text, problem_action, problem_since FROM fulfilment.order_plan
            WHERE order_id = ANY(\(SQLArray(orders))::uuid[]) AND problem_code IS NOT NULL
            """)
        var problems: [OrderID: Attention] = [:]
        for row in rows { problems[try row("order_id")] = try problem(row) }
        return problems
    }

    private static func fulfilment(_ row: Row) throws -> Fulfilment {
        guard let state = FulfilmentState(rawValue: try row("state")) else {
            throw RowError(column: "state", reason: "is no fulfilment state")
        }
        var fulfilment = Fulfilment(id: try row("id"), orderID: try row("order_id"), locationID: try row("location_id"))
        fulfilment.generation = try row("generation")
        fulfilment.state = state
        fulfilment.shopifyFulfillmentID = try row.optional("shopify_fulfillment_id")
        fulfilment.trackingNumber = try row.optional("tracking_number")
        fulfilment.trackingCompany = try row.optional("tracking_company")
        fulfilment.trackingURL = try row.optional("tracking_url")
        fulfilment.notifiesCustomer = try row("notifies_customer")
        fulfilment.problem = try problem(row)
        fulfilment.rowVersion = try row("row_version")
        return fulfilment
    }

    private static func problem(_ row: Row) throws -> Attention? {
        guard let code: String = try row.optional("problem_code") else { return nil }
        return Attention(
            code: code, reason: try row("problem_text"), since: try row("problem_since"),
            action: try row("problem_action"))
    }
}
