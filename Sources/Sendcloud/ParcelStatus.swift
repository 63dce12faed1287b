/// What one of Sendcloud's many parcel statuses means for an order. The ids are not ordered by progress.
package enum ParcelStatus: String, Codable, Hashable, Sendable, CaseIterable {
    /// Known to Sendcloud, no label yet.
    case pending
    case labelMade
    case inTransit
    /// Waits for the customer at a pick-up point.
    case pickup
    case delivered
    /// Someone has to look: refused, returned, undeliverable.
    case problem
    case cancelling
    case cancelled
    /// The carrier took no announcement: there is no label.
    case failed
    /// Says nothing new: keep the state there is.
    case unknown

    /// By the id; by the text where the id is not known.
    package init(id: Int, message: String = "") {
        self = Self.byID[id] ?? Self.byMessage[message.lowercased()] ?? .unknown
    }

    package static func classify(_ id: Int, message: String = "") -> ParcelStatus {
        ParcelStatus(id: id, message: message)
    }

    /// Nothing but a return or a problem may follow.
    package var isFinal: Bool { self == .delivered || self == .cancelled || self == .failed }

    private static let table: [(id: Int, message: String, status: ParcelStatus)] = [
        (999, "No label", .pending),
        (1001, "Being announced", .pending),
        (1002, "Announcement failed", .failed),
        (1000, "Ready to send", .labelMade),
        (1, "Announced", .labelMade),
        (13, "Announced: not collected", .labelMade),
        (15, "Error collecting", .problem),
        (22, "Shipment picked up by driver", .inTransit),
        (3, "En route to sorting center", .inTransit),
        (62_990, "At sorting centre", .inTransit),
        (7, "Being sorted", .inTransit),
        (5, "Sorted", .inTransit),
        (6, "Not sorted", .inTransit),
        (62_989, "At Customs", .inTransit),
        (91, "Parcel en route", .inTransit),
        (92, "Driver en route", .inTransit),
        (4, "Delivery delayed", .inTransit),
        (62_994, "Delivery date changed", .inTransit),
        (62_993, "Delivery method changed", .inTransit),
        (62_995, "Delivery address changed", .inTransit),
        (12, "Awaiting customer pickup", .pickup),
        (8, "Delivery attempt failed", .problem),
        (11, "Delivered", .delivered),
        (93, "Shipment collected by customer", .delivered),
        (80, "Unable to deliver", .problem),
        (62_991, "Refused by recipient", .problem),
        (62_992, "Returned to sender", .problem),
        (62_996, "Exception", .problem),
        (62_997, "Address invalid", .problem),
        (1999, "Cancellation requested", .cancelling),
        (2001, "Submitting cancellation request", .cancelling),
        (1998, "Cancelled upstream", .cancelled),
        (2000, "Cancelled", .cancelled),
        // Back to what it was before; only the parcel's history knows what that is.
        (94, "Parcel cancellation failed.", .unknown),
        (1337, "Unknown status - check carrier track & trace page for more insights", .unknown),
    ]

    private static let byID = Dictionary(table.map { ($0.id, $0.status) }, uniquingKeysWith: { first, _ in first })
    private static let byMessage = Dictionary(
        table.map { ($0.message.lowercased(), $0.status) }, uniquingKeysWith: { first, _ in first })
}
