import FoundationEssentials
import Kernel

/// Makes a complete order, as a 2026 shop would send it, from the short form of the control surface.
struct OrderFactory {
    /// What is wrong with a short form.
    struct Refusal: Error, Hashable {
        let fields: [Problem.Field]
    }

    static let linesMaximum = 500
    static let quantityMaximum = 10_000

    private let now: Date
    private let id: Int64
    private let number: Int64
    private var lineID: Int64
    private let currency = "EUR"

    private init(id: Int64, number: Int64, now: Date) {
        self.id = id
        self.number = number
        self.now = now
        lineID = 15_514_960_920_876 + (id % 1_000_000_007) * 64
    }

    /// - Throws: `Refusal` naming the fields that cannot be used.
    static func order(
        from form: JSONNode, id: Int64, number: Int64, at now: Date
    ) throws(Refusal) -> JSONNode {
        let bad = problems(of: form)
        guard bad.isEmpty else { throw Refusal(fields: bad) }
        var factory = OrderFactory(id: id, number: number, now: now)
        return factory.order(form)
    }

    private static func problems(of form: JSONNode) -> [Problem.Field] {
        guard form.members != nil else { return [.init("body", "is not a JSON object")] }
        guard let lines = form["lines"]?.array, !lines.isEmpty, lines.count <= linesMaximum else {
            return [.init("lines", "is missing, empty or too long", allowed: "1 to \(linesMaximum) lines")]
        }
        var bad: [Problem.Field] = []
        for (index, line) in lines.enumerated() {
            if let quantity = line["quantity"], !(1...Int64(quantityMaximum)).contains(quantity.integer ?? 0) {
                bad.append(
                    .init("lines[\(index)].quantity", "is not a whole number", allowed: "1 to \(quantityMaximum)"))
            }
            if let sku = line["sku"], sku.string == nil, !sku.isNull {
                bad.append(.init("lines[\(index)].sku", "is not a string"))
            }
            if let price = line["price"], cents(price) == nil {
                bad.append(.init("lines[\(index)].price", "is no amount", allowed: "\"39.90\" or 39.9"))
            }
        }
        return bad
    }

    private static func cents(_ node: JSONNode) -> Int64? {
        guard let text = node.text, text.utf8.count <= 12 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(wireDigits: parts[0]), whole >= 0 else { return nil }
        guard parts.count == 2 else { return whole * 100 }
        guard let fraction = Int64(wireDigits: (parts[1] + "00").prefix(2)) else { return nil }
        return whole * 100 + fraction
    }

    private static func amount(_ cents: Int64) -> String {
        let rest = String(cents % 100)
        return "\(cents / 100).\(rest.count == 1 ? "0" : "")\(rest)"
    }

    private func money(_ cents: Int64) -> JSONNode { .string(Self.amount(cents)) }

    private func set(_ cents: Int64) -> JSONNode {
        let amount: JSONNode = ["amount": money(cents), "currency_code": .string(currency)]
        return ["shop_money": amount, "presentment_money": amount]
    }

    // MARK: Lines

    private mutating func line(_ form: JSONNode, index: Int) -> (node: JSONNode, cents: Int64, grams: Int64) {
        lineID += 1
        let quantity = form["quantity"]?.integer ?? 1
        let price = form["price"].flatMap(Self.cents) ?? 1_995
        let grams = form["grams"]?.integer ?? 120
        let title = form["title"]?.string ?? form["sku"]?.string.map { "Product \($0)" } ?? "Custom item"
        let isGiftCard = form["giftCard"]?.bool ?? false
        let properties = (form["properties"]?.members ?? []).map { member -> JSONNode in
            ["name": .string(member.name), "value": .string(member.value.text ?? "")]
        }
        let given = form["properties"]?.array
        var node: JSONNode = [
            "id": .integer(lineID), "admin_graphql_api_id": .string(GlobalID.text("LineItem", lineID)),
            "attributed_staffs": [], "current_quantity": .integer(quantity),
            "fulfillable_quantity": .integer(quantity), "fulfillment_service": "manual", "fulfillment_status": nil,
            "gift_card": .bool(isGiftCard), "grams": .integer(grams), "name": .string(title), "price": money(price),
            "price_set": set(price), "product_exists": .bool(form["sku"]?.string != nil),
            "product_id": productID(form, "productId", base: 9_782_123_692_332),
            "properties": .array(given ?? properties), "quantity": .integer(quantity),
            "requires_shipping": .bool(form["requiresShipping"]?.bool ?? !isGiftCard), "sku": form["sku"] ?? nil,
            "taxable": true, "title": .string(title), "total_discount": "0.00", "total_discount_set": set(0),
            "variant_id": productID(form, "variantId", base: 50_398_373_085_484),
            "variant_inventory_management": nil, "variant_title": nil, "vendor": "Forma3D", "tax_lines": [],
            "duties": [], "discount_allocations": [],
        ]
        if let location = form["location"] { node["_sandbox_location"] = location }
        return (node, price * quantity, grams * quantity)
    }

