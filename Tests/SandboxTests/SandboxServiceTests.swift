import Cryptography
import FoundationEssentials
import HTTPClient
import HTTPWire
import TestKit
import Testing

@testable import Forma3DSandbox

/// The whole stand-in over real sockets.
@Suite struct SandboxServiceTests {
    private static let parcel: JSONNode = [
        "parcel": [
            "name": "Testa Koper", "address": "Voorbeeldstraat", "house_number": "12", "city": "Gent",
            "postal_code": "9000", "country": "BE", "request_label": true, "shipment": ["id": 2077],
            "weight": "1.250", "order_number": "#1001", "external_reference": "ref-1",
        ]
    ]

    @Test func anOrderIsDeliveredSignedAsShopifySigns() async throws {
        try await Sandbox.run { sandbox in
            let answer = try await sandbox.send(
                .post, "/__control/orders", body: ["lines": [["sku": "LAMP-BLK", "quantity": 2]]])
            #expect(answer.status == 201)
            let id = try #require(answer.node["id"]?.string)
            try await eventually("both webhooks") { sandbox.target.received("/webhooks/shopify").count == 2 }
            let hooks = sandbox.target.received("/webhooks/shopify")
            #expect(Set(hooks.compactMap { $0.fields["x-shopify-topic"] }) == ["orders/create", "orders/paid"])
            #expect(Set(hooks.compactMap { $0.fields["x-shopify-webhook-id"] }).count == 2)
            #expect(Set(hooks.compactMap { $0.fields["x-shopify-event-id"] }).count == 1)
            for hook in hooks {
                let code = HMACSHA256.authenticationCode(
                    for: hook.body, key: Array(SandboxCredentials.shopSecret.utf8))
                #expect(hook.fields["x-shopify-hmac-sha256"] == Base64.encode(code))
                #expect(hook.fields["x-shopify-shop-domain"] == SandboxCredentials.shopDomain)
                let stamp = try #require(hook.fields["x-shopify-triggered-at"])
                #expect(stamp.count == "2024-08-07T22:57:57.290670248Z".count)
                #expect(String(decoding: hook.body, as: UTF8.self).contains("gid:\\/\\/shopify\\/Order\\/\(id)"))
            }
            let orders = try await sandbox.ledger().at("shopify", "orders")
            #expect(
                orders == [["id": .string(id), "name": "#1001", "displayFulfillmentStatus": "UNFULFILLED"]])
        }
    }

    @Test func aWholeBodyIsSentOnByteForByte() async throws {
        try await Sandbox.run { sandbox in
            let text =
                "{ \"id\": 820982911946154508, \"name\": \"#77\",\n \"line_items\": [ { \"id\": 1 } ], \"odd\": 1.0 }"
            let answer = try await sandbox.send(.post, "/__control/orders", bytes: Array(text.utf8))
            #expect(answer.node == ["id": "820982911946154508", "name": "#77"])
            try await eventually("the webhook") { sandbox.target.received("/webhooks/shopify").count == 1 }
            #expect(sandbox.target.received.first?.body == Array(text.utf8))
            let silent = try await sandbox.send(
                .post, "/__control/orders?deliver=false", body: ["lines": [["sku": "A"]]])
            #expect(silent.status == 201)
            let hooks = try await sandbox.send(.get, "/__control/hooks").node
            #expect(hooks["deliveries"]?.array?.count == 1)
        }
    }

    @Test func aRefusedWebhookComesAgainWithTheSameID() async throws {
        try await Sandbox.run { sandbox in
            sandbox.target.answer(with: [500, 503])
            _ = try await sandbox.send(
                .post, "/__control/orders?topics=orders/create", body: ["lines": [["sku": "A"]]])
            try await eventually("three attempts") { sandbox.target.received.count == 3 }
            let hooks = sandbox.target.received
            #expect(Set(hooks.compactMap { $0.fields["x-shopify-webhook-id"] }).count == 1)
            #expect(Set(hooks.map(\.body)).count == 1)
            try await eventually("the last one counts") {
                let book = try await sandbox.send(.get, "/__control/hooks").node
                return book.at("deliveries", "0", "state") == "delivered"
                    && book.at("deliveries", "0", "attempts")?.array?.count == 3
            }
        }
    }

    @Test func hooksAreDroppedDoubledAndForged() async throws {
        try await Sandbox.run { sandbox in
            _ = try await sandbox.send(
                .post, "/__control/faults",
                body: [
                    ["vendor": "shopify", "call": "orders/create", "fault": "hookDrop"],
                    ["vendor": "shopify", "call": "orders/paid", "fault": "hookDuplicate", "times": 1],
                    ["vendor": "shopify", "call": "orders/paid", "fault": "hookWrongSignature"],
                ])
            _ = try await sandbox.control("orders", ["lines": [["sku": "A"]]])
            try await eventually("twice paid") { sandbox.target.received.count == 2 }
            #expect(Set(sandbox.target.received.compactMap { $0.fields["x-shopify-webhook-id"] }).count == 1)
            _ = try await sandbox.control("orders", ["lines": [["sku": "A"]]])
            try await eventually("the forged one") { sandbox.target.received.count == 3 }
            let forged = try #require(sandbox.target.received.last)
            let code = HMACSHA256.authenticationCode(
                for: forged.body, key: Array(SandboxCredentials.shopSecret.utf8))
            #expect(forged.fields["x-shopify-hmac-sha256"] != Base64.encode(code))
            #expect(sandbox.target.received("/webhooks/shopify", topic: "orders/create").isEmpty)
        }
    }

    @Test func scatteredHooksComeSeveralTimesAndOutOfOrder() async throws {
        try await Sandbox.run { sandbox in
            let fault: JSONNode = [
                "vendor": "shopify", "call": "hook", "fault": "hookScatter", "copies": 8, "delayMs": 300,
            ]
            _ = try await sandbox.send(.post, "/__control/faults", body: [fault])
            for _ in 0..<20 { _ = try await sandbox.control("orders", ["lines": [["sku": "A"]]]) }
            func deliveries() async throws -> [JSONNode] {
                try await sandbox.send(.get, "/__control/hooks").node.at("deliveries")?.array ?? []
            }
            try await eventually("every copy has come") {
                let deliveries = try await deliveries()
                return deliveries.allSatisfy { $0["state"] == "delivered" }
                    && deliveries.count == sandbox.target.received.count
            }
            let ids = sandbox.target.received.compactMap { $0.fields["x-shopify-webhook-id"] }
            let copies = Dictionary(ids.map { ($0, 1) }, uniquingKeysWith: +)
            #expect(copies.count == 40, "orders/create and orders/paid of each")
            #expect(copies.values.allSatisfy { (1...8).contains($0) })
            // That all of 40 come once has a chance of one in 8^40; that they come in order, of less.
            #expect(ids.count > copies.count)
            #expect(Self.distinct(ids) != Self.distinct(try await deliveries().compactMap { $0["webhookId"]?.string }))
        }
    }

    /// In the order in which each came first.
    private static func distinct(_ ids: [String]) -> [String] {
        ids.reduce(into: []) { found, id in if !found.contains(id) { found.append(id) } }
    }

    @Test func linksBeginWithThePublicURL() async throws {
        try await Sandbox.run(publicURL: "http://127.0.0.1:9") { sandbox in
            let made = try await sandbox.parcels(.post, "parcels", Self.parcel)
            let url = try #require(made.node.at("parcel", "label", "label_printer")?.string)
            #expect(url.hasPrefix("http://127.0.0.1:9/sendcloud/api/v2/"))
        }
    }

    @Test func printsFulfilmentsAndParcelsLandInTheLedger() async throws {
        try await Sandbox.run { sandbox in
            let id = try #require(try await sandbox.control("orders", ["lines": [["sku": "A"]]])["id"]?.string)
            let added = try await sandbox.farm(
                "queue/AddItem",
                [
                    "filesystem": "c00489ef361771ac098b5a60e6740757", "amount": 2,
                    "custom_fields": [["customFieldId": "forma3d_reference", "value": ["string": "r-1"]]],
                ])
            #expect(added.node["created_id"] == 101)
            #expect(try await sandbox.parcels(.post, "parcels", Self.parcel).status == 200)
            try await eventually("two prints") {
                let jobs = try await sandbox.ledger().at("simplyprint", "jobs")?.array ?? []
                return jobs.count == 2 && jobs.allSatisfy { $0["state"] == "finished" }
            }
            var targets: JSONNode?
            try await eventually("the fulfilment order") {
                targets = try await sandbox.graphQL(
                    "query Q($id: ID!) { order(id: $id) { fulfillmentOrders(first: 5) { nodes { id } } } }",
                    ["id": .string("gid://shopify/Order/\(id)")]
                ).at("data", "order", "fulfillmentOrders", "nodes")
                return targets?.array?.isEmpty == false
            }
            let variables: JSONNode = [
                "fulfillment": [
                    "notifyCustomer": true, "trackingInfo": ["number": "3SX"],
                    "lineItemsByFulfillmentOrder": [["fulfillmentOrderId": targets?.at("0", "id") ?? nil]],
                ]
            ]
            let made = try await sandbox.graphQL(Shop.create, variables)
            #expect(made.at("data", "fulfillmentCreate", "userErrors") == [])
            let ledger = try await sandbox.ledger()
            #expect(ledger.members?.map(\.name) == ["simplyprint", "sendcloud", "shopify", "mail", "push"])
            #expect(
                ledger.at("simplyprint", "queueItems") == [
                    [
                        "id": "101", "reference": "r-1", "fileId": "c00489ef361771ac098b5a60e6740757", "amount": 2,
                        "deleted": false,
                    ]
                ])
            let job = try #require(ledger.at("simplyprint", "jobs", "0"))
            #expect(job.members?.map(\.name) == ["id", "uid", "queueItemId", "reference", "state"])
            #expect(job["queueItemId"] == "101")
            let parcel = try #require(ledger.at("sendcloud", "parcels", "0"))
            #expect(
                parcel.members?.map(\.name) == [
                    "id", "externalReference", "orderNumber", "labelRequested", "cancelled",
                ])
            #expect(parcel["id"]?.string != nil)
            let fulfilment = try #require(ledger.at("shopify", "fulfillments", "0"))
            #expect(
                fulfilment.members?.map(\.name) == ["id", "orderId", "trackingNumber", "notifyCustomer", "cancelled"])
            #expect(fulfilment["orderId"] == .string(id))
            #expect(ledger.at("shopify", "orders", "0", "displayFulfillmentStatus") == "FULFILLED")
            try await eventually("every vendor's webhooks") {
                let prints = sandbox.target.received("/webhooks/simplyprint")
                let parcels = sandbox.target.received("/webhooks/sendcloud")
                return prints.count >= 4 && !parcels.isEmpty
            }
            let print = try #require(sandbox.target.received("/webhooks/simplyprint").first)
            #expect(print.fields["x-sp-secret"] == SandboxCredentials.farmHookSecret)
            let status = try #require(sandbox.target.received("/webhooks/sendcloud").first)
            let code = HMACSHA256.authenticationCode(
                for: status.body, key: Array(SandboxCredentials.parcelHookSecret.utf8))
            #expect(status.fields["sendcloud-signature"] == Hex.encode(code))
        }
    }

    @Test func connectionsAreCutBeforeOrAfterTheEffect() async throws {
        try await Sandbox.run { sandbox in
            let item: JSONNode = ["filesystem": "c00489ef361771ac098b5a60e6740757"]
            func items() async throws -> Int {
                try await sandbox.ledger().at("simplyprint", "queueItems")?.array?.count ?? -1
            }
            func add(under fault: JSONNode) async throws {
                _ = try await sandbox.send(.post, "/__control/faults", body: [fault])
                await #expect(throws: HTTPClientError.self) { _ = try await sandbox.farm("queue/AddItem", item) }
            }
            try await add(under: ["vendor": "simplyprint", "call": "queue/AddItem", "fault": "dropBefore", "times": 1])
            #expect(try await items() == 0)
            try await add(under: ["vendor": "simplyprint", "call": "AddItem", "fault": "dropAfter", "times": 1])
            #expect(try await items() == 1)
            try await add(
                under: ["vendor": "*", "call": "queue/additem", "fault": "late", "delayMs": 150, "times": 1])
            #expect(try await items() == 1)
            try await eventually("the late effect") { try await items() == 2 }
            #expect(try await sandbox.farm("queue/AddItem", item).status == 200)
        }
    }

    @Test func statusesPagesAndThrottlesStandInForAnswers() async throws {
        try await Sandbox.run { sandbox in
            _ = try await sandbox.send(
                .post, "/__control/faults",
                body: [
                    [
                        "vendor": "sendcloud", "call": "createParcel", "fault": "status", "status": 429,
                        "retryAfter": 7, "times": 1,
                    ], ["vendor": "sendcloud", "call": "getParcels", "fault": "html"],
                    ["vendor": "shopify", "call": "locations", "fault": "throttle"],
                ])
            let limited = try await sandbox.send(
                .post, "/sendcloud/api/v2/parcels", fields: ["authorization": Sandbox.basic], body: Self.parcel)
            #expect(limited.status == 429)
            #expect(limited.fields["retry-after"] == "7")
            let page = try await sandbox.send(
                .get, "/sendcloud/api/v2/parcels", fields: ["authorization": Sandbox.basic])
            #expect(page.status == 502)
            #expect(page.fields["content-type"]?.hasPrefix("text/html") == true)
            let throttled = try await sandbox.graphQL("{ locations(first: 1) { nodes { id } } }")
            #expect(throttled.at("errors", "0", "message") == "Throttled")
            #expect(try await sandbox.graphQL("{ shop { name } }").at("data", "shop", "name") == "Forma3D Sandbox")
            let bad = try await sandbox.send(.post, "/__control/faults", body: [["vendor": "x"]])
            #expect(bad.status == 422)
            #expect(bad.node.at("fields", "0", "field") == "[0].vendor")
            _ = try await sandbox.send(.post, "/__control/faults", body: [])
            #expect(try await sandbox.parcels(.get, "parcels").status == 200)
        }
    }

    @Test func credentialsAreAskedForInEachVendorsWay() async throws {
        try await Sandbox.run { sandbox in
            let shop = try await sandbox.send(
                .post, "/shopify/admin/api/2026-07/graphql.json", fields: ["x-shopify-access-token": "wrong"],
                body: ["query": "{ shop { name } }"])
            #expect(shop.status == 401)
            #expect(
                shop.node == [
                    "errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"
                ])
            #expect(shop.fields["x-request-id"] != nil)
            let farm = try await sandbox.farm("account/Test", key: "wrong")
            #expect(farm.status == 401)
            #expect(farm.node == ["status": false, "message": "No API key provided, or not logged in"])
            let basic = try await sandbox.send(
                .get, "/simplyprint/\(SandboxCredentials.farmCompanyID)/account/Test",
                fields: ["authorization": Sandbox.basic])
            #expect(basic.status == 401)
            let company = try await sandbox.send(
                .get, "/simplyprint/1/account/Test", fields: ["x-api-key": SandboxCredentials.farmKey])
            #expect(company.node["message"] == "You don't have access to this account")
            let parcel = try await sandbox.send(.get, "/sendcloud/api/v2/user")
            #expect(
                parcel.node == [
                    "error": ["message": "Invalid username/password.", "request": "api/v2/user", "code": 401]
                ])
            let missing = try await sandbox.farm("queue/RemoveItem")
            #expect(missing.status == 404)
        }
    }

    @Test func simplyPrintsLimitIsKept() async throws {
        try await Sandbox.run(rateLimit: 3) { sandbox in
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await sandbox.farm("account/Test").status) }
            #expect(statuses == [200, 200, 200, 429])
        }
    }

    @Test func labelsNeedCredentials() async throws {
        try await Sandbox.run { sandbox in
            let made = try await sandbox.parcels(.post, "parcels", Self.parcel)
            let url = try #require(made.node.at("parcel", "label", "label_printer")?.string)
            let path = String(url.dropFirst(sandbox.root.count))
            #expect(url.hasPrefix(sandbox.root))
            #expect(try await sandbox.send(.get, path).status == 401)
            let label = try await sandbox.send(.get, path, fields: ["authorization": Sandbox.basic])
            #expect(label.status == 200)
            #expect(label.bytes.starts(with: Array("%PDF-".utf8)))
        }
    }

    @Test func cancellingAnOrderIsToldAndResetForgets() async throws {
        try await Sandbox.run { sandbox in
            let id = try #require(try await sandbox.control("orders", ["lines": [["sku": "A"]]])["id"]?.string)
            #expect(try await sandbox.control("orders/\(id)/cancel")["cancelled"] == true)
            try await eventually("the cancellation") {
                sandbox.target.received("/webhooks/shopify", topic: "orders/cancelled").count == 1
                    && sandbox.target.received("/webhooks/shopify", topic: "orders/updated").count == 1
            }
            let again = try await sandbox.send(.post, "/__control/orders/\(id)/cancel")
            #expect(again.status == 409)
            #expect(try await sandbox.send(.post, "/__control/orders/1/cancel").status == 404)
            _ = try await sandbox.control("reset")
            #expect(
                try await sandbox.ledger() == [
                    "simplyprint": ["queueItems": [], "files": [], "jobs": []], "sendcloud": ["parcels": []],
                    "shopify": ["fulfillments": [], "orders": []], "mail": ["mails": []], "push": ["messages": []],
                ])
        }
    }

    @Test func settingsAndTheClockAreTurned() async throws {
        try await Sandbox.run(speed: 1) { sandbox in
            let bad = try await sandbox.send(
                .post, "/__control/settings", body: ["simplyprint": ["printers": -1, "wat": 1]])
            #expect(bad.status == 422)
            #expect(
                bad.node["fields"]?.array?.compactMap { $0["field"]?.string } == [
                    "simplyprint.printers", "simplyprint.wat",
                ])
            let good = try await sandbox.control("settings", ["simplyprint": ["identifierKey": "id", "printers": 1]])
            #expect(good.at("simplyprint", "printers") == 1)
            let added = try await sandbox.farm(
                "queue/AddItem", ["filesystem": "c00489ef361771ac098b5a60e6740757"])
            #expect(added.node["id"] == 101)
            #expect(added.node["created_id"] == nil)
            _ = try await sandbox.control("clock", ["advanceSeconds": 3_600])
            try await eventually("the print is over") {
                try await sandbox.ledger().at("simplyprint", "jobs", "0", "state") == "finished"
            }
        }
    }

    @Test func tokensOfTheClientCredentialsGrantWork() async throws {
        try await Sandbox.run { sandbox in
            let answer = try await sandbox.send(
                .post, "/shopify/admin/oauth/access_token",
                body: [
                    "grant_type": "client_credentials", "client_id": .string(SandboxCredentials.shopClientID),
                    "client_secret": .string(SandboxCredentials.shopSecret),
                ])
            let token = try #require(answer.node["access_token"]?.string)
            func name() async throws -> Int {
                try await sandbox.send(
                    .post, "/shopify/admin/api/2026-07/graphql.json", fields: ["x-shopify-access-token": token],
                    body: ["query": "{ shop { name } }"]
                ).status
            }
            #expect(try await name() == 200)
            _ = try await sandbox.control("shopify/tokens/expire")
            #expect(try await name() == 401)
        }
    }

    @Test func theSettingsForAServerAreComplete() {
        let names = SandboxOptions().environment(port: 4_010).map(\.name)
        #expect(Set(names).isSuperset(of: ["SHOPIFY_API_URL", "SENDCLOUD_API_URL", "SIMPLYPRINT_API_URL"]))
        #expect(names.count == Set(names).count)
    }
}
