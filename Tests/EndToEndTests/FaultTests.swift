import HTTPWire
import Foundation
import Kernel
import TestKit
import Testing

/// Every vendor failing in every way on the calls that must happen once.
@Suite(.serialized) struct FaultTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        let vendor: String
        let call: String
        let fault: String
        var status: Int64?

        var json: JSONValue {
            var members: [String: JSONValue] = [
                "vendor": .string(vendor), "call": .string(call), "fault": .string(fault), "times": 2, "delayMs": 300,
            ]
            if let status { members["status"] = .integer(status) }
            return .object(members)
        }

        var testDescription: String { "\(vendor) \(call) \(fault)\(status.map { " \($0)" } ?? "")" }
    }

    static let faults: [Fault] = [
        ("simplyprint", "queue/AddItem"), ("sendcloud", "createParcel"), ("shopify", "fulfillmentCreate"),
    ].flatMap { vendor, call in
        [
            Fault(vendor: vendor, call: call, fault: "dropBefore"),
            Fault(vendor: vendor, call: call, fault: "dropAfter"),
            Fault(vendor: vendor, call: call, fault: "late"), Fault(vendor: vendor, call: call, fault: "html"),
            Fault(vendor: vendor, call: call, fault: "status", status: 500),
            Fault(vendor: vendor, call: call, fault: "status", status: 429),
        ]
    }

    @Test func everyFaultOfEveryVendorEndsInOneEffectEach() async throws {
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 500)
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await system.waitUntilReady(port: port)
        try await Shop.createMappings(system, port: port)
        try await system.control("faults", .array(Self.faults.map(\.json)))
        let (ids, prints) = try await Shop.placeOrders(24, system)
        try await eventually(within: .seconds(240), "every order is fulfilled") {
            try await Shop.allFulfilled(system, ids)
        }
        Shop.expectOnce(try await system.ledger(), orders: ids, prints: prints)
        await system.stop()
    }

    /// Contracts: a lost `job.done` heals by the poll, a repeated one changes nothing.
    @Test func webhooksOfTheFarmMayBeLostRepeatedAndLate() async throws {
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 500)
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await system.waitUntilReady(port: port)
        try await Shop.createMappings(system, port: port)
        let hooks: [JSONValue] = [
            ["vendor": "simplyprint", "call": "job.done", "fault": "hookDrop", "probability": 0.5],
            ["vendor": "simplyprint", "call": "job.started", "fault": "hookDuplicate", "probability": 0.5],
            ["vendor": "simplyprint", "call": "*", "fault": "hookDelay", "delayMs": 200, "probability": 0.3],
            ["vendor": "shopify", "call": "orders/create", "fault": "hookDuplicate", "probability": 1.0],
        ]
        try await system.control("faults", .array(hooks))
        let (ids, prints) = try await Shop.placeOrders(9, system)
        try await eventually(within: .seconds(90), "every order is fulfilled") {
            try await Shop.allFulfilled(system, ids)
        }
        Shop.expectOnce(try await system.ledger(), orders: ids, prints: prints)
        await system.stop()
    }

    @Test func aCancelledOrderTakesItsUnstartedPrintsBack() async throws {
        let port = try FreePort.take()
        // Slow prints: most items still wait when the order is cancelled.
        let system = try await LiveSystem(target: port, speed: 10)
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await system.waitUntilReady(port: port)
        try await Shop.createMappings(system, port: port)
        let placed = try await system.control("orders", ["lines": [["sku": "TRAY-3", "quantity": 6]]])
        let id = try #require(placed["id"]?.string)
        try await eventually("its prints are queued") { try await system.ledger().simplyprint.queueItems.count == 18 }
        try await system.control("orders/\(id)/cancel", [:])
        try await eventually("what waits is taken back") {
            let ledger = try await system.ledger()
            let started = Set(ledger.simplyprint.jobs.compactMap(\.reference))
            return ledger.simplyprint.queueItems.allSatisfy { $0.deleted || started.contains($0.reference ?? "") }
        }
        let order = try await system.send(.get, "http://127.0.0.1:\(port)/api/v1/orders?shopifyOrderId=\(id)")
        #expect(order["items"]?[0]?["status"] == "cancelled")
        let ledger = try await system.ledger()
        #expect(ledger.sendcloud.parcels.isEmpty && ledger.shopify.fulfillments.isEmpty)
        await system.stop()
    }
}
