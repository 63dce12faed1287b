import EventLoop
import FoundationEssentials
import HTTPServer
import HTTPWire
import Logging
import Synchronization

/// A tiny server that takes webhooks down, and answers as it is told.
final class TargetServer: Sendable {
    struct Received: Sendable {
        let path: String
        let fields: HTTPFields
        let body: [UInt8]
    }

    private struct State {
        var received: [Received] = []
        /// Answers for the next requests; 200 when there are none left.
        var statuses: [Int] = []
    }

    private let state = Mutex(State())
    private let loop: EventLoop
    private let server: Mutex<HTTPServer?> = Mutex(nil)

    init() {
        loop = EventLoop(name: "target", logger: Logger(label: "target"))
    }

    func start() throws -> Int {
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        let server = HTTPServer(
            configuration: configuration, loop: loop, logger: Logger(label: "target")
        ) { request in
            let body = (try? await request.body.collect(limitBytes: 8 * 1024 * 1024)) ?? []
            let status = self.state.withLock { state -> Int in
                state.received.append(Received(path: request.path, fields: request.fields, body: body))
                return state.statuses.isEmpty ? 200 : state.statuses.removeFirst()
            }
            return HTTPResponse(status: HTTPStatus(status))
        }
        self.server.withLock { $0 = server }
        return try server.start()
    }

    func stop() async {
        await server.withLock { $0 }?.drain(within: .seconds(1))
        loop.shutDown()
    }

    var received: [Received] { state.withLock { $0.received } }

    func answer(with statuses: [Int]) { state.withLock { $0.statuses = statuses } }

    func received(_ path: String, topic: String? = nil) -> [Received] {
        received.filter { $0.path == path && (topic == nil || $0.fields["x-shopify-topic"] == topic) }
    }
}
