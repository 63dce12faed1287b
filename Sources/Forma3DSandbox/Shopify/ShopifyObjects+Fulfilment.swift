import FoundationEssentials

extension ShopifyShop {
    func object(fulfilmentOrder id: Int64) -> GraphQLObject? {
        guard let known = fulfilmentOrders[id] else { return nil }
        let shop = self
        return GraphQLObject("FulfillmentOrder") { field, arguments in
            shop.field(field, arguments, of: known)
        }
    }

    private func field(
        _ field: String, _ arguments: GraphQLArguments, of known: FulfilmentOrder
    ) -> GraphQLResolved {
        switch field {
        case "id": return .string(GlobalID.text("FulfillmentOrder", known.id))
        case "status": return .string(known.status.rawValue)
        case "requestStatus": return .string("UNSUBMITTED")
        case "createdAt": return .string(VendorTime.utcSeconds(known.createdAt))
        case "updatedAt": return .string(VendorTime.utcSeconds(known.updatedAt))
        case "fulfillAt":
            let hour = VendorTime.utcSeconds(known.createdAt).prefix(14) + "00:00Z"
            return .string(String(hour))
        case "orderId": return .string(GlobalID.text("Order", known.orderID))
        case "orderName": return .string(orders[known.orderID]?.name ?? "")
        case "order": return .optional(object(order: known.orderID))
        case "supportedActions":
            let actions = known.supportedActions(hasOtherLocation: settings.locations.count > 1)
            return .objects(
                actions.map { GraphQLObject("FulfillmentOrderSupportedAction", members: ["action": .string($0)]) })
        case "fulfillmentHolds": return .objects(known.holds.map(Self.object(hold:)))
        case "assignedLocation":
            return .object(
                GraphQLObject(
                    "FulfillmentOrderAssignedLocation",
                    members: [
                        "name": .string(known.location.name), "countryCode": .string("BE"),
                        "location": .object(Self.object(location: known.location)),
                    ]))
        case "deliveryMethod":
            let name = orders[known.orderID]?.node["shipping_lines"]?.array?.first?["title"]?.string
            return .object(
                GraphQLObject(
                    "DeliveryMethod",
                    members: [
                        "id": .string(GlobalID.text("DeliveryMethod", known.id)),
                        "methodType": .string(known.methodType), "presentedName": .text(name),
                    ]))
        case "destination": return destination(of: known)
        case "lineItems":
            return Self.page(known.lines.map { object(line: $0, of: known) }, "FulfillmentOrderLineItem", arguments)
        case "fulfillments":
            let ids = (fulfilmentIDs[known.orderID] ?? []).filter { id in
                fulfilments[id]?.taken.contains { $0.fulfilmentOrderID == known.id } ?? false
            }
            return Self.page(ids.compactMap { object(fulfilment: $0) }, "Fulfillment", arguments)
        default: return .null
        }
    }

    private func destination(of known: FulfilmentOrder) -> GraphQLResolved {
        guard let order = orders[known.orderID], let address = order.node["shipping_address"], address.members != nil
        else { return .null }
        let names = [
            "firstName": "first_name", "lastName": "last_name", "company": "company", "address1": "address1",
            "address2": "address2", "city": "city", "province": "province", "zip": "zip",
            "countryCode": "country_code", "phone": "phone",
        ]
        return .object(
            GraphQLObject("FulfillmentOrderDestination") { field, _ in
                switch field {
                case "id": .string(GlobalID.text("FulfillmentOrderDestination", known.id))
                case "email": .text(order.node["email"]?.string)
                default: names[field].map { .text(address[$0]?.string) } ?? .null
                }
            })
    }

    private func object(line: FulfilmentOrder.Line, of known: FulfilmentOrder) -> GraphQLObject {
        let order = orders[known.orderID]
        let orderLine = order?.lines.first { $0.id == line.lineID }
        let item = order.flatMap { order in orderLine.map { object(line: $0, of: order) } }
        let none = GraphQLArguments()
        return GraphQLObject("FulfillmentOrderLineItem") { field, _ in
            switch field {
            case "id": .string(GlobalID.text("FulfillmentOrderLineItem", line.id))
            case "totalQuantity": .integer(line.total)
            case "remainingQuantity": .integer(line.remaining)
            case "productTitle": item?.resolve("title", none) ?? .null
            case "sku", "variantTitle", "requiresShipping": item?.resolve(field, none) ?? .null
            case "lineItem": .optional(item)
            default: .null
            }
        }
    }

    static func object(hold: FulfilmentOrder.Hold) -> GraphQLObject {
        GraphQLObject(
            "FulfillmentHold",
            members: [
                "id": .string(GlobalID.text("FulfillmentHold", hold.id)), "reason": .string(hold.reason),
                "reasonNotes": .text(hold.notes), "heldByRequestingApp": .bool(false),
                "displayReason": .string(
                    hold.reason.prefix(1)
                        + hold.reason.dropFirst().lowercased().split(separator: "_")
                        .joined(separator: " ")),
            ])
    }

