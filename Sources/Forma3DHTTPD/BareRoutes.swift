import HTTPWire
import Logging
import Routing

/// What the bare server answers.
struct BareRoutes {
    let bodyLimitBytes: Int
    let isReady: @Sendable () -> Bool

    private static let text = Array("Hello, World!".utf8)
    private static let ok = Array(#"{"status":"ok"}"#.utf8)
    private static let json = Array(
        #"""
        {"id":"0190c2a4-7b1e-7c39-9c55-0f4d2c1b8a77","number":"#1001","status":"printing","parts":{"done":5,"total":7},"attention":[],"createdAt":"2026-11-24T10:00:00Z","tags":["drawer","oak"],"note":"left at the door"}
        """#.utf8)

    func dispatcher(logger: Logger) throws -> Dispatcher {
        try Dispatcher(
            routes: routes, authenticate: { _, _ in },
            onError: { error, _, route in
                logger.error("request failed", metadata: ["route": "\(route)", "reason": "\(error)"])
            })
    }

    private var routes: [Route] {
        [
            answered("/", "Answer 13 bytes of text") { _ in .text(Self.text) },
            answered("/json", "Answer about 200 bytes of JSON") { _ in .json(Self.json) },
            handled(.post, "/echo", "Answer the body's length", bodyBytes: bodyLimitBytes) { call in
                .text(Array(String(try await call.body().count).utf8))
            },
            handled(.get, "/ws", "Echo over a WebSocket") { call in
                call.webSocket(Self.echo) { socket in
                    while let message = try await socket.receive() { try await socket.send(message) }
                }
            },
            answered("/health/live", "Say that the process is alive") { _ in .json(Self.ok) },
            answered("/health/ready", "Say whether requests should come here") { _ in
                isReady() ? .json(Self.ok) : .json(Array(#"{"status":"draining"}"#.utf8), status: 503)
            },
        ]
    }

    /// As large as the cases of public test suites for WebSockets are.
    private static let echo: WebSocketSettings = {
        var settings = WebSocketSettings(allowedOrigins: nil)
        settings.limits.frameBytesMaximum = 16_777_216
        settings.limits.messageBytesMaximum = 16_777_216
        settings.limits.fragmentsMaximum = 131_072
        return settings
    }()

    private func answered(
        _ pattern: PathPattern, _ summary: String, _ answer: @escaping @Sendable (Call) throws -> HTTPResponse
    ) -> Route {
        Route(.get, pattern, summary, tag: "Bare", access: .open, answer: answer)
    }

    private func handled(
        _ method: HTTPMethod, _ pattern: PathPattern, _ summary: String, bodyBytes: Int = 65_536,
        _ handle: @escaping Route.Handler
    ) -> Route {
        Route(
            method, pattern, summary, tag: "Bare", access: .open, limits: .init(bodyBytes: bodyBytes), handle: handle)
    }
}
