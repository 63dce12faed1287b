package import Contracts
import Jobs
package import Kernel
package import Postgres

/// What Printing answers: to the rooms above and to operators.
package struct PrintJobAnswers: PrintingContract {
    package static let noSuchPrintJob = Problem.notFound("There is no print job with this id.")

    private let database: Database
    private let jobs: PrintJobs
    private let desk: PrintDesk

    package init(database: Database, jobs: PrintJobs, desk: PrintDesk) {
        self.database = database
        self.jobs = jobs
        self.desk = desk
    }

    package func printJobs(of orders: [OrderID]) async throws -> [PrintJobView] {
        TransactionScope.requireClosed(for: "printing.printJobs")
        return try await PrintJobReading.views(of: orders, in: database)
    }

    package func view(_ id: PrintJobID) async throws -> PrintJobView? {
        try await PrintJobReading.view(id, in: database)
    }

    package func page(
        state: PrintJobState?, order: OrderID?, before: PrintJobID?, limit: Int
    ) async throws -> [PrintJobView] {
        try await PrintJobReading.views(state: state, order: order, before: before, limit: limit, in: database)
    }

    /// A further attempt of a print that failed or was cancelled at the farm.
    /// - Throws: `Problem` 404, or 409 when there is nothing to reprint.
    package func retry(_ id: PrintJobID) async throws -> PrintJobView {
        try await database.transaction { transaction in
            guard var job = try await PrintJobStorage.lock(id, in: transaction) else { throw Self.noSuchPrintJob }
            guard !job.isWithdrawn, [.failed, .cancelled].contains(job.state) else {
                throw Problem.conflict(
                    "Only a failed print, or one cancelled at the farm, can be printed again; this one is \(job.state.rawValue)."
                )
            }
            job.attempt += 1
            try await PrintJobStorage.addAttempt(of: job, in: transaction)
            try await desk.apply(.retryRequested, to: &job, in: transaction)
            try await again(job, in: transaction)
        }
        guard let view = try await view(id) else { throw Self.noSuchPrintJob }
        return view
    }

    /// Says that a finished print is bad: it leaves the order's set, and is printed again as a further attempt.
    ///
    /// One that is not wanted any more only leaves the set.
    /// - Throws: `Problem` 404, or 409 when it is not finished.
    package func markBad(_ id: PrintJobID, reason: String) async throws -> PrintJobView {
        try await database.transaction { transaction in
            guard var job = try await PrintJobStorage.lock(id, in: transaction) else { throw Self.noSuchPrintJob }
            guard job.state == .done else {
                throw Problem.conflict(
                    "Only a finished print can be bad; this one is \(job.state.rawValue). Ask for a retry instead.")
            }
            try await PrintJobStorage.noteBad(
                reason, AttemptKey(printJobID: id, attempt: job.attempt), in: transaction)
            try await desk.append(
                PrintJobMarkedBad(
                    orderID: job.orderID, printJobID: id, lineItemID: job.lineItemID, partNumber: job.partNumber,
                    copyNumber: job.copyNumber, attempt: job.attempt), job, transaction)
            job.attempt += 1
            try await PrintJobStorage.addAttempt(of: job, in: transaction)
            try await desk.apply(.markedBad, to: &job, in: transaction)
            guard !job.isWithdrawn else { return try await desk.drop(&job, in: transaction) }
            try await again(job, in: transaction)
        }
        guard let view = try await view(id) else { throw Self.noSuchPrintJob }
        return view
    }

    private func again(_ job: PrintJob, in transaction: Transaction) async throws {
        try await desk.append(
            PrintJobRetryRequested(orderID: job.orderID, printJobID: job.id, attempt: job.attempt), job, transaction)
        try await jobs.planEffect(of: job, in: transaction)
    }
}
