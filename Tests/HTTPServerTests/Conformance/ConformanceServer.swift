import EventLoop
import HTTPServer
import Logging
import Routing
import TestKit

/// What the suite runs against: one server for all cases, since each case has a connection of its own.
struct ConformanceServer: Sendable {
    /// Started by the first case, ended with the process.
    static let shared = Result { try ConformanceServer() }

    private let server: HTTPServer
    private let gateway: Gateway
    private let port: Int

    private init() throws {
        gateway = try Gateway(
            routes: ConformanceRoutes.all, authenticate: { _, _ in }, onError: { _, _, _ in })
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        // Two cores run hundreds of cases at once: only a broken server may run into these.
        configuration.firstByteTimeoutSeconds = 60
        configuration.headTimeoutSeconds = 60
        configuration.overloadLagSeconds = 60
        configuration.bodyIdleTimeoutSeconds = 60
        configuration.bodyRateGraceSeconds = 60
        configuration.lingerTimeoutSeconds = 60
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        server = HTTPServer(
            configuration: configuration, loop: EventLoop(name: "http-conformance", logger: logger), logger: logger,
            responder: gateway.responder)
        port = try server.start()
    }

    func open(_ transport: ConformanceCase.Transport) throws -> any ByteChannel {
        switch transport {
        case .tcp: try RawClient(port: port)
        case .inProcess: InProcessChannel(gateway: gateway)
        }
    }
}
