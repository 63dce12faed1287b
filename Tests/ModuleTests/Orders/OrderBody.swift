import FoundationEssentials
import Kernel

/// Order webhook bodies of our own, in Shopify's shape: one ordinary order, changed case by case.
enum OrderBody {
    static let line: [String: JSONValue] = [
        "id": 15_514_960_920_876, "admin_graphql_api_id": "gid://shopify/LineItem/15514960920876", "sku": "CLIP-1",
        "product_id": 9_782_123_692_332, "variant_id": 50_398_373_085_484, "title": "Cable clip",
        "variant_title": "Black",
        "name": "Cable clip - Black", "quantity": 2, "current_quantity": 2, "fulfillable_quantity": 2,
        "requires_shipping": true, "gift_card": false, "grams": 40, "price": "4.50", "fulfillment_service": "manual",
        "fulfillment_status": nil, "product_exists": true, "properties": [["name": "Colour", "value": "Black"]],
    ]

    static let order: [String: JSONValue] = [
        "id": 6_198_424_240_428, "admin_graphql_api_id": "gid://shopify/Order/6198424240428", "name": "#1053",
        "order_number": 1053, "created_at": "2026-11-20T14:03:31+01:00", "updated_at": "2026-11-20T14:03:32+01:00",
        "processed_at": "2026-11-20T14:03:29+01:00", "currency": "EUR", "total_price": "15.95",
        "total_price_set": ["shop_money": ["amount": "15.95", "currency_code": "EUR"]], "financial_status": "paid",
        "fulfillment_status": nil, "cancelled_at": nil, "cancel_reason": nil, "test": false, "source_name": "web",
        "email": "buyer@example.com", "note": nil, "note_attributes": [], "tags": "", "line_items": [.object(line)],
        "shipping_address": [
            "first_name": "Testa", "last_name": "Koper", "name": "Testa Koper", "company": nil,
            "address1": "Voorbeeldstraat 12", "address2": "bus 3", "city": "Gent", "zip": "9000", "province": nil,
            "province_code": nil, "country": "Belgium", "country_code": "BE", "phone": nil,
        ],
        "shipping_lines": [["title": "Standard", "code": "Standard", "price": "6.95"]],
        "customer": ["id": 7_013_412_346_093, "email": "buyer@example.com"], "fulfillments": [], "refunds": [],
    ]

    static func order(_ changes: [String: JSONValue]) -> [UInt8] {
        bytes(.object(order.merging(changes) { $1 }))
    }

    /// The order with one line, changed.
    static func line(_ changes: [String: JSONValue]) -> [UInt8] {
        order(["line_items": [.object(line.merging(changes) { $1 })]])
    }

    static func without(_ key: String) -> [UInt8] {
        var members = order
        members[key] = nil
        return bytes(.object(members))
    }

    static func bytes(_ value: JSONValue) -> [UInt8] {
        (try? JSON.encode(value)) ?? []
    }
}
