import FoundationEssentials
import Kernel

/// The shop: orders, fulfilment orders, fulfilments, subscriptions. A pure value; time and identities come in.
struct ShopifyShop: Sendable {
    /// A webhook that is to be sent.
    struct Hook: Sendable {
        let topic: String
        let body: [UInt8]
        /// The same for everything one action of the merchant caused.
        let eventID: String
        /// Where to; nil stands for the app's own subscription at the target.
        var subscription: WebhookSubscription?
    }

    enum Event: Sendable {
        case route(orderID: Int64)
        case finishCancel(orderID: Int64, reason: String, jobID: String)
    }

    var settings: ShopifySettings
    var pace: Pace
    private(set) var identities: Identities
    var orders: [Int64: ShopOrder] = [:]
    /// Orders as they came.
    var orderSequence: [Int64] = []
    var fulfilmentOrders: [Int64: FulfilmentOrder] = [:]
    var fulfilmentOrderIDs: [Int64: [Int64]] = [:]
    var fulfilments: [Int64: Fulfilment] = [:]
    var fulfilmentSequence: [Int64] = []
    var fulfilmentIDs: [Int64: [Int64]] = [:]
    var subscriptions: [Int64: WebhookSubscription] = [:]
    var cancelJobs: [String: Bool] = [:]
    var bucket: CostBucket
    /// Webhooks in the order they arose; the shell takes them.
    var outgoing: [Hook] = []
    var agenda = Agenda<Event>()
    private var counters: [String: Int64] = [:]

    init(settings: ShopifySettings, pace: Pace, identities: Identities = .system) {
        self.settings = settings
        self.pace = pace
        self.identities = identities
        bucket = CostBucket(maximum: settings.bucketPoints, restorePerSecond: settings.restorePointsPerSecond)
    }

    /// Ids of one kind, rising, above 10^12 as real ones are.
    mutating func nextID(_ kind: String, base: Int64) -> Int64 {
        counters[kind, default: 0] += 1
        return base + (counters[kind] ?? 0) * 32_768
    }

    mutating func nextNumber(_ kind: String) -> Int64 {
        counters[kind, default: 0] += 1
        return counters[kind] ?? 0
    }

    func uuid() -> String { identities.uuid().uuidString.lowercased() }

    // MARK: Time

    var nextDue: Date? { agenda.nextDue }

    /// Lets everything happen that is due.
    mutating func advance(to now: Date) {
        while let (due, event) = agenda.popDue(at: now) {
            switch event {
            case .route(let orderID): route(orderID, at: due)
            case .finishCancel(let orderID, let reason, let jobID):
                cancel(orderID, reason: reason, at: due)
                cancelJobs[jobID] = true
            }
        }
    }

    // MARK: Orders

    /// Stores an order and, for each topic, a webhook with exactly these bytes.
    mutating func place(
        _ node: JSONNode, bytes: [UInt8]?, topics: [String], at now: Date
    ) -> (id: Int64, name: String) {
        let id = node["id"]?.lenientInteger ?? nextID("order", base: 6_198_424_240_428)
        let number = node["order_number"]?.text ?? String(nextNumber("order name") + 1_000)
        let name = node["name"]?.string ?? "#\(number)"
        let cancelledAt = node["cancelled_at"]?.string.flatMap(Timestamp.parse)
        var order = ShopOrder(
            id: id, name: name, node: node, givenBytes: bytes,
            createdAt: node["created_at"]?.string.flatMap(Timestamp.parse) ?? now,
            updatedAt: node["updated_at"]?.string.flatMap(Timestamp.parse) ?? now, cancelledAt: cancelledAt,
            cancelReason: node["cancel_reason"]?.string, lines: lines(of: node))
        if let known = orders[id] {
            order.isRouted = known.isRouted
        } else {
            orderSequence.append(id)
        }
        orders[id] = order
        if cancelledAt == nil, !order.isRouted {
            agenda.add(.route(orderID: id), at: pace.date(settings.routingDelaySeconds, after: now))
        }
        let eventID = uuid()
        for topic in topics { send(topic, order.payload, eventID: eventID) }
        return (id, name)
    }

    private mutating func lines(of node: JSONNode) -> [ShopLine] {
        (node["line_items"]?.array ?? []).enumerated().map { index, line in
            func count(_ name: String) -> Int? {
                line[name]?.lenientInteger.map { Int(min(max($0, 0), 1_000_000)) }
            }
            let quantity = count("current_quantity") ?? count("quantity") ?? 1
            let location = line["_sandbox_location"]?.lenientInteger.map { Int(clamping: $0) } ?? index
            return ShopLine(
                id: line["id"]?.lenientInteger ?? nextID("line", base: 15_514_960_920_876), quantity: quantity,
                fulfillable: min(quantity, count("fulfillable_quantity") ?? quantity),
                requiresShipping: line["requires_shipping"]?.bool ?? true,
                locationIndex: max(0, location) % max(1, settings.locations.count))
        }
    }

