/// A fulfilment to make: fulfilment orders of one order and one location.
package struct NewFulfilment: Codable, Hashable, Sendable {
    package var orderID: Int64
    package var fulfilmentOrders: [Part]
    package var tracking: Tracking?
    /// Shopify mails the customer.
    package var notifyCustomer: Bool

    package init(orderID: Int64, fulfilmentOrders: [Part], tracking: Tracking?, notifyCustomer: Bool) {
        self.orderID = orderID
        self.fulfilmentOrders = fulfilmentOrders
        self.tracking = tracking
        self.notifyCustomer = notifyCustomer
    }

    /// What is taken from one fulfilment order.
    package struct Part: Codable, Hashable, Sendable {
        package var fulfilmentOrderID: Int64
        package var lines: [Line]

        package init(fulfilmentOrderID: Int64, lines: [Line]) {
            self.fulfilmentOrderID = fulfilmentOrderID
            self.lines = lines
        }
    }

    /// `id` is the fulfilment order line's, not the order line's.
    package struct Line: Codable, Hashable, Sendable {
        package var id: Int64
        package var quantity: Int

        package init(id: Int64, quantity: Int) {
            self.id = id
            self.quantity = quantity
        }
    }

    /// How the customer can follow the parcel.
    package struct Tracking: Codable, Hashable, Sendable {
        /// Exactly as Shopify spells the carrier (`TrackingCompany`).
        package var company: String?
        package var number: String?
        package var url: String?

        package init(company: String?, number: String?, url: String?) {
            self.company = company
            self.number = number
            self.url = url
        }
    }
}

/// What Shopify answered to a new fulfilment.
package struct CreatedFulfilment: Codable, Hashable, Sendable {
    package var id: Int64
    /// `#1053.1`.
    package var name: String?
    /// `SUCCESS`, …
    package var status: String

    package init(id: Int64, name: String?, status: String) {
        self.id = id
        self.name = name
        self.status = status
    }
}
