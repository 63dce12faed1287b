import FoundationEssentials
import HTTPWire

/// The REST subset (contracts §2.8): legacy, but still answered.
extension ShopifyShop {
    struct RESTOutcome: Sendable {
        var status = 200
        var body: JSONNode
        var link: String?

        static let notFound = RESTOutcome(status: 404, body: ["errors": "Not Found"])
    }

    static let restPageMaximum = 250

    /// - Parameter base: what stands before `/admin/api` in links.
    mutating func answer(rest request: VendorRequest, below base: String, at now: Date) -> RESTOutcome {
        let path = request.segments.dropFirst(3).map { $0.hasSuffix(".json") ? String($0.dropLast(5)) : $0 }
        let id = path.count > 1 ? Int64(wireDigits: path[1]) : nil
        let body = request.bodyNode ?? [:]
        switch (request.method, path.first ?? "", path.count) {
        case (.get, "orders", 1): return restOrders(request, below: base, at: now)
        case (.get, "orders", 2):
            guard let id, let order = orders[id] else { return .notFound }
            return RESTOutcome(body: ["order": order.node])
        case (.post, "orders", 3) where path[2] == "cancel":
            guard let id, orders[id] != nil else { return .notFound }
            guard cancel(id, reason: body["reason"]?.string ?? "other", at: now) else {
                return RESTOutcome(
                    status: 422, body: ["errors": "Cannot cancel an order that has already been canceled"])
            }
            return RESTOutcome(body: ["order": orders[id]?.node ?? nil, "notice": "Order has been canceled"])
        case (.get, "orders", 3) where path[2] == "fulfillment_orders":
            guard let id, orders[id] != nil else { return .notFound }
            let ids = settings.seesFulfilmentOrders ? fulfilmentOrderIDs[id] ?? [] : []
            let nodes = ids.compactMap { fulfilmentOrders[$0] }.map(restNode)
            return RESTOutcome(body: ["fulfillment_orders": .array(nodes)])
        case (.post, "fulfillments", 1): return restFulfil(body["fulfillment"] ?? [:], at: now)
        case (.post, "fulfillments", 3) where path[2] == "cancel":
            guard let id else { return .notFound }
            let outcome = cancelFulfilment(id, at: now)
            return restFulfilment(outcome)
        case (.post, "fulfillments", 3) where path[2] == "update_tracking":
            guard let id else { return .notFound }
            let tracking = Self.tracking(body["fulfillment"]?["tracking_info"] ?? [:])
            let outcome = updateTracking(id, tracking, at: now)
            return restFulfilment(outcome)
        case (.post, "fulfillment_orders", 3) where path[2] == "hold":
            guard let id, hold(id, reason: "OTHER", notes: nil, at: now) != nil, let known = fulfilmentOrders[id] else {
                return .notFound
            }
            return RESTOutcome(body: ["fulfillment_order": restNode(known)])
        case (.post, "fulfillment_orders", 3) where path[2] == "release_hold":
            guard let id, fulfilmentOrders[id] != nil else { return .notFound }
            releaseHolds(id, at: now)
            return RESTOutcome(body: ["fulfillment_order": fulfilmentOrders[id].map(restNode) ?? nil])
        case (.post, "webhooks", 1): return restSubscribe(body["webhook"] ?? [:], at: now)
        case (.get, "webhooks", 1):
            let nodes = subscriptions.values.sorted { $0.id < $1.id }.map(Self.restNode)
            return RESTOutcome(body: ["webhooks": .array(nodes)])
        case (.delete, "webhooks", 2):
            guard let id, subscriptions.removeValue(forKey: id) != nil else { return .notFound }
            return RESTOutcome(body: [:])
        default: return .notFound
        }
    }

    /// Pages by `Link`, newest id first; a page's cursor carries the id it ended with and what was asked for.
    private func restOrders(_ request: VendorRequest, below base: String, at now: Date) -> RESTOutcome {
        let limit = Int(clamping: Int64(wireDigits: request.parameter("limit") ?? "50") ?? 50)
        guard (1...Self.restPageMaximum).contains(limit) else {
            return RESTOutcome(status: 400, body: ["errors": ["limit": "must be between 1 and 250"]])
        }
        let cursor = request.parameter("page_info").flatMap(RESTCursor.init)
        let search = OrderSearch(cursor?.search ?? Self.search(request))
        var chosen = orders.values.sorted { $0.id > $1.id }.filter {
            search.matches($0, fulfilmentStatus: displayFulfilmentStatus(of: $0.id), now: now)
        }
        if let last = cursor?.last { chosen = Array(chosen.drop { $0.id >= last }) }
        let page = chosen.prefix(limit)
        let wanted = request.parameter("fields").map { Set($0.split(separator: ",").map(String.init)) }
        var outcome = RESTOutcome(body: ["orders": .array(page.map { Self.only(wanted, of: $0.node) })])
        if chosen.count > limit, let last = page.last {
            let info = RESTCursor(last: last.id, search: cursor?.search ?? Self.search(request)).text
            let path = request.segments.joined(separator: "/")
            let fields = request.parameter("fields").map { "&fields=\($0)" } ?? ""
            outcome.link = "<\(base)/\(path)?limit=\(limit)&page_info=\(info)\(fields)>; rel=\"next\""
        }
        return outcome
    }

