import Contracts
package import Kernel
package import Routing

/// A product mapping on the wire: written out and read with every bad field named.
package enum MappingJSON {
    package static let schema = Schema.object(
        name: "ProductMapping",
        [
            .init("id", .format("uuid"), required: false),
            .init("sku", .nullable(.string), required: false, "trimmed, case-sensitive"),
            .init("shopifyProductId", .nullable(.string), required: false, "digits"),
            .init("shopifyVariantId", .nullable(.string), required: false, "digits"),
            .init("productName", .string), .init("weightGrams", .integer, "one product with its packing"),
            .init("defaultPrintProfile", .nullable(.string), required: false),
            .init("isActive", .boolean, required: false),
            .init(
                "parts",
                .array(
                    .object(
                        name: "AssemblyPart",
                        [
                            .init("partName", .string), .init("partNumber", .integer, "1…n"),
                            .init("simplyPrintFileId", .string, "32 hex digits"), .init("quantityPerProduct", .integer),
                            .init("printProfile", .nullable(.string), required: false),
                        ]))),
        ])

    package static func write(_ mapping: ProductMapping) -> JSONValue {
        let content = mapping.content
        return [
            "id": .string(mapping.id.description),
            "sku": content.sku.map(JSONValue.string) ?? nil,
            "shopifyProductId": content.shopifyProductID.map { .string(String($0)) } ?? nil,
            "shopifyVariantId": content.shopifyVariantID.map { .string(String($0)) } ?? nil,
            "productName": .string(content.productName),
            "weightGrams": .integer(Int64(content.weightGrams)),
            "defaultPrintProfile": content.defaultPrintProfile.map(JSONValue.string) ?? nil,
            "isActive": .bool(content.isActive),
            "parts": .array(
                content.parts.map { part in
                    [
                        "partName": .string(part.partName), "partNumber": .integer(Int64(part.partNumber)),
                        "simplyPrintFileId": .string(part.simplyPrintFileID),
                        "quantityPerProduct": .integer(Int64(part.quantityPerProduct)),
                        "printProfile": part.printProfile.map(JSONValue.string) ?? nil,
                    ]
                }),
        ]
    }

    /// - Throws: `Problem` 422 with every bad field: where, why, and what is allowed.
    package static func read(_ body: JSONValue) throws -> ProductMapping.Content {
        var fields = FieldReader(body)
        let sku = fields.text("sku", length: 1...255, isRequired: false)
        let product = fields.vendorID("shopifyProductId")
        let variant = fields.vendorID("shopifyVariantId")
        let name = fields.text("productName", length: 1...255, isRequired: true)
        let weight = fields.integer("weightGrams", in: 1...1_000_000, isRequired: true)
        let profile = fields.text("defaultPrintProfile", length: 1...255, isRequired: false)
        let isActive = fields.flag("isActive") ?? true
        let parts = readParts(&fields)
        if sku == nil, product == nil, variant == nil,
            !fields.names(of: ["sku", "shopifyProductId", "shopifyVariantId"])
        {
            fields.complain(
                "sku", "no key is given", allowed: "at least one of sku, shopifyProductId and shopifyVariantId")
        }
        try fields.finish(known: [
            "id", "sku", "shopifyProductId", "shopifyVariantId", "productName", "weightGrams", "defaultPrintProfile",
            "isActive", "parts",
        ])
        return ProductMapping.Content(
            sku: sku, shopifyProductID: product, shopifyVariantID: variant, productName: name ?? "",
            weightGrams: weight ?? 1, defaultPrintProfile: profile, isActive: isActive, parts: parts)
    }

    private static func readParts(_ fields: inout FieldReader) -> [ProductMapping.Part] {
        let elements = fields.elements("parts", count: 1...200)
        var parts: [ProductMapping.Part] = []
        var numbers: Set<Int> = []
        for (index, element) in elements.enumerated() {
            var part = FieldReader(element, path: "parts[\(index)]")
            let name = part.text("partName", length: 1...255, isRequired: true)
            let number = part.integer("partNumber", in: 1...200, isRequired: true)
            let file = part.hex("simplyPrintFileId", digits: 32)
            let quantity = part.integer("quantityPerProduct", in: 1...500, isRequired: true)
            let profile = part.text("printProfile", length: 1...255, isRequired: false)
            if let number, !numbers.insert(number).inserted {
                part.complain("partNumber", "is used twice", allowed: "each number from 1 to \(elements.count) once")
            } else if let number, number > elements.count {
                part.complain("partNumber", "leaves a gap", allowed: "each number from 1 to \(elements.count) once")
            }
            part.refuseUnknown(["partName", "partNumber", "simplyPrintFileId", "quantityPerProduct", "printProfile"])
            fields.take(over: part)
            if let name, let number, let file, let quantity {
                parts.append(
                    ProductMapping.Part(
                        partName: name, partNumber: number, simplyPrintFileID: file, quantityPerProduct: quantity,
                        printProfile: profile))
            }
        }
        return parts.sorted { $0.partNumber < $1.partNumber }
    }
}
