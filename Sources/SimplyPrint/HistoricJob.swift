package import FoundationEssentials
import Kernel

/// One physical print, running or over, out of the job history: the only place that links a job to its queue item.
package struct HistoricJob: Hashable, Sendable {
    package enum Status: String, Codable, Hashable, Sendable {
        case ongoing
        case finished
        case failed
        case cancelled
        case other

        /// One source says `done` for finished.
        init(vendorWord: String?) {
            switch vendorWord?.lowercased() {
            case "ongoing", "printing": self = .ongoing
            case "finished", "done": self = .finished
            case "failed": self = .failed
            case "cancelled", "canceled": self = .cancelled
            default: self = .other
            }
        }
    }

    package var id: Int64
    package var uid: String?
    package var status: Status
    package var queueItemID: Int64?
    /// By the field's text id; our reference is the value of the configured field.
    package var customFields: [String: String]
    package var filename: String?
    package var startedAt: Date?
    package var endedAt: Date?
    /// Started at the printer itself: none of ours.
    package var isOutsideSystem: Bool
    package var printerID: Int64?
    package var printerName: String?

    package init(
        id: Int64, uid: String?, status: Status, queueItemID: Int64?, customFields: [String: String],
        filename: String?, startedAt: Date?, endedAt: Date?, isOutsideSystem: Bool, printerID: Int64?,
        printerName: String?
    ) {
        self.id = id
        self.uid = uid
        self.status = status
        self.queueItemID = queueItemID
        self.customFields = customFields
        self.filename = filename
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.isOutsideSystem = isOutsideSystem
        self.printerID = printerID
        self.printerName = printerName
    }
}

extension HistoricJob: Decodable {
    package init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        id = try object.requireInteger("id")
        uid = object.filledText("uid")
        status = Status(vendorWord: try object.requireText("status"))
        queueItemID = object.object("queueItem")?.integer("id") ?? object.integer("queueItem")
        customFields = object.customFields()
        filename = object.filledText("filename") ?? object.filledText("file")
        startedAt = object.moment("startDate")
        endedAt = object.moment("endDate")
        isOutsideSystem = object.flag("outsideSystem") ?? false
        let printer = object.object("printer")
        printerID = printer?.integer("id") ?? object.integer("printer")
        printerName = printer?.filledText("name")
    }
}
