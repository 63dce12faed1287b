import FoundationEssentials

extension ShopifyShop {
    /// Runs one root field of a mutation.
    mutating func mutate(
        _ field: String, _ arguments: GraphQLArguments, at now: Date
    ) throws(GraphQLFieldError) -> GraphQLResolved {
        func id(_ name: String, _ type: String) throws(GraphQLFieldError) -> Int64 {
            guard let id = GlobalID.parse(arguments[name]?.text, type) else { throw GlobalID.invalid }
            return id
        }
        switch field {
        case "fulfillmentCreate", "fulfillmentCreateV2":
            try needToFulfil(field)
            let request = try Self.request(arguments["fulfillment"] ?? .null)
            // Made before the payload is asked for: the payload reads the shop as it is then.
            let made = createFulfilment(request, at: now)
            return fulfilmentPayload("FulfillmentCreatePayload", made)
        case "fulfillmentCancel":
            let cancelled = cancelFulfilment(try id("id", "Fulfillment"), at: now)
            return fulfilmentPayload("FulfillmentCancelPayload", cancelled)
        case "fulfillmentTrackingInfoUpdate", "fulfillmentTrackingInfoUpdateV2":
            let tracking = Self.tracking(arguments["trackingInfoInput"] ?? .null)
            let updated = updateTracking(try id("fulfillmentId", "Fulfillment"), tracking, at: now)
            return fulfilmentPayload("FulfillmentTrackingInfoUpdatePayload", updated)
        case "fulfillmentEventCreate": return try createEvent(arguments["fulfillmentEvent"] ?? .null, at: now)
        case "fulfillmentOrderHold":
            let target = try id("id", "FulfillmentOrder")
            let input = arguments["fulfillmentHold"] ?? .null
            let held = hold(
                target, reason: input["reason"]?.string ?? "OTHER", notes: input["reasonNotes"]?.string, at: now)
            return payload(
                "FulfillmentOrderHoldPayload",
                [
                    "fulfillmentOrder": .optional(object(fulfilmentOrder: target)),
                    "fulfillmentHold": .optional(held.map(Self.object(hold:))),
                ], held == nil ? .init(["id"], "Fulfillment order could not be found.", code: "NOT_FOUND") : nil)
        case "fulfillmentOrderReleaseHold":
            let target = try id("id", "FulfillmentOrder")
            releaseHolds(target, at: now)
            return payload(
                "FulfillmentOrderReleaseHoldPayload",
                ["fulfillmentOrder": .optional(object(fulfilmentOrder: target))], nil)
        case "orderCancel": return cancelOrder(try id("orderId", "Order"), arguments, at: now)
        case "webhookSubscriptionCreate":
            let topic = ShopifySchema.slashForm(of: arguments["topic"]?.string ?? "")
            let made = createSubscription(topic: topic, arguments["webhookSubscription"] ?? .null, at: now)
            return subscriptionPayload("WebhookSubscriptionCreatePayload", made)
        case "webhookSubscriptionUpdate":
            let target = try id("id", "WebhookSubscription")
            let updated = updateSubscription(target, arguments["webhookSubscription"] ?? .null, at: now)
            return subscriptionPayload("WebhookSubscriptionUpdatePayload", updated)
        case "webhookSubscriptionDelete":
            switch deleteSubscription(try id("id", "WebhookSubscription")) {
            case .success(let id):
                let gid = GlobalID.text("WebhookSubscription", id)
                return payload(
                    "WebhookSubscriptionDeletePayload", ["deletedWebhookSubscriptionId": .string(gid)], nil)
            case .failure(let refusal): return payload("WebhookSubscriptionDeletePayload", [:], refusal)
            }
        default: return .null
        }
    }

    private func needToFulfil(_ field: String) throws(GraphQLFieldError) {
        guard !settings.writesFulfilmentOrders else { return }
        let scope = "write_merchant_managed_fulfillment_orders"
        throw GraphQLFieldError(
            message: "Access denied for \(field) field. Required access: `\(scope)` access scope.",
            extensions: [
                "code": "ACCESS_DENIED", "documentation": "https://shopify.dev/api/usage/access-scopes",
                "requiredAccess": .string("`\(scope)` access scope."),
            ])
    }

    // MARK: Inputs

    private static func request(_ input: JSONNode) throws(GraphQLFieldError) -> FulfilmentRequest {
        var groups: [FulfilmentRequest.Group] = []
        for group in list(input["lineItemsByFulfillmentOrder"]) {
            guard let id = GlobalID.parse(group["fulfillmentOrderId"]?.text, "FulfillmentOrder") else {
                throw GlobalID.invalid
            }
            var lines: [(id: Int64, quantity: Int)]?
            if let given = group["fulfillmentOrderLineItems"], !given.isNull, !list(given).isEmpty {
                lines = []
                for line in list(given) {
                    guard let lineID = GlobalID.parse(line["id"]?.text, "FulfillmentOrderLineItem") else {
                        throw GlobalID.invalid
                    }
                    lines?.append((lineID, Int(clamping: line["quantity"]?.integer ?? 0)))
                }
            }
            groups.append(.init(fulfilmentOrderID: id, lines: lines))
        }
        return FulfilmentRequest(
            groups: groups, notifyCustomer: input["notifyCustomer"]?.bool ?? false,
            tracking: tracking(input["trackingInfo"] ?? .null))
    }

