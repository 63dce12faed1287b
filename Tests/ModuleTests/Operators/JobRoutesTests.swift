import FoundationEssentials
import HTTPWire
import Inbox
import Jobs
import Kernel
import Operators
import Postgres
import Routing
import TestKit
import Testing

/// Calls of the operators' routes, without a server.
private struct Desk: Sendable {
    struct Answer: Sendable {
        let status: Int
        let text: String
        var json: JSONValue { (try? JSON.decode(JSONValue.self, from: text)) ?? .null }
    }

    let database: Database
    let routes: [Route]

    init(_ database: Database) {
        self.database = database
        let outbox = Outbox(wakeUps: WakeUps())
        let inbox = Inbox(
            database: database, outbox: outbox, sources: [], identities: .system, retentionDays: 90, dedupeHours: 72,
            logger: .quiet)
        let kinds: [JobKind: JobKindFacts] = [
            "shipping.plan": .init(queue: "default", vendor: "sendcloud", category: "SHIPMENT"),
            "orders.map-lines": .init(queue: "default"),
        ]
        let board = JobBoard(database: database, outbox: outbox)
        routes = JobRoutes(board: board, kinds: kinds).routes + DeliveryRoutes(inbox: inbox).routes
    }

    func call(
        _ method: HTTPMethod, _ pattern: String, _ parameters: [String: String] = [:], query: String = "",
        body: String = ""
    ) async throws -> Answer {
        let route = try #require(routes.first { $0.method == method && $0.pattern.text == pattern })
        #expect(route.access == .operators)
        var request = HTTPRequest(
            method: method, path: pattern, fields: ["content-type": "application/json"],
            body: .bytes(Array(body.utf8)))
        request.query = query
        do {
            let answer = try await route.handle(Call(request: request, route: route, pathParameters: parameters))
            return Answer(
                status: answer.status.code, text: String(decoding: answer.bodyBytes ?? [], as: UTF8.self))
        } catch let problem as Problem {
            return Answer(status: problem.status, text: problem.detail)
        }
    }

    func addJob(_ kind: String, state: String = "dead", error: String? = "no", payload: String = "{}") async throws
        -> Int64
    {
        try await database.query(
            """
            INSERT INTO jobs.job (kind, state, payload, correlation_id, last_error, finished_at)
            SELECT \(kind), \(state)::text, \(payload)::jsonb, 'c', \(error),
                CASE WHEN \(state)::text IN ('dead', 'done', 'cancelled') THEN jobs.clock() END
            RETURNING id
            """)[0]("id")
    }

    func addWebhook(
        _ state: String, source: String = "shopify", topic: String = "orders/create", body: String = "{}"
    ) async throws -> WebhookID {
        let id: WebhookID = Identities.system.make()
        try await database.execute(
            """
            INSERT INTO inbox.webhook (id, source, topic, dedupe_key, correlation_id, headers, body, state, note,
                processed_at)
            SELECT \(id), \(source), \(topic), \(id.description), 'c', '[["x-shopify-topic","orders/create"]]',
                convert_to(\(body)::text, 'UTF8'), \(state)::text,
                CASE WHEN \(state)::text = 'failed' THEN 'why' END,
                CASE WHEN \(state)::text = 'processed' THEN jobs.clock() END
            """)
        return id
    }
}

