import Catalog
import Contracts
import FoundationEssentials
import HTTPWire
import Inbox
import Jobs
import Kernel
import Orders
import Postgres
import TestKit
import Testing

/// Catalog and Orders on a database of their own, with one mapping for `CLIP-1` (or variant 77).
struct IntakeShop: Sendable {
    let database: Database
    let orders: OrdersModule
    private let catalogue: Catalogue

    /// Hands a delivery to the module as `inbox.process` would: first half, then the commit.
    func deliver(_ topic: String, _ body: [UInt8], shop: String = "forma3d.myshopify.com") async throws {
        let webhook = Webhook(
            id: Identities.system.make(), topic: topic, headers: ["x-shopify-shop-domain": shop], body: body,
            receivedAt: Date(),
            correlationID: .make(.system))
        let commit = try await orders.webhookSource.handle(webhook)
        try await database.transaction { try await commit($0) }
    }

    func run(_ kind: JobKind, payload: String) async throws {
        let registration = try #require(orders.registrations.first { $0.kind == kind })
        let job = Job(
            id: 1, kind: kind, payload: payload, subject: nil, fence: 1, claims: 1, correlationID: .make(.system))
        let commit = try await registration.handle(job) ?? { _ in }
        try await database.transaction { try await commit($0) }
    }

    func addMapping(sku: String, variant: Int64? = nil) async throws {
        _ = try await catalogue.create(
            .init(
                sku: sku, shopifyProductID: nil, shopifyVariantID: variant, productName: "Clip", weightGrams: 40,
                defaultPrintProfile: nil, isActive: true,
                parts: [
                    .init(
                        partName: "Clip", partNumber: 1, simplyPrintFileID: String(repeating: "0a", count: 16),
                        quantityPerProduct: 1, printProfile: nil)
                ]))
    }

    func mendMapping(sku: String, fileID: String) async throws {
        let known = try #require(try await catalogue.mappings(before: nil, text: sku, isActive: nil, limit: 1).first)
        var content = known.content
        content.parts[0].simplyPrintFileID = fileID
        _ = try await catalogue.replace(known.id, with: content)
    }

    func mappingEvent(sku: String) async throws -> String {
        let known = try #require(try await catalogue.mappings(before: nil, text: sku, isActive: nil, limit: 1).first)
        return try JSON.text(ProductMappingUpdated(productMappingID: known.id))
    }

    fileprivate init(database: Database) {
        self.database = database
        let outbox = Outbox(wakeUps: WakeUps())
        catalogue = Catalogue(database: database, outbox: outbox, identities: .system)
        orders = OrdersModule(
            database: database, outbox: outbox, catalog: catalogue, identities: .system, time: .system,
            shopDomain: "forma3d.myshopify.com", webhookSecrets: ["secret"])
    }

    fileprivate static func make(_ database: Database) async throws -> IntakeShop {
        let shop = IntakeShop(database: database)
        try await shop.addMapping(sku: "CLIP-1", variant: 77)
        return shop
    }
}

func withShop(_ body: (IntakeShop) async throws -> Void) async throws {
    try await withDatabase { database in
        try await body(try await IntakeShop.make(database))
    }
}
