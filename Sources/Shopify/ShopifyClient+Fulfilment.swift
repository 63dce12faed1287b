import HTTPClient
package import Kernel

extension ShopifyClient {
    /// What Shopify says of an order's fulfilment: fulfilment orders, their lines and the fulfilments there are.
    ///
    /// The list of fulfilment orders may be empty: routing runs after the order is made, and an app sees only those
    /// its scopes allow, without an error (https://shopify.dev/docs/api/admin-graphql/latest/objects/FulfillmentOrder).
    /// - Returns: nil for an order Shopify does not know.
    package func fulfilmentState(of orderID: Int64) async throws(VendorFailure) -> OrderFulfilmentState? {
        guard var order = try await orderPage(orderID, after: nil) else { return nil }
        var pages = 1
        while let cursor = order.fulfilmentOrders.nextCursor {
            try requireRoom(&pages)
            guard let next = try await orderPage(orderID, after: cursor) else { return nil }
            order.fulfilmentOrders.nodes += next.fulfilmentOrders.nodes
            order.fulfilmentOrders.nextCursor = next.fulfilmentOrders.nextCursor
        }
        if order.fulfilments.count >= PageSize.fulfilments {
            order.fulfilments = try await allFulfilments(orderID) ?? order.fulfilments
        }
        for index in order.fulfilments.indices {
            while let cursor = order.fulfilments[index].lines.nextCursor {
                try requireRoom(&pages)
                let next = try await fulfilmentLines(order.fulfilments[index].id, after: cursor)
                order.fulfilments[index].lines.nodes += next.nodes
                order.fulfilments[index].lines.nextCursor = next.nextCursor
            }
        }
        for index in order.fulfilmentOrders.nodes.indices {
            while let cursor = order.fulfilmentOrders.nodes[index].lines.nextCursor {
                try requireRoom(&pages)
                let next = try await fulfilmentOrderLines(order.fulfilmentOrders.nodes[index].id, after: cursor)
                order.fulfilmentOrders.nodes[index].lines.nodes += next.nodes
                order.fulfilmentOrders.nodes[index].lines.nextCursor = next.nextCursor
            }
        }
        return OrderFulfilmentState(order)
    }

    /// Makes a fulfilment. Shopify offers no idempotency key for it, so the call is never sent twice by itself; after
    /// a failure with `mayHaveHappened` read `fulfilmentState` and look for the tracking number.
    /// - Throws: `.conflict` when a fulfilment order has a status that cannot be fulfilled any more, `.rejected` for
    ///   quantities Shopify refuses.
    package func createFulfilment(_ new: NewFulfilment) async throws(VendorFailure) -> CreatedFulfilment {
        let document = """
            mutation CreateFulfilment($fulfillment: FulfillmentInput!) {
              fulfillmentCreate(fulfillment: $fulfillment) {
                fulfillment { id name status }
                userErrors { field message }
              } }
            """
        return try await mutate("createFulfilment", document, ["fulfillment": new.input], neverResend: true)
    }

    /// Replaces the tracking of a fulfilment; doing it twice changes nothing.
    package func updateTracking(
        fulfilmentID: Int64, tracking: NewFulfilment.Tracking, notifyCustomer: Bool
    ) async throws(VendorFailure) {
        let document = """
            mutation UpdateTracking($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean) {
              fulfillmentTrackingInfoUpdate(
                fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify
              ) {
                fulfillment { id status }
                userErrors { field message }
              } }
            """
        let variables: JSONValue = [
            "id": .string(ShopifyGID.make("Fulfillment", fulfilmentID)), "tracking": tracking.input,
            "notify": .bool(notifyCustomer),
        ]
        _ = try await mutate("updateTracking", document, variables, neverResend: notifyCustomer)
    }

