import FoundationEssentials
import HTTPWire
package import Kernel
package import Routing

/// `/health`, `/health/live`, `/health/ready` and `/health/dependencies`. Open to everyone: they say nothing of anybody.
package struct HealthRoutes: Sendable {
    private let checks: [Check]
    private let board: DependencyBoard
    private let build: BuildInfo
    private let time: Time
    private let startedAt: ContinuousClock.Instant
    private let isDraining: @Sendable () -> Bool

    /// - Parameter checks: the ones used for readiness are asked on every call, `database` also for `/health`.
    package init(
        checks: [Check], board: DependencyBoard, build: BuildInfo, time: Time,
        startedAt: ContinuousClock.Instant = .now, isDraining: @escaping @Sendable () -> Bool
    ) {
        self.checks = checks
        self.board = board
        self.build = build
        self.time = time
        self.startedAt = startedAt
        self.isDraining = isDraining
    }

    package var uptimeSeconds: Double {
        let parts = (ContinuousClock.now - startedAt).components
        return Double(parts.seconds) + Double(parts.attoseconds / 1_000_000_000_000_000) / 1_000
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/health", "Show version, build, uptime and whether the database answers", tag: "Health",
                access: .open, returns: Self.overviewSchema
            ) { _ in try await overview() },
            Route(
                .get, "/health/live", "Say that the process is alive", tag: "Health", access: .open,
                returns: .object(name: "Liveness", [.init("status", .oneOf(["ok"]))])
            ) { _ in .json(Array(#"{"status":"ok"}"#.utf8)) },
            Route(
                .get, "/health/ready", "Say whether requests should come here", tag: "Health", access: .open,
                returns: Self.reportSchema, problems: [503]
            ) { _ in try await readiness() },
            Route(
                .get, "/health/dependencies", "Show what is known of the vendors", tag: "Health", access: .open,
                limits: .init(handlerSeconds: 45), returns: Self.reportSchema
            ) { _ in try await dependencies() },
        ]
    }

    private func overview() async throws -> HTTPResponse {
        let database = await checks.first { $0.name == "database" }?.run()
        let isConnected = database?.status == .ok
        let body = Overview(
            status: isConnected ? "ok" : "degraded", database: isConnected ? "connected" : "disconnected",
            timestamp: time.now(), version: BuildInfo.version, build: build, uptime: uptimeSeconds)
        return Self.uncached(.json(try JSON.encode(body)))
    }

    private func readiness() async throws -> HTTPResponse {
        var results = await Check.run(checks, for: .readiness)
        results.append(("draining", isDraining() ? .failed("the server is shutting down") : .ok("no")))
        let report = Report(results.map { ($0.name, $0.result, nil) })
        return Self.uncached(.json(try JSON.encode(report), status: report.status == "ok" ? 200 : 503))
    }

    private func dependencies() async throws -> HTTPResponse {
        let report = Report(await board.current().map { ($0.name, $0.result, $0.checkedAt) })
        return Self.uncached(.json(try JSON.encode(report)))
    }

    private static func uncached(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.fields["cache-control"] = "no-store"
        return response
    }

    private struct Overview: Encodable {
        let status: String
        let database: String
        let timestamp: Date
        let version: String
        let build: BuildInfo
        /// Seconds.
        let uptime: Double
    }

    /// The shape the original's clients know (`@nestjs/terminus`): what is up under `info`, what is down under `error`,
    /// both under `details`.
    private struct Report: Encodable {
        struct Entry: Encodable {
            let status: String
            let message: String
            let checkedAt: Date?
        }

        let status: String
        let info: [String: Entry]
        let error: [String: Entry]
        let details: [String: Entry]

        init(_ results: [(name: String, result: CheckResult, checkedAt: Date?)]) {
            func entries(where isWanted: (CheckResult) -> Bool) -> [String: Entry] {
                let wanted = results.filter { isWanted($0.result) }.map { row in
                    let status = row.result.status == .failed ? "down" : "up"
                    return (row.name, Entry(status: status, message: row.result.message, checkedAt: row.checkedAt))
                }
                return Dictionary(wanted, uniquingKeysWith: { first, _ in first })
            }
            info = entries { $0.status != .failed }
            error = entries { $0.status == .failed }
            details = entries { _ in true }
            status = error.isEmpty ? "ok" : "error"
        }
    }

    private static let overviewSchema = Schema.object(
        name: "Health",
        [
            .init("status", .oneOf(["ok", "degraded"])), .init("database", .oneOf(["connected", "disconnected"])),
            .init("timestamp", .format("date-time")), .init("version", .string),
            .init(
                "build",
                .object(
                    name: "Build", [.init("number", .string), .init("date", .string), .init("commit", .string)])),
            .init("uptime", .number, "Seconds since the process started."),
        ])

    private static let reportSchema = Schema.object(
        name: "HealthReport",
        [
            .init("status", .oneOf(["ok", "error"])), .init("info", .any, "What is up, by name."),
            .init("error", .any, "What is down, by name."), .init("details", .any, "Everything, by name."),
        ])
}
