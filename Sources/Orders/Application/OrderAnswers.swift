package import Contracts
import FoundationEssentials
import Kernel
package import Postgres

/// What Orders answers to the rooms above it.
package struct OrderAnswers: OrdersContract {
    private let database: Database

    package init(database: Database) {
        self.database = database
    }

    package func production(of id: OrderID) async throws -> ProductionView? {
        TransactionScope.requireClosed(for: "orders.production")
        guard let order = try await OrderReading.order(id, in: database) else { return nil }
        let copies = order.isProducing ? order.lines.flatMap(Self.copies) : []
        return ProductionView(version: order.productionVersion, orderNumber: order.orderNumber, copies: copies)
    }

    package func parcel(of id: OrderID) async throws -> ParcelView? {
        TransactionScope.requireClosed(for: "orders.parcel")
        guard let order = try await OrderReading.order(id, in: database) else { return nil }
        let contents = order.lines.compactMap { line -> ParcelView.Content? in
            guard line.isReadyToLeave, let mapping = line.mapping else { return nil }
            return ParcelView.Content(
                title: line.title, sku: line.sku, quantity: line.currentQuantity, weightGramsEach: mapping.weightGrams,
                priceEach: line.price)
        }
        return ParcelView(
            orderNumber: order.orderNumber, isReady: order.readyAt != nil, isCancelled: order.cancelledAt != nil,
            isWanted: order.readyAt != nil && order.isOwed && !contents.isEmpty, address: order.address,
            email: order.email, phone: order.phone,
            currency: order.currency, contents: contents
        )
    }

    package func fulfilment(of id: OrderID) async throws -> FulfilmentOrderView? {
        TransactionScope.requireClosed(for: "orders.fulfilment")
        guard let order = try await OrderReading.order(id, in: database) else { return nil }
        let quantities = order.lines.filter(\.isReadyToLeave).map { ($0.shopifyLineItemID, $0.currentQuantity) }
        return FulfilmentOrderView(
            shopifyOrderID: order.shopifyOrderID, orderNumber: order.orderNumber, isReady: order.readyAt != nil,
            isCancelled: order.cancelledAt != nil,
            isWanted: order.readyAt != nil && order.isOwed && !quantities.isEmpty,
            quantities: Dictionary(quantities, uniquingKeysWith: { first, _ in first }))
    }

    package func order(_ id: OrderID) async throws -> OrderView? {
        try await OrderReading.order(id, in: database).map(Self.view)
    }

    package func orders(_ search: OrderSearch) async throws -> [OrderView] {
        try await OrderReading.orders(search, in: database).map(Self.view)
    }

    private static func copies(of line: Order.Line) -> [WantedCopy] {
        guard let mapping = line.mapping else { return [] }
        let parts = Dictionary(mapping.parts.map { ($0.partNumber, $0) }, uniquingKeysWith: { first, _ in first })
        return line.wantedCopies.compactMap { key in
            guard let part = parts[key.partNumber] else { return nil }
            return WantedCopy(
                lineItemID: line.id, partNumber: key.partNumber, copyNumber: key.copyNumber, partName: part.partName,
                simplyPrintFileID: part.simplyPrintFileID, printProfile: part.printProfile)
        }
    }

    private static func view(_ order: Order) -> OrderView {
        OrderView(
            id: order.id, shopifyOrderID: order.shopifyOrderID, orderNumber: order.orderNumber, status: order.status,
            financialStatus: order.financialStatus, isTest: order.isTest, currency: order.currency,
            totalPrice: order.totalPrice, customerName: order.customerName, email: order.email, address: order.address,
            orderedAt: order.orderedAt, createdAt: order.createdAt ?? order.orderedAt,
            updatedAt: order.updatedAt ?? order.orderedAt,
            cancelledAt: order.cancelledAt,
            lineItems: order.lines.map { line in
                LineItemView(
                    id: line.id, shopifyLineItemID: line.shopifyLineItemID, title: line.title, sku: line.sku,
                    quantity: line.quantity, currentQuantity: line.currentQuantity, state: line.state,
                    skippedBecause: line.skippedBecause?.rawValue, productMappingID: line.mapping?.id,
                    copiesTotal: line.copiesTotal, copiesDone: line.finished.count)
            },
            attention: order.attention)
    }
}

extension Order.Line {
    /// Every print of it is done. A line added after the order was ready is not, and must not leave with the rest.
    fileprivate var isReadyToLeave: Bool { isToBeMade && copiesTotal <= Order.copiesMaximum && isPrinted }
}
