/// What Shopify says about the fulfilment of one order, at one moment.
package struct OrderFulfilmentState: Codable, Hashable, Sendable {
    package var orderID: Int64
    /// `#1053`.
    package var name: String
    package var isCancelled: Bool
    /// `UNFULFILLED`, `PARTIALLY_FULFILLED`, `FULFILLED`, …
    package var displayFulfillmentStatus: String
    package var fulfilments: [Existing]
    package var fulfilmentOrders: [FulfilmentOrder]

    package init(
        orderID: Int64, name: String, isCancelled: Bool, displayFulfillmentStatus: String, fulfilments: [Existing],
        fulfilmentOrders: [FulfilmentOrder]
    ) {
        self.orderID = orderID
        self.name = name
        self.isCancelled = isCancelled
        self.displayFulfillmentStatus = displayFulfillmentStatus
        self.fulfilments = fulfilments
        self.fulfilmentOrders = fulfilmentOrders
    }

    /// A fulfilment that is there already, ours or another's.
    package struct Existing: Codable, Hashable, Sendable {
        package var id: Int64
        /// `SUCCESS`, `CANCELLED`, …
        package var status: String
        package var trackingNumbers: [String]
        /// How many of each order line it ships.
        package var lineItemIDs: [Int64: Int]

        package init(id: Int64, status: String, trackingNumbers: [String], lineItemIDs: [Int64: Int]) {
            self.id = id
            self.status = status
            self.trackingNumbers = trackingNumbers
            self.lineItemIDs = lineItemIDs
        }
    }

    /// What is to be shipped from one location.
    package struct FulfilmentOrder: Codable, Hashable, Sendable {
        package var id: Int64
        /// `OPEN`, `IN_PROGRESS`, `ON_HOLD`, `SCHEDULED`, `INCOMPLETE`, `CANCELLED`, `CLOSED`.
        package var status: String
        /// `CREATE_FULFILLMENT`, `HOLD`, …
        package var supportedActions: [String]
        package var locationID: Int64?
        /// `SHIPPING`, `PICK_UP`, `PICKUP_POINT`, `LOCAL`, `RETAIL`, `NONE`; nil when Shopify names none.
        package var methodType: String?
        package var lines: [Line]

        package init(
            id: Int64, status: String, supportedActions: [String], locationID: Int64?, methodType: String?,
            lines: [Line]
        ) {
            self.id = id
            self.status = status
            self.supportedActions = supportedActions
            self.locationID = locationID
            self.methodType = methodType
            self.lines = lines
        }

        /// Shopify takes a fulfilment for it now, and it is shipped rather than picked up. The status alone does not
        /// tell: an order on hold or scheduled only lacks the action.
        package var canBeFulfilled: Bool {
            supportedActions.contains("CREATE_FULFILLMENT")
                && (methodType == nil || methodType == "SHIPPING" || methodType == "PICKUP_POINT")
        }
    }

    /// One line of a fulfilment order; match it to an order line by `lineItemID`, never by SKU.
    package struct Line: Codable, Hashable, Sendable {
        package var id: Int64
        package var lineItemID: Int64
        package var totalQuantity: Int
        package var remainingQuantity: Int

        package init(id: Int64, lineItemID: Int64, totalQuantity: Int, remainingQuantity: Int) {
            self.id = id
            self.lineItemID = lineItemID
            self.totalQuantity = totalQuantity
            self.remainingQuantity = remainingQuantity
        }
    }
}
