import HTTPWire
import Kernel
package import Routing

/// What slicers said of real parts, told by operators.
package struct SliceRoutes: Sendable {
    private let slices: Slices

    package init(slices: Slices) {
        self.slices = slices
    }

    package var routes: [Route] {
        [
            Route(
                .post, "/api/v1/gridflock/slices",
                "Tell what a slicer said of parts: enough of them calibrate the minutes of quotes",
                tag: DesignRoutes.tag, access: .operators, limits: .init(bodyBytes: 16_384), takes: Self.report,
                returns: Self.slice,
                status: 201, problems: [400, 404, 409, 415, 422],
                handle: { call in
                    let (slice, isNew) = try await slices.record(call.decode(SliceReport.self))
                    return .json(try JSON.encode(slice.json), status: isNew ? 201 : 200)
                }),
            Route(
                .get, "/api/v1/gridflock/slices", "List what slicers said: the source first told of last comes first",
                tag: DesignRoutes.tag, access: .operators, parameters: Page<SliceTag>.parameters,
                returns: Page<SliceTag>.schema(name: "PlateSlicePage", of: Self.slice), problems: [404, 422],
                handle: { call in
                    let page = try Page<SliceTag>(call)
                    let found = try await slices.page(before: page.before, limit: page.limit + 1)
                    return try page.answer(found, id: \.id, write: \.json)
                }),
            Route(
                .delete, "/api/v1/gridflock/slices/{id}", "Forget what a slicer said", tag: DesignRoutes.tag,
                access: .operators, status: 204, problems: [404],
                handle: { call in
                    try await slices.remove(call.id("id"))
                    return HTTPResponse(status: 204)
                }),
        ]
    }

    private static let told: [Schema.Property] = [
        .init("source", .string, "which print, in your words; the same again takes the place of the one before"),
        .init("seconds", .integer, "that the slicer says the print takes"),
    ]

    private static let report = Schema.object(
        name: "PlateSliceReport",
        told + [
            .init("grams", .number, required: false, "that the slicer says it weighs"),
            .init("volumeCubicMillimetres", .number, required: false, "of all parts together"),
            .init("partCount", .integer, required: false, "parts printed together, default 1"),
            .init("material", .string, required: false, "default GRIDFLOCK_MATERIAL"),
            .init("infillPercent", .number, required: false, "without it, it counts for every infill"),
            .init("designID", .format("uuid"), required: false, "instead of volume and count"),
            .init("partNumbers", .array(.integer), required: false, "of the design, default all"),
        ])

    private static let slice = Schema.object(
        name: "PlateSlice",
        [.init("id", .format("uuid"))] + told + [
            .init("grams", .nullable(.number)), .init("volumeCubicMillimetres", .nullable(.number)),
            .init("partCount", .integer), .init("material", .string), .init("infillPercent", .nullable(.number)),
            .init("designID", .nullable(.format("uuid"))), .init("recordedAt", .format("date-time")),
        ])
}

extension Slice {
    fileprivate var json: JSONValue {
        [
            "id": JSONValue(id), "source": .string(source), "seconds": .integer(Int64(seconds)),
            "grams": .thousandths(grams), "volumeCubicMillimetres": .thousandths(cubicMillimetres),
            "partCount": .integer(Int64(partCount)), "material": .string(material),
            "infillPercent": .thousandths(infillPercent), "designID": JSONValue(designID),
            "recordedAt": JSONValue(recordedAt),
        ]
    }
}
