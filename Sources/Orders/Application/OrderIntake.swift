import HTTPWire
package import Contracts
import FoundationEssentials
package import Inbox
package import Jobs
package import Kernel
import Postgres
import Shopify

/// Shopify's webhooks become orders: one upsert for every order topic, newer `updated_at` wins.
package struct OrderIntake: Sendable {
    private let catalog: any CatalogContract
    private let desk: OrderDesk
    private let identities: Identities
    private let shopDomain: String?

    package init(catalog: any CatalogContract, desk: OrderDesk, identities: Identities, shopDomain: String?) {
        self.catalog = catalog
        self.desk = desk
        self.identities = identities
        self.shopDomain = shopDomain
    }

    package func handle(_ webhook: Webhook) async throws -> Commit {
        // Headers are not signed: a delivery for another shop must not touch this one's orders (contracts §1.2).
        if let shopDomain, let sender = webhook.headers["x-shopify-shop-domain"],
            sender.lowercased() != shopDomain.lowercased()
        {
            throw JobFailure.rejected("The webhook is for another shop than SHOPIFY_SHOP_DOMAIN.")
        }
        switch ShopifyTopic.classify(webhook.topic) {
        case .order: return try await takeOrder(webhook)
        case .orderDeleted: return try deleteOrder(webhook)
        case .orderEdited, .refund, .fulfilment, .fulfilmentOrder, .compliance, .app, .unknown:
            // Shopify sends `orders/updated` with the whole order beside each of these; that one is taken.
            return fileUnderItsOrder(webhook)
        }
    }

    private func takeOrder(_ webhook: Webhook) async throws -> Commit {
        let body = try RawPayload(webhook.body)
        let payload: ShopifyOrderPayload
        do {
            payload = try ShopifyOrderPayload.decode(body.bytes)
        } catch {
            throw JobFailure.rejected("The order cannot be read: \(error).")
        }
        guard payload.id > 0 else {
            throw JobFailure.rejected("The order cannot be read: id is not a positive number.")
        }
        let keys = payload.lineItems.map {
            LineKeys(shopifyVariantID: $0.variantID, sku: $0.sku, shopifyProductID: $0.productID)
        }
        let mappings = try await catalog.mappings(for: keys)
        let revision = Order.revision(
            of: payload, receivedAt: webhook.receivedAt,
            triggeredAt: webhook.headers["x-shopify-triggered-at"].flatMap(Timestamp.parse), body: webhook.body)
        return { transaction in
            let fresh = Order(
                id: identities.make(), shopifyOrderID: payload.id, orderNumber: payload.name,
                revision: revision, isTest: payload.test, currency: String((payload.currency ?? "-").prefix(3)),
                orderedAt: payload.processedAt ?? payload.createdAt ?? webhook.receivedAt)
            let known = try await OrderStorage.lockOrReserve(fresh, in: transaction)
            try await Inbox.file(webhook.id, under: StreamID((known ?? fresh).id.uuid), in: transaction)
            // Its deletion may have overtaken it.
            let deletedAt = known == nil ? try await TombstoneStorage.deletedAt(payload.id, in: transaction) : nil
            guard
                var order = Order.after(
                    payload, revision: revision, known: known, fresh: fresh, deletedAt: deletedAt,
                    identities: identities)
            else { return }
            order.map(payload.lineItems.map(\.id), to: mappings)
            try await desk.settle(&order, since: known, raw: body.json, in: transaction)
        }
    }

    /// A deleted order is a cancelled one: nothing more is made of it. One that was not heard of yet leaves a
    /// tombstone, which wins over whatever comes later.
    private func deleteOrder(_ webhook: Webhook) throws -> Commit {
        guard let id = ShopifyReferencedOrder.decode(webhook.body) else {
            throw JobFailure.rejected("The deletion names no order.")
        }
        guard id > 0 else { throw JobFailure.rejected("The deletion names no order.") }
        return { transaction in
            try await TombstoneStorage.bury(id, at: webhook.receivedAt, in: transaction)
            guard let known = try await OrderStorage.lock(shopifyOrderID: id, in: transaction) else { return }
            try await Inbox.file(webhook.id, under: StreamID(known.id.uuid), in: transaction)
            var order = known
            order.cancel(at: webhook.receivedAt)
            try await desk.settle(&order, since: known, raw: nil, in: transaction)
        }
    }

    private func fileUnderItsOrder(_ webhook: Webhook) -> Commit {
        let id = ShopifyReferencedOrder.decode(webhook.body)
        return { transaction in
            guard let id, let order = try await OrderStorage.lock(shopifyOrderID: id, in: transaction) else { return }
            try await Inbox.file(webhook.id, under: StreamID(order.id.uuid), in: transaction)
        }
    }
}

extension Order {
    /// Gives unmapped lines the mapping found for them; one with a print done keeps its own.
    package mutating func map(_ shopifyLineItemIDs: [Int64], to mappings: [ProductMappingView?]) {
        for (id, mapping) in zip(shopifyLineItemIDs, mappings) {
            guard let mapping, let index = lines.firstIndex(where: { $0.shopifyLineItemID == id }),
                lines[index].skippedBecause == nil,
                lines[index].mapping == nil || (lines[index].finished.isEmpty && readyAt == nil)
            else { continue }
            lines[index].mapping = LineMapping(id: mapping.id, weightGrams: mapping.weightGrams, parts: mapping.parts)
        }
    }
}