    /// Cancels a fulfilment; cancelling twice succeeds. The fulfilment orders have other ids afterwards.
    package func cancelFulfilment(id: Int64) async throws(VendorFailure) {
        let document = """
            mutation CancelFulfilment($id: ID!) {
              fulfillmentCancel(id: $id) { fulfillment { id status } userErrors { field message } }
            }
            """
        let variables: JSONValue = ["id": .string(ShopifyGID.make("Fulfillment", id))]
        _ = try await mutate("cancelFulfilment", document, variables, neverResend: false)
    }

    private func mutate(
        _ operation: String, _ document: String, _ variables: JSONValue, neverResend: Bool
    ) async throws(VendorFailure) -> CreatedFulfilment {
        try await ask(operation, document, variables, neverResend: neverResend) {
            (data: Wire.MutationData, context) throws(VendorFailure) in
            // `errors` may stand beside a mutation that was carried out: what it made decides.
            if let made = data.fulfilment {
                return CreatedFulfilment(id: made.id, name: made.name, status: made.status)
            }
            guard data.userErrors.isEmpty else { throw context.answer.failure(data.userErrors) }
            return nil
        }
    }

    private func orderPage(_ orderID: Int64, after: String?) async throws(VendorFailure) -> Wire.Order? {
        let document = """
            query OrderFulfilmentState($id: ID!, $after: String) {
              order(id: $id) {
                id name cancelledAt displayFulfillmentStatus
                fulfillments(first: \(PageSize.fulfilments)) {
                  id status trackingInfo { number }
                  fulfillmentLineItems(first: \(PageSize.fulfilmentLines)) {
                    pageInfo { hasNextPage endCursor } nodes { id quantity lineItem { id } } } }
                fulfillmentOrders(first: \(PageSize.fulfilmentOrders), after: $after) {
                  pageInfo { hasNextPage endCursor }
                  nodes {
                    id status supportedActions { action }
                    assignedLocation { location { id } } deliveryMethod { methodType }
                    lineItems(first: \(PageSize.fulfilmentOrderLines)) {
                      pageInfo { hasNextPage endCursor }
                      nodes { id totalQuantity remainingQuantity lineItem { id } } } } } } }
            """
        return try await ask("fulfilmentState", document, variables(orderID, "Order", after: after)) {
            (data: Wire.OrderData, context) throws(VendorFailure) -> Wire.Order?? in
            // Without errors no order means that Shopify knows none.
            if data.order == nil, context.hasErrors { return nil }
            return .some(data.order)
        }
    }

    /// `Order.fulfillments` has no pages; a second question with a larger number and no lines to keep the cost low.
    private func allFulfilments(_ orderID: Int64) async throws(VendorFailure) -> [Wire.Fulfilment]? {
        let document = """
            query OrderFulfilments($id: ID!) {
              order(id: $id) {
                id
                fulfillments(first: \(PageSize.fulfilmentsMaximum)) {
                  id status trackingInfo { number }
                  fulfillmentLineItems(first: 1) {
                    pageInfo { hasNextPage endCursor } nodes { id quantity lineItem { id } } } } } }
            """
        return try await ask("fulfilmentState", document, variables(orderID, "Order", after: nil)) {
            (data: Wire.OrderData, _) throws(VendorFailure) -> [Wire.Fulfilment]?? in data.order?.fulfilments
        }
    }

    private func fulfilmentLines(
        _ id: Int64, after: String
    ) async throws(VendorFailure) -> Wire.Connection<Wire.FulfilmentLine> {
        let document = """
            query FulfilmentLines($id: ID!, $after: String) {
              fulfillment(id: $id) {
                fulfillmentLineItems(first: \(PageSize.further), after: $after) {
                  pageInfo { hasNextPage endCursor } nodes { id quantity lineItem { id } } } } }
            """
        return try await ask("fulfilmentState", document, variables(id, "Fulfillment", after: after)) {
            (data: Wire.FulfilmentLinesData, _) throws(VendorFailure) in data.lines
        }
    }