    /// As given, else one that belongs to the SKU for ever, else null as for a custom item.
    private func productID(_ form: JSONNode, _ name: String, base: Int64) -> JSONNode {
        if let given = form[name] { return given.lenientInteger.map { .integer($0) } ?? nil }
        guard let sku = form["sku"]?.string else { return nil }
        let hash = sku.utf8.reduce(UInt64(5_381)) { ($0 &* 33) ^ UInt64($1) }
        return .integer(base + Int64(hash % 1_000_000) * 4_096)
    }

    // MARK: The order

    private mutating func order(_ form: JSONNode) -> JSONNode {
        var lines: [JSONNode] = []
        var subtotal: Int64 = 0
        var grams: Int64 = 0
        for (index, entry) in (form["lines"]?.array ?? []).enumerated() {
            let made = line(entry, index: index)
            lines.append(made.node)
            subtotal += made.cents
            grams += made.grams
        }
        let shipping: Int64 = 695
        let email = form["email"]?.string ?? "customer.\(number)@example.com"
        let address = form["address"].map { $0.isNull ? .null : Self.address($0) } ?? Self.address([:])
        var node = head(email: email, note: form["note"]?.string)
        for (name, value) in sums(subtotal: subtotal, shipping: shipping, grams: grams) { node[name] = value }
        node["billing_address"] = address
        node["customer"] = customer(email: email, address: address)
        node["discount_applications"] = []
        node["fulfillments"] = []
        node["line_items"] = .array(lines)
        node["payment_terms"] = .null
        node["refunds"] = []
        node["returns"] = []
        node["shipping_address"] = address
        node["shipping_lines"] = [shippingLine(shipping)]
        return node
    }

    private func head(email: String, note: String?) -> JSONNode {
        let stamp = JSONNode.string(VendorTime.shop(now))
        let token = String(repeating: "0", count: 32 - String(id).count) + String(id)
        return [
            "id": .integer(id), "admin_graphql_api_id": .string(GlobalID.text("Order", id)), "app_id": 580_111,
            "browser_ip": "203.0.113.7", "buyer_accepts_marketing": false, "cancel_reason": nil, "cancelled_at": nil,
            "cart_token": nil, "checkout_id": .integer(id / 160), "checkout_token": .string(token),
            "client_details": [
                "accept_language": "nl-BE", "browser_height": nil, "browser_ip": "203.0.113.7", "browser_width": nil,
                "session_hash": nil, "user_agent": "Mozilla/5.0",
            ],
            "closed_at": nil, "company": nil, "confirmation_number": .string("SBX\(number)"), "confirmed": true,
            "contact_email": .string(email), "created_at": stamp, "currency": .string(currency),
            "customer_locale": "nl-BE", "device_id": nil, "discount_codes": [], "duties_included": false,
            "email": .string(email), "estimated_taxes": false, "financial_status": "paid", "fulfillment_status": nil,
            "landing_site": "/products?ref=a&b=<c>", "landing_site_ref": nil, "location_id": nil,
            "merchant_business_entity_id": "MTExNTQ4MzgwMDA5", "merchant_of_record_app_id": nil,
            "name": .string("#\(number)"), "note": .text(note), "note_attributes": [],
            "number": .integer(number - 1_000), "order_number": .integer(number),
            "order_status_url": .string(
                "https://\(SandboxCredentials.shopDomain)/91740864812/orders/\(token)/authenticate?key=sandbox"),
            "original_total_additional_fees_set": nil, "original_total_duties_set": nil,
            "payment_gateway_names": ["shopify_payments"], "phone": nil, "po_number": nil,
            "presentment_currency": .string(currency), "processed_at": stamp, "reference": nil,
            "referring_site": "", "source_identifier": nil, "source_name": "web", "source_url": nil, "tags": "",
            "tax_exempt": false, "taxes_included": true, "test": false, "token": .string(token),
            "total_tip_received": "0.00", "updated_at": stamp, "user_id": nil,
        ]
    }

