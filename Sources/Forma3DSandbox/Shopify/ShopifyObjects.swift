import FoundationEssentials
import Kernel

/// The shop's things as GraphQL objects, read from the REST body and the shop's own state.
extension ShopifyShop {
    func object(order id: Int64) -> GraphQLObject? {
        guard let order = orders[id] else { return nil }
        let shop = self
        return GraphQLObject("Order") { field, arguments in
            shop.field(field, arguments, of: order)
        }
    }

    private func field(_ field: String, _ arguments: GraphQLArguments, of order: ShopOrder) -> GraphQLResolved {
        let node = order.node
        switch field {
        case "id": return .string(GlobalID.text("Order", order.id))
        case "legacyResourceId": return .string(String(order.id))
        case "name": return .string(order.name)
        case "number": return .integer(node["number"]?.integer ?? 0)
        case "createdAt": return .string(VendorTime.utcSeconds(order.createdAt))
        case "updatedAt": return .string(VendorTime.utcSeconds(order.updatedAt))
        case "processedAt": return Self.time(node["processed_at"]) ?? .string(VendorTime.utcSeconds(order.createdAt))
        case "cancelledAt": return .text(order.cancelledAt.map(VendorTime.utcSeconds))
        case "closedAt": return Self.time(node["closed_at"]) ?? .null
        case "cancelReason": return .text(order.cancelReason?.uppercased())
        case "closed": return .bool(node["closed_at"]?.string != nil)
        case "displayFinancialStatus": return .text(node["financial_status"]?.string?.uppercased())
        case "displayFulfillmentStatus": return .string(displayFulfilmentStatus(of: order.id))
        case "fullyPaid": return .bool(node["financial_status"]?.string == "paid")
        case "unpaid": return .bool(node["financial_status"]?.string != "paid")
        case "fulfillable": return .bool(order.cancelledAt == nil)
        case "requiresShipping": return .bool(order.lines.contains(where: \.requiresShipping))
        case "tags": return .scalar(.strings(OrderSearch.tags(of: order)))
        case "customAttributes": return Self.attributes(node["note_attributes"])
        case "shippingAddress": return Self.address(node["shipping_address"])
        case "billingAddress": return Self.address(node["billing_address"])
        case "customer": return Self.customer(node["customer"])
        case "shippingLine": return node["shipping_lines"]?.array?.first.map { .object(Self.shippingLine($0)) } ?? .null
        case "shippingLines":
            let lines = node["shipping_lines"]?.array ?? []
            return Self.page(lines.map(Self.shippingLine), "ShippingLine", arguments)
        case "lineItems": return Self.page(order.lines.map { object(line: $0, of: order) }, "LineItem", arguments)
        case "fulfillments":
            let limit = arguments["first"]?.integer.map { Int(clamping: $0) } ?? 250
            return .objects((fulfilmentIDs[order.id] ?? []).prefix(max(0, limit)).compactMap { object(fulfilment: $0) })
        case "fulfillmentsCount": return Self.count((fulfilmentIDs[order.id] ?? []).count)
        case "fulfillmentOrders":
            let ids = settings.seesFulfilmentOrders ? fulfilmentOrderIDs[order.id] ?? [] : []
            return Self.page(ids.compactMap { object(fulfilmentOrder: $0) }, "FulfillmentOrder", arguments)
        default: return Self.plainField(field, of: node)
        }
    }

    /// Fields that are the REST ones under another name.
    private static func plainField(_ field: String, of node: JSONNode) -> GraphQLResolved {
        switch field {
        case "email": .text(node["email"]?.string)
        case "phone": .text(node["phone"]?.string)
        case "note": .text(node["note"]?.string)
        case "test": .bool(node["test"]?.bool ?? false)
        case "confirmed": .bool(node["confirmed"]?.bool ?? true)
        case "currencyCode": .string(node["currency"]?.string ?? "EUR")
        case "presentmentCurrencyCode": .string(node["presentment_currency"]?.string ?? "EUR")
        case "sourceName": .text(node["source_name"]?.string)
        case "statusPageUrl": .string(node["order_status_url"]?.string ?? "")
        case "confirmationNumber": .text(node["confirmation_number"]?.string)
        case "totalWeight": .text(node["total_weight"]?.text)
        case "totalPriceSet": money(node["total_price_set"], node["total_price"])
        case "currentTotalPriceSet": money(node["current_total_price_set"], node["total_price"])
        case "subtotalPriceSet": money(node["subtotal_price_set"], node["subtotal_price"])
        case "totalTaxSet": money(node["total_tax_set"], node["total_tax"])
        case "totalShippingPriceSet": money(node["total_shipping_price_set"], nil)
        case "totalDiscountsSet": money(node["total_discounts_set"], node["total_discounts"])
        default: .null
        }
    }