@Suite struct JobRoutesTests {
    @Test func theListIsPagedAndFiltered() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            var ids: [String] = []
            for number in 0..<5 {
                let kind = number == 0 ? "shipping.plan" : number == 1 ? "future.kind" : "orders.map-lines"
                ids.append(String(try await desk.addJob(kind)))
            }
            var seen: [String] = []
            var query = "limit=2"
            while true {
                let page = try await desk.call(.get, "/api/v1/jobs", query: query).json
                seen += page["items"]?.array?.compactMap { $0["id"]?.string } ?? []
                guard let cursor = page["nextCursor"]?.string else { break }
                query = "limit=2&cursor=\(cursor)"
            }
            #expect(seen == ids.reversed())
            func found(_ query: String) async throws -> [String] {
                try await desk.call(.get, "/api/v1/jobs", query: query).json["items"]?.array?
                    .compactMap { $0["kind"]?.string } ?? []
            }
            #expect(try await found("vendor=sendcloud") == ["shipping.plan"])
            #expect(try await found("category=SHIPMENT&kind=orders.map-lines").isEmpty)
            #expect(try await found("queue=default").count == 4)
            #expect(try await found("kind=future.kind") == ["future.kind"], "also what this binary does not know")
            #expect(try await found("state=ready").isEmpty)
            for bad in ["state=odd", "cursor=x", "cursor=0", "limit=201", "orderId=7"] {
                #expect(try await desk.call(.get, "/api/v1/jobs", query: bad).status == 422, "\(bad)")
            }
        }
    }

    @Test func aJobOfANewerBinaryIsShownAsSuchAndItsPayloadIsMasked() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            let id = try await desk.addJob(
                "future.kind", error: "Refused for ada@example.com twice",
                payload: #"{"orderID":"7","shipping_address":{"city":"Gent"},"contact":"ada@example.com"}"#)
            let answer = try await desk.call(.get, "/api/v1/jobs/{id}", ["id": "\(id)"])
            #expect(answer.json["isKnown"] == false && answer.json["payload"]?["orderID"] == "7")
            for word in ["Gent", "ada@", "example.com"] { #expect(!answer.text.contains(word), "\(word)") }
            #expect(answer.json["lastError"] == "Refused for ••• twice")
            for bad in ["0", "-1", "x", "007", "99999999999999999999"] {
                #expect(try await desk.call(.get, "/api/v1/jobs/{id}", ["id": bad]).status == 404)
            }
        }
    }

    @Test func whoIsTooLateIsToldWhatTheJobIsNow() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            let id = ["id": "\(try await desk.addJob("shipping.plan"))"]
            let retried = try await desk.call(.post, "/api/v1/jobs/{id}/retry", id, body: #"{"reason":"mended"}"#)
            #expect(retried.status == 202 && retried.text == #"{"retried":1}"#)
            let late = try await desk.call(.post, "/api/v1/jobs/{id}/retry", id)
            #expect(late.status == 409 && late.text.contains("ready now"))
            let discarded = try await desk.call(
                .post, "/api/v1/jobs/{id}/discard", id, body: #"{"reason":"not wanted"}"#)
            #expect(discarded.json["state"] == "cancelled" && discarded.json["discardReason"] == "not wanted")
            let again = try await desk.call(.post, "/api/v1/jobs/{id}/discard", id, body: #"{"reason":"again"}"#)
            #expect(again.status == 409 && again.text.contains("cancelled now"))
            for bad in ["{}", "", #"{"reason":""}"#, #"{"reason":" "}"#] {
                #expect(try await desk.call(.post, "/api/v1/jobs/{id}/discard", id, body: bad).status == 422)
            }
            #expect(try await desk.call(.post, "/api/v1/jobs/{id}/retry", ["id": "77777"]).status == 404)
            let events: [String] = try await database.query("SELECT name FROM jobs.event ORDER BY seq")
                .map { try $0("name") }
            #expect(events == ["job.retried", "job.discarded"])
        }
    }

    @Test func aCauseAKindOrAVendorComesBackAtOnce() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            for number in 0..<3 { _ = try await desk.addJob("orders.map-lines", error: "Order \(number) is odd") }
            _ = try await desk.addJob("shipping.plan")
            _ = try await desk.addJob("future.kind")
            let groups = try await desk.call(.get, "/api/v1/jobs/groups").json["items"]?.array ?? []
            #expect(groups.map { $0["count"] } == [3, 1, 1] && groups[0]["error"] == "Order <n> is odd")
            let id = try #require(groups[0]["id"]?.string)
            #expect(
                try await desk.call(.post, "/api/v1/jobs/groups/{id}/retry", ["id": id]).text == #"{"retried":3}"#)
            #expect(try await desk.call(.post, "/api/v1/jobs/groups/{id}/retry", ["id": "x"]).status == 404)
            func all(_ body: String) async throws -> Desk.Answer {
                try await desk.call(.post, "/api/v1/jobs/retry", body: body)
            }
            #expect(try await all(#"{"vendor":"sendcloud"}"#).text == #"{"retried":1}"#)
            #expect(try await all(#"{"kind":"future.kind","reason":"new binary"}"#).text == #"{"retried":1}"#)
            for bad in ["{}", #"{"vendor":"nobody"}"#, #"{"kind":"a","vendor":"sendcloud"}"#] {
                #expect(try await all(bad).status == 422, "\(bad)")
            }
        }
    }
}

