import FoundationEssentials

/// A refusal of a mutation; Shopify's `UserError` has no code (2026-01 SDL).
struct ShopUserError: Error, Hashable {
    let field: [String]?
    let message: String
    var code = "INVALID"

    init(_ field: [String]?, _ message: String, code: String = "INVALID") {
        self.field = field
        self.message = message
        self.code = code
    }
}

/// What `fulfillmentCreate` is asked to do.
struct FulfilmentRequest: Sendable {
    struct Group: Sendable {
        let fulfilmentOrderID: Int64
        /// Nil stands for all remaining lines.
        let lines: [(id: Int64, quantity: Int)]?
    }

    let groups: [Group]
    let notifyCustomer: Bool
    let tracking: [Fulfilment.Tracking]
}

extension ShopifyShop {
    /// Creates a fulfilment, or refuses in the recorded words and order: quantities first, then existence, then one
    /// order, then one location, then status, then lines.
    mutating func createFulfilment(
        _ request: FulfilmentRequest, at now: Date
    ) -> Result<Fulfilment, ShopUserError> {
        if let refusal = refusalOfQuantities(request) { return .failure(refusal) }
        var targets: [FulfilmentOrder] = []
        for group in request.groups {
            guard let found = fulfilmentOrders[group.fulfilmentOrderID] else {
                return .failure(.init(["fulfillment"], "Fulfillment order does not exist."))
            }
            targets.append(found)
        }
        if let refusal = refusalOfMixture(targets) { return .failure(refusal) }
        var taken: [Fulfilment.Taken] = []
        for (group, target) in zip(request.groups, targets) {
            switch takings(group, from: target, already: taken) {
            case .success(let more): taken += more
            case .failure(let refusal): return .failure(refusal)
            }
        }
        guard let first = targets.first, !taken.isEmpty else {
            return .failure(.init(["fulfillment"], "Invalid fulfillment order line item quantity requested."))
        }
        return .success(commit(taken, of: first, request, at: now))
    }

    private func refusalOfQuantities(_ request: FulfilmentRequest) -> ShopUserError? {
        for (index, group) in request.groups.enumerated() {
            for (lineIndex, line) in (group.lines ?? []).enumerated() where line.quantity <= 0 {
                return ShopUserError(
                    [
                        "fulfillment", "lineItemsByFulfillmentOrder", String(index), "fulfillmentOrderLineItems",
                        String(lineIndex), "quantity",
                    ], "Quantity must be greater than 0")
            }
        }
        return nil
    }

    private func refusalOfMixture(_ targets: [FulfilmentOrder]) -> ShopUserError? {
        let orderIDs = Set(targets.map(\.orderID)).sorted()
        if orderIDs.count > 1 {
            let list = orderIDs.map(String.init).joined(separator: ", ")
            return ShopUserError(
                ["fulfillment"],
                "All fulfillment orders must belong to the same order. Multiple orders with ids [\(list)] were found.")
        }
        let locationIDs = Set(targets.map(\.location.id)).sorted()
        if locationIDs.count > 1 {
            let list = locationIDs.map(String.init).joined(separator: ", ")
            return ShopUserError(
                ["fulfillment"],
                "All fulfillment orders must be assigned to a single location. "
                    + "Multiple locations with ids [\(list)] were found.")
        }
        return nil
    }

    private func takings(
        _ group: FulfilmentRequest.Group, from target: FulfilmentOrder, already: [Fulfilment.Taken]
    ) -> Result<[Fulfilment.Taken], ShopUserError> {
        guard target.status == .open || target.status == .inProgress else {
            return .failure(
                .init(
                    ["fulfillment"],
                    "Fulfillment order \(target.id) has an unfulfillable status= \(target.status.rawValue.lowercased())."
                ))
        }
        let wanted =
            group.lines ?? target.lines.filter { $0.remaining > 0 }.map { (id: $0.id, quantity: $0.remaining) }
        var taken: [Fulfilment.Taken] = []
        for line in wanted {
            guard let known = target.lines.first(where: { $0.id == line.id }) else {
                let existsElsewhere = fulfilmentOrders.values.contains { $0.lines.contains { $0.id == line.id } }
                return .failure(
                    .init(
                        ["fulfillment"],
                        existsElsewhere
                            ? "Invalid fulfillment order line item quantity requested."
                            : "Fulfillment order line item does not exist."))
            }
            let before = (already + taken).filter { $0.fulfilmentOrderLineID == line.id }
                .reduce(0) { $0 + $1.quantity }
            guard line.quantity <= known.remaining - before else {
                return .failure(.init(["fulfillment"], "Invalid fulfillment order line item quantity requested."))
            }
            taken.append(
                .init(
                    fulfilmentOrderID: target.id, fulfilmentOrderLineID: line.id, lineID: known.lineID,
                    quantity: line.quantity))
        }
        return .success(taken)
    }

