import EventLoop
import HTTPServer
import HTTPWire
import Kernel
import Logging
import Observability
import Operators
import Processes
import Routing

/// The listening sides of the server: the API, and the metrics on a port of their own where one is set.
struct Listeners: Sendable {
    private let loop: EventLoop
    private let servers: [HTTPServer]
    private let burnPool: BlockingPool
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
        let burnPool = BlockingPool(name: "gzip", threadsMaximum: 2, queueMaximum: 64, logger: logger)
        let edge = EdgePolicy(settings.edge, burnPool: burnPool)
        let observer = AnswerObserver(
            routes: routes + health.routes + [metricsRoute], metrics: metrics,
            log: AccessLog(
                logger: logger, showsClientAddresses: settings.edge.logsClientAddresses,
                quietRoutes: Set((health.routes + [metricsRoute]).map(\.pattern.text))))
        func server(_ routes: [Route], port: Int, socket: String? = nil) throws -> HTTPServer {
            let gateway = try Gateway(
                routes: routes, edge: edge, authenticate: { try key.authenticate($0, access: $1) },
                onError: { error, request, route in
                    logger.error(
                        "request failed",
                        metadata: ["route": "\(request.method) \(route)", "reason": "\(OperatorText.of(error))"])
                },
                onBegin: observer.began, observe: observer.ended)
            var configuration = settings.edge.limits
            configuration.host = settings.appHost
            configuration.port = port
            configuration.socketPath = socket
            let proxies = settings.edge.trustedProxies
            configuration.isTrustedProxy = { proxies.trusts(peerAddress: $0.isEmpty ? nil : $0) }
            return HTTPServer(configuration: configuration, loop: loop, logger: logger, responder: gateway.responder)
        }
        let own = health.routes + (settings.metricsPort == nil ? [metricsRoute] : [])
        let documented = routes + own
        let document = try JSON.encode(Self.document(of: documented))
        let api = try documented + Self.documentRoutes(document)
        var servers = [try server(api, port: settings.appPort, socket: settings.edge.socket)]
        if let port = settings.metricsPort { servers.append(try server([metricsRoute], port: port)) }
        self.loop = loop
        self.burnPool = burnPool
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
        burnPool.shutDown()
        loop.shutDown()
    }

    /// The API's description, computed from the routes.
    static func document(of routes: [Route]) -> JSONValue {
        OpenAPI.document(routes: routes, title: "Forma3D.Connect", version: BuildInfo.version)
    }

    /// The description does not change while the program runs: a file, with its tag and its compressed form.
    private static func documentRoutes(_ document: [UInt8]) throws -> [Route] {
        let file = StaticFile(path: "api/docs-json", bytes: document, mediaType: "application/json")
        return try StaticFiles([file]).routes(tag: "Documentation", access: .open)
    }
}
