package import Contracts
import Kernel

/// Something an operator has to hear of, in their words: what happened, what to do, where.
///
/// Of a customer's data it holds the order's number and nothing else.
package struct Notice: Hashable, Sendable {
    /// The event it is about, `order.failed`.
    package let event: String
    package let orderID: OrderID?
    package let subject: String
    /// Sentences; no line ends.
    package let text: String
    /// Below the operators' pages, `/orders/…`.
    package let path: String
    /// While one is quiet, further ones with its key are counted instead of told.
    package let quietKey: String

    /// How long a notice keeps the next one with its key from being told: an order of twenty unknown products is one
    /// mail, and a vendor that refuses a day's orders is one an hour.
    package static let quietSeconds = 3_600.0
}

extension Notice {
    package static func orderFailed(_ id: OrderID, number: String) -> Notice {
        Notice(
            event: OrderFailed.name, orderID: id, subject: "Order \(number): a print failed",
            text:
                "A print of order \(number) failed. Look at the printer, then print the part again from the order's page.",
            path: "/orders/\(id)", quietKey: "\(OrderFailed.name):\(id)")
    }

    package static func lineUnmapped(_ id: OrderID, number: String) -> Notice {
        Notice(
            event: OrderLineUnmapped.name, orderID: id, subject: "Order \(number): a product has no mapping",
            text: "Order \(number) has a product that nobody has said how to print, so this part of it waits. "
                + "Add a product mapping for its SKU; the order then goes on by itself.",
            path: "/orders/\(id)", quietKey: "\(OrderLineUnmapped.name):\(id)")
    }

    package static func fulfillmentFailed(_ id: OrderID, number: String) -> Notice {
        Notice(
            event: FulfillmentFailed.name, orderID: id, subject: "Order \(number): Shopify was not told that it left",
            text: "Order \(number) could not be marked as fulfilled in Shopify, so its customer has not been told. "
                + "See why on the order's page and try it again there.",
            path: "/orders/\(id)", quietKey: "\(FulfillmentFailed.name):\(id)")
    }

    /// - Parameter order: what the work was for, where it was for one.
    package static func retryExhausted(kind: String, order: (id: OrderID, number: String)?) -> Notice {
        let about = order.map { " for order \($0.number)" } ?? ""
        return Notice(
            event: retryExhaustedName, orderID: order?.id, subject: "Work gave up: \(kind)",
            text: "The job \(kind)\(about) was tried as often as it may be and waits for you. "
                + "See why in the list of jobs, mend the cause, then have it tried again there.",
            path: order.map { "/orders/\($0.id)" } ?? "/jobs",
            // By kind, not by order: when a vendor is away, every order's job gives up for the same reason.
            quietKey: "\(retryExhaustedName):\(kind)")
    }

    package static let retryExhaustedName = "job.retry-exhausted"

    /// A job that gave up is told of unless its module has a notice of its own, or it is itself the telling: a mail
    /// about a mail that cannot be sent would go on for ever.
    package static func tells(ofJob kind: String) -> Bool {
        !kind.hasPrefix("notifications.") && !kind.hasPrefix("fulfilment.")
    }

    /// An order's number as it may stand in a subject: one short line, whatever the shop calls its orders.
    package static func plain(orderNumber: String) -> String {
        let visible = String(
            String.UnicodeScalarView(orderNumber.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
        return String(visible.prefix(orderNumberCharactersMaximum))
    }

    private static let orderNumberCharactersMaximum = 40

    /// What is said of those that were held back meanwhile.
    package static func words(forHeldBack count: Int) -> String {
        switch count {
        case ...0: ""
        case 1: " Since the last notice like this there was one more."
        default: " Since the last notice like this there were \(count) more."
        }
    }
}
