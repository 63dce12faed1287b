import Contracts
import Jobs
import Kernel
import Routing

/// An order on the wire: whole, or as a line of a list with counts instead of arrays.
enum OrderJSON {
    static let lineItem = Schema.object(
        name: "LineItem",
        [
            .init("id", .format("uuid")), .init("shopifyLineItemId", .string), .init("title", .string),
            .init("sku", .nullable(.string)), .init("quantity", .integer), .init("currentQuantity", .integer),
            .init("state", .oneOf(LineItemState.allCases.map(\.rawValue))),
            .init("skippedBecause", .nullable(.oneOf(["gift-card", "tip", "no-shipping"]))),
            .init("productMappingId", .nullable(.format("uuid"))), .init("copiesTotal", .integer),
            .init("copiesDone", .integer),
        ])

    static let fulfilment = Schema.object(
        name: "Fulfillment",
        [
            .init("id", .format("uuid")), .init("state", .oneOf(FulfilmentState.allCases.map(\.rawValue))),
            .init("shopifyFulfillmentId", .nullable(.string)), .init("trackingNumber", .nullable(.string)),
            .init("trackingCompany", .nullable(.string)), .init("trackingUrl", .nullable(.string)),
            .init("createdAt", .format("date-time")), .init("updatedAt", .format("date-time")),
            .init("attention", .nullable(.attention)),
        ])

    private static let head: [Schema.Property] = [
        .init("id", .format("uuid")), .init("shopifyOrderId", .string, "digits"),
        .init("orderNumber", .string, "Shopify's name, #1001"),
        .init("status", .oneOf(OrderStatus.allCases.map(\.rawValue))), .init("financialStatus", .nullable(.string)),
        .init("isTest", .boolean), .init("currency", .string), .init("totalPrice", .nullable(.format("decimal"))),
        .init("customerName", .nullable(.string)), .init("orderedAt", .format("date-time")),
        .init("createdAt", .format("date-time")), .init("updatedAt", .format("date-time")),
        .init("cancelledAt", .nullable(.format("date-time"))), .init("attention", .nullable(.attention)),
    ]

    static let summarySchema = Schema.object(
        name: "OrderSummary",
        head + [
            .init("lineItemCount", .integer), .init("printJobCount", .integer), .init("printJobsDone", .integer),
            .init("shipmentCount", .integer), .init("fulfillmentCount", .integer),
        ])

    static let schema = Schema.object(
        name: "Order",
        head + [
            .init("email", .nullable(.string)), .init("shippingAddress", .nullable(.any)),
            .init("lineItems", .array(lineItem)),
            .init("printJobs", .array(.any), "as GET /api/v1/print-jobs/{id}"),
            .init("shipments", .array(.any), "as GET /api/v1/shipments/{id}"),
            .init("fulfillments", .array(fulfilment)),
        ])

    static func summary(_ page: OrderPage) -> JSONValue {
        var members = headMembers(page)
        members["lineItemCount"] = .integer(Int64(page.order.lineItems.count))
        members["printJobCount"] = .integer(Int64(page.printJobs.count))
        members["printJobsDone"] = .integer(Int64(page.printJobs.count { $0.state == .done }))
        members["shipmentCount"] = .integer(Int64(page.shipments.count))
        members["fulfillmentCount"] = .integer(Int64(page.fulfilments.count))
        return .object(members)
    }

    static func write(_ page: OrderPage) throws -> JSONValue {
        var members = headMembers(page)
        members["email"] = JSONValue(page.order.email)
        members["shippingAddress"] =
            try page.order.address.map {
                try JSON.decode(JSONValue.self, from: JSON.encode($0))
            } ?? .null
        members["lineItems"] = .array(page.order.lineItems.map(write))
        members["printJobs"] = .array(page.printJobs.map(\.json))
        members["shipments"] = .array(page.shipments.map(\.json))
        members["fulfillments"] = .array(page.fulfilments.map(\.json))
        return .object(members)
    }

    static func write(_ entry: EventLog.Entry) throws -> JSONValue {
        [
            "version": .integer(entry.version), "event": .string(entry.name), "source": .string(entry.source),
            "timestamp": JSONValue(entry.at), "correlationId": .string(entry.correlationID.text),
            "data": try JSON.decode(JSONValue.self, from: entry.data),
        ]
    }

    private static func headMembers(_ page: OrderPage) -> [String: JSONValue] {
        let order = page.order
        return [
            "id": .string(order.id.description), "shopifyOrderId": .string(String(order.shopifyOrderID)),
            "orderNumber": .string(order.orderNumber), "status": .string(order.status.rawValue),
            "financialStatus": JSONValue(order.financialStatus), "isTest": .bool(order.isTest),
            "currency": .string(order.currency), "totalPrice": JSONValue(order.totalPrice),
            "customerName": JSONValue(order.customerName), "orderedAt": JSONValue(order.orderedAt),
            "createdAt": JSONValue(order.createdAt), "updatedAt": JSONValue(order.updatedAt),
            "cancelledAt": JSONValue(order.cancelledAt), "attention": Attention.json(page.attention),
        ]
    }

    private static func write(_ line: LineItemView) -> JSONValue {
        [
            "id": .string(line.id.description), "shopifyLineItemId": .string(String(line.shopifyLineItemID)),
            "title": .string(line.title), "sku": JSONValue(line.sku), "quantity": .integer(Int64(line.quantity)),
            "currentQuantity": .integer(Int64(line.currentQuantity)), "state": .string(line.state.rawValue),
            "skippedBecause": JSONValue(line.skippedBecause), "productMappingId": JSONValue(line.productMappingID),
            "copiesTotal": .integer(Int64(line.copiesTotal)), "copiesDone": .integer(Int64(line.copiesDone)),
        ]
    }
}
