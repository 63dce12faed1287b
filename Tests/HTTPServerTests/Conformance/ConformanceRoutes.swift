import HTTPWire
import Kernel
import Routing

/// The routes that the cases speak of.
enum ConformanceRoutes {
    static let all: [Route] = [
        Fixture.route(.get, "/") { _ in .text("Hello, world!") },
        Fixture.route(.get, "/probe") { _ in .text("probe") },
        Fixture.route(.get, "/json") { _ in .json(Array("{\"ok\":true}".utf8)) },
        Fixture.route(.get, "/host") { call in .text(call.request.fields["host"] ?? "") },
        Fixture.route(.get, "/query") { call in .text(call.request.query ?? "") },
        Fixture.route(.get, "/fields") { call in .text(call.request.fields.values("x-test").joined(separator: "|")) },
        Fixture.route(.get, "/items/{name}") { call in .text(call.pathParameters["name"] ?? "") },
        Fixture.route(.put, "/items/{name}") { call in
            _ = try await call.body()
            return HTTPResponse(status: 204)
        },
        Fixture.route(.delete, "/items/{name}") { _ in HTTPResponse(status: 204) },
        Fixture.route(.post, "/raw") { call in HTTPResponse(body: .bytes(try await call.body())) },
        Fixture.route(.get, "/stream") { _ in .stream(pieces: ["one ", "two ", "three"], lengthBytes: nil) },
        Fixture.route(.get, "/broken") { _ in throw Broken() },
        Fixture.route(.get, "/split") { _ in
            HTTPResponse(fields: ["x-test": "a\r\nX-Smuggled: b"], body: .bytes([]))
        },
        Fixture.route(.post, "/echo", limits: .init(bodyBytes: 1_048_576)) { call in
            .text("\(try await call.body().count)")
        },
    ]

    private struct Broken: Error {}
}
