package import Kernel

extension PrintJobView {
    /// On the wire.
    package var json: JSONValue {
        [
            "id": .string(id.description), "orderId": .string(orderID.description),
            "lineItemId": .string(lineItemID.description), "partName": .string(partName),
            "partNumber": .integer(Int64(partNumber)), "copyNumber": .integer(Int64(copyNumber)),
            "attempt": .integer(Int64(attempt)), "state": .string(state.rawValue),
            "simplyPrintFileId": .string(simplyPrintFileID), "printProfile": JSONValue(printProfile),
            "queueItemId": JSONValue(vendorID: queueItemID), "jobId": JSONValue(vendorID: jobID),
            "jobUid": JSONValue(jobUID), "printerName": JSONValue(printerName),
            "createdAt": JSONValue(createdAt), "updatedAt": JSONValue(updatedAt),
            "attention": Attention.json(attention),
        ]
    }
}