    /// GraphQL takes a single value where a list is wanted.
    private static func list(_ node: JSONNode?) -> [JSONNode] {
        guard let node, !node.isNull else { return [] }
        return node.array ?? [node]
    }

    /// Numbers and addresses are matched by their place.
    static func tracking(_ input: JSONNode) -> [Fulfilment.Tracking] {
        let numbers = (list(input["number"]) + list(input["numbers"])).compactMap(\.string)
        let urls = (list(input["url"]) + list(input["urls"])).compactMap(\.string)
        let company = input["company"]?.string
        let count = max(numbers.count, urls.count, company == nil ? 0 : 1)
        return (0..<count).map { index in
            Fulfilment.Tracking(
                company: company, number: index < numbers.count ? numbers[index] : nil,
                url: index < urls.count ? urls[index] : nil)
        }
    }

    // MARK: Payloads

    private func payload(
        _ type: String, _ members: [String: GraphQLResolved], _ refusal: ShopUserError?
    ) -> GraphQLResolved {
        var members = members
        members["userErrors"] = Self.userErrors(refusal, "UserError")
        return .object(GraphQLObject(type, members: members))
    }

    private static func userErrors(_ refusal: ShopUserError?, _ type: String) -> GraphQLResolved {
        .objects(
            (refusal.map { [$0] } ?? []).map { refusal in
                GraphQLObject(
                    type,
                    members: [
                        "field": refusal.field.map { .scalar(.strings($0)) } ?? .null,
                        "message": .string(refusal.message), "code": .string(refusal.code),
                    ])
            })
    }

    private func fulfilmentPayload(
        _ type: String, _ result: Result<Fulfilment, ShopUserError>
    ) -> GraphQLResolved {
        switch result {
        case .success(let fulfilment):
            payload(type, ["fulfillment": .optional(object(fulfilment: fulfilment.id))], nil)
        case .failure(let refusal): payload(type, [:], refusal)
        }
    }

    private func subscriptionPayload(
        _ type: String, _ result: Result<WebhookSubscription, ShopUserError>
    ) -> GraphQLResolved {
        switch result {
        case .success(let made):
            payload(type, ["webhookSubscription": .object(Self.object(subscription: made))], nil)
        case .failure(let refusal): payload(type, [:], refusal)
        }
    }

    private mutating func createEvent(_ input: JSONNode, at now: Date) throws(GraphQLFieldError) -> GraphQLResolved {
        guard let id = GlobalID.parse(input["fulfillmentId"]?.text, "Fulfillment") else { throw GlobalID.invalid }
        let result = addEvent(
            id, status: input["status"]?.string ?? "IN_TRANSIT", message: input["message"]?.string,
            happenedAt: input["happenedAt"]?.string, at: now)
        switch result {
        case .success(let event):
            return payload(
                "FulfillmentEventCreatePayload", ["fulfillmentEvent": .object(Self.object(event: event))], nil)
        case .failure(let refusal): return payload("FulfillmentEventCreatePayload", [:], refusal)
        }
    }

    /// Asynchronous: a job now, the cancelled order a moment later (recorded texts).
    private mutating func cancelOrder(
        _ id: Int64, _ arguments: GraphQLArguments, at now: Date
    ) -> GraphQLResolved {
        var refusal: ShopUserError?
        if (arguments["staffNote"]?.string ?? "").count > 255 {
            refusal = .init(["staffNote"], "Staff note is too long. Maximum length is 255 characters.")
        } else if arguments["refund"] != nil, arguments["refundMethod"] != nil {
            refusal = .init(["refund"], "Only one of the arguments `refund` or `refund_method` is allowed.")
        } else if orders[id] == nil {
            refusal = .init(["orderId"], "Order does not exist", code: "NOT_FOUND")
        } else if orders[id]?.cancelledAt != nil {
            refusal = .init(["orderId"], "Cannot cancel an order that has already been canceled")
        } else if (fulfilmentIDs[id] ?? []).contains(where: { fulfilments[$0]?.isCancelled == false }) {
            refusal = .init(["orderId"], "Cannot cancel an order that has outstanding fulfillments")
        }
        var members: [String: GraphQLResolved] = [
            "orderCancelUserErrors": Self.userErrors(refusal, "OrderCancelUserError")
        ]
        if refusal == nil {
            let jobID = "gid://shopify/Job/\(uuid())"
            cancelJobs[jobID] = false
            agenda.add(
                .finishCancel(orderID: id, reason: arguments["reason"]?.string ?? "OTHER", jobID: jobID),
                at: pace.date(settings.cancelDelaySeconds, after: now))
            members["job"] = .object(
                GraphQLObject("Job", members: ["id": .string(jobID), "done": .bool(false)]))
        }
        return payload("OrderCancelPayload", members, refusal)
    }
}
