import Kernel

/// The order that a body speaks of when it is not an order itself.
package enum ShopifyReferencedOrder {
    /// The order's id out of an order edit, a refund, a fulfilment or a deletion; nil when the body names none.
    package static func decode(_ body: [UInt8]) -> Int64? {
        (try? JSON.decode(Reference.self, from: body))?.orderID
    }

    private struct Reference: Decodable {
        var orderID: Int64?

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            if let orderID = object.object("order_edit")?.integer("order_id") ?? object.integer("order_id") {
                self.orderID = orderID
                return
            }
            // `id` is the order's own only in a deletion or an order: a shop, a refund or a fulfilment has one too.
            let gid = object.text("admin_graphql_api_id")
            guard !object.has("myshopify_domain"), gid?.contains("/Order/") != false else { return }
            orderID = object.integer("id") ?? gid.flatMap(ShopifyGID.number)
        }
    }
}
