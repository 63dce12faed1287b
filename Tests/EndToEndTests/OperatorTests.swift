import Processes
import Foundation
import HTTPClient
import HTTPWire
import Kernel
import TestKit
import Testing

/// One server as operators and outside checks see it.
@Suite(.serialized) struct OperatorTests {
    @Test func oneOrdersWholeStoryOverTheAPI() async throws {
        let port = try FreePort.take()
        let base = "http://127.0.0.1:\(port)"
        let system = try await LiveSystem(target: port, speed: 500)
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await system.waitUntilReady(port: port)
        try await Shop.createMappings(system, port: port)
        let placed = try await system.control(
            "orders", ["lines": [["sku": "BOX-4", "quantity": 1]], "email": "a@example.com"])
        let shopifyID = try #require(placed["id"]?.string)
        try await eventually(within: .seconds(60), "the order is fulfilled") {
            let found = try await system.send(.get, "\(base)/api/v1/orders?shopifyOrderId=\(shopifyID)")
            return found["items"]?[0]?["status"] == "fulfilled"
        }
        let line = try #require(try await system.send(.get, "\(base)/api/v1/orders?status=fulfilled")["items"]?[0])
        #expect(line["printJobCount"] == 5 && line["shipmentCount"] == 1 && line["lineItems"] == nil)
        let id = try #require(line["id"]?.string)
        let order = try await system.send(.get, "\(base)/api/v1/orders/\(id)")
        #expect(order["shopifyOrderId"]?.string == shopifyID && order["attention"] == .null)
        #expect(order["lineItems"]?[0]?["state"] == "done")
        #expect(order["printJobs"]?.array?.allSatisfy { $0["state"] == "done" && $0["jobUid"]?.string != nil } == true)
        #expect(order["fulfillments"]?[0]?["state"] == "tracking_sent")
        try await expectDenseTimeline(system, "\(base)/api/v1/orders/\(id)/timeline")
        let shipment = try #require(order["shipments"]?[0]?["id"]?.string)
        let label = try await system.http.send(
            .init(
                method: .get, url: "\(base)/api/v1/shipments/\(shipment)/label",
                fields: ["x-api-key": LiveSystem.operatorKey]))
        #expect(label.fields["content-type"] == "application/pdf" && label.body.starts(with: Array("%PDF".utf8)))
        let log = system.logText("server")
        #expect(!log.contains("a@example.com") && !log.contains("Testa Koper"), "no personal data in the log")
        #expect(!log.contains("shpat_") && !log.contains(LiveSystem.operatorKey), "no secrets in the log")
        await system.stop()
    }

    private func expectDenseTimeline(_ system: LiveSystem, _ url: String) async throws {
        let events = try #require(try await system.send(.get, url)["items"]?.array)
        #expect(events.compactMap { $0["version"]?.integer } == Array(1...Int64(events.count)))
        let names = Set(events.compactMap { $0["event"]?.string })
        #expect(
            names.isSuperset(of: [
                "order.created", "printjob.created", "printjob.completed", "order.ready-for-fulfillment",
                "shipment.created",
                "fulfillment.created", "order.fulfilled",
            ]))
        #expect(events.allSatisfy { $0["correlationId"]?.string?.isEmpty == false })
    }

    @Test func badCallsGetClearProblems() async throws {
        let port = try FreePort.take()
        let base = "http://127.0.0.1:\(port)"
        let system = try await LiveSystem(target: port, speed: 500)
        try system.startServer("server", port: port, settings: ["DATABASE_URL": "private"])
        try await system.waitUntilReady(port: port)
        func call(
            _ method: HTTPMethod, _ path: String, _ fields: HTTPFields = ["x-api-key": LiveSystem.operatorKey],
            _ body: String = ""
        ) async throws -> (status: Int, problem: JSONValue) {
            var fields = fields
            if !body.isEmpty, fields["content-type"] == nil { fields["content-type"] = "application/json" }
            let answer = try await system.http.send(
                .init(method: method, url: base + path, fields: fields, body: Array(body.utf8)))
            return (answer.status.code, (try? JSON.decode(JSONValue.self, from: answer.body)) ?? .null)
        }
        let noKey = try await call(.get, "/api/v1/orders", [:])
        #expect(noKey.status == 401 && noKey.problem["detail"] == "API key required")
        let wrongKey = try await call(.get, "/api/v1/orders", ["x-api-key": "wrong"])
        #expect(wrongKey.status == 401 && wrongKey.problem["detail"] == "Invalid API key")
        let unsigned = try await call(.post, "/webhooks/shopify", ["x-shopify-topic": "orders/create"], "{}")
        #expect(unsigned.status == 401 && unsigned.problem["requestId"]?.string != nil)
        let status = try await call(.get, "/api/v1/orders?status=lost")
        #expect(status.status == 422 && status.problem["field"] == "status")
        #expect(try await call(.get, "/api/v1/orders/not-an-id").status == 404)
        #expect(try await call(.delete, "/api/v1/orders").status == 405)
        #expect(try await call(.get, "/nowhere").status == 404)
        #expect(
            try await call(.post, "/api/v1/product-mappings", ["x-api-key": LiveSystem.operatorKey], "{").status == 400)
        let media = try await call(
            .post, "/api/v1/product-mappings", ["x-api-key": LiveSystem.operatorKey, "content-type": "text/xml"], "<a/>"
        )
        #expect(media.status == 415)
        let deep = String(repeating: "[", count: 50_000)
        #expect(
            try await call(.post, "/api/v1/product-mappings", ["x-api-key": LiveSystem.operatorKey], deep).status == 400
        )
        let large = String(repeating: " ", count: 5 * 1_024 * 1_024 + 1)
        #expect(try await call(.post, "/webhooks/simplyprint", [:], large).status == 413)
        let correlated = try await system.http.send(
            .init(method: .get, url: base + "/health", fields: ["x-correlation-id": "mine-42"]))
        #expect(correlated.fields["x-correlation-id"] == "mine-42")
        await system.stop()
    }

    @Test func aSecondSIGTERMStopsAtOnce() async throws {
        let port = try FreePort.take()
        let system = try await LiveSystem(target: port, speed: 500)
        try system.startServer(
            "server", port: port, settings: ["DATABASE_URL": "private", "SIMPLYPRINT_API_TIMEOUT_MS": "20000"])
        try await system.waitUntilReady(port: port)
        try await Shop.createMappings(system, port: port)
        // A job in hand that the drain would wait for.
        let slow: JSONValue = ["vendor": "simplyprint", "call": "queue/AddItem", "fault": "delay", "delayMs": 15_000]
        try await system.control("faults", [slow])
        _ = try await Shop.placeOrders(1, system)
        try await eventually("the call is on its way") { try await !system.ledger().simplyprint.queueItems.isEmpty }
        let begun = ContinuousClock.now
        system.signal("server", SIGTERM)
        try await eventually("it drains") { system.logText("server").contains("draining") }
        let status = await system.terminate("server")
        #expect(ContinuousClock.now - begun < .seconds(8))
        #expect(status?.isSuccess == false, "it says that it did not end in order")
        await system.stop()
    }
}
