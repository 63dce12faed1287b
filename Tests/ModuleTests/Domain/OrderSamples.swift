import Contracts
import FoundationEssentials
import Kernel
import Orders

/// Consistent orders for tests of the pure rules.
enum OrderSamples {
    static let identities = Identities.system
    static let start = Date(timeIntervalSince1970: 1_790_000_000)

    static func part(_ number: Int = 1, quantity: Int = 1) -> AssemblyPartView {
        AssemblyPartView(
            partName: "Part \(number)", partNumber: number, simplyPrintFileID: String(repeating: "a", count: 32),
            quantityPerProduct: quantity, printProfile: nil)
    }

    static func mapping(parts: [AssemblyPartView] = [part()]) -> Order.LineMapping {
        Order.LineMapping(id: identities.make(), weightGrams: 120, parts: parts)
    }

    static func line(
        quantity: Int = 1, mapping: Order.LineMapping? = mapping(), skipped: Order.SkipReason? = nil, id: Int64 = 11
    ) -> Order.Line {
        Order.Line(
            id: identities.make(), shopifyLineItemID: id, position: 0, title: "Bracket", sku: "BR-1",
            shopifyProductID: 7,
            shopifyVariantID: 8, quantity: quantity, currentQuantity: quantity, price: 10, skippedBecause: skipped,
            properties: [], mapping: mapping)
    }

    static func order(
        financialStatus: String? = "paid", isTest: Bool = false, lines: [Order.Line] = [line()]
    ) -> Order {
        var order = Order(
            id: identities.make(), shopifyOrderID: 1_001, orderNumber: "#1001",
            revision: .init(updatedAt: start, isCancelled: false, paymentRank: 3), isTest: isTest, currency: "EUR",
            orderedAt: start)
        order.financialStatus = financialStatus
        order.lines = lines
        order.address = PostalAddress(
            name: "Testa Koper", company: nil, address1: "Voorbeeldstraat 12", address2: nil, city: "Gent",
            postalCode: "9000", province: nil, country: "BE", phone: nil)
        return order
    }
}
