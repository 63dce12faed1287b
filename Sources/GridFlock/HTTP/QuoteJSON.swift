import FoundationEssentials
import GridGeometry
package import Kernel
package import Routing

/// A quote on the wire: all of it for operators, the customer's part for the storefront.
package enum QuoteJSON {
    static let size = Schema.object(
        name: "PlateSize", [.init("widthMillimetres", .number), .init("depthMillimetres", .number)])
    static let price = Schema.object(
        name: "PlatePrice", [.init("amount", .string, "decimal, `12.50`"), .init("currency", .string, "ISO 4217")])

    private static let part = Schema.object(
        name: "PlannedPart",
        [
            .init("number", .integer), .init("xMillimetres", .number, "of its south-west corner on the plate"),
            .init("yMillimetres", .number), .init("widthMillimetres", .number, "of its body, without tabs"),
            .init("depthMillimetres", .number), .init("cells", .string, "for people: `4½ × 4`; `none` of a strip"),
            .init("columns", .integer, "of cells, a smaller one counts as one"), .init("rows", .integer),
            .init("printedWidthMillimetres", .number, "with its tabs"), .init("printedDepthMillimetres", .number),
            .init("grams", .number), .init("minutes", .number), .init("magnetCount", .integer),
            .init("sameAs", .integer, "the first part that is made alike; itself when there is none before"),
        ])

    private static let customersPart = Schema.object(
        name: "CustomerPart",
        [.init("number", .integer), .init("widthMillimetres", .number), .init("depthMillimetres", .number)])

    package static let schema = Schema.object(
        name: "PlateQuote",
        [
            .init("digest", .string, "of the wish, as the design's"), .init("drawer", size), .init("plate", size),
            .init("bed", size), .init("cells", .string, "for people: `8½ × 6`"),
            .init("columnsMillimetres", .array(.number), "widths of the columns of cells"),
            .init("rowsMillimetres", .array(.number)), .init("paddingMillimetres", .any, "north, east, south, west"),
            .init("parts", .array(part)), .init("partCount", .integer), .init("distinctPartCount", .integer),
            .init("notes", .array(.string), "what was not asked for: parts whose number finds no wall"),
            .init("bedCount", .integer, "times a bed is filled"), .init("wholeCellCount", .integer),
            .init("fractionalCellCount", .integer), .init("magnetCount", .integer),
            .init("volumeCubicMillimetres", .number, "by formula"), .init("material", .string), .init("grams", .number),
            .init("minutes", .number),
            .init(
                "minutesFrom", .oneOf(MinuteRate.Origin.allCases.map(\.rawValue)),
                "what slicers said of real parts, or the settings"),
            .init("sliceCount", .integer, "slices of this material and infill, enough or not"), .init("price", price),
            .init("planSVG", .string, required: false, "the plan as a picture"),
        ])

    package static let customerSchema = Schema.object(
        name: "CustomerQuote",
        [
            .init("digest", .string, "of the wish: goes with the order"), .init("drawer", size), .init("plate", size),
            .init("parts", .array(customersPart)), .init("partCount", .integer), .init("wholeCellCount", .integer),
            .init("fractionalCellCount", .integer), .init("magnetCount", .integer), .init("price", price),
        ])
}

extension Quote {
    package var customerJSON: JSONValue {
        [
            "digest": .string(digest), "drawer": plan.wish.drawer.json, "plate": plan.wish.platePrinted.json,
            "partCount": .integer(Int64(needs.parts.count)), "wholeCellCount": .integer(Int64(needs.wholeCellCount)),
            "fractionalCellCount": .integer(Int64(needs.fractionalCellCount)),
            "magnetCount": .integer(Int64(needs.magnetCount)), "price": price,
            "parts": .array(
                plan.segments.map { segment in
                    var part = segment.size.members
                    part["number"] = .integer(Int64(segment.number))
                    return .object(part)
                }),
        ]
    }

    private var price: JSONValue {
        guard let price = needs.price else { return .null }
        return ["amount": .string(price.amountText), "currency": .string(price.currency)]
    }
}
