package import FoundationEssentials
import Kernel

extension ShopifyOrderPayload {
    /// One line of an order.
    package struct Line: Hashable, Sendable {
        package var id: Int64
        /// Trimmed; nil for custom items and for variants without one.
        package var sku: String?
        package var productID: Int64?
        package var variantID: Int64?
        package var title: String
        /// Title and variant, `Gridfinity Baseplate - Custom`.
        package var name: String
        package var variantTitle: String?
        /// As ordered; never lowered by edits or refunds.
        package var quantity: Int
        /// After edits and refunds: what is owed.
        package var currentQuantity: Int
        package var fulfillableQuantity: Int?
        package var requiresShipping: Bool
        package var isGiftCard: Bool
        package var isTip: Bool
        package var grams: Int
        package var price: Decimal?
        package var properties: [Property]
        package var fulfillmentService: String?
    }

    /// Where to ship to; any part may be missing, and the house number is inside `address1`.
    package struct Address: Hashable, Sendable {
        package var firstName: String?
        package var lastName: String?
        package var name: String?
        package var company: String?
        package var address1: String?
        package var address2: String?
        package var city: String?
        package var zip: String?
        package var province: String?
        package var provinceCode: String?
        package var country: String?
        /// ISO 3166 alpha-2, upper case.
        package var countryCode: String?
        package var phone: String?
    }
}

extension ShopifyOrderPayload.Line: Decodable {
    /// An odd number must not lose the order: below nothing is nothing, beyond sense is caught by whoever plans with it.
    private static func count(_ number: Int64) -> Int { Int(min(max(0, number), 1_000_000_000)) }

    package init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        let gid = object.filledText("admin_graphql_api_id")
        guard let id = object.integer("id") ?? gid.flatMap(ShopifyGID.number) else {
            throw object.unreadable("id", "not a whole number of 64 bits")
        }
        self.id = id
        sku = object.filledText("sku")
        productID = object.integer("product_id")
        variantID = object.integer("variant_id")
        title = object.filledText("title") ?? object.filledText("name") ?? ""
        name = object.filledText("name") ?? title
        variantTitle = object.filledText("variant_title")
        guard let quantity = object.integer("quantity") else {
            throw object.unreadable("quantity", "not a whole number")
        }
        self.quantity = Self.count(quantity)
        currentQuantity = Self.count(object.integer("current_quantity") ?? quantity)
        fulfillableQuantity = object.count("fulfillable_quantity")
        requiresShipping = object.flag("requires_shipping") ?? true
        isGiftCard = object.flag("gift_card") ?? false
        // Present on tips only, and perhaps null there.
        isTip = object.contains("tip_payment_gateway") || object.contains("tip_payment_method")
        grams = object.count("grams") ?? 0
        price = object.decimal("price")
        properties = object.properties("properties")
        fulfillmentService = object.filledText("fulfillment_service")
    }
}

extension ShopifyOrderPayload.Address: Decodable {
    package init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        firstName = object.filledText("first_name")
        lastName = object.filledText("last_name")
        let parts = [firstName, lastName].compactMap(\.self)
        name = object.filledText("name") ?? (parts.isEmpty ? nil : parts.joined(separator: " "))
        company = object.filledText("company")
        address1 = object.filledText("address1")
        address2 = object.filledText("address2")
        city = object.filledText("city")
        zip = object.filledText("zip")
        province = object.filledText("province")
        provinceCode = object.filledText("province_code")
        country = object.filledText("country")
        countryCode = object.filledText("country_code")?.uppercased()
        phone = object.filledText("phone")
    }
}

extension LooseObject {
    /// A whole number from 0 to `countMaximum`.
    fileprivate func count(_ key: LooseKey) -> Int? {
        guard let number = integer(key), (0...Self.countMaximum).contains(number) else { return nil }
        return Int(number)
    }

    /// Far above what anyone orders or weighs in grams, far below what arithmetic could overflow with.
    private static var countMaximum: Int64 { 1_000_000_000 }

    /// Normally a list of names and values; `{}`, an object of them, null and absence have been seen too.
    func properties(_ key: LooseKey) -> [ShopifyOrderPayload.Property] {
        if let list = try? decode([LooseProperty].self, forKey: key) { return list.compactMap(\.property) }
        guard let object = object(key) else { return [] }
        return object.allKeys.sorted { $0.stringValue < $1.stringValue }.compactMap { name in
            object.text(name).map { ShopifyOrderPayload.Property(name: name.stringValue, value: $0) }
        }
    }
}

/// One property whose value may be of any kind; other than text it is kept as its JSON.
private struct LooseProperty: Decodable {
    var property: ShopifyOrderPayload.Property?

    init(from decoder: any Decoder) throws {
        guard let object = try? decoder.looseObject(), let name = object.text("name") else { return }
        let value =
            object.text("value")
            ?? (try? object.decode(JSONValue.self, forKey: "value")).flatMap { value in
                value == .null ? "" : try? JSON.text(value)
            }
        property = .init(name: name, value: value ?? "")
    }
}

extension ShopifyPayloadError {
    /// Keys and a reason only: a decoder's own text could quote a value.
    init(_ error: DecodingError) {
        let (path, reason): ([any CodingKey], String) =
            switch error {
            case .dataCorrupted(let context):
                (context.codingPath, context.codingPath.isEmpty ? "not JSON" : context.debugDescription)
            case .keyNotFound(let key, let context): (context.codingPath + [key], "missing")
            case .typeMismatch(_, let context): (context.codingPath, "of another kind")
            case .valueNotFound(_, let context): (context.codingPath, "null")
            @unknown default: ([], "not readable")
            }
        let field = path.reduce(into: "") { text, key in
            text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? key.stringValue : ".\(key.stringValue)")
        }
        self.init(field: field.isEmpty ? "body" : field, reason: reason)
    }
}
