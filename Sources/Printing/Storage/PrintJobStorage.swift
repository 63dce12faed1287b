package import Contracts
package import FoundationEssentials
import Kernel
package import Postgres

/// Writes print jobs and their attempts.
package enum PrintJobStorage {
    /// Locks the order's plan; false when a newer one was already carried out.
    package static func takePlan(version: Int64, of order: OrderID, in transaction: Transaction) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO printing.order_plan AS p (order_id, version) VALUES (\(order), \(version))
            ON CONFLICT (order_id) DO UPDATE SET version = EXCLUDED.version WHERE p.version <= EXCLUDED.version
            """) == 1
    }

    package static func insert(_ jobs: [PrintJob], in transaction: Transaction) async throws {
        for job in jobs {
            try await transaction.execute(
                """
                INSERT INTO printing.print_job (id, order_id, line_item_id, part_number, copy_number, part_name,
                    order_number, simplyprint_file_id, print_profile, state, attempt)
                VALUES (\(job.id), \(job.orderID), \(job.lineItemID), \(job.partNumber), \(job.copyNumber),
                    \(job.partName), \(job.orderNumber), \(job.simplyPrintFileID), \(job.printProfile),
                    \(job.state.rawValue), \(job.attempt))
                """)
            try await addAttempt(of: job, in: transaction)
        }
    }

    package static func addAttempt(of job: PrintJob, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            INSERT INTO printing.attempt (print_job_id, attempt, reference)
            VALUES (\(job.id), \(job.attempt), \(job.reference))
            """)
    }

    package static func lock(_ id: PrintJobID, in transaction: Transaction) async throws -> PrintJob? {
        try await lock([id], in: transaction).first
    }

    /// Locked in id order, so that two transactions never wait for one another.
    package static func lock(_ ids: [PrintJobID], in transaction: Transaction) async throws -> [PrintJob] {
        try await transaction.query(
            """
            SELECT \(condition: PrintJobRow.columns) FROM \(condition: PrintJobRow.tables)
            WHERE j.id = ANY(\(SQLArray(ids))::uuid[]) ORDER BY j.id FOR UPDATE OF j
            """
        ).map(PrintJobRow.job)
    }

    /// The order's print jobs that count: not withdrawn, or printed all the same. Locked.
    package static func lockAll(of order: OrderID, in transaction: Transaction) async throws -> [PrintJob] {
        try await transaction.query(
            """
            SELECT \(condition: PrintJobRow.columns) FROM \(condition: PrintJobRow.tables)
            WHERE j.order_id = \(order) AND (NOT j.is_withdrawn OR j.state = 'done')
            ORDER BY j.id FOR UPDATE OF j
            """
        ).map(PrintJobRow.job)
    }

    /// Writes what can change of it, and closes the attempt that is over.
    /// - Throws: `StaleWrite` when the row has been written since the print job was read.
    package static func save(_ job: inout PrintJob, in transaction: Transaction) async throws {
        let isWritten =
            try await transaction.execute(
                """
                UPDATE printing.print_job
                SET state = \(job.state.rawValue), attempt = \(job.attempt), is_withdrawn = \(job.isWithdrawn),
                    problem_code = \(job.problem?.code), problem_text = \(job.problem?.reason),
                    problem_action = \(job.problem?.action), problem_since = \(job.problem?.since), updated_at = now(),
                    row_version = row_version + 1
                WHERE id = \(job.id) AND row_version = \(job.rowVersion)
                """) == 1
        guard isWritten else { throw StaleWrite("print of \(job.partName)") }
        job.rowVersion += 1
        if [.done, .failed, .cancelled].contains(job.state) {
            try await transaction.execute(
                """
                UPDATE printing.attempt SET is_closed = true
                WHERE print_job_id = \(job.id) AND attempt = \(job.attempt) AND NOT is_closed
                """)
        }
    }

    package static func noteQueueItem(
        _ queueItemID: Int64, of job: PrintJob, in transaction: Transaction
    ) async throws {
        try await transaction.execute(
            """
            UPDATE printing.attempt SET queue_item_id = \(queueItemID), queued_at = coalesce(queued_at, now())
            WHERE print_job_id = \(job.id) AND attempt = \(job.attempt)
            """)
    }

    /// What the farm says about the attempt; the newest job of a queue item counts.
    package static func noteFarmJob(
        jobID: Int64?, uid: String?, printerID: Int64?, printerName: String?, observedAt: Date, attempt: AttemptKey,
        in transaction: Transaction
    ) async throws {
        let isNewest: Query = "coalesce(\(jobID)::bigint >= job_id, true)"
        try await transaction.execute(
            """
            UPDATE printing.attempt
            SET job_id = greatest(\(jobID)::bigint, job_id),
                job_uid = CASE WHEN \(condition: isNewest) THEN coalesce(\(uid), job_uid) ELSE job_uid END,
                printer_id = CASE WHEN \(condition: isNewest) THEN coalesce(\(printerID)::bigint, printer_id) ELSE printer_id END,
                printer_name = CASE WHEN \(condition: isNewest) THEN coalesce(\(printerName), printer_name) ELSE printer_name END,
                observed_at = greatest(observed_at, \(observedAt)::timestamptz), missing_since = NULL
            WHERE print_job_id = \(attempt.printJobID) AND attempt = \(attempt.attempt)
            """)
    }

    /// Why an operator called the print of the attempt bad.
    package static func noteBad(_ reason: String, _ attempt: AttemptKey, in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE printing.attempt SET bad_reason = \(reason)
            WHERE print_job_id = \(attempt.printJobID) AND attempt = \(attempt.attempt) AND is_closed
            """)
    }

    /// The farm knows these attempts, by reference: whatever was missed of them before is forgotten.
    package static func noteWaiting(_ references: [String], in transaction: Transaction) async throws {
        try await transaction.execute(
            """
            UPDATE printing.attempt SET missing_since = NULL
            WHERE reference = ANY(\(SQLArray(references))::text[]) AND missing_since IS NOT NULL
            """)
    }

    /// Marks attempts that the farm does not know any more; gives those missing longer than the grace.
    package static func noteMissing(
        _ keys: [AttemptKey], graceSeconds: Double, in transaction: Transaction
    ) async throws -> [AttemptKey] {
        var gone: [AttemptKey] = []
        for key in keys {
            let rows = try await transaction.query(
                """
                UPDATE printing.attempt SET missing_since = coalesce(missing_since, now())
                WHERE print_job_id = \(key.printJobID) AND attempt = \(key.attempt)
                RETURNING missing_since < now() - make_interval(secs => \(graceSeconds)) AS is_gone
                """)
            if try rows.first?("is_gone") == true { gone.append(key) }
        }
        return gone
    }
}

/// One attempt of one print job.
package struct AttemptKey: Hashable, Sendable {
    package let printJobID: PrintJobID
    package let attempt: Int

    package init(printJobID: PrintJobID, attempt: Int) {
        self.printJobID = printJobID
        self.attempt = attempt
    }
}
