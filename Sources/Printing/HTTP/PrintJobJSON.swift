import Contracts
import Kernel
package import Routing

/// A print job on the wire.
package enum PrintJobJSON {
    package static let schema = Schema.object(
        name: "PrintJob",
        [
            .init("id", .format("uuid")), .init("orderId", .format("uuid")), .init("lineItemId", .format("uuid")),
            .init("partName", .string), .init("partNumber", .integer), .init("copyNumber", .integer),
            .init("attempt", .integer, "1, and one more for each reprint"),
            .init("state", .oneOf(PrintJobState.allCases.map(\.rawValue))), .init("simplyPrintFileId", .string),
            .init("printProfile", .nullable(.string)),
            .init("queueItemId", .nullable(.string), "SimplyPrint's, digits"),
            .init("jobId", .nullable(.string), "SimplyPrint's, digits"), .init("jobUid", .nullable(.string)),
            .init("printerName", .nullable(.string)), .init("createdAt", .format("date-time")),
            .init("updatedAt", .format("date-time")), .init("attention", .nullable(.attention)),
        ])
}
