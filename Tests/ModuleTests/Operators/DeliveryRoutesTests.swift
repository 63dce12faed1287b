import HTTPWire
import Inbox
import Jobs
import Kernel
import Operators
import Postgres
import Routing
import TestKit
import Testing

/// Failed webhooks over REST: what is to be seen of them and how they come back.
@Suite struct DeliveryRoutesTests {
    private struct Desk: Sendable {
        let database: Database
        let routes: [Route]

        init(_ database: Database) {
            self.database = database
            let inbox = Inbox(
                database: database, outbox: Outbox(wakeUps: WakeUps()), sources: [], identities: .system,
                retentionDays: 90, dedupeHours: 72, logger: .quiet)
            routes = DeliveryRoutes(inbox: inbox).routes
        }

        func post(_ path: String, id: String? = nil) async throws -> String {
            let route = try #require(routes.first { $0.method == .post && $0.pattern.text == path })
            #expect(route.access == .operators)
            let call = Call(
                request: HTTPRequest(method: .post, path: path, fields: [:], body: .bytes([])), route: route,
                pathParameters: id.map { ["id": $0] } ?? [:])
            do {
                let answer = try await route.handle(call)
                return "\(answer.status.code) \(String(decoding: answer.bodyBytes ?? [], as: UTF8.self))"
            } catch let problem as Problem {
                return "\(problem.status)"
            }
        }

        func retry(_ id: WebhookID) async throws -> String {
            try await post("/api/v1/webhooks/{id}/retry", id: id.description)
        }

        func store(_ state: String, isErased: Bool = false) async throws -> WebhookID {
            let id: WebhookID = Identities.system.make()
            try await database.execute(
                """
                INSERT INTO inbox.webhook (id, source, topic, dedupe_key, correlation_id, headers, body, erased_at,
                    state, note, processed_at)
                SELECT \(id), 'shopify', 'orders/create', \(id.description), 'c', '[]',
                    CASE WHEN erased THEN NULL ELSE '\\x00'::bytea END, CASE WHEN erased THEN jobs.clock() END, state,
                    CASE WHEN state = 'failed' THEN 'why' END, CASE WHEN state = 'processed' THEN jobs.clock() END
                FROM (SELECT \(state)::text AS state, \(isErased)::boolean AS erased) AS given
                """)
            return id
        }
    }

    @Test func oneFailedWebhookIsRetriedAndEveryOtherAnswersWhyNot() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            let failed = try await desk.store("failed")
            #expect(try await desk.retry(failed) == #"202 {"retried":1}"#)
            #expect(try await desk.retry(failed) == "409", "it waits already")
            #expect(try await desk.retry(desk.store("processed")) == "409")
            #expect(try await desk.retry(desk.store("failed", isErased: true)) == "409")
            #expect(try await desk.retry(Identities.system.make()) == "404")
            #expect(try await desk.post("/api/v1/webhooks/{id}/retry", id: "retry") == "404")
        }
    }

    @Test func everyFailedWebhookIsRetriedAtOnce() async throws {
        try await withDatabase { database in
            let desk = Desk(database)
            for _ in 0..<450 { _ = try await desk.store("failed") }
            _ = try await desk.store("processed")
            #expect(try await desk.post("/api/v1/webhooks/retry") == #"202 {"retried":450}"#)
            #expect(try await desk.post("/api/v1/webhooks/retry") == #"202 {"retried":0}"#)
            let jobs: Int = try await database.query(
                "SELECT count(*) AS count FROM jobs.job WHERE kind = 'inbox.process' AND state = 'ready'")[0]("count")
            #expect(jobs == 450)
        }
    }
}