    private static func search(_ request: VendorRequest) -> String {
        var terms: [String] = []
        if let after = request.parameter("updated_at_min") { terms.append("updated_at:>='\(after)'") }
        if let before = request.parameter("updated_at_max") { terms.append("updated_at:<='\(before)'") }
        let status = request.parameter("status") ?? "open"
        if status != "any" { terms.append("status:\(status)") }
        return terms.joined(separator: " ")
    }

    /// Only these members, as `fields=` asks for.
    private static func only(_ names: Set<String>?, of node: JSONNode) -> JSONNode {
        guard let names, let members = node.members else { return node }
        return .object(members.filter { names.contains($0.name) })
    }

    private mutating func restFulfil(_ form: JSONNode, at now: Date) -> RESTOutcome {
        let groups = (form["line_items_by_fulfillment_order"]?.array ?? []).compactMap { group in
            group["fulfillment_order_id"]?.lenientInteger.map { id in
                FulfilmentRequest.Group(
                    fulfilmentOrderID: id,
                    lines: group["fulfillment_order_line_items"]?.array.map { lines in
                        lines.compactMap { line in
                            line["id"]?.lenientInteger.map {
                                (id: $0, quantity: Int(clamping: line["quantity"]?.lenientInteger ?? 0))
                            }
                        }
                    })
            }
        }
        let request = FulfilmentRequest(
            groups: groups, notifyCustomer: form["notify_customer"]?.bool ?? false,
            tracking: Self.tracking(form["tracking_info"] ?? [:]))
        let outcome = createFulfilment(request, at: now)
        return restFulfilment(outcome, status: 201)
    }

    private func restFulfilment(
        _ result: Result<Fulfilment, ShopUserError>, status: Int = 200
    ) -> RESTOutcome {
        switch result {
        case .success(let made): return RESTOutcome(status: status, body: ["fulfillment": restNode(of: made)])
        case .failure(let refusal):
            if refusal.message.contains("does not exist") || refusal.message.contains("not found") { return .notFound }
            let words =
                refusal.message.contains("unfulfillable")
                ? "The fulfillment order is not in an open state." : refusal.message
            return RESTOutcome(status: 422, body: ["errors": [.string(words)]])
        }
    }

    private mutating func restSubscribe(_ form: JSONNode, at now: Date) -> RESTOutcome {
        let topic = form["topic"]?.string ?? ""
        guard ShopifySchema.topics.contains(ShopifySchema.enumForm(of: topic)) else {
            return RESTOutcome(status: 422, body: ["errors": ["topic": ["Invalid topic specified."]]])
        }
        switch createSubscription(topic: topic, ["uri": form["address"] ?? ""], at: now) {
        case .success(let made): return RESTOutcome(status: 201, body: ["webhook": Self.restNode(made)])
        case .failure(let refusal):
            let words = refusal.message.replacing("Address ", with: "")
            return RESTOutcome(status: 422, body: ["errors": ["address": [.string(words)]]])
        }
    }

    private static func restNode(_ subscription: WebhookSubscription) -> JSONNode {
        [
            "id": .integer(subscription.id), "address": .string(subscription.uri), "topic": .string(subscription.topic),
            "created_at": .string(VendorTime.shop(subscription.createdAt)),
            "updated_at": .string(VendorTime.shop(subscription.updatedAt)),
            "format": .string(subscription.format.lowercased()), "fields": .strings(subscription.includeFields),
            "metafield_namespaces": [], "api_version": "2026-07", "private_metafield_namespaces": [],
        ]
    }

    private func restNode(_ known: FulfilmentOrder) -> JSONNode {
        [
            "id": .integer(known.id), "shop_id": 91_740_864_812, "order_id": .integer(known.orderID),
            "assigned_location_id": .integer(known.location.id), "request_status": "unsubmitted",
            "status": .string(known.status.rawValue.lowercased()),
            "fulfill_at": .string(VendorTime.shop(known.createdAt)), "fulfill_by": nil,
            "supported_actions": .strings(
                known.supportedActions(hasOtherLocation: settings.locations.count > 1).map { $0.lowercased() }),
            "destination": orders[known.orderID]?.node["shipping_address"] ?? nil,
            "line_items": .array(
                known.lines.map { line in
                    [
                        "id": .integer(line.id), "shop_id": 91_740_864_812,
                        "fulfillment_order_id": .integer(known.id), "quantity": .integer(line.total),
                        "line_item_id": .integer(line.lineID), "inventory_item_id": nil,
                        "fulfillable_quantity": .integer(line.remaining), "variant_id": nil,
                    ]
                }), "international_duties": nil, "fulfillment_holds": [],
            "delivery_method": ["id": .integer(known.id), "method_type": .string(known.methodType.lowercased())],
            "assigned_location": ["name": .string(known.location.name), "country_code": "BE"],
            "merchant_requests": [],
        ]
    }
}

/// What a page's address carries: nothing but `limit` and `fields` may stand beside it (contracts §2.8).
private struct RESTCursor {
    let last: Int64
    let search: String

    init(last: Int64, search: String) {
        self.last = last
        self.search = search
    }

    init?(_ info: String) {
        guard let bytes = Data(base64Encoded: info) else { return nil }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard parts.count == 2, let last = Int64(wireDigits: String(parts[0])) else { return nil }
        self.last = last
        search = String(parts[1])
    }

    var text: String {
        Data("\(last)\n\(search)".utf8).base64EncodedString().replacing("=", with: "%3D").replacing("+", with: "%2B")
    }
}
