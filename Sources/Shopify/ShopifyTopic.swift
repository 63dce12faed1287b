/// What a delivery's body is, told by its topic.
package enum ShopifyTopic: Hashable, Sendable {
    /// The whole order.
    case order
    /// `order_edit` with an order id.
    case orderEdited
    /// Only the order's id.
    case orderDeleted
    case refund
    case fulfilment
    /// Fulfilment orders and their holds: ids only, so the order's state is asked for again.
    case fulfilmentOrder
    /// Privacy law: customers' data asked for or to be erased.
    case compliance
    case app
    case unknown

    /// - Parameter topic: as in `X-Shopify-Topic`, `orders/create`.
    package static func classify(_ topic: String) -> ShopifyTopic {
        switch topic.lowercased() {
        case "orders/edited": .orderEdited
        case "orders/delete": .orderDeleted
        case "orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled",
            "orders/partially_fulfilled":
            .order
        case "refunds/create": .refund
        case "fulfillments/create", "fulfillments/update": .fulfilment
        case let topic where topic.hasPrefix("fulfillment_orders/") || topic.hasPrefix("fulfillment_holds/"):
            .fulfilmentOrder
        case "customers/data_request", "customers/redact", "shop/redact": .compliance
        case let topic where topic.hasPrefix("app/"): .app
        default: .unknown
        }
    }
}

extension ShopifyTopic {
    /// What this system has to hear of, as GraphQL spells it. Edits, refunds and fulfilments bring `orders/updated`
    /// with the whole order beside them.
    package static let needed = [
        "ORDERS_CREATE", "ORDERS_PAID", "ORDERS_UPDATED", "ORDERS_CANCELLED", "ORDERS_FULFILLED",
        "ORDERS_PARTIALLY_FULFILLED", "ORDERS_DELETE",
    ]

    /// Topics that nothing delivers to the address.
    package static func missing(in subscriptions: [ShopifyClient.Subscription], address: String) -> [String] {
        let there = Set(subscriptions.filter { $0.address == address }.map(\.topic))
        return needed.filter { !there.contains($0) }
    }
}
