import Kernel

/// What the demo sells: a single part, an assembly of four parts with quantities, and a product of several copies.
enum DemoCatalog {
    static let mappings: [JSONValue] = [
        mapping("F3D-CLIP", "Cable clip", weightGrams: 18, [("Clip", 1, "a1")]),
        mapping(
            "F3D-DESK", "Desk organiser", weightGrams: 412,
            [("Base", 1, "b1"), ("Drawer", 2, "b2"), ("Divider", 3, "b3"), ("Lid", 1, "b4")]),
        mapping("F3D-COASTER", "Coaster set", weightGrams: 96, [("Coaster", 4, "c1")]),
    ]

    /// The order with that number, in the short form of the control surface; a round of six differs.
    static func order(_ number: Int) -> JSONValue {
        let rounds: [[(sku: String, quantity: Int64)]] = [
            [("F3D-CLIP", 1)], [("F3D-DESK", 1)], [("F3D-COASTER", 1)], [("F3D-CLIP", 2), ("F3D-COASTER", 1)],
            [("F3D-DESK", 1), ("F3D-CLIP", 1)], [("F3D-COASTER", 2)],
        ]
        let lines = rounds[number % rounds.count].map { line -> JSONValue in
            ["sku": .string(line.sku), "quantity": .integer(line.quantity), "price": "12.50"]
        }
        return ["lines": .array(lines), "email": .string("customer\(number)@example.com"), "deliver": true]
    }

    private static func mapping(
        _ sku: String, _ name: String, weightGrams: Int64, _ parts: [(name: String, quantity: Int64, file: String)]
    ) -> JSONValue {
        let rows = parts.enumerated().map { index, part -> JSONValue in
            [
                "partName": .string(part.name), "partNumber": .integer(Int64(index) + 1),
                "simplyPrintFileId": .string(String(repeating: part.file, count: 16)),
                "quantityPerProduct": .integer(part.quantity),
            ]
        }
        return [
            "sku": .string(sku), "productName": .string(name), "weightGrams": .integer(weightGrams), "isActive": true,
            "parts": .array(rows),
        ]
    }
}