    func object(line: ShopLine, of order: ShopOrder) -> GraphQLObject {
        let index = order.lines.firstIndex { $0.id == line.id } ?? 0
        let node = order.node["line_items"]?.array?[index] ?? [:]
        let left = (fulfilmentOrderIDs[order.id] ?? []).compactMap { fulfilmentOrders[$0] }.flatMap(\.lines)
            .filter { $0.lineID == line.id }
        let remaining = left.isEmpty ? line.fulfillable : left.reduce(0) { $0 + $1.remaining }
        return GraphQLObject("LineItem") { field, _ in
            switch field {
            case "id": .string(GlobalID.text("LineItem", line.id))
            case "title": .string(node["title"]?.string ?? "")
            case "variantTitle": .text(node["variant_title"]?.string)
            case "name": .string(node["name"]?.string ?? node["title"]?.string ?? "")
            case "sku": .text(node["sku"]?.string)
            case "quantity": .integer(node["quantity"]?.integer ?? Int64(line.quantity))
            case "currentQuantity": .integer(line.quantity)
            case "unfulfilledQuantity", "fulfillableQuantity": .integer(remaining)
            case "requiresShipping": .bool(line.requiresShipping)
            case "isGiftCard": .bool(node["gift_card"]?.bool ?? false)
            case "vendor": .text(node["vendor"]?.string)
            case "product": Self.reference("Product", node["product_id"], title: node["title"]?.string)
            case "variant":
                Self.reference(
                    "ProductVariant", node["variant_id"], title: node["variant_title"]?.string,
                    sku: node["sku"]?.string)
            case "customAttributes": Self.attributes(node["properties"])
            case "originalUnitPriceSet", "discountedUnitPriceSet": Self.money(node["price_set"], node["price"])
            default: .null
            }
        }
    }

    // MARK: Small objects

    static func time(_ node: JSONNode?) -> GraphQLResolved? {
        node?.string.flatMap(Timestamp.parse).map { .string(VendorTime.utcSeconds($0)) }
    }

    static func count(_ count: Int) -> GraphQLResolved {
        .object(GraphQLObject("Count", members: ["count": .integer(count), "precision": .string("EXACT")]))
    }

    /// Things without a sort key of their own are paged by their place.
    static func page(_ objects: [GraphQLObject], _ type: String, _ arguments: GraphQLArguments) -> GraphQLResolved {
        let entries = objects.enumerated().map { index, object in
            ConnectionPage.Entry(object: object, id: Int64(index + 1), value: Int64(index + 1))
        }
        return ConnectionPage(entries, arguments).resolved(type)
    }

    static func attributes(_ node: JSONNode?) -> GraphQLResolved {
        .objects(
            (node?.array ?? []).map { entry in
                GraphQLObject(
                    "Attribute",
                    members: ["key": .string(entry["name"]?.string ?? ""), "value": .text(entry["value"]?.text)])
            })
    }

    /// GraphQL trims a trailing zero of money: `"38.25"` but `"0.0"` (recorded).
    static func money(_ set: JSONNode?, _ amount: JSONNode?) -> GraphQLResolved {
        func money(_ node: JSONNode?) -> GraphQLResolved {
            var text = node?["amount"]?.text ?? amount?.text ?? "0.0"
            if text.hasSuffix("0"), text.split(separator: ".").last?.count == 2 { text.removeLast() }
            return .object(
                GraphQLObject(
                    "MoneyV2",
                    members: [
                        "amount": .string(text), "currencyCode": .string(node?["currency_code"]?.string ?? "EUR"),
                    ]))
        }
        return .object(
            GraphQLObject(
                "MoneyBag",
                members: [
                    "shopMoney": money(set?["shop_money"]), "presentmentMoney": money(set?["presentment_money"]),
                ]))
    }

    private static func reference(
        _ type: String, _ id: JSONNode?, title: String?, sku: String? = nil
    ) -> GraphQLResolved {
        guard let id = id?.lenientInteger else { return .null }
        return .object(
            GraphQLObject(
                type,
                members: [
                    "id": .string(GlobalID.text(type, id)), "legacyResourceId": .string(String(id)),
                    "title": .string(title ?? ""), "sku": .text(sku),
                ]))
    }

    private static func shippingLine(_ node: JSONNode) -> GraphQLObject {
        GraphQLObject(
            "ShippingLine",
            members: [
                "id": .text(node["id"]?.lenientInteger.map { GlobalID.text("ShippingLine", $0) }),
                "title": .string(node["title"]?.string ?? ""), "code": .text(node["code"]?.string),
                "source": .text(node["source"]?.string),
                "carrierIdentifier": .text(node["carrier_identifier"]?.string),
                "originalPriceSet": money(node["price_set"], node["price"]),
            ])
    }

    private static func customer(_ node: JSONNode?) -> GraphQLResolved {
        guard let node, let id = node["id"]?.lenientInteger else { return .null }
        let names = [node["first_name"]?.string, node["last_name"]?.string].compactMap { $0 }
        return .object(
            GraphQLObject(
                "Customer",
                members: [
                    "id": .string(GlobalID.text("Customer", id)), "email": .text(node["email"]?.string),
                    "firstName": .text(node["first_name"]?.string), "lastName": .text(node["last_name"]?.string),
                    "displayName": .string(names.joined(separator: " ")), "phone": .text(node["phone"]?.string),
                ]))
    }

    private static func address(_ node: JSONNode?) -> GraphQLResolved {
        guard let node, node.members != nil else { return .null }
        let names = [
            "name": "name", "firstName": "first_name", "lastName": "last_name", "company": "company",
            "address1": "address1", "address2": "address2", "city": "city", "province": "province",
            "provinceCode": "province_code", "country": "country", "countryCode": "country_code",
            "countryCodeV2": "country_code", "zip": "zip", "phone": "phone",
        ]
        return .object(
            GraphQLObject("MailingAddress") { field, _ in
                switch field {
                case "id": .string("gid://shopify/MailingAddress/1?model_name=Address")
                case "latitude", "longitude": .scalar(node[field] ?? .null)
                case "formatted":
                    .scalar(
                        .strings(
                            ["name", "company", "address1", "address2", "zip", "city", "country"]
                                .compactMap { node[$0]?.string }))
                default: names[field].map { .text(node[$0]?.string) } ?? .null
                }
            })
    }
}
