package import Contracts
package import FoundationEssentials
import Kernel
package import Postgres

/// Reads print jobs without locking them.
package enum PrintJobReading {
    package static func job(_ id: PrintJobID, in database: Database) async throws -> PrintJob? {
        try await database.query(
            """
            SELECT \(condition: PrintJobRow.columns) FROM \(condition: PrintJobRow.tables) WHERE j.id = \(id)
            """
        ).first.map(PrintJobRow.job)
    }

    /// Attempts that the farm may still say something about, oldest first.
    package static func openAttempts(in database: Database) async throws -> [OpenAttempt] {
        try await database.query(
            """
            SELECT a.*, j.state FROM printing.attempt a
            JOIN printing.print_job j ON j.id = a.print_job_id AND j.attempt = a.attempt
            WHERE NOT a.is_closed AND a.queue_item_id IS NOT NULL
            ORDER BY a.queued_at
            """
        ).map { row in
            OpenAttempt(
                key: AttemptKey(printJobID: try row("print_job_id"), attempt: try row("attempt")),
                reference: try row("reference"), queueItemID: try row("queue_item_id"),
                uid: try row.optional("job_uid"), jobID: try row.optional("job_id"),
                queuedAt: try row("queued_at"))
        }
    }

    /// Which attempt a job of the farm is, by its uid.
    package static func attempt(uid: String, in database: Database) async throws -> AttemptKey? {
        try await database.query(
            "SELECT print_job_id, attempt FROM printing.attempt WHERE job_uid = \(uid)"
        ).first.map { AttemptKey(printJobID: try $0("print_job_id"), attempt: try $0("attempt")) }
    }

    package static func queueItem(of key: AttemptKey, in database: Database) async throws -> Int64? {
        try await database.query(
            """
            SELECT queue_item_id FROM printing.attempt
            WHERE print_job_id = \(key.printJobID) AND attempt = \(key.attempt)
            """
        ).first?.optional("queue_item_id")
    }

    /// The queue items of the print job's earlier attempts.
    package static func queueItems(before key: AttemptKey, in database: Database) async throws -> Set<Int64> {
        Set(
            try await database.query(
                """
                SELECT queue_item_id FROM printing.attempt
                WHERE print_job_id = \(key.printJobID) AND attempt < \(key.attempt) AND queue_item_id IS NOT NULL
                """
            ).map { try $0("queue_item_id") })
    }

    package static func views(of orders: [OrderID], in database: Database) async throws -> [PrintJobView] {
        try await views(
            where: "j.order_id = ANY(\(SQLArray(orders))::uuid[])", limit: 100_000, newestFirst: false, in: database)
    }

    package static func view(_ id: PrintJobID, in database: Database) async throws -> PrintJobView? {
        try await views(where: "j.id = \(id)", limit: 1, newestFirst: false, in: database).first
    }

    /// A page, newest first.
    package static func views(
        state: PrintJobState?, order: OrderID?, before: PrintJobID?, limit: Int, in database: Database
    ) async throws -> [PrintJobView] {
        try await views(
            where: """
                (\(state?.rawValue)::text IS NULL OR j.state = \(state?.rawValue)::text)
                AND (\(order)::uuid IS NULL OR j.order_id = \(order)::uuid)
                AND (\(before)::uuid IS NULL OR j.id < \(before)::uuid)
                """, limit: limit, newestFirst: true, in: database)
    }

    private static func views(
        where condition: Query, limit: Int, newestFirst: Bool, in database: Database
    ) async throws -> [PrintJobView] {
        let rows = try await database.query(
            """
            SELECT j.*, a.queue_item_id, a.job_id, a.job_uid, a.printer_name
            FROM printing.print_job j
            LEFT JOIN printing.attempt a ON a.print_job_id = j.id AND a.attempt = j.attempt
            WHERE \(condition: condition)
            ORDER BY CASE WHEN \(newestFirst) THEN j.id END DESC, j.line_item_id, j.part_number, j.copy_number, j.id
            LIMIT \(limit)
            """)
        return try rows.map(PrintJobRow.view)
    }
}

/// An attempt that is in the farm's hands.
package struct OpenAttempt: Hashable, Sendable {
    package let key: AttemptKey
    package let reference: String
    package let queueItemID: Int64
    package let uid: String?
    /// The newest job of the farm that is known to print it.
    package let jobID: Int64?
    package let queuedAt: Date

    package init(
        key: AttemptKey, reference: String, queueItemID: Int64, uid: String?, jobID: Int64? = nil, queuedAt: Date
    ) {
        self.key = key
        self.reference = reference
        self.queueItemID = queueItemID
        self.uid = uid
        self.jobID = jobID
        self.queuedAt = queuedAt
    }
}