    static func object(location: ShopLocation) -> GraphQLObject {
        GraphQLObject(
            "Location",
            members: [
                "id": .string(GlobalID.text("Location", location.id)),
                "legacyResourceId": .string(String(location.id)), "name": .string(location.name),
                "isActive": .bool(true), "fulfillsOnlineOrders": .bool(true), "isFulfillmentService": .bool(false),
            ])
    }

    func object(fulfilment id: Int64) -> GraphQLObject? {
        guard let fulfilment = fulfilments[id] else { return nil }
        let shop = self
        return GraphQLObject("Fulfillment") { field, arguments in
            shop.field(field, arguments, of: fulfilment)
        }
    }

    private func field(
        _ field: String, _ arguments: GraphQLArguments, of fulfilment: Fulfilment
    ) -> GraphQLResolved {
        switch field {
        case "id": return .string(GlobalID.text("Fulfillment", fulfilment.id))
        case "legacyResourceId": return .string(String(fulfilment.id))
        case "name": return .string(fulfilment.name)
        case "status": return .string(fulfilment.isCancelled ? "CANCELLED" : "SUCCESS")
        case "displayStatus": return .string(fulfilment.displayStatus)
        case "createdAt": return .string(VendorTime.utcSeconds(fulfilment.createdAt))
        case "updatedAt": return .string(VendorTime.utcSeconds(fulfilment.updatedAt))
        case "deliveredAt":
            return .text(fulfilment.events.first { $0.status == "DELIVERED" }?.happenedAt)
        case "totalQuantity": return .integer(fulfilment.lines.reduce(0) { $0 + $1.quantity })
        case "order": return .optional(object(order: fulfilment.orderID))
        case "location": return .object(Self.object(location: fulfilment.location))
        case "trackingInfo":
            let limit = arguments["first"]?.integer.map { Int(clamping: $0) } ?? 250
            return .objects(
                fulfilment.tracking.prefix(max(0, limit)).map { tracking in
                    GraphQLObject(
                        "FulfillmentTrackingInfo",
                        members: [
                            "company": .text(tracking.company), "number": .text(tracking.number),
                            "url": .text(tracking.url),
                        ])
                })
        case "fulfillmentLineItems":
            return Self.page(
                fulfilment.lines.map { object(line: $0, of: fulfilment) }, "FulfillmentLineItem", arguments)
        case "fulfillmentOrders":
            let ids = Set(fulfilment.taken.map(\.fulfilmentOrderID)).sorted()
            return Self.page(ids.compactMap { object(fulfilmentOrder: $0) }, "FulfillmentOrder", arguments)
        case "events": return Self.page(fulfilment.events.map(Self.object(event:)), "FulfillmentEvent", arguments)
        default: return .null
        }
    }

    private func object(line: Fulfilment.Line, of fulfilment: Fulfilment) -> GraphQLObject {
        let order = orders[fulfilment.orderID]
        let known = order?.lines.first { $0.id == line.lineID }
        let item = order.flatMap { order in known.map { object(line: $0, of: order) } }
        return GraphQLObject(
            "FulfillmentLineItem",
            members: [
                "id": .string(GlobalID.text("FulfillmentLineItem", line.id)), "quantity": .integer(line.quantity),
                "lineItem": .optional(item),
            ])
    }

    static func object(event: Fulfilment.Event) -> GraphQLObject {
        GraphQLObject(
            "FulfillmentEvent",
            members: [
                "id": .string(GlobalID.text("FulfillmentEvent", event.id)), "status": .string(event.status),
                "happenedAt": .string(event.happenedAt), "message": .text(event.message),
            ])
    }

    static func object(subscription: WebhookSubscription) -> GraphQLObject {
        GraphQLObject(
            "WebhookSubscription",
            members: [
                "id": .string(GlobalID.text("WebhookSubscription", subscription.id)),
                "legacyResourceId": .string(String(subscription.id)),
                "topic": .string(ShopifySchema.enumForm(of: subscription.topic)), "uri": .string(subscription.uri),
                "callbackUrl": .string(subscription.uri), "format": .string(subscription.format),
                "includeFields": .scalar(.strings(subscription.includeFields)), "filter": .text(subscription.filter),
                "name": .text(subscription.name), "metafieldNamespaces": .scalar([]),
                "apiVersion": .object(
                    GraphQLObject(
                        "ApiVersion",
                        members: [
                            "handle": .string("2026-07"), "displayName": .string("2026-07"), "supported": .bool(true),
                        ])),
                "createdAt": .string(VendorTime.utcSeconds(subscription.createdAt)),
                "updatedAt": .string(VendorTime.utcSeconds(subscription.updatedAt)),
                "endpoint": .object(
                    GraphQLObject("WebhookHttpEndpoint", members: ["callbackUrl": .string(subscription.uri)])),
            ])
    }
}
