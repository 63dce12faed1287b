package import Contracts

/// A product of the shop and the parts it is printed from (ADR-012).
package struct ProductMapping: Hashable, Sendable {
    package let id: ProductMappingID
    package var content: Content

    /// Everything an operator may set.
    package struct Content: Hashable, Sendable {
        package var sku: String?
        package var shopifyProductID: Int64?
        package var shopifyVariantID: Int64?
        package var productName: String
        package var weightGrams: Int
        package var defaultPrintProfile: String?
        package var isActive: Bool
        package var parts: [Part]

        package init(
            sku: String?, shopifyProductID: Int64?, shopifyVariantID: Int64?, productName: String, weightGrams: Int,
            defaultPrintProfile: String?, isActive: Bool, parts: [Part]
        ) {
            self.sku = sku
            self.shopifyProductID = shopifyProductID
            self.shopifyVariantID = shopifyVariantID
            self.productName = productName
            self.weightGrams = weightGrams
            self.defaultPrintProfile = defaultPrintProfile
            self.isActive = isActive
            self.parts = parts
        }
    }

    /// One printed part.
    package struct Part: Hashable, Sendable {
        package var partName: String
        package var partNumber: Int
        package var simplyPrintFileID: String
        package var quantityPerProduct: Int
        package var printProfile: String?

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

    package init(id: ProductMappingID, content: Content) {
        self.id = id
        self.content = content
    }

    /// What the rooms above see: the part's own profile, else the default.
    package var view: ProductMappingView {
        ProductMappingView(
            id: id, productName: content.productName, weightGrams: content.weightGrams,
            parts: content.parts.map { part in
                AssemblyPartView(
                    partName: part.partName, partNumber: part.partNumber, simplyPrintFileID: part.simplyPrintFileID,
                    quantityPerProduct: part.quantityPerProduct,
                    printProfile: part.printProfile ?? content.defaultPrintProfile)
            })
    }
}