@Suite struct WebhookBoardTests {
    @Test func webhooksAreListedNewestFirstByWhatIsAskedFor() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            var ids: [String] = []
            for number in 0..<6 {
                ids.append(
                    try await desk.addWebhook(
                        ["received", "processed", "failed"][number % 3], source: number < 4 ? "shopify" : "sendcloud",
                        topic: number == 0 ? "orders/paid" : "orders/create"
                    ).description)
            }
            func found(_ query: String) async throws -> [String] {
                try await desk.call(.get, "/api/v1/webhooks", query: query).json["items"]?.array?
                    .compactMap { $0["id"]?.string } ?? []
            }
            // Within one millisecond it is the ids' random part that decides.
            func newest(_ ids: [String]) -> [String] { ids.sorted().reversed() }
            let first = try await desk.call(.get, "/api/v1/webhooks", query: "limit=4").json
            let cursor = try #require(first["nextCursor"]?.string)
            let rest = try await found("limit=4&cursor=\(cursor)")
            #expect((first["items"]?.array ?? []).compactMap { $0["id"]?.string } + rest == newest(ids))
            #expect(try await found("state=failed") == newest([ids[5], ids[2]]))
            #expect(try await found("source=sendcloud") == newest([ids[5], ids[4]]))
            #expect(try await found("topic=orders%2Fpaid") == [ids[0]])
            #expect(try await found("since=2020-01-01T00:00:00Z").count == 6)
            #expect(try await found("since=2120-01-01T00:00:00Z").isEmpty)
            #expect(try await found("correlationId=c").count == 6)
            #expect(try await found("correlationId=d").isEmpty)
            for bad in ["state=odd", "since=yesterday", "cursor=1", "orderId=x"] {
                #expect(try await desk.call(.get, "/api/v1/webhooks", query: bad).status == 422, "\(bad)")
            }
        }
    }

    @Test func aBodyIsShownWithoutWhoItIsAbout() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            let body = #"{"id":7,"email":"ada@example.com","shipping_address":{"zip":"9000"},"total_price":"4.50"}"#
            let id = ["id": try await desk.addWebhook("processed", body: body).description]
            let answer = try await desk.call(.get, "/api/v1/webhooks/{id}", id)
            #expect(answer.json["bodyBytes"] == .integer(Int64(body.utf8.count)))
            let preview = try #require(answer.json["preview"]?.string)
            let shown = try JSON.decode(JSONValue.self, from: preview)
            #expect(shown["total_price"] == "4.50" && shown["id"] == 7 && shown["email"] == "•••")
            #expect(!answer.text.contains("9000") && !answer.text.contains("ada@"))
            #expect(answer.json["headers"]?[0]?["name"] == "x-shopify-topic")
            let text = ["id": try await desk.addWebhook("failed", body: "Dear Ada").description]
            #expect(try await desk.call(.get, "/api/v1/webhooks/{id}", text).json["preview"] == .null)
        }
    }

    @Test func anyStoredWebhookIsReplayedOnItsOwnRowAndCounted() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            let id = ["id": try await desk.addWebhook("processed").description]
            let replayed = try await desk.call(
                .post, "/api/v1/webhooks/{id}/replay", id, body: #"{"reason":"to be sure"}"#)
            #expect(replayed.status == 202 && replayed.text == #"{"replayed":1}"#)
            let row = try await desk.call(.get, "/api/v1/webhooks/{id}", id).json
            #expect(row["state"] == "received" && row["replays"] == 1 && row["processedAt"] == .null)
            #expect(try await desk.call(.post, "/api/v1/webhooks/{id}/replay", id).status == 409, "it waits")
            let jobs: Int = try await database.query(
                "SELECT count(*) AS count FROM jobs.job WHERE kind = 'inbox.process' AND state = 'ready'")[0]("count")
            #expect(jobs == 1)
            let event: String = try await database.query("SELECT data FROM jobs.event WHERE name = 'webhook.replayed'")[
                0]("data")
            #expect(event.contains("to be sure") && event.contains("operator"))
            #expect(
                try await desk.call(
                    .post, "/api/v1/webhooks/{id}/replay", ["id": Identities.system.uuid().uuidString]
                ).status == 404)
        }
    }
}

@Suite struct PersonalDataMaskTests {
    @Test(arguments: [
        "email", "contact_email", "Email-Address", "phone", "shipping_address", "billingAddress", "address1", "city",
        "zip", "postal_code", "first_name", "lastName", "name", "customer", "company_name", "browser_ip", "note",
        "note_attributes", "access_token", "x-api-key", "latitude", "house_number", "client_details", "properties",
    ])
    func whatTellsAboutAPersonIsHiddenWhole(_ name: String) {
        let value: JSONValue = ["outer": [["a": 1], .object([name: ["deep": "Ada"]])]]
        let masked = PersonalDataMask.mask(value)
        #expect(masked == ["outer": [["a": 1], .object([name: "•••"])]])
        #expect(PersonalDataMask.mask(.object([name: .null])) == .object([name: .null]), "nothing is nothing to hide")
    }

    @Test(arguments: ["id", "orderID", "printJobID", "updated_at", "total_price", "sku", "quantity", "generation"])
    func whatDoesNotIsShown(_ name: String) {
        #expect(PersonalDataMask.mask(.object([name: "x"])) == .object([name: "x"]))
    }

    @Test func anAddressInAnyTextIsHidden() {
        #expect(PersonalDataMask.mask(["sku": "for ada@example.com please"]) == ["sku": "for ••• please"])
    }
}
