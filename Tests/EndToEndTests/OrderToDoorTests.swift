import HTTPWire
import Foundation
import HTTPClient
import Kernel
import Postgres
import Processes
import TestKit
import Testing

/// The whole, by running the executables. One after another: each starts servers of its own on two cores.
@Suite(.serialized) struct OrderToDoorTests {
    @Test func tenKillsDuringFortyOrdersLoseNothingAndDoNothingTwice() async throws {
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 200)
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await system.waitUntilReady(port: port)
        try await Shop.createMappings(system, port: port)
        let (ids, prints) = try await Shop.placeOrders(40, system)
        var random = SystemRandomNumberGenerator()
        for kill in 1...10 {
            // A random amount of progress, not of time: the next so-many effects, then the axe.
            let seen = try await effects(system)
            let target = min(seen + Int.random(in: 1...12, using: &random), prints + 2 * ids.count - 1)
            try await eventually(within: .seconds(60), "effect \(target) before kill \(kill)") {
                try await effects(system) >= target
            }
            await system.kill("server")
            try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
            try await system.waitUntilReady(port: port)
        }
        try await eventually(within: .seconds(120), "every order is fulfilled") {
            try await Shop.allFulfilled(system, ids)
        }
        try await expectQuiet(system)
        Shop.expectOnce(try await system.ledger(), orders: ids, prints: prints)
        await system.stop()
    }

    @Test func twoReplicasShareTheWork() async throws {
        let ports = (try FreePort.take(), try FreePort.take())
        let system = try await LiveSystem(target: ports.0, speed: 500)
        try await withDatabase(migrated: false) { database in
            let url = database.configuration.url
            try system.startServer("first", port: ports.0, settings: ["DATABASE_URL": url])
            try system.startServer("second", port: ports.1, settings: ["DATABASE_URL": url])
            try await system.waitUntilReady(port: ports.0)
            try await system.waitUntilReady(port: ports.1)
            try await Shop.createMappings(system, port: ports.1)
            let (ids, prints) = try await Shop.placeOrders(20, system)
            try await eventually(within: .seconds(90), "every order is fulfilled") {
                try await Shop.allFulfilled(system, ids)
            }
            Shop.expectOnce(try await system.ledger(), orders: ids, prints: prints)
            for port in [ports.0, ports.1] {
                let done = try await jobsDone(system, port: port)
                #expect(done > 0, "the replica on \(port) did some of the work")
            }
            await system.stop()
        }
    }

    @Test func aWebAndAWorkerProcessAreTheSystemTogether() async throws {
        let ports = (web: try FreePort.take(), worker: try FreePort.take())
        let system = try await LiveSystem(target: ports.web, speed: 500)
        try await withDatabase(migrated: false) { database in
            let url = database.configuration.url
            try system.startServer("web", port: ports.web, roles: "web", settings: ["DATABASE_URL": url])
            try system.startServer("worker", port: ports.worker, roles: "worker", settings: ["DATABASE_URL": url])
            try await system.waitUntilReady(port: ports.web)
            try await system.waitUntilReady(port: ports.worker)
            try await Shop.createMappings(system, port: ports.web)
            let (ids, prints) = try await Shop.placeOrders(6, system)
            try await eventually(within: .seconds(60), "every order is fulfilled") {
                try await Shop.allFulfilled(system, ids)
            }
            Shop.expectOnce(try await system.ledger(), orders: ids, prints: prints)
            #expect(try await jobsDone(system, port: ports.web) == 0, "the web process does no job")
            let orders = HTTPClientRequest(method: .get, url: "http://127.0.0.1:\(ports.worker)/api/v1/orders")
            #expect(try await system.http.send(orders).status.code == 404, "the worker has no API")
            #expect(await system.terminate("web") == .exited(code: 0))
            await system.stop()
        }
    }

    @Test func aStopInTheMiddleIsCleanAndTheNextStartGoesOn() async throws {
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 200)
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await system.waitUntilReady(port: port)
        try await Shop.createMappings(system, port: port)
        let (ids, prints) = try await Shop.placeOrders(6, system)
        try await eventually("something is printed") { try await effects(system) >= 3 }
        let stopped = ContinuousClock.now
        #expect(await system.terminate("server") == .exited(code: 0))
        #expect(ContinuousClock.now - stopped < .seconds(25))
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await eventually(within: .seconds(90), "every order is fulfilled") {
            try await Shop.allFulfilled(system, ids)
        }
        Shop.expectOnce(try await system.ledger(), orders: ids, prints: prints)
        await system.stop()
    }

    /// Everything the vendors did for us so far.
    private func effects(_ system: LiveSystem) async throws -> Int {
        let ledger = try await system.ledger()
        return ledger.simplyprint.queueItems.count + ledger.sendcloud.parcels.count + ledger.shopify.fulfillments.count
    }

    /// A late duplicate would come with the retries: wait until no job is left to do.
    private func expectQuiet(_ system: LiveSystem) async throws {
        var last = try await effects(system)
        var same = 0
        try await eventually(within: .seconds(30), "nothing more happens at the vendors") {
            let now = try await effects(system)
            same = now == last ? same + 1 : 0
            last = now
            return same > 100
        }
    }

    private func jobsDone(_ system: LiveSystem, port: Int) async throws -> Int {
        let answer = try await system.http.send(.init(method: .get, url: "http://127.0.0.1:\(port)/metrics"))
        return String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("forma3d_jobs_done_total") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0) { $0 + Int($1) }
    }
}
