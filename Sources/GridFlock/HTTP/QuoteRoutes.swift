import GridGeometry
import HTTPWire
import Kernel
package import Routing

/// Quotes and what can be chosen, for operators.
package struct QuoteRoutes: Sendable {
    private let quotes: Quotes

    package init(quotes: Quotes) {
        self.quotes = quotes
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/api/v1/gridflock/presets", "List printers, and the words a wish may use",
                tag: DesignRoutes.tag, access: .operators, returns: Self.presetsSchema, problems: [404],
                handle: { _ in .json(try JSON.encode(Self.presets)) }),
            Route(
                .post, "/api/v1/gridflock/quotes", "Tell parts, material, time, price and plan of a wish",
                tag: DesignRoutes.tag, access: .operators, limits: .init(bodyBytes: Quotes.requestBytesMaximum),
                takes: PlateRequestSchema.schema, returns: QuoteJSON.schema, problems: [400, 404, 415, 422, 503],
                handle: { call in
                    let (quote, drawing) = try await quotes.quoteWithDrawing(call.plateRequest())
                    return .json(quote.json(drawing: drawing))
                }),
        ]
    }

    private static let presetsSchema = Schema.object(
        name: "PlatePresets",
        [
            .init(
                "printers",
                .array(
                    .object(
                        name: "PlatePrinter",
                        [
                            .init("key", .string), .init("name", .string), .init("widthMillimetres", .integer),
                            .init("depthMillimetres", .integer),
                        ]))), .init("fillers", .array(.string)), .init("magnetStyles", .array(.string)),
            .init("magnetFrames", .array(.string)), .init("fields", .array(.string), "of a wish"),
        ])

    private static var presets: JSONValue {
        func words(_ words: [String]) -> JSONValue { .array(words.map(JSONValue.string)) }
        let printers = PrinterBed.presets.map { printer -> JSONValue in
            [
                "key": .string(printer.key), "name": .string(printer.name),
                "widthMillimetres": .integer(Int64(printer.widthMillimetres)),
                "depthMillimetres": .integer(Int64(printer.depthMillimetres)),
            ]
        }
        return [
            "printers": .array(printers), "fillers": words(["none", "fraction", "dynamic"]),
            "magnetStyles": words(Magnets.Style.allCases.map(\.rawValue)),
            "magnetFrames": words(Magnets.Frame.allCases.map(\.rawValue)),
            "fields": words(PlateRequest.fields.map(\.name)),
        ]
    }
}
