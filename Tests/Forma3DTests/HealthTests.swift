import Foundation
import HTTPWire
import Kernel
import Logging
import Routing
import Synchronization
import Testing

@testable import Forma3D

@Suite struct HealthTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func routes(
        checks: [Check], isDraining: Bool = false, now: @escaping @Sendable () -> Date = { Date() }
    ) -> HealthRoutes {
        HealthRoutes(
            checks: checks, board: DependencyBoard(checks: checks, time: Time(now: now), logger: Self.quiet),
            build: BuildInfo(environment: ["BUILD_NUMBER": "7"]), time: Time { Date(timeIntervalSince1970: 0) },
            isDraining: { isDraining })
    }

    private func get(_ path: String, _ routes: HealthRoutes) async throws -> (status: Int, body: [String: JSONValue]) {
        let route = try #require(routes.routes.first { $0.pattern.text == path })
        let call = Call(
            request: HTTPRequest(method: .get, path: path), route: route, pathParameters: [:])
        let response = try await route.handle(call)
        guard case .object(let members) = try JSON.decode(JSONValue.self, from: response.bodyBytes ?? []) else {
            return (response.status.code, [:])
        }
        return (response.status.code, members)
    }

    private func check(_ name: String, _ uses: Set<Check.Use>, _ result: CheckResult) -> Check {
        Check(name, uses: uses) { result }
    }

    @Test func theOverviewHasTheOriginalsShape() async throws {
        let (status, body) = try await get("/health", routes(checks: [check("database", [.readiness], .ok("x"))]))
        #expect(status == 200)
        #expect(body["status"] == "ok" && body["database"] == "connected")
        #expect(body["timestamp"] == "1970-01-01T00:00:00.000Z" && body["version"] == .string(BuildInfo.version))
        #expect(body["build"] == ["number": "7", "date": "dev", "commit": "dev"])
        #expect(body["uptime"] != nil)
    }

    @Test func aLostDatabaseShowsAndMakesUnready() async throws {
        let routes = routes(checks: [check("database", [.readiness], .failed("gone"))])
        #expect(try await get("/health", routes).body["database"] == "disconnected")
        let (status, body) = try await get("/health/ready", routes)
        #expect(status == 503)
        #expect(body["error"]?["database"]?["status"] == "down")
        #expect(try await get("/health/live", routes).status == 200)
    }

    @Test func drainingMakesUnreadyButStaysAlive() async throws {
        let routes = routes(checks: [check("database", [.readiness], .ok("x"))], isDraining: true)
        #expect(try await get("/health/ready", routes).status == 503)
        #expect(try await get("/health/live", routes).status == 200)
    }

    @Test func aWarningIsUp() async throws {
        let routes = routes(checks: [check("database", [.readiness], .warning("slow"))])
        #expect(try await get("/health/ready", routes).status == 200)
    }

    @Test func vendorsNeverMakeUnreadyAndAreShownByName() async throws {
        let routes = routes(checks: [
            check("database", [.readiness], .ok("x")), check("shopify", [.dependency], .failed("401")),
            check("sendcloud", [.dependency], .ok("fine")),
        ])
        #expect(try await get("/health/ready", routes).status == 200)
        let (status, body) = try await get("/health/dependencies", routes)
        #expect(status == 200 && body["status"] == "error")
        #expect(body["info"]?["sendcloud"]?["status"] == "up")
        #expect(body["error"]?["shopify"]?["message"] == "401")
    }

    @Test func vendorsAreAskedAgainOnlyWhenTheAnswerIsOld() async throws {
        let asked = Mutex(0)
        let now = Mutex(Date(timeIntervalSince1970: 0))
        let check = Check("shopify", uses: [.dependency]) {
            asked.withLock { $0 += 1 }
            return .ok("fine")
        }
        let board = DependencyBoard(checks: [check], time: Time { now.withLock { $0 } }, logger: Self.quiet)
        _ = await board.current()
        _ = await board.current()
        #expect(asked.withLock { $0 } == 1)
        now.withLock { $0 += DependencyBoard.staleAfterSeconds + 1 }
        _ = await board.current()
        #expect(asked.withLock { $0 } == 2)
    }

    @Test func aCheckThatHangsFailsAtItsLimit() async {
        let check = Check("slow", uses: [.doctor], timeoutSeconds: 0.01) {
            try? await Task.sleep(for: .seconds(60))
            return .ok("late")
        }
        #expect(await check.run() == .failed("no answer within 0 s"))
    }

    @Test func checksKeepTheirOrder() async {
        let checks = (0..<20).map { check("c\($0)", [.doctor], .ok("")) }
        #expect(await Check.run(checks, for: .doctor).map(\.name) == checks.map(\.name))
    }

    @Test(arguments: [
        (UInt64(1), CheckResult.Status.failed), (500 * 1_024 * 1_024, .warning), (1 << 40, .ok),
    ])
    func freeSpaceIsJudged(_ bytes: UInt64, _ status: CheckResult.Status) {
        #expect(MachineChecks.disk(freeBytes: bytes).status == status)
    }

    @Test func aFolderThatDoesNotExistYetIsJudgedByTheOneAbove() {
        #expect(MachineChecks.disk(at: "not/there/yet").status != .failed)
        #expect(MachineChecks.disk(at: "/not/there/yet").status != .failed)
    }
}