    private mutating func commit(
        _ taken: [Fulfilment.Taken], of target: FulfilmentOrder, _ request: FulfilmentRequest, at now: Date
    ) -> Fulfilment {
        for item in taken { change(item, by: -item.quantity, at: now) }
        for id in Set(taken.map(\.fulfilmentOrderID)) where fulfilmentOrders[id]?.remaining == 0 {
            fulfilmentOrders[id]?.status = .closed
        }
        // One fulfilment line per order line, whatever number of fulfilment orders it came from (recorded).
        var lines: [Fulfilment.Line] = []
        for item in taken {
            if let index = lines.firstIndex(where: { $0.lineID == item.lineID }) {
                lines[index].quantity += item.quantity
            } else {
                let id = nextID("fulfilment line", base: 17_481_200_369_970)
                lines.append(.init(id: id, lineID: item.lineID, quantity: item.quantity))
            }
        }
        let count = (fulfilmentIDs[target.orderID] ?? []).count + 1
        let fulfilment = Fulfilment(
            id: nextID("fulfilment", base: 8_036_708_254_002), orderID: target.orderID,
            name: "\(orders[target.orderID]?.name ?? "#").\(count)", location: target.location,
            tracking: request.tracking, notifyCustomer: request.notifyCustomer, lines: lines, taken: taken,
            createdAt: now, updatedAt: now)
        fulfilments[fulfilment.id] = fulfilment
        fulfilmentSequence.append(fulfilment.id)
        fulfilmentIDs[target.orderID, default: []].append(fulfilment.id)
        let isWhole = displayFulfilmentStatus(of: target.orderID) == "FULFILLED"
        announce(
            fulfilment, as: "fulfillments/create", at: now, isWhole ? "orders/fulfilled" : "orders/partially_fulfilled")
        return fulfilment
    }

    private mutating func change(_ item: Fulfilment.Taken, by delta: Int, at now: Date) {
        guard var target = fulfilmentOrders[item.fulfilmentOrderID],
            let index = target.lines.firstIndex(where: { $0.id == item.fulfilmentOrderLineID })
        else { return }
        target.lines[index].remaining += delta
        target.updatedAt = now
        fulfilmentOrders[item.fulfilmentOrderID] = target
    }

    /// The webhooks of one's own fulfilment: the fulfilment, the order, and the order's new state.
    private mutating func announce(
        _ fulfilment: Fulfilment, as topic: String, at now: Date, _ orderTopic: String? = nil
    ) {
        refreshOrder(fulfilment.orderID, at: now)
        let eventID = uuid()
        send(topic, restNode(of: fulfilment).bytes(.shopify), eventID: eventID)
        guard let order = orders[fulfilment.orderID] else { return }
        send("orders/updated", order.payload, eventID: eventID)
        if let orderTopic { send(orderTopic, order.payload, eventID: eventID) }
    }

    /// Writes the state of fulfilling into the order's REST body.
    private mutating func refreshOrder(_ orderID: Int64, at now: Date) {
        touch(orderID, at: now)
        guard var order = orders[orderID] else { return }
        let active = (fulfilmentIDs[orderID] ?? []).compactMap { fulfilments[$0] }
        order.node["fulfillments"] = .array(active.map(restNode))
        switch displayFulfilmentStatus(of: orderID) {
        case "FULFILLED": order.node["fulfillment_status"] = "fulfilled"
        case "PARTIALLY_FULFILLED": order.node["fulfillment_status"] = "partial"
        default: order.node["fulfillment_status"] = .null
        }
        if case .array(var lines) = order.node["line_items"] {
            for (index, known) in order.lines.enumerated() where lines.indices.contains(index) {
                let sent = active.filter { !$0.isCancelled }.flatMap(\.lines).filter { $0.lineID == known.id }
                    .reduce(0) { $0 + $1.quantity }
                let left = max(0, known.fulfillable - sent)
                lines[index]["fulfillable_quantity"] = .integer(left)
                lines[index]["fulfillment_status"] = sent == 0 ? .null : left == 0 ? "fulfilled" : "partial"
            }
            order.node["line_items"] = .array(lines)
        }
        orders[orderID] = order
    }

    /// Cancels; a second time is a success that changes nothing (recorded).
    mutating func cancelFulfilment(_ id: Int64, at now: Date) -> Result<Fulfilment, ShopUserError> {
        guard var fulfilment = fulfilments[id] else {
            return .failure(.init(["id"], "Fulfillment not found."))
        }
        guard !fulfilment.isCancelled else { return .success(fulfilment) }
        fulfilment.isCancelled = true
        fulfilment.updatedAt = now
        fulfilments[id] = fulfilment
        giveBack(fulfilment, at: now)
        announce(fulfilment, as: "fulfillments/update", at: now)
        return .success(fulfilment)
    }

