package import Contracts

/// Which mapping a line finds: by variant id, then SKU, then product id (ADR-012).
package enum MappingChoice {
    package static func choose(for line: LineKeys, among mappings: [ProductMapping]) -> ProductMapping? {
        let active = mappings.filter(\.content.isActive)
        if let variant = line.shopifyVariantID,
            let found = active.first(where: { $0.content.shopifyVariantID == variant })
        {
            return found
        }
        // Case-sensitive on purpose: shops use SKUs that differ in case only.
        if let sku = line.sku?.trimmedOfSpaces, !sku.isEmpty, let found = active.first(where: { $0.content.sku == sku })
        {
            return found
        }
        guard let product = line.shopifyProductID else { return nil }
        return active.first { $0.content.shopifyProductID == product }
    }
}

extension String {
    /// Without spaces, tabs and line ends at both ends.
    package var trimmedOfSpaces: String {
        func isSpace(_ character: Character) -> Bool { character.isWhitespace }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
