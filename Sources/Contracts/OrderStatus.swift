/// How far an order is. The closed set that the API shows.
package enum OrderStatus: String, Codable, CaseIterable, Sendable {
    /// Known; not paid yet, so nothing is made.
    case received
    /// Paid; its lines are being looked up.
    case validated
    /// Every line knows its parts; nothing is at the farm yet.
    case mapped
    /// A line has no product mapping and waits for one.
    case needsMapping = "needs_mapping"
    case inProduction = "in_production"
    case partiallyPrinted = "partially_printed"
    /// Every part is done.
    case printed
    case packing
    /// The label is bought and stored.
    case shipped
    /// Shopify knows the tracking; the customer is told.
    case fulfilled
    /// Nothing (more) to do: a test order, or nothing in it is printed.
    case closed
    case onHold = "on_hold"
    case cancelRequested = "cancel_requested"
    case cancelled
    /// A print failed and nobody has decided about it yet.
    case failed
}

/// How far a line of an order is.
package enum LineItemState: String, Codable, CaseIterable, Sendable {
    /// Not paid, or without a mapping.
    case pending
    case mapped
    case printing
    case done
    case failed
    case cancelled
}

/// How far one print job is.
package enum PrintJobState: String, Codable, CaseIterable, Sendable {
    /// Wanted; the farm has not been asked.
    case planned
    /// The request to the farm is on its way.
    case intent
    /// In the farm's queue.
    case queued
    /// Given to a printer.
    case assigned
    case printing
    case done
    case failed
    case cancelled
    /// It is not known whether the farm took it; being found out.
    case unknown
}

/// How far a shipment is.
package enum ShipmentState: String, Codable, CaseIterable, Sendable {
    case planned
    case intent
    /// The parcel exists at Sendcloud; its label is not stored yet.
    case created
    case labelReady = "label_ready"
    case handedOver = "handed_over"
    case delivered
    case exception
    case cancelled
    case unknown
}

/// How far a Shopify fulfilment is.
package enum FulfilmentState: String, Codable, CaseIterable, Sendable {
    case planned
    case intent
    /// Shopify has it, without tracking.
    case created
    /// Shopify has it with tracking; the customer is told.
    case trackingSent = "tracking_sent"
    case unknown
}
