import Catalog
import Contracts
import Kernel
import Testing

@Suite struct CatalogRulesTests {
    static func mapping(sku: String? = nil, product: Int64? = nil, variant: Int64? = nil, isActive: Bool = true)
        -> ProductMapping
    {
        ProductMapping(
            id: Identities.system.make(),
            content: .init(
                sku: sku, shopifyProductID: product, shopifyVariantID: variant, productName: "P", weightGrams: 10,
                defaultPrintProfile: "draft", isActive: isActive, parts: []))
    }

    @Test func aLineFindsItsMappingByVariantThenSKUThenProduct() {
        let bySKU = Self.mapping(sku: "A-1")
        let byVariant = Self.mapping(variant: 5)
        let byProduct = Self.mapping(product: 9)
        let all = [byProduct, bySKU, byVariant]
        func found(_ variant: Int64?, _ sku: String?, _ product: Int64?) -> ProductMappingID? {
            MappingChoice.choose(
                for: LineKeys(shopifyVariantID: variant, sku: sku, shopifyProductID: product), among: all)?.id
        }
        #expect(found(5, "A-1", 9) == byVariant.id)
        #expect(found(6, "A-1", 9) == bySKU.id)
        #expect(found(6, " A-1\t", 9) == bySKU.id, "SKUs are trimmed")
        #expect(found(6, "a-1", 9) == byProduct.id, "SKUs are case-sensitive")
        #expect(found(nil, nil, nil) == nil)
        #expect(found(6, "", 8) == nil)
    }

    @Test func aMappingThatIsSwitchedOffIsNotFound() {
        let off = Self.mapping(sku: "A-1", isActive: false)
        let line = LineKeys(shopifyVariantID: nil, sku: "A-1", shopifyProductID: nil)
        #expect(MappingChoice.choose(for: line, among: [off]) == nil)
    }

    @Test func everyBadFieldIsNamedAtOnce() throws {
        let body: JSONValue = [
            "productName": "", "weightGrams": 0, "isActive": "yes", "shopifyProductId": "12a", "colour": "red",
            "parts": [
                ["partName": "Lid", "partNumber": 1, "simplyPrintFileId": "zz", "quantityPerProduct": 1],
                ["partName": "Box", "partNumber": 1, "quantityPerProduct": -1],
            ],
        ]
        let problem = try #require(throws: Problem.self) { _ = try MappingJSON.read(body) }
        #expect(
            Set(problem.fields.map(\.field)) == [
                "productName", "weightGrams", "isActive", "shopifyProductId", "colour", "parts[0].simplyPrintFileId",
                "parts[1].partNumber", "parts[1].quantityPerProduct", "parts[1].simplyPrintFileId",
            ])
        #expect(problem.fields.allSatisfy { $0.allowed?.isEmpty == false })
        #expect(problem.status == 422)
    }

    @Test func aMappingWithoutAnyKeyIsRefused() throws {
        let body: JSONValue = [
            "productName": "Box", "weightGrams": 5,
            "parts": [
                [
                    "partName": "Lid", "partNumber": 1,
                    "simplyPrintFileId": .string(String(repeating: "0f", count: 16)),
                    "quantityPerProduct": 1,
                ]
            ],
        ]
        let problem = try #require(throws: Problem.self) { _ = try MappingJSON.read(body) }
        #expect(problem.fields.map(\.field) == ["sku"])
    }
}
