import Kernel

/// Shopify's answers as Shopify spells them. Never exported.
enum Wire {
    struct ShopData: Decodable {
        var name: String?

        init(from decoder: any Decoder) throws {
            name = try decoder.looseObject().object("shop")?.text("name")
        }
    }

    struct InstallationData: Decodable {
        var scopes: [String]?

        init(from decoder: any Decoder) throws {
            let installation = try decoder.looseObject().object("currentAppInstallation")
            scopes = try installation?.list("accessScopes", of: Scope.self).compactMap(\.handle)
        }

        private struct Scope: Decodable {
            var handle: String?
        }
    }

    /// `{nodes, pageInfo}`, or a bare list.
    struct Connection<Node: Decodable>: Decodable {
        var nodes: [Node]
        /// Where the next page starts; nil on the last.
        var nextCursor: String?

        init(from decoder: any Decoder) throws {
            if (try? decoder.unkeyedContainer()) != nil {
                nodes = try [Node](from: decoder)
                return
            }
            let object = try decoder.looseObject()
            nodes = try object.list("nodes")
            guard let page = object.object("pageInfo"), page.flag("hasNextPage") == true else { return }
            nextCursor = page.text("endCursor")
        }

        init() { nodes = [] }
    }

    struct OrderData: Decodable {
        var order: Order?
    }

    struct Order: Decodable {
        var id: Int64
        var name: String
        var isCancelled: Bool
        var displayFulfillmentStatus: String
        var fulfilments: [Fulfilment]
        var fulfilmentOrders: Connection<FulfilmentOrder>

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            id = try object.requireGID("id")
            name = object.text("name") ?? "#\(id)"
            isCancelled = object.has("cancelledAt")
            displayFulfillmentStatus = object.text("displayFulfillmentStatus") ?? ""
            let connection = try object.decodeIfPresent(Connection<Fulfilment>.self, forKey: "fulfillments")
            fulfilments = connection?.nodes ?? []
            fulfilmentOrders = try object.decodeIfPresent(Connection.self, forKey: "fulfillmentOrders") ?? Connection()
        }
    }

    struct Fulfilment: Decodable {
        var id: Int64
        var name: String?
        var status: String
        var trackingNumbers: [String]
        var lines: Connection<FulfilmentLine>

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            id = try object.requireGID("id")
            name = object.filledText("name")
            status = try object.requireText("status")
            trackingNumbers = try object.list("trackingInfo", of: Tracking.self).compactMap(\.number)
            lines = try object.decodeIfPresent(Connection.self, forKey: "fulfillmentLineItems") ?? Connection()
        }

        private struct Tracking: Decodable {
            var number: String?

            init(from decoder: any Decoder) throws {
                number = try decoder.looseObject().filledText("number")
            }
        }
    }

    struct FulfilmentLine: Decodable {
        var lineItemID: Int64
        var quantity: Int

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            lineItemID = try object.requireNested("lineItem")
            // Null is allowed by the schema.
            quantity = (try? object.requireCount("quantity")) ?? 0
        }
    }

    struct FulfilmentOrder: Decodable {
        var id: Int64
        var status: String
        var supportedActions: [String]
        var locationID: Int64?
        var methodType: String?
        var lines: Connection<FulfilmentOrderLine>

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            id = try object.requireGID("id")
            status = try object.requireText("status")
            supportedActions = try object.list("supportedActions", of: Action.self).compactMap(\.action)
            let location = object.object("assignedLocation")?.object("location")
            locationID = location?.text("id").flatMap(ShopifyGID.number)
            methodType = object.object("deliveryMethod")?.filledText("methodType")
            lines = try object.decodeIfPresent(Connection.self, forKey: "lineItems") ?? Connection()
        }

        private struct Action: Decodable {
            var action: String?
        }
    }

    struct FulfilmentOrderLine: Decodable {
        var id: Int64
        var lineItemID: Int64
        var totalQuantity: Int
        var remainingQuantity: Int

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            id = try object.requireGID("id")
            lineItemID = try object.requireNested("lineItem")
            remainingQuantity = try object.requireCount("remainingQuantity")
            totalQuantity = (try? object.requireCount("totalQuantity")) ?? remainingQuantity
        }
    }

    struct FulfilmentLinesData: Decodable {
        var lines: Connection<FulfilmentLine>?

        init(from decoder: any Decoder) throws {
            let fulfilment = try decoder.looseObject().object("fulfillment")
            lines = try fulfilment?.decodeIfPresent(Connection.self, forKey: "fulfillmentLineItems")
        }
    }

    struct FulfilmentOrderLinesData: Decodable {
        var lines: Connection<FulfilmentOrderLine>?

        init(from decoder: any Decoder) throws {
            let order = try decoder.looseObject().object("fulfillmentOrder")
            lines = try order?.decodeIfPresent(Connection.self, forKey: "lineItems")
        }
    }

    /// `{"<mutation>": {"fulfillment": …, "userErrors": […]}}`.
    struct MutationData: Decodable {
        var fulfilment: Fulfilment?
        var userErrors: [GraphQLUserError]

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            let payload = object.allKeys.first.flatMap { object.object($0) }
            fulfilment = try payload?.decodeIfPresent(Fulfilment.self, forKey: "fulfillment")
            userErrors = try payload?.list("userErrors") ?? []
        }
    }

    /// The words of a REST-like error: `errors` as a text, a list or lists by field, or `error` as a text.
    static func errorText(_ body: [UInt8]) -> String? {
        guard let value = try? JSON.decode(JSONValue.self, from: body) else { return nil }
        return value["errors"].flatMap(words) ?? value["error"].flatMap(words)
    }

    private static func words(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .array(let list): list.compactMap { words($0) }.joined(separator: "; ")
        case .object(let fields):
            fields["message"].flatMap(words)
                ?? fields.sorted { $0.key < $1.key }.compactMap { field in
                    words(field.value).map { "\(field.key): \($0)" }
                }.joined(separator: "; ")
        default: nil
        }
    }
}

extension LooseObject {
    /// - Throws: when there is no `gid://shopify/…/<digits>`.
    fileprivate func requireGID(_ key: LooseKey) throws -> Int64 {
        guard let id = text(key).flatMap(ShopifyGID.number) else { throw unreadable(key, "not a global id") }
        return id
    }

    fileprivate func requireNested(_ key: LooseKey) throws -> Int64 {
        guard let id = object(key)?.text("id").flatMap(ShopifyGID.number) else {
            throw unreadable(key, "has no global id")
        }
        return id
    }

    fileprivate func requireCount(_ key: LooseKey) throws -> Int {
        guard let number = integer(key), (0...1_000_000_000).contains(number) else {
            throw unreadable(key, "not a count")
        }
        return Int(number)
    }
}
