import Contracts
import HTTPWire
import Kernel
package import Routing

/// Files to print over REST: bring one, and see how far it is.
package struct PrintFileRoutes: Sendable {
    private let files: PrintFiles

    package init(files: PrintFiles) {
        self.files = files
    }

    private static let schema = Schema.object(
        name: "PrintFile",
        [
            .init("id", .format("uuid")), .init("name", .string), .init("digest", .string, "SHA-256, hex digits"),
            .init("sizeBytes", .integer), .init("state", .oneOf(PrintFileState.allCases.map(\.rawValue))),
            .init("simplyPrintFileId", .nullable(.string), "for product mappings, once it is stored"),
            .init("createdAt", .format("date-time")), .init("updatedAt", .format("date-time")),
            .init("attention", .nullable(.attention)),
        ])

    package var routes: [Route] {
        [
            Route(
                .post, "/api/v1/print-files", "Bring a file to SimplyPrint; its bytes are the body",
                tag: "Print files", access: .operators, limits: .init(bodyBytes: PrintFiles.bytesMaximum),
                parameters: [.init("name", "clip.gcode; its ending says what it is")],
                takes: .binary(mediaType: "application/octet-stream"), returns: Self.schema, status: 202,
                problems: [413, 422],
                handle: { call in
                    let name = call.query("name") ?? ""
                    let file = try await files.store(name: name, bytes: try await call.body())
                    return .json(try JSON.encode(file.json), status: 202)
                }),
            Route(
                .get, "/api/v1/print-files", "List the files that were brought, newest first", tag: "Print files",
                access: .operators, parameters: Page<PrintFileTag>.parameters,
                returns: Page<PrintFileTag>.schema(name: "PrintFilePage", of: Self.schema), problems: [422],
                handle: { call in
                    let page = try Page<PrintFileTag>(call)
                    let found = try await files.page(before: page.before, limit: page.limit + 1)
                    return try page.answer(found, id: \.id, write: \.json)
                }),
            Route(
                .get, "/api/v1/print-files/{id}", "Show one file", tag: "Print files", access: .operators,
                returns: Self.schema, problems: [404],
                handle: { call in
                    guard let file = try await files.file(call.id("id")) else { throw PrintFiles.noSuchFile }
                    return .json(try JSON.encode(file.json))
                }),
        ]
    }
}

extension PrintFileView {
    fileprivate var json: JSONValue {
        [
            "id": .string(id.description), "name": .string(name), "digest": .string(digest),
            "sizeBytes": .integer(sizeBytes), "state": .string(state.rawValue),
            "simplyPrintFileId": JSONValue(simplyPrintFileID), "createdAt": JSONValue(createdAt),
            "updatedAt": JSONValue(updatedAt), "attention": Attention.json(attention),
        ]
    }
}