    private func sums(subtotal: Int64, shipping: Int64, grams: Int64) -> [(String, JSONNode)] {
        let total = subtotal + shipping
        let tax = total * 21 / 121
        func pair(_ name: String, _ cents: Int64) -> [(String, JSONNode)] {
            [(name, money(cents)), ("\(name)_set", set(cents))]
        }
        return pair("subtotal_price", subtotal) + pair("current_subtotal_price", subtotal)
            + pair("total_line_items_price", subtotal) + pair("total_price", total)
            + pair("current_total_price", total) + pair("total_tax", tax) + pair("current_total_tax", tax)
            + pair("total_discounts", 0) + pair("current_total_discounts", 0) + [
                ("total_shipping_price_set", set(shipping)), ("current_shipping_price_set", set(shipping)),
                ("current_total_additional_fees_set", .null), ("current_total_duties_set", .null),
                ("total_cash_rounding_payment_adjustment_set", set(0)),
                ("total_cash_rounding_refund_adjustment_set", set(0)), ("total_outstanding", "0.00"),
                ("total_weight", .integer(grams)),
                (
                    "tax_lines",
                    [
                        [
                            "price": money(tax), "rate": .number("0.21"), "title": "BTW", "price_set": set(tax),
                            "channel_liable": false,
                        ]
                    ]
                ),
            ]
    }

    private func shippingLine(_ cents: Int64) -> JSONNode {
        [
            "id": .integer(id / 2 + 11), "carrier_identifier": nil, "code": "Standard",
            "current_discounted_price_set": set(cents), "discounted_price": money(cents),
            "discounted_price_set": set(cents), "is_removed": false, "phone": nil, "price": money(cents),
            "price_set": set(cents), "requested_fulfillment_service_id": nil, "source": "shopify",
            "title": "Standard", "tax_lines": [], "discount_allocations": [],
        ]
    }

    private func customer(email: String, address: JSONNode) -> JSONNode {
        let customerID = 7_013_412_346_093 + number * 32_768
        return [
            "id": .integer(customerID), "created_at": .string(VendorTime.shop(now)),
            "updated_at": .string(VendorTime.shop(now)), "first_name": address["first_name"] ?? nil,
            "last_name": address["last_name"] ?? nil, "state": "disabled", "note": nil, "verified_email": true,
            "multipass_identifier": nil, "tax_exempt": false,
            "email_marketing_consent": [
                "state": "not_subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": nil,
            ],
            "sms_marketing_consent": nil, "tags": "", "email": .string(email), "phone": nil,
            "currency": .string(currency), "tax_exemptions": [],
            "admin_graphql_api_id": .string(GlobalID.text("Customer", customerID)), "default_address": address,
        ]
    }

    /// The address given, in Shopify's names or plain ones, on top of a made-up Belgian one.
    static func address(_ form: JSONNode) -> JSONNode {
        func text(_ names: String...) -> String? { names.lazy.compactMap { form[$0]?.text }.first }
        let name =
            text("name")
            ?? [text("first_name", "firstName") ?? "Testa", text("last_name", "lastName") ?? "Koper"]
            .joined(separator: " ")
        let words = name.split(separator: " ", maxSplits: 1).map(String.init)
        let country = (text("country_code", "countryCode") ?? (text("country")?.count == 2 ? text("country") : nil))
            .map { $0.uppercased() }
        let street = [text("address1", "street", "address") ?? "Voorbeeldstraat 12", text("houseNumber")]
            .compactMap { $0 }.joined(separator: " ")
        let code = country ?? "BE"
        let isExplicit = form["city"] != nil || form["address1"] != nil
        return [
            "first_name": .string(words.first ?? ""), "address1": .string(street),
            "phone": .text(text("phone", "telephone") ?? (isExplicit ? nil : "+32470000001")),
            "city": .string(text("city") ?? "Gent"), "zip": .string(text("zip", "postalCode", "postal_code") ?? "9000"),
            "province": .text(text("province")),
            "country": .string(CountryNames.name(of: code)),
            "last_name": .string(words.count > 1 ? words[1] : ""), "address2": .text(text("address2")),
            "company": .text(text("company")), "latitude": nil, "longitude": nil, "name": .string(name),
            "country_code": .string(code), "province_code": .text(text("province_code", "provinceCode")),
        ]
    }
}
