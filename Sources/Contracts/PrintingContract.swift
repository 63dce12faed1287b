package import FoundationEssentials
package import Kernel

/// What Printing answers to the rooms above it.
package protocol PrintingContract: Sendable {
    /// The print jobs of these orders.
    func printJobs(of orders: [OrderID]) async throws -> [PrintJobView]
}

/// One print job as an operator sees it.
package struct PrintJobView: Sendable {
    package let id: PrintJobID
    package let orderID: OrderID
    package let lineItemID: LineItemID
    package let partName: String
    package let partNumber: Int
    package let copyNumber: Int
    /// 1 for the first print, one more for every reprint.
    package let attempt: Int
    package let state: PrintJobState
    package let simplyPrintFileID: String
    package let printProfile: String?
    package let queueItemID: Int64?
    package let jobID: Int64?
    package let jobUID: String?
    package let printerName: String?
    package let createdAt: Date
    package let updatedAt: Date
    package let attention: Attention?

    package init(
        id: PrintJobID, orderID: OrderID, lineItemID: LineItemID, partName: String, partNumber: Int, copyNumber: Int,
        attempt: Int, state: PrintJobState, simplyPrintFileID: String, printProfile: String?, queueItemID: Int64?,
        jobID: Int64?, jobUID: String?, printerName: String?, createdAt: Date, updatedAt: Date, attention: Attention?
    ) {
        self.id = id
        self.orderID = orderID
        self.lineItemID = lineItemID
        self.partName = partName
        self.partNumber = partNumber
        self.copyNumber = copyNumber
        self.attempt = attempt
        self.state = state
        self.simplyPrintFileID = simplyPrintFileID
        self.printProfile = printProfile
        self.queueItemID = queueItemID
        self.jobID = jobID
        self.jobUID = jobUID
        self.printerName = printerName
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.attention = attention
    }
}
