import EventLoop
import HTTPServer
import HTTPWire
import Kernel
import Logging
import Metrics
import Observability
import Operators
import Processes
import Routing

/// The listening sides of the server: the API, and the metrics on a port of their own where one is set.
struct Listeners: Sendable {
    private let loop: EventLoop
    private let servers: [HTTPServer]
    private let logger: Logger

    /// - Throws: `RouterError` when two routes collide.
    init(
        settings: Settings, routes: [Route], checks: [Check], board: DependencyBoard, build: BuildInfo,
        metrics: PrometheusRegistry, signals: ShutdownSignals, logger: Logger
    ) throws {
        let loop = EventLoop(name: "http", logger: logger)
        let health = HealthRoutes(
            checks: checks, board: board, build: build, time: .system, isDraining: { signals.isShutdownRequested })
        let access: Route.Access = settings.metricsPort == nil ? .loopbackOrOperators : .open
        let metricsRoute = MetricsRoute.route(metrics, access: access) { health.uptimeSeconds }
        let key = OperatorKey(key: settings.internalAPIKey, logger: logger)
        func server(_ routes: [Route], port: Int) throws -> HTTPServer {
            let gateway = try Gateway(
                routes: routes, authenticate: { try key.authenticate($0, access: $1) },
                onError: { error, request, route in
                    logger.error(
                        "request failed",
                        metadata: ["route": "\(request.method) \(route)", "reason": "\(OperatorText.of(error))"])
                },
                observe: { Self.note($0, logger) })
            var configuration = HTTPServerConfiguration()
            configuration.host = settings.appHost
            configuration.port = port
            return HTTPServer(configuration: configuration, loop: loop, logger: logger, responder: gateway.responder)
        }
        let own = health.routes + (settings.metricsPort == nil ? [metricsRoute] : [])
        let documented = routes + own
        let document = try JSON.encode(Self.document(of: documented))
        let api = documented + [Self.documentRoute(document)]
        var servers = [try server(api, port: settings.appPort)]
        if let port = settings.metricsPort { servers.append(try server([metricsRoute], port: port)) }
        self.loop = loop
        self.servers = servers
        self.logger = logger
    }

    /// - Throws: `HTTPServerError` when an address is taken.
    func start() throws {
        for server in servers {
            let port = try server.start()
            logger.info("listening", metadata: ["port": "\(port)"])
        }
    }

    func drain(within limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { await server.drain(within: limit) } }
        }
    }

    func shutDown() {
        loop.shutDown()
    }

    /// The API's description, computed from the routes.
    static func document(of routes: [Route]) -> JSONValue {
        OpenAPI.document(routes: routes, title: "Forma3D.Connect", version: BuildInfo.version)
    }

    private static func documentRoute(_ document: [UInt8]) -> Route {
        Route(
            .get, "/api/docs-json", "The OpenAPI description of this API", tag: "Documentation", access: .open,
            returns: .any
        ) { _ in .json(document) }
    }

    /// One access log line and two metrics for each answer. The path is logged without its query.
    private static func note(_ answer: Gateway.Observation, _ logger: Logger) {
        let seconds = Double(answer.duration.components.seconds) + Double(answer.duration.components.attoseconds) / 1e18
        let dimensions = [
            ("method", answer.method.name), ("route", answer.route), ("status", String(answer.status)),
        ]
        Counter(label: "http_requests_total", dimensions: dimensions).increment()
        Timer(label: "http_request_duration_seconds", dimensions: Array(dimensions.prefix(2))).recordSeconds(
            seconds)
        let isProbe = answer.route.hasPrefix("/health") || answer.route == "/metrics"
        logger.log(
            level: isProbe ? .debug : .info, "request",
            metadata: [
                "method": "\(answer.method)", "path": "\(answer.path)", "route": "\(answer.route)",
                "status": "\(answer.status)",
                "milliseconds": "\((seconds * 10_000).rounded() / 10)", "bytes": "\(answer.bytes)",
            ])
    }
}
