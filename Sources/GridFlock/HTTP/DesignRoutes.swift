import Contracts
import HTTPWire
import Kernel
package import Routing

/// Designs over REST: ask for one, see how far it is, fetch what was made of it.
package struct DesignRoutes: Sendable {
    private let designs: Designs
    private let quotes: Quotes

    package init(designs: Designs, quotes: Quotes) {
        self.designs = designs
        self.quotes = quotes
    }

    static let tag = "GridFlock"

    package var routes: [Route] { asking + fetching }

    private var asking: [Route] {
        [
            Route(
                .post, "/api/v1/gridflock/designs", "Ask for a plate; the same wish is the same design and answers 200",
                tag: Self.tag, access: .operators, limits: .init(bodyBytes: Quotes.requestBytesMaximum),
                takes: PlateRequestSchema.schema, returns: DesignJSON.schema, status: 201,
                problems: [400, 404, 415, 422, 503],
                handle: { call in
                    let draft = try await quotes.draft(of: call.plateRequest())
                    let (design, isNew) = try await designs.want(draft)
                    var answer = HTTPResponse.json(try JSON.encode(design.json), status: isNew ? 201 : 200)
                    answer.fields["location"] = "\(DesignJSON.path)/\(design.id)"
                    return answer
                }
            ).alsoAnswering([200]),
            Route(
                .get, "/api/v1/gridflock/designs", "List designs, newest first", tag: Self.tag, access: .operators,
                parameters: Page<DesignTag>.parameters + [
                    .init("state", "only this state", .oneOf(DesignState.allCases.map(\.rawValue))),
                    .init("digest", "only the design of this wish, as a quote names it: 64 hex digits"),
                ],
                returns: Page<DesignTag>.schema(name: "PlateDesignPage", of: DesignJSON.summary), problems: [404, 422],
                handle: { call in
                    let page = try Page<DesignTag>(call)
                    let found = try await designs.page(
                        state: call.choice("state", of: DesignState.self), digest: Self.digest(call),
                        before: page.before, limit: page.limit + 1)
                    return try page.answer(found, id: \.id, write: \.summaryJSON)
                }),
            Route(
                .get, "/api/v1/gridflock/designs/{id}", "Show one design with its files", tag: Self.tag,
                access: .operators, returns: DesignJSON.schema, problems: [404, 412, 416],
                handle: { call in
                    let json = try JSON.encode(try await designs.design(call.id("id")).json)
                    return try FileAnswer.answer(
                        to: call.request, bytes: json, mediaType: "application/json", tag: quotes.digest(json),
                        fields: Self.caching, time: quotes.time)
                }
            ).alsoAnswering(FileAnswer.alsoAnswers),
            Route(
                .post, "/api/v1/gridflock/designs/{id}/regenerate", "Make the files again where they are not there",
                tag: Self.tag, access: .operators, returns: DesignJSON.schema, status: 202, problems: [404],
                handle: { call in
                    .json(try JSON.encode(try await designs.wantAgain(call.id("id")).json), status: 202)
                }),
        ]
    }

    private var fetching: [Route] {
        [
            Route(
                .get, "/api/v1/gridflock/designs/{id}/files/{name}",
                "Fetch one file; one that was thrown away is made again (503, ask again)", tag: Self.tag,
                access: .operators, limits: .init(handlerSeconds: 60),
                returns: .binary(mediaType: "*/*"), problems: [404, 409, 412, 416, 503],
                handle: { call in
                    try await file(call.pathParameters["name"] ?? "", call)
                }
            ).alsoAnswering(FileAnswer.alsoAnswers),
            Route(
                .get, "/api/v1/gridflock/designs/{id}/preview.glb", "Fetch the picture in three dimensions (glTF)",
                tag: Self.tag, access: .operators, limits: .init(handlerSeconds: 60),
                returns: .binary(mediaType: "model/gltf-binary"), problems: [404, 409, 412, 416, 503],
                handle: { call in try await file(MadeFile.previewName, call) }
            ).alsoAnswering(FileAnswer.alsoAnswers),
            Route(
                .get, "/api/v1/gridflock/designs/{id}/preview.svg", "Draw the plan; it needs no files", tag: Self.tag,
                access: .operators, returns: .binary(mediaType: "image/svg+xml"),
                problems: [404, 412, 416, 422, 503],
                handle: { call in
                    let design = try await designs.design(call.id("id"))
                    let drawing = Array(try await quotes.drawing(ofKept: design.request).utf8)
                    return try FileAnswer.answer(
                        to: call.request, bytes: drawing, mediaType: "image/svg+xml", tag: quotes.digest(drawing),
                        fields: SVGFields.with(Self.caching), time: quotes.time)
                }
            ).alsoAnswering(FileAnswer.alsoAnswers),
        ]
    }

    /// - Throws: `Problem` 422.
    private static func digest(_ call: Call) throws -> String? {
        guard let text = call.query("digest") else { return nil }
        let isDigest = text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
        guard isDigest else { throw Problem.invalid([.init("digest", "is no digest", allowed: "64 hex digits")]) }
        return text.lowercased()
    }

    private func file(_ name: String, _ call: Call) async throws -> HTTPResponse {
        let id: DesignID = try call.id("id")
        let design = try await designs.design(id)
        guard let file = design.files.first(where: { $0.name == name }) else {
            throw Self.refusal(design) ?? Problem.notFound("This design has no file of this name.")
        }
        if let known = FileAnswer.notModified(
            call.request, tag: file.digest, fields: Self.caching, time: quotes.time)
        {
            try await designs.used(design)
            return known
        }
        // While the files are made again, those of before are what they were.
        guard let bytes = try await designs.bytes(of: file, design) else {
            if let refusal = Self.refusal(design) { throw refusal }
            // Who only looks does not want it made.
            if call.request.method != .head { try await designs.wantLost(id) }
            throw Self.notYet
        }
        var fields = Self.caching
        if file.mediaType == "image/svg+xml" {
            fields = SVGFields.with(fields)
        } else {
            fields["content-disposition"] = "attachment; filename=\"\(file.name)\""
        }
        return try FileAnswer.answer(
            to: call.request, bytes: bytes, mediaType: file.mediaType, tag: file.digest, fields: fields,
            time: quotes.time)
    }

    /// Only who has a key may have it, and asks each time, for nothing while its tag is the same.
    private static let caching: HTTPFields = ["cache-control": "private, no-cache"]

    /// Why a file that is not there cannot be had now; nil where it could be made again.
    private static func refusal(_ design: Design) -> Problem? {
        switch design.state {
        case .failed: .conflict("The files could not be made: \(design.attention?.reason ?? "see the design").")
        case .queued, .generating: notYet
        case .ready, .evicted: nil
        }
    }

    private static let notYet = Problem(
        code: "not-yet", status: 503, detail: "The files are being made; ask again.", retryAfterSeconds: 2)
}

/// What a drawing may do in a browser: show itself with its own style, nothing else.
enum SVGFields {
    static let fields: HTTPFields = [
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    ]

    static func with(_ others: HTTPFields) -> HTTPFields {
        var all = others
        for field in fields.fields { all[field.name] = field.value }
        return all
    }
}
