import GridGeometry
import Routing

/// The wish in the API reference, from the one table of its fields.
enum PlateRequestSchema {
    static let schema = schema("PlateWish") { _ in true }
    /// What a customer may choose of it.
    static let customers = schema("CustomerPlateWish", StorefrontRoutes.isCustomers)

    private static func schema(_ name: String, _ isAllowed: (String) -> Bool) -> Schema {
        .object(
            name: name,
            PlateRequest.fields.filter { isAllowed($0.name) }.map {
                Schema.Property($0.name, schema(of: $0.place), required: false, text(of: $0.place))
            })
    }

    /// The same as parameters of a query.
    static func parameters(_ isAllowed: (String) -> Bool) -> [Parameter] {
        PlateRequest.fields.filter { isAllowed($0.name) }.map { field in
            switch field.place {
            case .number: Parameter(field.name, "a number", .number)
            case .whole: Parameter(field.name, "a whole number", .integer)
            case .flag: Parameter(field.name, "true or false", .boolean)
            case .text: Parameter(field.name, "one of its words")
            case .list: Parameter(field.name, "whole numbers with commas")
            case .sides: Parameter(field.name, "a number, or north, east, south and west with commas")
            }
        }
    }

    private static func schema(of place: PlateRequest.Field.Place) -> Schema {
        switch place {
        case .number: .number
        case .whole: .integer
        case .flag: .boolean
        case .text: .string
        case .list: .array(.integer)
        case .sides: .any
        }
    }

    private static func text(of place: PlateRequest.Field.Place) -> String? {
        guard case .sides = place else { return nil }
        return "a number for all sides, or an object with north, east, south and west"
    }
}
