package import FoundationEssentials
package import Kernel

/// An order as an operator sees it, without what other rooms add.
package struct OrderView: Sendable {
    package let id: OrderID
    package let shopifyOrderID: Int64
    package let orderNumber: String
    package let status: OrderStatus
    package let financialStatus: String?
    package let isTest: Bool
    package let currency: String
    package let totalPrice: Decimal?
    package let customerName: String?
    package let email: String?
    package let address: PostalAddress?
    package let orderedAt: Date
    package let createdAt: Date
    package let updatedAt: Date
    package let cancelledAt: Date?
    package let lineItems: [LineItemView]
    package let attention: Attention?

    package init(
        id: OrderID, shopifyOrderID: Int64, orderNumber: String, status: OrderStatus, financialStatus: String?,
        isTest: Bool, currency: String, totalPrice: Decimal?, customerName: String?, email: String?,
        address: PostalAddress?, orderedAt: Date, createdAt: Date, updatedAt: Date, cancelledAt: Date?,
        lineItems: [LineItemView], attention: Attention?
    ) {
        self.id = id
        self.shopifyOrderID = shopifyOrderID
        self.orderNumber = orderNumber
        self.status = status
        self.financialStatus = financialStatus
        self.isTest = isTest
        self.currency = currency
        self.totalPrice = totalPrice
        self.customerName = customerName
        self.email = email
        self.address = address
        self.orderedAt = orderedAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.cancelledAt = cancelledAt
        self.lineItems = lineItems
        self.attention = attention
    }
}

/// One line of an order as an operator sees it.
package struct LineItemView: Sendable {
    package let id: LineItemID
    package let shopifyLineItemID: Int64
    package let title: String
    package let sku: String?
    package let quantity: Int
    package let currentQuantity: Int
    package let state: LineItemState
    /// `gift-card`, `tip`, `no-shipping`: why nothing is printed for it; nil when something is.
    package let skippedBecause: String?
    package let productMappingID: ProductMappingID?
    package let copiesTotal: Int
    package let copiesDone: Int

    package init(
        id: LineItemID, shopifyLineItemID: Int64, title: String, sku: String?, quantity: Int, currentQuantity: Int,
        state: LineItemState, skippedBecause: String?, productMappingID: ProductMappingID?, copiesTotal: Int,
        copiesDone: Int
    ) {
        self.id = id
        self.shopifyLineItemID = shopifyLineItemID
        self.title = title
        self.sku = sku
        self.quantity = quantity
        self.currentQuantity = currentQuantity
        self.state = state
        self.skippedBecause = skippedBecause
        self.productMappingID = productMappingID
        self.copiesTotal = copiesTotal
        self.copiesDone = copiesDone
    }
}

/// Which orders to list, newest first.
package struct OrderSearch: Sendable {
    package var status: OrderStatus?
    /// Part of the order number, a SKU or a title.
    package var text: String?
    package var shopifyOrderID: Int64?
    /// Only older ones than this.
    package var before: OrderID?
    package var limit: Int

    package init(
        status: OrderStatus? = nil, text: String? = nil, shopifyOrderID: Int64? = nil, before: OrderID? = nil,
        limit: Int = 50
    ) {
        self.status = status
        self.text = text
        self.shopifyOrderID = shopifyOrderID
        self.before = before
        self.limit = limit
    }
}
