package import Contracts
import Kernel
package import Postgres

/// Rows to values.
package enum PrintJobRow {
    package static func job(_ row: Row) throws -> PrintJob {
        var job = PrintJob(
            id: try row("id"), orderID: try row("order_id"), lineItemID: try row("line_item_id"),
            partNumber: try row("part_number"), copyNumber: try row("copy_number"), partName: try row("part_name"),
            orderNumber: try row("order_number"), simplyPrintFileID: try row("simplyprint_file_id"),
            printProfile: try row.optional("print_profile"), state: try state(row), attempt: try row("attempt"),
            isWithdrawn: try row("is_withdrawn"), problem: try problem(row))
        job.farmJobID = try row.optional("farm_job_id")
        job.rowVersion = try row("row_version")
        return job
    }

    /// A print job with the farm's job of its current attempt.
    static let columns: Query = "j.*, a.job_id AS farm_job_id"
    static let tables: Query = """
        printing.print_job j LEFT JOIN printing.attempt a ON a.print_job_id = j.id AND a.attempt = j.attempt
        """

    package static func view(_ row: Row) throws -> PrintJobView {
        PrintJobView(
            id: try row("id"), orderID: try row("order_id"), lineItemID: try row("line_item_id"),
            partName: try row("part_name"), partNumber: try row("part_number"), copyNumber: try row("copy_number"),
            attempt: try row("attempt"), state: try state(row), simplyPrintFileID: try row("simplyprint_file_id"),
            printProfile: try row.optional("print_profile"), queueItemID: try row.optional("queue_item_id"),
            jobID: try row.optional("job_id"), jobUID: try row.optional("job_uid"),
            printerName: try row.optional("printer_name"), createdAt: try row("created_at"),
            updatedAt: try row("updated_at"), attention: try problem(row))
    }

    private static func state(_ row: Row) throws -> PrintJobState {
        let text: String = try row("state")
        guard let state = PrintJobState(rawValue: text) else {
            throw RowError(column: "state", reason: "is no print job state")
        }
        return state
    }

    private static func problem(_ row: Row) throws -> Attention? {
        guard let code: String = try row.optional("problem_code") else { return nil }
        return Attention(
            code: code, reason: try row("problem_text"), since: try row("problem_since"),
            action: try row("problem_action"))
    }
}
