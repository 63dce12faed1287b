import EventLoop
import HTTPServer
import HTTPWire
import Kernel
import Logging
import Routing
import Synchronization
import TestKit

/// A running server with routes that show one behaviour each, on a loop of its own.
final class Fixture: Sendable {
    let loop: EventLoop
    let server: HTTPServer
    let port: Int
    let log: EventLog

    init(
        _ change: (inout HTTPServerConfiguration) -> Void = { _ in }, routes: [Route] = [], replying: Bool = false
    ) throws {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        // A busy machine may stop for seconds: only the tests that are about a time-out may run into one.
        configuration.firstByteTimeoutSeconds = 60
        configuration.headTimeoutSeconds = 60
        configuration.bodyIdleTimeoutSeconds = 60
        configuration.bodyRateGraceSeconds = 60
        configuration.overloadLagSeconds = 60
        configuration.lingerTimeoutSeconds = 8
        change(&configuration)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let log = EventLog()
        self.log = log
        loop = EventLoop(name: "http-test", logger: logger)
        let gateway = try Gateway(
            routes: Fixture.routes(log) + routes, authenticate: { _, _ in },
            onError: { error, _, _ in log.note("error \(error)") },
            observe: { log.note("\($0.method) \($0.route) \($0.status)") })
        // Some answers need no task; the gateway's all have one.
        if replying {
            let dispatcher = try Dispatcher(
                routes: Fixture.routes(log) + routes, authenticate: { _, _ in },
                onError: { error, _, _ in log.note("error \(error)") })
            server = HTTPServer(
                configuration: configuration, loop: loop, logger: logger, replying: { dispatcher.reply(to: $0) })
        } else {
            server = HTTPServer(configuration: configuration, loop: loop, logger: logger, responder: gateway.responder)
        }
        port = try server.start()
    }

    func client() throws -> RawClient { try RawClient(port: port) }

    func stop() async {
        await server.drain(within: .seconds(5))
        loop.shutDown()
    }

    /// Runs the body against a server and stops it, whatever happens.
    static func run(
        _ change: (inout HTTPServerConfiguration) -> Void = { _ in }, routes: [Route] = [], replying: Bool = false,
        _ body: (Fixture) async throws -> Void
    ) async throws {
        let fixture = try Fixture(change, routes: routes, replying: replying)
        do {
            try await body(fixture)
        } catch {
            await fixture.stop()
            throw error
        }
        await fixture.stop()
    }

    private static func routes(_ log: EventLog) -> [Route] {
        [
            route(.get, "/hello") { _ in .text("hello") },
            route(.post, "/echo", limits: .init(bodyBytes: 1_048_576)) { call in
                HTTPResponse(body: .bytes(try await call.body()))
            },
            route(.post, "/small", limits: .init(bodyBytes: 10)) { call in
                .text("\(try await call.body().count)")
            },
            route(.post, "/unread", limits: .init(bodyBytes: 100_000_000)) { _ in .text("not read") },
            route(.get, "/stream") { _ in .stream(pieces: ["one ", "two ", "three"], lengthBytes: nil) },
            route(.get, "/known-stream") { _ in .stream(pieces: ["12345"], lengthBytes: 5) },
            route(.get, "/short-stream") { _ in .stream(pieces: ["12345"], lengthBytes: 10) },
            route(.get, "/wait") { _ in
                log.note("started")
                do {
                    try await Task.sleep(for: .seconds(30))
                } catch {
                    log.note("cancelled")
                    throw error
                }
                return .text("waited")
            },
            route(.get, "/slow", limits: .init(handlerSeconds: 0.05)) { _ in
                try await Task.sleep(for: .seconds(30))
                return .text("never")
            },
        ]
    }

    static func route(
        _ method: HTTPMethod, _ pattern: PathPattern, limits: Route.Limits = .init(), handle: @escaping Route.Handler
    ) -> Route {
        Route(method, pattern, "A test route", tag: "Test", access: .open, limits: limits, handle: handle)
    }
}

/// What has happened, in order, from any thread.
final class EventLog: Sendable {
    private let lines = Mutex<[String]>([])

    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
    func contains(_ line: String) -> Bool { all.contains(line) }
}

extension HTTPResponse {
    static func stream(pieces: [String], lengthBytes: Int?) -> HTTPResponse {
        let rest = Pieces(pieces)
        return HTTPResponse(body: .stream(lengthBytes: lengthBytes) { rest.next() })
    }
}

private final class Pieces: Sendable {
    private let rest: Mutex<[String]>
    init(_ pieces: [String]) { rest = Mutex(pieces) }
    func next() -> [UInt8]? {
        rest.withLock { $0.isEmpty ? nil : Array($0.removeFirst().utf8) }
    }
}
