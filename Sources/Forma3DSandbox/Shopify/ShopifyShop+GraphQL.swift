import FoundationEssentials

extension ShopifyShop {
    /// Parses, checks, charges and runs one request body; always HTTP 200, as Shopify answers.
    mutating func answer(graphQL body: JSONNode?, forceThrottle: Bool = false, at now: Date) -> JSONNode {
        guard let schema = ShopifySchema.schema, let text = body?["query"]?.string, !text.isEmpty else {
            return ["errors": [["message": "No query string was present"]]]
        }
        let document: GraphQLDocument
        do {
            document = try GraphQLParser.document(text)
        } catch {
            return [
                "errors": [
                    [
                        "message": .string(error.message), "locations": [error.location.node],
                        "extensions": ["code": "PARSE_ERROR"],
                    ]
                ]
            ]
        }
        let wanted = body?["operationName"]?.string
        guard
            let operation = document.operations.first(where: { wanted == nil || wanted == "" || $0.name == wanted }),
            wanted?.isEmpty == false || document.operations.count == 1
        else {
            let message = wanted.map { "No operation named \"\($0)\"" } ?? "An operation name is required"
            return ["errors": [["message": .string(message)]]]
        }
        let complaints = GraphQLValidator.errors(in: operation, of: document, against: schema)
        guard complaints.isEmpty else { return ["errors": .array(complaints)] }
        let (variables, refused) = GraphQLVariables.coerce(
            body?["variables"] ?? .object([]), for: operation, schema: schema)
        guard refused.isEmpty else { return ["errors": .array(refused)] }
        let executor = GraphQLExecutor(
            schema: schema, document: document, operation: operation, variables: variables)
        return run(executor, operation, forceThrottle: forceThrottle, at: now)
    }

    private mutating func run(
        _ executor: GraphQLExecutor, _ operation: GraphQLOperation, forceThrottle: Bool, at now: Date
    ) -> JSONNode {
        let requested = executor.requestedCost()
        let available = bucket.refill(at: now)
        guard requested <= GraphQLCost.singleQueryMaximum else {
            return [
                "errors": [
                    [
                        "message": .string(
                            "Query cost is \(requested), which exceeds the single query max cost limit (1000)"),
                        "extensions": [
                            "code": "MAX_COST_EXCEEDED", "cost": .integer(requested), "maxCost": 1000,
                            "documentation": "https://shopify.dev/api/usage/rate-limits",
                        ],
                    ]
                ]
            ]
        }
        guard requested <= available, !forceThrottle else {
            return [
                "errors": [
                    [
                        "message": "Throttled",
                        "extensions": [
                            "code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits",
                        ],
                    ]
                ], "extensions": bucket.report(requested: requested, actual: nil),
            ]
        }
        let isMutation = operation.kind == .mutation
        var shop = self
        let answer = executor.run { field, arguments throws(GraphQLFieldError) in
            isMutation
                ? try shop.mutate(field, arguments, at: now) : try shop.look(field, arguments, at: now)
        }
        self = shop
        bucket.spend(min(answer.cost, requested))
        var reply: JSONNode = [:]
        if !answer.errors.isEmpty { reply["errors"] = .array(answer.errors) }
        reply["data"] = answer.data
        reply["extensions"] = bucket.report(requested: requested, actual: min(answer.cost, requested))
        return reply
    }

    // MARK: Queries

    private func look(
        _ field: String, _ arguments: GraphQLArguments, at now: Date
    ) throws(GraphQLFieldError) -> GraphQLResolved {
        func id(_ type: String) throws(GraphQLFieldError) -> Int64 {
            guard let id = GlobalID.parse(arguments["id"]?.text, type) else { throw GlobalID.invalid }
            return id
        }
        switch field {
        case "shop": return .object(Self.shopObject)
        case "currentAppInstallation": return .object(installation)
        case "order":
            try need("read_orders", for: field)
            return .optional(object(order: try id("Order")))
        case "orders":
            try need("read_orders", for: field)
            return ordersPage(arguments, at: now)
        case "ordersCount":
            try need("read_orders", for: field)
            return Self.count(found(arguments["query"]?.string, at: now).count)
        case "fulfillment": return .optional(object(fulfilment: try id("Fulfillment")))
        case "fulfillmentOrder": return .optional(object(fulfilmentOrder: try id("FulfillmentOrder")))
        case "fulfillmentOrders":
            let all = fulfilmentOrders.values.filter { $0.isLive || arguments["includeClosed"]?.bool == true }
            let visible = settings.seesFulfilmentOrders ? all.map(\.id).sorted() : []
            return Self.page(visible.compactMap { object(fulfilmentOrder: $0) }, "FulfillmentOrder", arguments)
        case "location": return settings.locations.first.map { .object(Self.object(location: $0)) } ?? .null
        case "locations": return Self.page(settings.locations.map(Self.object(location:)), "Location", arguments)
        case "job":
            let jobID = arguments["id"]?.string ?? ""
            return cancelJobs[jobID].map { done in
                .object(GraphQLObject("Job", members: ["id": .string(jobID), "done": .bool(done)]))
            } ?? .null
        case "webhookSubscription":
            return .optional(subscriptions[try id("WebhookSubscription")].map(Self.object(subscription:)))
        case "webhookSubscriptions": return subscriptionsPage(arguments)
        case "node": return node(arguments["id"]?.text ?? "")
        default: return .null
        }
    }

