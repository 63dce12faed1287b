/// Sendcloud's statuses, v2 ids and texts (contracts §2.4).
enum ParcelStatuses {
    static let noLabel: Int64 = 999
    static let announcing: Int64 = 1_001
    static let announcementFailed: Int64 = 1_002
    static let readyToSend: Int64 = 1_000
    static let toSorting: Int64 = 3
    static let delivered: Int64 = 11
    static let cancellationRequested: Int64 = 1_999
    static let cancelled: Int64 = 2_000
    static let cancellationFailed: Int64 = 94

    static let all: [(id: Int64, message: String)] = [
        (999, "No label"), (1_001, "Being announced"), (1_002, "Announcement failed"), (1_000, "Ready to send"),
        (1, "Announced"), (13, "Announced: not collected"), (15, "Error collecting"),
        (22, "Shipment picked up by driver"), (3, "En route to sorting center"), (62_990, "At sorting centre"),
        (7, "Being sorted"), (5, "Sorted"), (6, "Not sorted"), (62_989, "At Customs"), (91, "Parcel en route"),
        (92, "Driver en route"), (4, "Delivery delayed"), (62_994, "Delivery date changed"),
        (62_993, "Delivery method changed"), (62_995, "Delivery address changed"), (12, "Awaiting customer pickup"),
        (8, "Delivery attempt failed"), (11, "Delivered"), (93, "Shipment collected by customer"),
        (80, "Unable to deliver"), (62_991, "Refused by recipient"), (62_992, "Returned to sender"),
        (62_996, "Exception"), (62_997, "Address invalid"), (1_999, "Cancellation requested"),
        (2_001, "Submitting cancellation request"), (1_998, "Cancelled upstream"), (2_000, "Cancelled"),
        (94, "Parcel cancellation failed."),
        (1_337, "Unknown status - check carrier track & trace page for more insights"),
    ]

    static func message(_ id: Int64) -> String { all.first { $0.id == id }?.message ?? "Unknown status" }

    static func node(_ id: Int64) -> JSONNode { ["id": .integer(id), "message": .string(message(id))] }
}
