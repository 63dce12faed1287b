package import Contracts
package import Kernel
import FoundationEssentials

/// One copy of one part, printed once; a reprint is a further attempt of the same print job.
package struct PrintJob: Hashable, Sendable {
    package let id: PrintJobID
    package let orderID: OrderID
    package let lineItemID: LineItemID
    package let partNumber: Int
    package let copyNumber: Int
    package let partName: String
    package let orderNumber: String
    package let simplyPrintFileID: String
    package let printProfile: String?
    package var state: PrintJobState
    package var attempt: Int
    package var isWithdrawn: Bool
    package var problem: Attention?
    /// The newest job of the farm that printed, or prints, the current attempt; nil: none was seen.
    package var farmJobID: Int64?
    /// Counts the writes of its row: a writer that read an older one is refused.
    package var rowVersion: Int64 = 1

    package init(
        id: PrintJobID, orderID: OrderID, lineItemID: LineItemID, partNumber: Int, copyNumber: Int, partName: String,
        orderNumber: String, simplyPrintFileID: String, printProfile: String?, state: PrintJobState = .planned,
        attempt: Int = 1, isWithdrawn: Bool = false, problem: Attention? = nil
    ) {
        self.id = id
        self.orderID = orderID
        self.lineItemID = lineItemID
        self.partNumber = partNumber
        self.copyNumber = copyNumber
        self.partName = partName
        self.orderNumber = orderNumber
        self.simplyPrintFileID = simplyPrintFileID
        self.printProfile = printProfile
        self.state = state
        self.attempt = attempt
        self.isWithdrawn = isWithdrawn
        self.problem = problem
    }

    /// What the queue item is stamped with: `<print job>-<attempt>` (DESIGN §3.5).
    package var reference: String { Self.reference(id, attempt: attempt) }

    package static func reference(_ id: PrintJobID, attempt: Int) -> String { "\(id)-\(attempt)" }
}
