import Jobs
import Contracts
import HTTPWire
import Kernel
package import Routing

/// Orders over REST: list, one, timeline, retry.
package struct OrderRoutes: Sendable {
    private let pages: OrderPages

    package init(pages: OrderPages) {
        self.pages = pages
    }

    package var routes: [Route] {
        [list, one, timeline, retry]
    }

    private var list: Route {
        Route(
            .get, "/api/v1/orders", "List orders, newest first", tag: "Orders", access: .operators,
            parameters: Page<OrderTag>.parameters + [
                .init("status", "only this status", .oneOf(OrderStatus.allCases.map(\.rawValue))),
                .init("search", "part of the order number, a SKU or a title"),
                .init("shopifyOrderId", "Shopify's order id, digits"),
            ],
            returns: Page<OrderTag>.schema(name: "OrderPage", of: OrderJSON.summarySchema), problems: [422],
            handle: { call in
                let page = try Page<OrderTag>(call)
                let search = OrderSearch(
                    status: try call.choice("status"), text: call.query("search"),
                    shopifyOrderID: try Self.shopifyOrderID(call), before: page.before, limit: page.limit + 1)
                return try page.answer(await pages.pages(search), id: \.order.id, write: OrderJSON.summary)
            })
    }

    private var one: Route {
        Route(
            .get, "/api/v1/orders/{id}", "Show one order with its lines, prints, parcels and fulfilments",
            tag: "Orders",
            access: .operators, returns: OrderJSON.schema, problems: [404],
            handle: { call in
                .json(try JSON.encode(try OrderJSON.write(await pages.page(of: call.id("id")))))
            })
    }

    private var timeline: Route {
        Route(
            .get, "/api/v1/orders/{id}/timeline", "Everything that happened to the order, oldest first", tag: "Orders",
            access: .operators,
            parameters: [
                .init("after", "only events after this version", .integer),
                .init("limit", "1 to 500, default 200", .integer),
            ],
            returns: .object(
                name: "Timeline",
                [
                    .init(
                        "items",
                        .array(
                            .object(
                                name: "TimelineEvent",
                                [
                                    .init("version", .integer, "1, 2, 3 … without gaps"), .init("event", .string),
                                    .init("source", .string), .init("timestamp", .format("date-time")),
                                    .init("correlationId", .string), .init("data", .any),
                                ]))), .init("nextCursor", .nullable(.string)),
                ]), problems: [404, 422],
            handle: { call in
                let after = try call.integer("after", in: 0...999_999_999, default: 0)
                let limit = try call.integer("limit", in: 1...500, default: 200)
                let entries = try await pages.timeline(of: call.id("id"), after: Int64(after), limit: limit + 1)
                let shown = entries.prefix(limit)
                let next = entries.count > limit ? shown.last.map { String($0.version) } : nil
                return .json(
                    try JSON.encode(
                        JSONValue.object([
                            "items": .array(try shown.map(OrderJSON.write)), "nextCursor": JSONValue(next),
                        ])))
            })
    }

    private var retry: Route {
        Route(
            .post, "/api/v1/orders/{id}/retry", "Try again every step of the order that has given up", tag: "Orders",
            access: .operators, returns: .object(name: "Retried", [.init("retried", .integer)]), status: 202,
            problems: [404, 409],
            handle: { call in
                let count = try await pages.retry(call.id("id"))
                return .json(try JSON.encode(JSONValue.object(["retried": .integer(Int64(count))])), status: 202)
            })
    }

    private static func shopifyOrderID(_ call: Call) throws -> Int64? {
        guard let text = call.query("shopifyOrderId") else { return nil }
        guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let id = Int64(text)
        else {
            throw Problem.invalid([.init("shopifyOrderId", "is no id of the shop", allowed: "digits only")])
        }
        return id
    }
}
