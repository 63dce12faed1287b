import HTTPWire
import Foundation
import Kernel
import Testing

/// The products and orders of the end-to-end tests.
enum Shop {
    /// SKU → prints per piece.
    static let products: [(sku: String, partQuantities: [Int])] = [
        ("CLIP-1", [1]), ("BOX-4", [1, 1, 2, 1]), ("TRAY-3", [3]),
    ]

    static func createMappings(_ system: LiveSystem, port: Int) async throws {
        for product in products {
            let parts = product.partQuantities.enumerated().map { index, quantity -> JSONValue in
                [
                    "partName": .string("\(product.sku) part \(index + 1)"), "partNumber": .integer(Int64(index + 1)),
                    "simplyPrintFileId": .string(String(repeating: "ab\(index)c", count: 8)),
                    "quantityPerProduct": .integer(Int64(quantity)),
                ]
            }
            try await system.send(
                .post, "http://127.0.0.1:\(port)/api/v1/product-mappings",
                [
                    "sku": .string(product.sku), "productName": .string(product.sku), "weightGrams": 250,
                    "parts": .array(parts),
                ])
        }
    }

    /// Places orders in turn over the products. - Returns: ids and how many prints they need in all.
    static func placeOrders(_ count: Int, _ system: LiveSystem) async throws -> (ids: [String], prints: Int) {
        var ids: [String] = []
        var prints = 0
        for number in 0..<count {
            let product = products[number % products.count]
            let quantity = number % 4 == 3 ? 2 : 1
            prints += product.partQuantities.reduce(0, +) * quantity
            let placed = try await system.control(
                "orders", ["lines": [["sku": .string(product.sku), "quantity": .integer(Int64(quantity))]]])
            ids.append(try #require(placed["id"]?.string))
        }
        return (ids, prints)
    }

    /// Every order fulfilled once, no second queue item, parcel or fulfilment.
    static func expectOnce(_ ledger: Ledger, orders ids: [String], prints: Int) {
        let items = ledger.simplyprint.queueItems.filter { !$0.deleted }
        #expect(items.count == prints, "one queue item for each copy")
        #expect(Set(items.compactMap(\.reference)).count == prints, "each with a reference of its own")
        #expect(ledger.simplyprint.queueItems.count == prints, "not even one that was deleted again")
        let parcels = ledger.sendcloud.parcels
        #expect(parcels.filter { !$0.cancelled }.count == ids.count, "one parcel for each order")
        #expect(parcels.count == ids.count, "no label paid twice")
        let fulfilments = ledger.shopify.fulfillments
        #expect(Set(fulfilments.map(\.orderId)) == Set(ids))
        #expect(fulfilments.count == ids.count, "one fulfilment for each order")
        #expect(fulfilments.allSatisfy { $0.trackingNumber?.isEmpty == false && $0.notifyCustomer && !$0.cancelled })
        #expect(
            ledger.shopify.orders.filter { ids.contains($0.id) }.allSatisfy {
                $0.displayFulfillmentStatus == "FULFILLED"
            })
    }

    static func allFulfilled(_ system: LiveSystem, _ ids: [String]) async throws -> Bool {
        Set(try await system.ledger().shopify.fulfillments.map(\.orderId)).isSuperset(of: ids)
    }
}
