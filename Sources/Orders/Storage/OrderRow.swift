package import Contracts
import FoundationEssentials
package import Kernel
package import Postgres

/// Rows to values and back.
package enum OrderRow {
    /// Without lines and failed print jobs.
    package static func order(_ row: Row) throws -> Order {
        let cancelledAt: Date? = try row.optional("cancelled_at")
        let rank: Int = try row("payment_rank")
        var order = Order(
            id: try row("id"), shopifyOrderID: try row("shopify_order_id"), orderNumber: try row("order_number"),
            revision: Order.Revision(
                updatedAt: try row("shop_updated_at"), isCancelled: rank >= cancelledRank,
                paymentRank: rank % cancelledRank, triggeredAt: try row.optional("shop_triggered_at"),
                contentRank: try row("content_rank")),
            isTest: try row("is_test"), currency: try row("currency"), orderedAt: try row("ordered_at"))
        order.status = try status(row)
        order.financialStatus = try row.optional("financial_status")
        order.shopFulfillmentStatus = try row.optional("shop_fulfillment_status")
        order.cancelledAt = cancelledAt
        order.totalPrice = try row.optional("total_price")
        order.customerName = try row.optional("customer_name")
        order.email = try row.optional("email")
        order.phone = try row.optional("phone")
        order.address = try address(row)
        order.productionStartedAt = try row.optional("production_started_at")
        order.readyAt = try row.optional("ready_at")
        order.shippedAt = try row.optional("shipped_at")
        order.fulfilledAt = try row.optional("fulfilled_at")
        order.productionVersion = try row("production_version")
        order.attention = try attention(row)
        order.createdAt = try row.optional("created_at")
        order.updatedAt = try row.optional("updated_at")
        order.rowVersion = try row("row_version")
        return order
    }

    /// A payload that is cancelled outranks every other of its second. Kept apart from `cancelled_at`, which a deletion
    /// sets too.
    private static let cancelledRank = 100

    static func storedRank(_ revision: Order.Revision) -> Int {
        revision.paymentRank + (revision.isCancelled ? cancelledRank : 0)
    }

    package static func line(_ row: Row) throws -> Order.Line {
        var mapping: Order.LineMapping?
        if let id: ProductMappingID = try row.optional("product_mapping_id") {
            mapping = Order.LineMapping(
                id: id, weightGrams: try row("weight_grams"),
                parts: try JSON.decode([AssemblyPartView].self, from: row("parts") as String))
        }
        var line = Order.Line(
            id: try row("id"), shopifyLineItemID: try row("shopify_line_item_id"), position: try row("position"),
            title: try row("title"), sku: try row.optional("sku"),
            shopifyProductID: try row.optional("shopify_product_id"),
            shopifyVariantID: try row.optional("shopify_variant_id"), quantity: try row("quantity"),
            currentQuantity: try row("current_quantity"), price: try row.optional("price"),
            skippedBecause: (try row.optional("skipped_because") as String?).flatMap(Order.SkipReason.init),
            properties: try JSON.decode([Order.Property].self, from: row("properties") as String),
            state: LineItemState(rawValue: try row("state")) ?? .pending, mapping: mapping,
            finished: try JSON.decode(Set<Order.CopyKey>.self, from: row("finished") as String))
        line.fulfilledBefore = try row("fulfilled_before")
        return line
    }

    package static func status(_ row: Row) throws -> OrderStatus {
        OrderStatus(rawValue: try row("status")) ?? .received
    }

    package static func address(_ row: Row) throws -> PostalAddress? {
        guard let text: String = try row.optional("shipping_address") else { return nil }
        return try JSON.decode(PostalAddress.self, from: text)
    }

    package static func attention(_ row: Row) throws -> Attention? {
        guard let code: String = try row.optional("attention_code") else { return nil }
        return Attention(
            code: code, reason: try row("attention_reason"), since: try row("attention_since"),
            action: try row("attention_action"))
    }
}

/// A line as `jsonb_to_recordset` takes it.
struct StoredLine: Encodable {
    let id: String
    let shopify_line_item_id: Int64
    let position: Int
    let title: String
    let sku: String?
    let shopify_product_id: Int64?
    let shopify_variant_id: Int64?
    let quantity: Int
    let current_quantity: Int
    let fulfilled_before: Int
    let price: Decimal?
    let skipped_because: String?
    let properties: [Order.Property]
    let state: String
    let product_mapping_id: String?
    let weight_grams: Int?
    let parts: [AssemblyPartView]?

    init(_ line: Order.Line) {
        id = line.id.description
        shopify_line_item_id = line.shopifyLineItemID
        position = line.position
        title = line.title
        sku = line.sku
        shopify_product_id = line.shopifyProductID
        shopify_variant_id = line.shopifyVariantID
        quantity = line.quantity
        current_quantity = line.currentQuantity
        fulfilled_before = line.fulfilledBefore
        price = line.price
        skipped_because = line.skippedBecause?.rawValue
        properties = line.properties
        state = line.state.rawValue
        product_mapping_id = line.mapping?.id.description
        weight_grams = line.mapping?.weightGrams
        parts = line.mapping?.parts
    }
}
