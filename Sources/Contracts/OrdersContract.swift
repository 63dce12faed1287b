package import FoundationEssentials
import Kernel

/// What Orders answers to the rooms above it. Unknown ids give nil.
package protocol OrdersContract: Sendable {
    /// What has to be printed for the order now; nothing when it is unpaid, cancelled or a test.
    func production(of order: OrderID) async throws -> ProductionView?
    /// Where the order goes and what it weighs.
    func parcel(of order: OrderID) async throws -> ParcelView?
    /// What Shopify knows the order by.
    func fulfilment(of order: OrderID) async throws -> FulfilmentOrderView?
    func order(_ id: OrderID) async throws -> OrderView?
    func orders(_ search: OrderSearch) async throws -> [OrderView]
}

/// What has to be printed for one order.
package struct ProductionView: Hashable, Sendable {
    /// Rises with every change of what is wanted; an older plan must not overwrite a newer one.
    package let version: Int64
    package let orderNumber: String
    package let copies: [WantedCopy]

    package init(version: Int64, orderNumber: String, copies: [WantedCopy]) {
        self.version = version
        self.orderNumber = orderNumber
        self.copies = copies
    }
}

/// One physical print that is wanted.
package struct WantedCopy: Hashable, Sendable {
    package let lineItemID: LineItemID
    package let partNumber: Int
    /// 1…n over the whole line.
    package let copyNumber: Int
    package let partName: String
    package let simplyPrintFileID: String
    package let printProfile: String?

    package init(
        lineItemID: LineItemID, partNumber: Int, copyNumber: Int, partName: String, simplyPrintFileID: String,
        printProfile: String?
    ) {
        self.lineItemID = lineItemID
        self.partNumber = partNumber
        self.copyNumber = copyNumber
        self.partName = partName
        self.simplyPrintFileID = simplyPrintFileID
        self.printProfile = printProfile
    }
}

/// The parcel an order becomes.
package struct ParcelView: Hashable, Sendable {
    package let orderNumber: String
    package let isReady: Bool
    package let isCancelled: Bool
    /// Ready, paid, not cancelled, and something is in it: only then may a label be bought.
    package let isWanted: Bool
    package let address: PostalAddress?
    package let email: String?
    package let phone: String?
    package let currency: String
    /// Printed whole; what was added to the order later is not in it.
    package let contents: [Content]

    /// One kind of thing in the parcel.
    package struct Content: Hashable, Sendable {
        package let title: String
        package let sku: String?
        package let quantity: Int
        package let weightGramsEach: Int
        package let priceEach: Decimal?

        package init(title: String, sku: String?, quantity: Int, weightGramsEach: Int, priceEach: Decimal?) {
            self.title = title
            self.sku = sku
            self.quantity = quantity
            self.weightGramsEach = weightGramsEach
            self.priceEach = priceEach
        }
    }

    package init(
        orderNumber: String, isReady: Bool, isCancelled: Bool, isWanted: Bool, address: PostalAddress?, email: String?,
        phone: String?, currency: String, contents: [Content]
    ) {
        self.orderNumber = orderNumber
        self.isReady = isReady
        self.isCancelled = isCancelled
        self.isWanted = isWanted
        self.address = address
        self.email = email
        self.phone = phone
        self.currency = currency
        self.contents = contents
    }

    package var weightGrams: Int { contents.reduce(0) { $0 + $1.weightGramsEach * $1.quantity } }
}

/// Where a parcel goes. Personal data: never logged.
package struct PostalAddress: Codable, Hashable, Sendable {
    package var name: String?
    package var company: String?
    package var address1: String?
    package var address2: String?
    package var city: String?
    package var postalCode: String?
    package var province: String?
    /// ISO 3166-1 alpha-2.
    package var country: String?
    package var phone: String?

    package init(
        name: String?, company: String?, address1: String?, address2: String?, city: String?, postalCode: String?,
        province: String?, country: String?, phone: String?
    ) {
        self.name = name
        self.company = company
        self.address1 = address1
        self.address2 = address2
        self.city = city
        self.postalCode = postalCode
        self.province = province
        self.country = country
        self.phone = phone
    }
}

/// What a fulfilment is made for.
package struct FulfilmentOrderView: Hashable, Sendable {
    package let shopifyOrderID: Int64
    package let orderNumber: String
    package let isReady: Bool
    package let isCancelled: Bool
    /// Ready, paid, not cancelled, and something was made: only then may it be fulfilled.
    package let isWanted: Bool
    /// Shopify's ids of the lines that were printed whole here, with how many of each.
    package let quantities: [Int64: Int]

    package init(
        shopifyOrderID: Int64, orderNumber: String, isReady: Bool, isCancelled: Bool, isWanted: Bool,
        quantities: [Int64: Int]
    ) {
        self.shopifyOrderID = shopifyOrderID
        self.orderNumber = orderNumber
        self.isReady = isReady
        self.isCancelled = isCancelled
        self.isWanted = isWanted
        self.quantities = quantities
    }
}
