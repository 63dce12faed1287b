package import Contracts
package import FoundationEssentials
package import Kernel
package import Shopify

extension Order {
    /// The revision of a payload.
    ///
    /// - Parameters:
    ///   - triggeredAt: Shopify's `X-Shopify-Triggered-At`, which orders what `updated_at` cannot.
    ///   - body: the payload's bytes, for what is equal in everything else.
    package static func revision(
        of payload: ShopifyOrderPayload, receivedAt: Date, triggeredAt: Date? = nil, body: [UInt8] = []
    ) -> Revision {
        Revision(
            updatedAt: payload.updatedAt ?? payload.processedAt ?? payload.createdAt ?? receivedAt,
            isCancelled: payload.cancelledAt != nil, paymentRank: Payment.rank(of: payload.financialStatus),
            triggeredAt: triggeredAt, contentRank: contentRank(of: body))
    }

    /// FNV-1a of 64 bits (draft-eastlake-fnv §2), as a number that `bigint` can hold and that is never negative.
    private static func contentRank(of body: [UInt8]) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in body { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int64(hash >> 1)
    }

    /// The earliest word of it counts, so that it does not matter which came first.
    package mutating func cancel(at time: Date?) {
        cancelledAt = [cancelledAt, time].compactMap { $0 }.min()
    }

    /// The order after a payload came; nil when the payload says nothing new. Of all payloads the newest revision holds,
    /// in whatever order they come, and a deletion counts even where it overtook them.
    ///
    /// - Parameters:
    ///   - known: the order as it is known; nil: not at all.
    ///   - fresh: a new one, for one that is not known.
    package static func after(
        _ payload: ShopifyOrderPayload, revision: Revision, known: Order?, fresh: @autoclosure () -> Order,
        deletedAt: Date?, identities: Identities
    ) -> Order? {
        if let known, revision < known.revision { return nil }
        var order = known ?? fresh()
        if known == nil { order.cancel(at: deletedAt) }
        order.take(payload, revision: revision, identities: identities)
        return order
    }

    /// Takes over a payload that is not older than what is known.
    ///
    /// A cancellation sticks: no payload takes it back (contracts: Shopify §5, pitfall 4).
    package mutating func take(
        _ payload: ShopifyOrderPayload, revision: Revision, identities: Identities
    ) {
        self.revision = revision
        orderNumber = payload.name
        financialStatus = payload.financialStatus
        shopFulfillmentStatus = payload.fulfillmentStatus
        isTest = payload.test
        cancel(at: payload.cancelledAt)
        currency = String((payload.currency ?? currency).prefix(3))
        totalPrice = payload.totalPrice
        email = payload.email
        phone = payload.phone
        address = payload.shippingAddress.flatMap(PostalAddress.init)
        customerName = address?.name
        takeLines(of: payload, identities: identities)
    }

    private mutating func takeLines(of payload: ShopifyOrderPayload, identities: Identities) {
        var rest = Dictionary(lines.map { ($0.shopifyLineItemID, $0) }, uniquingKeysWith: { first, _ in first })
        var taken: [Line] = []
        let isFirstSight = lines.isEmpty
        for (position, item) in payload.lineItems.enumerated()
        where !taken.contains(where: { $0.shopifyLineItemID == item.id }) {
            var line =
                rest.removeValue(forKey: item.id)
                ?? Line(
                    id: identities.make(), shopifyLineItemID: item.id, position: position, title: "", sku: nil,
                    shopifyProductID: nil, shopifyVariantID: nil, quantity: 0, currentQuantity: 0, price: nil,
                    skippedBecause: nil, properties: [])
            line.position = position
            line.title = String(item.name.prefix(1_000))
            line.sku = item.sku
            line.shopifyProductID = item.productID
            line.shopifyVariantID = item.variantID
            line.quantity = Self.sane(item.quantity)
            if isFirstSight, payload.fulfillmentStatus == "partial", let left = item.fulfillableQuantity {
                line.fulfilledBefore = max(0, Self.sane(item.currentQuantity) - Self.sane(left))
            }
            line.currentQuantity = max(0, Self.sane(item.currentQuantity) - line.fulfilledBefore)
            line.price = item.price
            line.properties = item.properties.map { Property(name: $0.name, value: $0.value) }
            line.skippedBecause =
                item.isGiftCard ? .giftCard : item.isTip ? .tip : item.requiresShipping ? nil : .noShipping
            taken.append(line)
        }
        // A line that the shop no longer lists is not made any more; what is known of it stays.
        for var line in rest.values.sorted(by: { $0.position < $1.position }) {
            line.currentQuantity = 0
            line.position = taken.count
            taken.append(line)
        }
        lines = taken
    }

    /// A quantity beyond this is a slip or an attack; nobody prints that many, and arithmetic stays safe.
    package static let quantityMaximum = 10_000

    private static func sane(_ quantity: Int) -> Int { min(max(0, quantity), quantityMaximum) }
}

extension PostalAddress {
    /// Nil when there is nothing in it that a parcel could be sent to.
    package init?(_ address: ShopifyOrderPayload.Address) {
        guard address.address1 != nil || address.city != nil || address.zip != nil else { return nil }
        let parts = [address.firstName, address.lastName].compactMap { $0 }.joined(separator: " ")
        self.init(
            name: address.name ?? (parts.isEmpty ? nil : parts), company: address.company, address1: address.address1,
            address2: address.address2, city: address.city, postalCode: address.zip,
            province: address.provinceCode ?? address.province, country: address.countryCode, phone: address.phone)
    }
}
