package import Contracts
package import FoundationEssentials
package import Kernel

/// An order in hand: everything that decides what becomes of it. Loaded and saved under its row lock.
package struct Order: Hashable, Sendable {
    package let id: OrderID
    package let shopifyOrderID: Int64
    package var orderNumber: String
    package var status: OrderStatus
    /// Which payload it was last taken from.
    package var revision: Revision
    package var financialStatus: String?
    /// The shop's own word, which may come from somebody else's fulfilment.
    package var shopFulfillmentStatus: String?
    package var isTest: Bool
    package var cancelledAt: Date?
    package var currency: String
    package var totalPrice: Decimal?
    package var customerName: String?
    package var email: String?
    package var phone: String?
    package var address: PostalAddress?
    package var orderedAt: Date
    package var productionStartedAt: Date?
    package var readyAt: Date?
    package var shippedAt: Date?
    package var fulfilledAt: Date?
    package var productionVersion: Int64
    package var attention: Attention?
    package var lines: [Line]
    /// What is known of each print job; the failed ones and each line's finished copies follow from it.
    package var printFacts: [PrintJobID: PrintFact]
    package var failedPrintJobs: Set<PrintJobID>
    /// Counts the writes of its row: a writer that read an older one is refused. 0 before the first.
    package var rowVersion: Int64
    /// When the row was made and last written; nil before that.
    package var createdAt: Date?
    package var updatedAt: Date?

    package init(
        id: OrderID, shopifyOrderID: Int64, orderNumber: String, revision: Revision, isTest: Bool, currency: String,
        orderedAt: Date
    ) {
        self.id = id
        self.shopifyOrderID = shopifyOrderID
        self.orderNumber = orderNumber
        status = .received
        self.revision = revision
        self.isTest = isTest
        self.currency = currency
        self.orderedAt = orderedAt
        productionVersion = 1
        lines = []
        printFacts = [:]
        failedPrintJobs = []
        rowVersion = 0
    }

    /// The order of payloads: webhooks come in any order and may repeat after hours (contracts: Shopify §1.4, §5).
    package struct Revision: Hashable, Sendable, Comparable {
        package let updatedAt: Date
        package let isCancelled: Bool
        /// Within one second `orders/create` (pending) and `orders/paid` can carry the same `updated_at`.
        package let paymentRank: Int
        /// When the shop set the delivery off, to the millisecond: orders two edits of one second. Unknown is oldest.
        package let triggeredAt: Date
        /// Of the payload itself: whatever else is equal, every order of arrival picks the same one.
        package let contentRank: Int64

        package init(
            updatedAt: Date, isCancelled: Bool, paymentRank: Int, triggeredAt: Date? = nil, contentRank: Int64 = 0
        ) {
            self.updatedAt = updatedAt
            self.isCancelled = isCancelled
            self.paymentRank = paymentRank
            let milliseconds = (triggeredAt?.timeIntervalSince1970 ?? 0) * 1_000
            self.triggeredAt = Date(timeIntervalSince1970: milliseconds.rounded() / 1_000)
            self.contentRank = contentRank
        }

        package static func < (left: Revision, right: Revision) -> Bool {
            (left.updatedAt, left.isCancelled ? 1 : 0, left.paymentRank, left.triggeredAt, left.contentRank)
                < (
                    right.updatedAt, right.isCancelled ? 1 : 0, right.paymentRank, right.triggeredAt,
                    right.contentRank
                )
        }
    }
}

extension Order {
    /// One line of the order.
    package struct Line: Hashable, Sendable {
        package let id: LineItemID
        package let shopifyLineItemID: Int64
        package var position: Int
        package var title: String
        package var sku: String?
        package var shopifyProductID: Int64?
        package var shopifyVariantID: Int64?
        package var quantity: Int
        /// How many somebody else had fulfilled when the order was first seen: nothing is owed of those.
        package var fulfilledBefore: Int = 0
        /// After edits and refunds, less what was fulfilled before: this many are made.
        package var currentQuantity: Int
        package var price: Decimal?
        package var skippedBecause: SkipReason?
        package var properties: [Property]
        package var state: LineItemState
        package var mapping: LineMapping?
        package var finished: Set<CopyKey>

        package init(
            id: LineItemID, shopifyLineItemID: Int64, position: Int, title: String, sku: String?,
            shopifyProductID: Int64?,
            shopifyVariantID: Int64?, quantity: Int, currentQuantity: Int, price: Decimal?, skippedBecause: SkipReason?,
            properties: [Property], state: LineItemState = .pending, mapping: LineMapping? = nil,
            finished: Set<CopyKey> = []
        ) {
            self.id = id
            self.shopifyLineItemID = shopifyLineItemID
            self.position = position
            self.title = title
            self.sku = sku
            self.shopifyProductID = shopifyProductID
            self.shopifyVariantID = shopifyVariantID
            self.quantity = quantity
            self.currentQuantity = currentQuantity
            self.price = price
            self.skippedBecause = skippedBecause
            self.properties = properties
            self.state = state
            self.mapping = mapping
            self.finished = finished
        }

        /// Whether something has to be printed for it.
        package var isToBeMade: Bool { skippedBecause == nil && currentQuantity > 0 }

        package var keys: LineKeys {
            LineKeys(shopifyVariantID: shopifyVariantID, sku: sku, shopifyProductID: shopifyProductID)
        }

        /// Whether every print it needs is done. Copies are alike: which numbers are done does not matter, only how many.
        package var isPrinted: Bool {
            guard let mapping else { return false }
            return mapping.parts.allSatisfy { part in
                finished.count { $0.partNumber == part.partNumber } >= part.quantityPerProduct * currentQuantity
            }
        }

        package var copiesTotal: Int {
            guard isToBeMade, let mapping else { return 0 }
            return mapping.parts.reduce(0) { $0 + $1.quantityPerProduct } * currentQuantity
        }

        /// Every print the line needs: each part so often per product, times the quantity.
        package var wantedCopies: [CopyKey] {
            guard isToBeMade, let mapping, copiesTotal <= Order.copiesMaximum else { return [] }
            return mapping.parts.flatMap { part in
                (0..<part.quantityPerProduct * currentQuantity).map {
                    CopyKey(partNumber: part.partNumber, copyNumber: $0 + 1)
                }
            }
        }
    }

    /// Why nothing is printed for a line.
    package enum SkipReason: String, Codable, Hashable, Sendable {
        case giftCard = "gift-card"
        case tip
        case noShipping = "no-shipping"
    }

    /// A line item property as the buyer filled it in.
    package struct Property: Codable, Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The mapping as it was when the line found it.
    package struct LineMapping: Hashable, Sendable {
        package let id: ProductMappingID
        package let weightGrams: Int
        package let parts: [AssemblyPartView]

        package init(id: ProductMappingID, weightGrams: Int, parts: [AssemblyPartView]) {
            self.id = id
            self.weightGrams = weightGrams
            self.parts = parts
        }
    }

    /// Which print of a line: copy `copyNumber` of part `partNumber`.
    package struct CopyKey: Codable, Hashable, Sendable {
        package let partNumber: Int
        package let copyNumber: Int

        package init(partNumber: Int, copyNumber: Int) {
            self.partNumber = partNumber
            self.copyNumber = copyNumber
        }
    }
}
