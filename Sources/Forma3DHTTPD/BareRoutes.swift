import HTTPWire
import Logging
import Routing

/// What the bare server answers.
struct BareRoutes {
    let bodyLimitBytes: Int
    let isReady: @Sendable () -> Bool

    private static let text = Array("Hello, World!".utf8)
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
            route(.get, "/", "Answer 13 bytes of text") { _ in .text(Self.text) },
            route(.get, "/json", "Answer about 200 bytes of JSON") { _ in .json(Self.json) },
            route(.post, "/echo", "Answer the body's length", bodyBytes: bodyLimitBytes) { call in
                .text(Array(String(try await call.body().count).utf8))
            },
            route(.get, "/ws", "Echo over a WebSocket") { call in
                call.webSocket(WebSocketSettings(allowedOrigins: nil)) { socket in
                    while let message = try await socket.receive() { try await socket.send(message) }
                }
            },
            route(.get, "/health/live", "Say that the process is alive") { _ in .json(Array(#"{"status":"ok"}"#.utf8))
            },
            route(.get, "/health/ready", "Say whether requests should come here") { _ in
                isReady()
                    ? .json(Array(#"{"status":"ok"}"#.utf8))
                    : .json(Array(#"{"status":"draining"}"#.utf8), status: 503)
            },
        ]
    }

    private func route(
        _ method: HTTPMethod, _ pattern: PathPattern, _ summary: String, bodyBytes: Int = 65_536,
        handle: @escaping Route.Handler
    ) -> Route {
        Route(
            method, pattern, summary, tag: "Bare", access: .open, limits: .init(bodyBytes: bodyBytes), handle: handle)
    }
}
