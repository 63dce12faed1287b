package import FoundationEssentials
import Kernel

/// An order as the order webhooks and the REST API give it, read tolerantly: only ids, lines and their quantities are
/// demanded, everything else may be absent, null or odd
/// (https://shopify.dev/docs/api/admin-rest/latest/resources/order).
package struct ShopifyOrderPayload: Hashable, Sendable {
    package var id: Int64
    package var adminGraphQLAPIID: String?
    /// `#1053`; `#` and the id's digits when Shopify gave none.
    package var name: String
    package var orderNumber: Int64?
    package var createdAt: Date?
    package var updatedAt: Date?
    package var processedAt: Date?
    package var cancelledAt: Date?
    package var cancelReason: String?
    /// `pending`, `authorized`, `partially_paid`, `paid`, `partially_refunded`, `refunded`, `voided`.
    package var financialStatus: String?
    package var fulfillmentStatus: String?
    package var test: Bool
    package var currency: String?
    package var totalPrice: Decimal?
    package var email: String?
    package var phone: String?
    package var note: String?
    package var tags: String?
    package var sourceName: String?
    package var noteAttributes: [Property]
    package var shippingAddress: Address?
    package var shippingLines: [ShippingLine]
    package var lineItems: [Line]

    /// A name and a value the buyer or a theme added.
    package struct Property: Codable, Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// How the buyer chose to have it shipped.
    package struct ShippingLine: Hashable, Sendable {
        package var title: String?
        package var code: String?
    }

    /// Reads the raw body of an order webhook.
    /// - Throws: `ShopifyPayloadError`, which names the field.
    package static func decode(_ body: [UInt8]) throws(ShopifyPayloadError) -> ShopifyOrderPayload {
        do {
            return try JSON.decode(ShopifyOrderPayload.self, from: body)
        } catch let error as DecodingError {
            throw ShopifyPayloadError(error)
        } catch {
            throw ShopifyPayloadError(field: "body", reason: "not readable")
        }
    }
}

extension ShopifyOrderPayload: Decodable {
    package init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        adminGraphQLAPIID = object.filledText("admin_graphql_api_id")
        guard let id = object.integer("id") ?? adminGraphQLAPIID.flatMap(ShopifyGID.number) else {
            throw object.unreadable("id", "not a whole number of 64 bits")
        }
        self.id = id
        name = object.filledText("name") ?? "#\(id)"
        orderNumber = object.integer("order_number")
        createdAt = object.time("created_at")
        updatedAt = object.time("updated_at")
        processedAt = object.time("processed_at")
        cancelledAt = object.time("cancelled_at")
        cancelReason = object.filledText("cancel_reason")
        financialStatus = object.filledText("financial_status")?.lowercased()
        fulfillmentStatus = object.filledText("fulfillment_status")?.lowercased()
        test = object.flag("test") ?? false
        currency = object.filledText("currency")
        totalPrice = object.decimal("total_price")
        email = object.filledText("email")
        phone = object.filledText("phone")
        note = object.filledText("note")
        tags = object.filledText("tags")
        sourceName = object.filledText("source_name")
        noteAttributes = object.properties("note_attributes")
        shippingAddress = (try? object.decodeIfPresent(Address.self, forKey: "shipping_address")) ?? nil
        shippingLines = (try? object.list("shipping_lines", of: ShippingLine.self)) ?? []
        // An order without this key comes from a reduced subscription (`include_fields`): it must not pass for one
        // with nothing to print.
        guard object.has("line_items") else { throw object.unreadable("line_items", "null") }
        lineItems = try object.list("line_items")
    }
}

extension ShopifyOrderPayload.ShippingLine: Decodable {
    package init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        title = object.filledText("title")
        code = object.filledText("code")
    }
}

/// A body that is no order we can keep.
package struct ShopifyPayloadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `line_items[0].id`, or `body`.
    package let field: String
    package let reason: String

    package init(field: String, reason: String) {
        self.field = field
        self.reason = reason
    }

    package var description: String { "\(field): \(reason)" }
}
