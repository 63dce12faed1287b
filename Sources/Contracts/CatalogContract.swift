import Kernel

/// What Catalog answers to the rooms above it.
package protocol CatalogContract: Sendable {
    /// The active mapping of each line, in the same order; nil where there is none.
    ///
    /// A line finds its mapping by variant id, then SKU (trimmed, case-sensitive), then product id.
    func mappings(for lines: [LineKeys]) async throws -> [ProductMappingView?]
}

/// What a line can be recognised by.
package struct LineKeys: Hashable, Sendable {
    package let shopifyVariantID: Int64?
    package let sku: String?
    package let shopifyProductID: Int64?

    package init(shopifyVariantID: Int64?, sku: String?, shopifyProductID: Int64?) {
        self.shopifyVariantID = shopifyVariantID
        self.sku = sku
        self.shopifyProductID = shopifyProductID
    }
}

/// What one product is printed from and what it weighs.
package struct ProductMappingView: Hashable, Sendable {
    package let id: ProductMappingID
    package let productName: String
    /// One product with its packing, for the parcel's weight.
    package let weightGrams: Int
    package let parts: [AssemblyPartView]

    package init(id: ProductMappingID, productName: String, weightGrams: Int, parts: [AssemblyPartView]) {
        self.id = id
        self.productName = productName
        self.weightGrams = weightGrams
        self.parts = parts
    }
}

/// One printed part of a product.
package struct AssemblyPartView: Codable, Hashable, Sendable {
    package let partName: String
    /// 1…n
    package let partNumber: Int
    /// SimplyPrint's id of the user file, 32 hex digits.
    package let simplyPrintFileID: String
    package let quantityPerProduct: Int
    /// The part's own profile, else the mapping's default.
    package let printProfile: String?

    package init(
        partName: String, partNumber: Int, simplyPrintFileID: String, quantityPerProduct: Int, printProfile: String?
    ) {
        self.partName = partName
        self.partNumber = partNumber
        self.simplyPrintFileID = simplyPrintFileID
        self.quantityPerProduct = quantityPerProduct
        self.printProfile = printProfile
    }
}

/// A mapping is there: lines that waited for it may go on.
package struct ProductMappingCreated: DomainEvent {
    package static let name = "product-mapping.created"
    package let productMappingID: ProductMappingID

    package init(productMappingID: ProductMappingID) {
        self.productMappingID = productMappingID
    }
}

/// A mapping has other keys, parts or weight, or was switched on or off.
package struct ProductMappingUpdated: DomainEvent {
    package static let name = "product-mapping.updated"
    package let productMappingID: ProductMappingID

    package init(productMappingID: ProductMappingID) {
        self.productMappingID = productMappingID
    }
}
