import FoundationEssentials

/// An order of the shop: its REST body and what the shop knows beside it.
struct ShopOrder: Sendable {
    let id: Int64
    var name: String
    /// The order as Shopify would send it now.
    var node: JSONNode
    /// The bytes it came with, sent on unchanged until the shop itself changes the order.
    var givenBytes: [UInt8]?
    var createdAt: Date
    var updatedAt: Date
    var cancelledAt: Date?
    var cancelReason: String?
    var lines: [ShopLine]
    /// Fulfilment orders are made by a background worker a moment after the order.
    var isRouted = false

    var payload: [UInt8] { givenBytes ?? node.bytes(.shopify) }
}

/// A line of an order, as far as fulfilling it goes.
struct ShopLine: Hashable, Sendable {
    let id: Int64
    /// After refunds and edits.
    var quantity: Int
    var fulfillable: Int
    var requiresShipping: Bool
    var locationIndex: Int
}

/// A warehouse of the shop.
struct ShopLocation: Hashable, Sendable {
    let id: Int64
    let name: String
}

/// What is to be sent from one location.
struct FulfilmentOrder: Sendable {
    enum Status: String, Sendable {
        case open = "OPEN"
        case inProgress = "IN_PROGRESS"
        case scheduled = "SCHEDULED"
        case onHold = "ON_HOLD"
        case closed = "CLOSED"
        case cancelled = "CANCELLED"
    }

    struct Line: Hashable, Sendable {
        let id: Int64
        let lineID: Int64
        var total: Int
        var remaining: Int
    }

    struct Hold: Hashable, Sendable {
        let id: Int64
        let reason: String
        let notes: String?
    }

    let id: Int64
    let orderID: Int64
    let location: ShopLocation
    var status: Status
    let methodType: String
    var lines: [Line]
    var holds: [Hold] = []
    let createdAt: Date
    var updatedAt: Date

    var remaining: Int { lines.reduce(0) { $0 + $1.remaining } }

    var isLive: Bool { status != .closed && status != .cancelled }

    /// As recorded per status (contracts/shopify.md §2.3).
    func supportedActions(hasOtherLocation: Bool) -> [String] {
        switch status {
        case .open:
            if !hasOtherLocation { return ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD"] }
            return ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"] + (remaining > 1 ? ["SPLIT"] : [])
        case .inProgress: return ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN"]
        case .onHold: return ["RELEASE_HOLD"] + (holds.count < 10 ? ["HOLD"] : []) + ["MOVE"]
        case .scheduled: return ["MARK_AS_OPEN"]
        case .closed, .cancelled: return []
        }
    }
}

/// Something sent.
struct Fulfilment: Sendable {
    struct Tracking: Hashable, Sendable {
        var company: String?
        var number: String?
        var url: String?
    }

    struct Line: Hashable, Sendable {
        let id: Int64
        let lineID: Int64
        var quantity: Int
    }

    /// What it took from a fulfilment order, to give back when cancelled.
    struct Taken: Hashable, Sendable {
        let fulfilmentOrderID: Int64
        let fulfilmentOrderLineID: Int64
        let lineID: Int64
        let quantity: Int
    }

    struct Event: Hashable, Sendable {
        let id: Int64
        let status: String
        let message: String?
        let happenedAt: String
    }

    let id: Int64
    let orderID: Int64
    let name: String
    let location: ShopLocation
    var tracking: [Tracking]
    let notifyCustomer: Bool
    var isCancelled = false
    let lines: [Line]
    let taken: [Taken]
    var events: [Event] = []
    let createdAt: Date
    var updatedAt: Date

    var displayStatus: String {
        if isCancelled { return "CANCELED" }
        return events.last?.status ?? "FULFILLED"
    }
}