    private func fulfilmentOrderLines(
        _ id: Int64, after: String
    ) async throws(VendorFailure) -> Wire.Connection<Wire.FulfilmentOrderLine> {
        let document = """
            query FulfilmentOrderLines($id: ID!, $after: String) {
              fulfillmentOrder(id: $id) {
                lineItems(first: \(PageSize.further), after: $after) {
                  pageInfo { hasNextPage endCursor }
                  nodes { id totalQuantity remainingQuantity lineItem { id } } } } }
            """
        return try await ask("fulfilmentState", document, variables(id, "FulfillmentOrder", after: after)) {
            (data: Wire.FulfilmentOrderLinesData, _) throws(VendorFailure) in data.lines
        }
    }

    private func variables(_ id: Int64, _ kind: String, after: String?) -> JSONValue {
        ["id": .string(ShopifyGID.make(kind, id)), "after": after.map { .string($0) } ?? .null]
    }

    /// A cursor that never ends must not keep a job for ever.
    private func requireRoom(_ pages: inout Int) throws(VendorFailure) {
        pages += 1
        guard pages <= PageSize.pagesMaximum else {
            throw VendorFailure(
                vendor: "shopify", operation: "fulfilmentState", kind: .malformed, mayHaveHappened: false,
                message: "more than \(PageSize.pagesMaximum) pages")
        }
    }

    /// Sizes that keep one question below Shopify's limit of 1000 points even when every object costs one.
    private enum PageSize {
        static let fulfilments = 10
        static let fulfilmentLines = 15
        static let fulfilmentOrders = 5
        static let fulfilmentOrderLines = 50
        static let fulfilmentsMaximum = 150
        static let further = 200
        static let pagesMaximum = 100
    }
}

extension OrderFulfilmentState {
    fileprivate init(_ order: Wire.Order) {
        self.init(
            orderID: order.id, name: order.name, isCancelled: order.isCancelled,
            displayFulfillmentStatus: order.displayFulfillmentStatus,
            fulfilments: order.fulfilments.map { fulfilment in
                let quantities = fulfilment.lines.nodes.map { ($0.lineItemID, $0.quantity) }
                return Existing(
                    id: fulfilment.id, status: fulfilment.status, trackingNumbers: fulfilment.trackingNumbers,
                    lineItemIDs: Dictionary(quantities, uniquingKeysWith: +))
            },
            fulfilmentOrders: order.fulfilmentOrders.nodes.map { order in
                FulfilmentOrder(
                    id: order.id, status: order.status, supportedActions: order.supportedActions,
                    locationID: order.locationID, methodType: order.methodType,
                    lines: order.lines.nodes.map { line in
                        Line(
                            id: line.id, lineItemID: line.lineItemID, totalQuantity: line.totalQuantity,
                            remainingQuantity: line.remainingQuantity)
                    })
            })
    }
}

extension NewFulfilment {
    fileprivate var input: JSONValue {
        var input: [String: JSONValue] = [
            "notifyCustomer": .bool(notifyCustomer),
            "lineItemsByFulfillmentOrder": .array(
                fulfilmentOrders.map { part in
                    [
                        "fulfillmentOrderId": .string(ShopifyGID.make("FulfillmentOrder", part.fulfilmentOrderID)),
                        "fulfillmentOrderLineItems": .array(
                            part.lines.map { line in
                                [
                                    "id": .string(ShopifyGID.make("FulfillmentOrderLineItem", line.id)),
                                    "quantity": .integer(Int64(line.quantity)),
                                ]
                            }),
                    ]
                }),
        ]
        if let tracking { input["trackingInfo"] = tracking.input }
        return .object(input)
    }
}

extension NewFulfilment.Tracking {
    fileprivate var input: JSONValue {
        let members = [("company", company), ("number", number), ("url", url)]
        return .object(
            Dictionary(uniqueKeysWithValues: members.compactMap { key, text in text.map { (key, .string($0)) } }))
    }
}