    /// A closed fulfilment order stays closed and a new one opens; a partly used one grows again (recorded).
    private mutating func giveBack(_ fulfilment: Fulfilment, at now: Date) {
        var reopened: [(id: Int64, quantity: Int)] = []
        var methodType = "SHIPPING"
        for item in fulfilment.taken {
            guard let target = fulfilmentOrders[item.fulfilmentOrderID] else { continue }
            if target.isLive {
                change(item, by: item.quantity, at: now)
            } else {
                methodType = target.methodType
                reopened.append((item.lineID, item.quantity))
            }
        }
        guard orders[fulfilment.orderID]?.cancelledAt == nil else { return }
        openFulfilmentOrder(
            fulfilment.orderID, at: fulfilment.location, methodType: methodType, lines: reopened, now: now)
    }

    /// Replaces the whole tracking set; idempotent by nature, works on cancelled ones too (recorded).
    mutating func updateTracking(
        _ id: Int64, _ tracking: [Fulfilment.Tracking], at now: Date
    ) -> Result<Fulfilment, ShopUserError> {
        guard var fulfilment = fulfilments[id] else {
            return .failure(.init(["fulfillmentId"], "Fulfillment does not exist."))
        }
        fulfilment.tracking = tracking
        fulfilment.updatedAt = now
        fulfilments[id] = fulfilment
        announce(fulfilment, as: "fulfillments/update", at: now)
        return .success(fulfilment)
    }

    mutating func addEvent(
        _ fulfilmentID: Int64, status: String, message: String?, happenedAt: String?, at now: Date
    ) -> Result<Fulfilment.Event, ShopUserError> {
        guard var fulfilment = fulfilments[fulfilmentID] else {
            return .failure(.init(["fulfillmentEvent", "fulfillmentId"], "Fulfillment does not exist."))
        }
        let event = Fulfilment.Event(
            id: nextID("fulfilment event", base: 41_481_200_369_970), status: status, message: message,
            happenedAt: happenedAt ?? VendorTime.utcSeconds(now))
        fulfilment.events.append(event)
        fulfilments[fulfilmentID] = fulfilment
        return .success(event)
    }

    // MARK: Holds

    /// Holds one fulfilment order, or with `orderID` every live one of an order. - Returns: how many.
    mutating func hold(orderID: Int64, reason: String, notes: String?, at now: Date) -> Int {
        let live = (fulfilmentOrderIDs[orderID] ?? []).filter { fulfilmentOrders[$0]?.isLive == true }
        for id in live { _ = hold(id, reason: reason, notes: notes, at: now) }
        return live.count
    }

    mutating func hold(_ id: Int64, reason: String, notes: String?, at now: Date) -> FulfilmentOrder.Hold? {
        guard fulfilmentOrders[id]?.isLive == true else { return nil }
        let hold = FulfilmentOrder.Hold(
            id: nextID("hold", base: 1_064_708_254_002), reason: reason, notes: notes)
        fulfilmentOrders[id]?.holds.append(hold)
        fulfilmentOrders[id]?.status = .onHold
        fulfilmentOrders[id]?.updatedAt = now
        return hold
    }

    mutating func releaseHolds(orderID: Int64, at now: Date) -> Int {
        let held = (fulfilmentOrderIDs[orderID] ?? []).filter { fulfilmentOrders[$0]?.status == .onHold }
        for id in held { releaseHolds(id, at: now) }
        return held.count
    }

    mutating func releaseHolds(_ id: Int64, at now: Date) {
        guard fulfilmentOrders[id]?.status == .onHold else { return }
        fulfilmentOrders[id]?.holds = []
        fulfilmentOrders[id]?.status = .open
        fulfilmentOrders[id]?.updatedAt = now
    }

    /// The REST form, as in the order's `fulfillments` and the fulfilment topics.
    func restNode(of fulfilment: Fulfilment) -> JSONNode {
        let order = orders[fulfilment.orderID]
        let lines = fulfilment.lines.compactMap { line -> JSONNode? in
            guard let index = order?.lines.firstIndex(where: { $0.id == line.lineID }),
                var node = order?.node["line_items"]?.array?[index]
            else { return nil }
            node["quantity"] = .integer(line.quantity)
            return node
        }
        return [
            "id": .integer(fulfilment.id),
            "admin_graphql_api_id": .string(GlobalID.text("Fulfillment", fulfilment.id)),
            "created_at": .string(VendorTime.shop(fulfilment.createdAt)),
            "location_id": .integer(fulfilment.location.id), "name": .string(fulfilment.name),
            "order_id": .integer(fulfilment.orderID), "origin_address": [:], "receipt": [:], "service": "manual",
            "shipment_status": .text(fulfilment.events.last?.status.lowercased()),
            "status": fulfilment.isCancelled ? "cancelled" : "success",
            "tracking_company": .text(fulfilment.tracking.first?.company),
            "tracking_number": .text(fulfilment.tracking.first?.number),
            "tracking_numbers": .strings(fulfilment.tracking.compactMap(\.number)),
            "tracking_url": .text(fulfilment.tracking.first?.url),
            "tracking_urls": .strings(fulfilment.tracking.compactMap(\.url)),
            "updated_at": .string(VendorTime.shop(fulfilment.updatedAt)), "line_items": .array(lines),
        ]
    }
}