    private func need(_ scope: String, for field: String) throws(GraphQLFieldError) {
        let isImplied = settings.scopes.contains(scope.replacing("read_", with: "write_"))
        guard !settings.scopes.contains(scope), !isImplied else { return }
        throw GraphQLFieldError(
            message: "Access denied for \(field) field. Required access: `\(scope)` access scope.",
            extensions: [
                "code": "ACCESS_DENIED", "documentation": "https://shopify.dev/api/usage/access-scopes",
                "requiredAccess": .string("`\(scope)` access scope."),
            ])
    }

    private func node(_ gid: String) -> GraphQLResolved {
        if let id = GlobalID.parse(gid, "Order") { return .optional(object(order: id)) }
        if let id = GlobalID.parse(gid, "Fulfillment") { return .optional(object(fulfilment: id)) }
        if let id = GlobalID.parse(gid, "FulfillmentOrder") { return .optional(object(fulfilmentOrder: id)) }
        return .null
    }

    private static let shopObject = GraphQLObject(
        "Shop",
        members: [
            "id": .string("gid://shopify/Shop/91740864812"), "name": .string("Forma3D Sandbox"),
            "email": .string("shop@example.com"), "myshopifyDomain": .string(SandboxCredentials.shopDomain),
            "url": .string("https://\(SandboxCredentials.shopDomain)"), "currencyCode": .string("EUR"),
            "ianaTimezone": .string("Europe/Brussels"),
            "plan": .object(
                GraphQLObject(
                    "ShopPlan",
                    members: [
                        "displayName": .string("Developer Preview"), "publicDisplayName": .string("Development"),
                        "shopifyPlus": .bool(false), "partnerDevelopment": .bool(true),
                    ])),
        ])

    private var installation: GraphQLObject {
        GraphQLObject(
            "AppInstallation",
            members: [
                "id": .string("gid://shopify/AppInstallation/553821405420"),
                "app": .object(
                    GraphQLObject(
                        "App",
                        members: [
                            "id": .string("gid://shopify/App/580111"), "title": .string("Forma3D.Connect"),
                            "handle": .string("forma3d-connect"),
                        ])),
                "accessScopes": .objects(
                    settings.scopes.map { scope in
                        GraphQLObject(
                            "AccessScope", members: ["handle": .string(scope), "description": .string(scope)])
                    }),
            ])
    }

    private func found(_ query: String?, at now: Date) -> [ShopOrder] {
        let search = OrderSearch(query)
        return orderSequence.compactMap { orders[$0] }.filter { order in
            search.matches(order, fulfilmentStatus: displayFulfilmentStatus(of: order.id), now: now)
        }
    }

    private func ordersPage(_ arguments: GraphQLArguments, at now: Date) -> GraphQLResolved {
        let key = arguments["sortKey"]?.string ?? "PROCESSED_AT"
        func value(_ order: ShopOrder) -> Int64 {
            switch key {
            case "ID": order.id
            case "UPDATED_AT": Int64(order.updatedAt.timeIntervalSince1970 * 1_000)
            default: Int64(order.createdAt.timeIntervalSince1970 * 1_000)
            }
        }
        var entries = found(arguments["query"]?.string, at: now).compactMap { order in
            object(order: order.id).map { ConnectionPage.Entry(object: $0, id: order.id, value: value(order)) }
        }
        entries.sort { ($0.value, $0.id) < ($1.value, $1.id) }
        if arguments["reverse"]?.bool == true { entries.reverse() }
        return ConnectionPage(entries, arguments).resolved("Order")
    }

    private func subscriptionsPage(_ arguments: GraphQLArguments) -> GraphQLResolved {
        let topics = arguments["topics"]?.array?.compactMap(\.string)
        let uri = (arguments["uri"] ?? arguments["callbackUrl"])?.string
        let chosen = subscriptions.values.sorted { $0.id < $1.id }.filter { subscription in
            (topics?.contains(ShopifySchema.enumForm(of: subscription.topic)) ?? true)
                && (uri == nil || subscription.uri == uri)
        }
        return Self.page(chosen.map(Self.object(subscription:)), "WebhookSubscription", arguments)
    }
}
