package import Contracts
package import Kernel

/// One Shopify fulfilment: all of an order that leaves one location.
package struct Fulfilment: Hashable, Sendable {
    package let id: FulfilmentID
    package let orderID: OrderID
    package let locationID: Int64
    package var generation: Int
    package var state: FulfilmentState
    package var shopifyFulfillmentID: Int64?
    package var trackingNumber: String?
    package var trackingCompany: String?
    package var trackingURL: String?
    /// Shopify mails the customer with this one.
    package var notifiesCustomer = false
    package var problem: Attention?
    /// Counts the writes of its row: a writer that read an older one is refused.
    package var rowVersion: Int64 = 1

    package init(id: FulfilmentID, orderID: OrderID, locationID: Int64) {
        self.id = id
        self.orderID = orderID
        self.locationID = locationID
        generation = 1
        state = .planned
    }

    package var reference: String { "\(id)-\(generation)" }
    package var isMade: Bool { state == .created || state == .trackingSent }
    /// Given up before it was made; its intent is cancelled.
    package var isTakenBack: Bool { state == .planned && problem != nil }
}

/// What happened to a fulfilment.
package enum FulfilmentObservation: Hashable, Sendable {
    case sent
    case outcomeUnknown
    case made(withTracking: Bool)
}

/// The life of a fulfilment: pure; made is final.
package enum FulfilmentMachine {
    package static func after(_ observation: FulfilmentObservation, in state: FulfilmentState) -> FulfilmentState {
        switch (state, observation) {
        case (.trackingSent, _): .trackingSent
        case (.created, .made(withTracking: true)): .trackingSent
        case (.created, _): .created
        case (_, .made(let withTracking)): withTracking ? .trackingSent : .created
        case (_, .sent): .intent
        case (_, .outcomeUnknown): .unknown
        }
    }
}
