import FoundationEssentials
import HTTPWire
import Jobs
import Kernel
import Logging
import Operators
import Postgres
import Routing
import TestKit
import Testing

/// The operator's hand over effects, without a server.
@Suite struct EffectRoutesTests {
    private struct Desk: Sendable {
        let database: Database
        let routes: [Route]

        init(_ database: Database) {
            self.database = database
            let effects = Effects(
                database: database, settings: JobSettings(), vendorLagSeconds: 0, logger: Logger(label: "test"))
            effects.register(once: Post())
            routes =
                EffectRoutes(
                    board: EffectBoard(database: database, outbox: Outbox(wakeUps: WakeUps()), effects: effects)
                ).routes
        }

        func call(
            _ method: HTTPMethod, _ pattern: String, reference: String? = nil, query: String = "", body: String = ""
        ) async throws -> (status: Int, json: JSONValue, text: String) {
            let route = try #require(routes.first { $0.method == method && $0.pattern.text == pattern })
            #expect(route.access == .operators)
            var request = HTTPRequest(
                method: method, path: pattern, fields: ["content-type": "application/json"],
                body: .bytes(Array(body.utf8)))
            request.query = query
            do {
                let answer = try await route.handle(
                    Call(
                        request: request, route: route,
                        pathParameters: reference.map { ["reference": $0] } ?? [:]))
                let text = String(decoding: answer.bodyBytes ?? [], as: UTF8.self)
                return (answer.status.code, try JSON.decode(JSONValue.self, from: text), text)
            } catch let problem as Problem {
                return (problem.status, .null, problem.detail)
            }
        }

        func resolve(_ body: String, reference: String = "mail-1") async throws -> (
            status: Int, json: JSONValue, text: String
        ) {
            try await call(.post, "/api/v1/effects/{reference}/resolve", reference: reference, body: body)
        }

        func addMail(_ reference: String, _ state: String = "unknown") async throws {
            try await database.execute(
                """
                INSERT INTO jobs.effect (reference, kind, state, correlation_id, request, sends, sent_at, unknown_at,
                    last_error, job_kind, job_payload)
                SELECT \(reference), 'test.mail', state, 'c', '{"to": "jane@example.com", "subject": "Hello"}',
                    CASE WHEN state = 'planned' THEN 0 ELSE 1 END,
                    CASE WHEN state <> 'planned' THEN jobs.clock() END,
                    CASE WHEN state = 'unknown' THEN jobs.clock() END, 'no answer for jane@example.com',
                    'notifications.mail', '{"mail": 1}'
                FROM (SELECT \(state)::text AS state) AS given
                """)
        }
    }

    private struct Post: OnceOnlyVendor {
        static let kind = "test.mail"
        let callTimeoutSeconds = 1.0

        func send(_ request: [String: String], reference: String) async throws -> [String: String] { [:] }
    }

    @Test func whatIsNotSettledIsListedAndMasked() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            try await desk.addMail("mail-1")
            try await desk.addMail("mail-2", "planned")
            let list = try await desk.call(.get, "/api/v1/effects")
            #expect(list.json["items"]?[0]?["reference"] == "mail-1")
            #expect(list.json["items"]?[1] == nil)
            #expect(list.json["items"]?[0]?["hasLiveJob"] == false)
            let planned = try await desk.call(.get, "/api/v1/effects", query: "state=planned&kind=test.mail&limit=1")
            #expect(planned.json["items"]?[0]?["reference"] == "mail-2")
            let one = try await desk.call(.get, "/api/v1/effects/{reference}", reference: "mail-1")
            #expect(one.json["request"]?["subject"] == "Hello")
            for text in [list.text, one.text] { #expect(!text.contains("jane")) }
            #expect(try await desk.call(.get, "/api/v1/effects", query: "state=lost").status == 422)
            #expect(
                try await desk.call(.get, "/api/v1/effects/{reference}", reference: "mail-9").status == 404)
        }
    }

    @Test func aDecisionIsRecordedSaidAndCarriedOn() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            try await desk.addMail("mail-1")
            let answer = try await desk.resolve(#"{"decision":"not-made","reason":"the relay has no line of it"}"#)
            #expect(answer.status == 200)
            #expect(answer.json["state"] == "planned")
            #expect(answer.json["resolvedAs"] == "not-made")
            let events = try await database.query("SELECT data FROM jobs.event WHERE name = 'effect.resolved'")
            let data = try JSON.decode(JSONValue.self, from: events[0]("data", as: String.self))
            #expect(data["by"] == "operator")
            #expect(data["reason"] == "the relay has no line of it")
            let jobs = try await database.query("SELECT kind, payload FROM jobs.job WHERE state = 'ready'")
            #expect(try jobs.map { try $0("kind") } == ["notifications.mail"])
            #expect(try await desk.resolve(#"{"decision":"made","reason":"again"}"#).status == 409)
        }
    }

    @Test(arguments: [
        (#"{"decision":"maybe","reason":"x"}"#, 422), (#"{"decision":"made","reason":" "}"#, 422),
        (#"{"decision":"made"}"#, 422), (#"{"decision":"not-made","vendorId":"7","reason":"x"}"#, 422),
        (#"{"decision":"ask-again","reason":"x"}"#, 409), ("{", 400),
    ])
    func aDecisionThatIsNoneIsRefused(body: String, status: Int) async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            try await desk.addMail("mail-1")
            #expect(try await desk.resolve(body).status == status)
            #expect(try await desk.resolve(body, reference: "mail-9").status == (status == 409 ? 404 : status))
        }
    }
}
