import Contracts
import Kernel
package import Routing

/// A design on the wire.
package enum DesignJSON {
    package static let path = "/api/v1/gridflock/designs"

    package static let facts = Schema.object(
        name: "PlatePartFacts",
        [
            .init("segments", .array(.integer), "numbers of the parts that are this one"),
            .init("widthMillimetres", .number, "of the bounding box, with its tabs"),
            .init("depthMillimetres", .number), .init("heightMillimetres", .number),
            .init("volumeCubicMillimetres", .number), .init("triangleCount", .integer),
        ])

    static let file = Schema.object(
        name: "PlateFile",
        [
            .init("name", .string), .init("mediaType", .string), .init("sizeBytes", .integer),
            .init("digest", .string, "SHA-256 of the bytes, hex digits"), .init("url", .string, "below this server"),
            .init("parts", .array(facts), "what was measured of the parts in it; empty for pictures"),
        ])

    private static let summaryProperties: [Schema.Property] = [
        .init("id", .format("uuid")),
        .init("digest", .string, "SHA-256 of the wish in its one spelling, hex digits: the same wish has the same"),
        .init("state", .oneOf(DesignState.allCases.map(\.rawValue))), .init("drawerWidthMillimetres", .number),
        .init("drawerDepthMillimetres", .number), .init("partCount", .integer),
        .init("createdAt", .format("date-time")), .init("updatedAt", .format("date-time")),
        .init("attention", .nullable(.attention)),
    ]

    static let summary = Schema.object(name: "PlateDesignSummary", summaryProperties)

    static let schema = Schema.object(
        name: "PlateDesign",
        summaryProperties + [
            .init("wish", .any, "as it was asked for"),
            .init("generatorRevision", .nullable(.integer), "another one may make other bytes of the same wish"),
            .init("generationMilliseconds", .nullable(.integer)),
            .init("files", .array(file), "kept when the bytes were thrown away, which the state says"),
        ])
}

extension Design {
    private var summary: [String: JSONValue] {
        [
            "id": .string(id.description), "digest": .string(digest), "state": .string(state.rawValue),
            "drawerWidthMillimetres": .millimetres(drawerWidthTenthMicrometres),
            "drawerDepthMillimetres": .millimetres(drawerDepthTenthMicrometres),
            "partCount": .integer(Int64(partCount)), "createdAt": JSONValue(createdAt),
            "updatedAt": JSONValue(updatedAt), "attention": Attention.json(attention),
        ]
    }

    var summaryJSON: JSONValue { .object(summary) }

    var json: JSONValue {
        var members = summary
        members["wish"] = (try? JSON.decode(JSONValue.self, from: request)) ?? .null
        members["generatorRevision"] = generatorRevision.map { .integer(Int64($0)) } ?? .null
        members["generationMilliseconds"] = generationMilliseconds.map { .integer($0) } ?? .null
        members["files"] = .array(files.map { $0.json(of: id) })
        return .object(members)
    }
}

extension DesignFile {
    fileprivate func json(of id: DesignID) -> JSONValue {
        [
            "name": .string(name), "mediaType": .string(mediaType), "sizeBytes": .integer(Int64(sizeBytes)),
            "digest": .string(digest), "url": .string("\(DesignJSON.path)/\(id)/files/\(name)"),
            "parts": facts ?? .array([]),
        ]
    }
}
