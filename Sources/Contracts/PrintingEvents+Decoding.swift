import Kernel

// The previous binary writes these without an attempt, and its jobs may still be waiting: they are of the first one,
// which is right for every print that was never reprinted.

private enum Key: String, CodingKey {
    case orderID, printJobID, lineItemID, partNumber, copyNumber, attempt
}

extension KeyedDecodingContainer<Key> {
    fileprivate func attempt() throws -> Int { try decodeIfPresent(Int.self, forKey: .attempt) ?? 1 }
}

extension PrintJobFailed {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(
            orderID: try fields.decode(OrderID.self, forKey: .orderID),
            printJobID: try fields.decode(PrintJobID.self, forKey: .printJobID), attempt: try fields.attempt())
    }
}

extension PrintJobCancelled {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(
            orderID: try fields.decode(OrderID.self, forKey: .orderID),
            printJobID: try fields.decode(PrintJobID.self, forKey: .printJobID), attempt: try fields.attempt())
    }
}

extension PrintJobRetryRequested {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(
            orderID: try fields.decode(OrderID.self, forKey: .orderID),
            printJobID: try fields.decode(PrintJobID.self, forKey: .printJobID), attempt: try fields.attempt())
    }
}

extension PrintJobCompleted {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(
            orderID: try fields.decode(OrderID.self, forKey: .orderID),
            printJobID: try fields.decode(PrintJobID.self, forKey: .printJobID),
            lineItemID: try fields.decode(LineItemID.self, forKey: .lineItemID),
            partNumber: try fields.decode(Int.self, forKey: .partNumber),
            copyNumber: try fields.decode(Int.self, forKey: .copyNumber), attempt: try fields.attempt())
    }
}
