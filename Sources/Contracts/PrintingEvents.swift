import Kernel

/// The farm said something about one of our prints, by webhook or poll (ADR-020).
package struct SimplyPrintJobStatusChanged: DomainEvent {
    package static let name = "simplyprint.job-status-changed"
    package let orderID: OrderID
    package let printJobID: PrintJobID
    /// ADR-019's words: PRINTING, COMPLETED, FAILED, CANCELLED.
    package let status: String

    package init(orderID: OrderID, printJobID: PrintJobID, status: String) {
        self.orderID = orderID
        self.printJobID = printJobID
        self.status = status
    }
}

/// The print job is in the farm's queue.
package struct PrintJobCreated: DomainEvent {
    package static let name = "printjob.created"
    package let orderID: OrderID
    package let printJobID: PrintJobID

    package init(orderID: OrderID, printJobID: PrintJobID) {
        self.orderID = orderID
        self.printJobID = printJobID
    }
}

/// The print job moved on.
package struct PrintJobStatusChanged: DomainEvent {
    package static let name = "printjob.status_changed"
    package let orderID: OrderID
    package let printJobID: PrintJobID
    package let from: PrintJobState
    package let to: PrintJobState

    package init(orderID: OrderID, printJobID: PrintJobID, from: PrintJobState, to: PrintJobState) {
        self.orderID = orderID
        self.printJobID = printJobID
        self.from = from
        self.to = to
    }
}

/// One copy is printed.
package struct PrintJobCompleted: DomainEvent {
    package static let name = "printjob.completed"
    package let orderID: OrderID
    package let printJobID: PrintJobID
    package let lineItemID: LineItemID
    package let partNumber: Int
    package let copyNumber: Int
    /// Which attempt; 1 where the event was written before attempts were told.
    package let attempt: Int

    package init(
        orderID: OrderID, printJobID: PrintJobID, lineItemID: LineItemID, partNumber: Int, copyNumber: Int, attempt: Int
    ) {
        self.orderID = orderID
        self.printJobID = printJobID
        self.lineItemID = lineItemID
        self.partNumber = partNumber
        self.copyNumber = copyNumber
        self.attempt = attempt
    }
}

/// A print went wrong, or somebody cancelled it at the farm.
package struct PrintJobFailed: DomainEvent {
    package static let name = "printjob.failed"
    package let orderID: OrderID
    package let printJobID: PrintJobID
    /// Which attempt; 1 where the event was written before attempts were told.
    package let attempt: Int

    package init(orderID: OrderID, printJobID: PrintJobID, attempt: Int) {
        self.orderID = orderID
        self.printJobID = printJobID
        self.attempt = attempt
    }
}

/// A print is not wanted any more and was taken back.
package struct PrintJobCancelled: DomainEvent {
    package static let name = "printjob.cancelled"
    package let orderID: OrderID
    package let printJobID: PrintJobID
    /// Which attempt; 1 where the event was written before attempts were told.
    package let attempt: Int

    package init(orderID: OrderID, printJobID: PrintJobID, attempt: Int) {
        self.orderID = orderID
        self.printJobID = printJobID
        self.attempt = attempt
    }
}

/// An operator wants a print made again.
package struct PrintJobRetryRequested: DomainEvent {
    package static let name = "printjob.retry_requested"
    package let orderID: OrderID
    package let printJobID: PrintJobID
    /// Which attempt; 1 where the event was written before attempts were told.
    package let attempt: Int

    package init(orderID: OrderID, printJobID: PrintJobID, attempt: Int) {
        self.orderID = orderID
        self.printJobID = printJobID
        self.attempt = attempt
    }
}

/// An operator found a finished print to be bad: it leaves the order's set and is printed again.
package struct PrintJobMarkedBad: DomainEvent {
    package static let name = "printjob.marked_bad"
    package let orderID: OrderID
    package let printJobID: PrintJobID
    package let lineItemID: LineItemID
    package let partNumber: Int
    package let copyNumber: Int
    /// The one that is bad.
    package let attempt: Int

    package init(
        orderID: OrderID, printJobID: PrintJobID, lineItemID: LineItemID, partNumber: Int, copyNumber: Int,
        attempt: Int
    ) {
        self.orderID = orderID
        self.printJobID = printJobID
        self.lineItemID = lineItemID
        self.partNumber = partNumber
        self.copyNumber = copyNumber
        self.attempt = attempt
    }
}