    /// Makes the fulfilment orders, one per location, as the background worker does.
    private mutating func route(_ orderID: Int64, at now: Date) {
        guard var order = orders[orderID], !order.isRouted, order.cancelledAt == nil else { return }
        order.isRouted = true
        orders[orderID] = order
        let isPickUp = settings.pickUpOnly
        for (index, location) in settings.locations.enumerated() {
            let lines = order.lines.filter {
                $0.requiresShipping && $0.fulfillable > 0 && $0.locationIndex == index
            }
            openFulfilmentOrder(
                orderID, at: location, methodType: isPickUp ? "PICK_UP" : "SHIPPING",
                lines: lines.map { ($0.id, $0.fulfillable) }, now: now)
        }
        guard settings.digitalFulfilmentOrders, let location = settings.locations.first else { return }
        let digital = order.lines.filter { !$0.requiresShipping && $0.fulfillable > 0 }
        openFulfilmentOrder(
            orderID, at: location, methodType: "NONE", lines: digital.map { ($0.id, $0.fulfillable) }, now: now)
    }

    mutating func openFulfilmentOrder(
        _ orderID: Int64, at location: ShopLocation, methodType: String, lines: [(id: Int64, quantity: Int)], now: Date
    ) {
        guard !lines.isEmpty else { return }
        let id = nextID("fulfilment order", base: 9_825_095_713_074)
        fulfilmentOrders[id] = FulfilmentOrder(
            id: id, orderID: orderID, location: location, status: .open, methodType: methodType,
            lines: lines.map { line in
                FulfilmentOrder.Line(
                    id: nextID("fulfilment order line", base: 19_872_514_670_898), lineID: line.id,
                    total: line.quantity, remaining: line.quantity)
            }, createdAt: now, updatedAt: now)
        fulfilmentOrderIDs[orderID, default: []].append(id)
    }

    /// Cancels an order: its open fulfilment orders close, quantities stay (recorded).
    /// - Returns: false when there is no such order or it is cancelled already.
    @discardableResult
    mutating func cancel(_ orderID: Int64, reason: String, at now: Date) -> Bool {
        guard var order = orders[orderID], order.cancelledAt == nil else { return false }
        order.cancelledAt = now
        order.cancelReason = reason.lowercased()
        order.node["cancelled_at"] = .string(VendorTime.shop(now))
        order.node["cancel_reason"] = .string(reason.lowercased())
        order.node["closed_at"] = .string(VendorTime.shop(now))
        orders[orderID] = order
        for id in fulfilmentOrderIDs[orderID] ?? [] where fulfilmentOrders[id]?.isLive == true {
            fulfilmentOrders[id]?.status = .closed
            fulfilmentOrders[id]?.updatedAt = now
        }
        touch(orderID, at: now)
        let eventID = uuid()
        if let payload = orders[orderID]?.payload {
            send("orders/cancelled", payload, eventID: eventID)
            send("orders/updated", payload, eventID: eventID)
        }
        return true
    }

    /// The shop changed the order: a new `updated_at`, and its own bytes from now on.
    mutating func touch(_ orderID: Int64, at now: Date) {
        guard var order = orders[orderID] else { return }
        order.updatedAt = max(now, order.updatedAt)
        order.node["updated_at"] = .string(VendorTime.shop(order.updatedAt))
        order.givenBytes = nil
        orders[orderID] = order
    }

    /// Sends an order's present state under a topic, as an edit in the admin would.
    mutating func announce(_ topic: String, orderID: Int64) -> Bool {
        guard let order = orders[orderID] else { return false }
        send(topic, order.payload, eventID: uuid())
        return true
    }

    func displayFulfilmentStatus(of orderID: Int64) -> String {
        guard let order = orders[orderID] else { return "UNFULFILLED" }
        let fulfilmentOrders = (fulfilmentOrderIDs[orderID] ?? []).compactMap { self.fulfilmentOrders[$0] }
        let isFulfilled = (fulfilmentIDs[orderID] ?? []).contains { fulfilments[$0]?.isCancelled == false }
        if isFulfilled {
            return fulfilmentOrders.contains { $0.isLive && $0.remaining > 0 } ? "PARTIALLY_FULFILLED" : "FULFILLED"
        }
        if fulfilmentOrders.contains(where: { $0.status == .onHold }) { return "ON_HOLD" }
        if fulfilmentOrders.contains(where: { $0.status == .inProgress }) { return "IN_PROGRESS" }
        if fulfilmentOrders.contains(where: { $0.status == .scheduled }) { return "SCHEDULED" }
        // What the body came with counts until the shop has fulfilled something itself.
        guard fulfilmentIDs[orderID] == nil else { return "UNFULFILLED" }
        return switch order.node["fulfillment_status"]?.string {
        case "fulfilled": "FULFILLED"
        case "partial": "PARTIALLY_FULFILLED"
        case "restocked": "RESTOCKED"
        default: "UNFULFILLED"
        }
    }
}
