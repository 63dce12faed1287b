import HTTPWire
package import Inbox
import Jobs
import Kernel
package import Routing

/// What became of the vendors' webhooks: what came in, what nobody could make sense of, and how one is processed again.
package struct DeliveryRoutes: Sendable {
    private let inbox: Inbox

    package init(inbox: Inbox) {
        self.inbox = inbox
    }

    /// Webhooks one request puts back at most; the next request takes the rest.
    private static let retryMaximum = 10_000

    package var routes: [Route] { [listing, one, retryOne, replay, retryAll] }

    private var listing: Route {
        Route(
            .get, "/api/v1/webhooks", "List webhooks, newest first", tag: "Webhooks", access: .operators,
            parameters: Page<WebhookTag>.parameters + [
                .init("state", "only this state", .oneOf(DeliveryView.State.allCases.map(\.rawValue))),
                .init("source", "only this vendor's, `shopify`"), .init("topic", "only this topic, `orders/create`"),
                .init("since", "only those received at or after this time", .format("date-time")),
                .init("orderId", "only about this order", .format("uuid")),
                .init("correlationId", "only this one's"),
            ],
            returns: Page<WebhookTag>.schema(name: "WebhookPage", of: DeliveryJSON.summarySchema), problems: [422],
            handle: list)
    }

    private var one: Route {
        Route(
            .get, "/api/v1/webhooks/{id}", "Show one webhook with its headers and a masked preview of its body",
            tag: "Webhooks", access: .operators, returns: DeliveryJSON.schema, problems: [404],
            handle: { call in
                guard let delivery = try await inbox.delivery(call.id("id")) else { throw Self.unknown }
                return .json(try JSON.encode(DeliveryJSON.write(delivery)))
            })
    }

    private var retryOne: Route {
        Route(
            .post, "/api/v1/webhooks/{id}/retry", "Process one failed webhook again", tag: "Webhooks",
            access: .operators, takes: ActRequest.schema, returns: Self.retried, status: 202,
            problems: [400, 404, 409, 422],
            handle: { call in
                switch try await inbox.retry(call.id("id"), by: call.act()) {
                case .queued: return try Self.answer(1)
                case .unknown: throw Self.unknown
                case .notFailed: throw Problem.conflict("This webhook has not failed, so there is nothing to retry.")
                case .erased: throw Self.erased
                }
            })
    }

    private var replay: Route {
        Route(
            .post, "/api/v1/webhooks/{id}/replay", "Process any stored webhook once more", tag: "Webhooks",
            access: .operators, takes: ActRequest.schema,
            returns: .object(name: "Replayed", [.init("replayed", .integer)]), status: 202,
            problems: [400, 404, 409, 422],
            handle: { call in
                switch try await inbox.replay(call.id("id"), by: call.act()) {
                case .queued: return .json(try JSON.encode(JSONValue.object(["replayed": 1])), status: 202)
                case .unknown: throw Self.unknown
                case .waiting: throw Problem.conflict("This webhook is received now and waits to be processed.")
                case .erased: throw Self.erased
                }
            })
    }

    private var retryAll: Route {
        Route(
            .post, "/api/v1/webhooks/retry", "Process every failed webhook again", tag: "Webhooks", access: .operators,
            takes: ActRequest.schema, returns: Self.retried, status: 202, problems: [400, 422],
            handle: { call in
                try Self.answer(await inbox.retryFailed(limit: Self.retryMaximum, by: call.act()))
            })
    }

    private static let retried = Schema.object(name: "Retried", [.init("retried", .integer)])
    private static let unknown = Problem.notFound("There is no webhook with this id; old ones are pruned.")
    private static let erased = Problem.conflict(
        "The body of this webhook was erased, so it cannot be processed again.")

    private static func answer(_ count: Int) throws -> HTTPResponse {
        .json(try JSON.encode(JSONValue.object(["retried": .integer(Int64(count))])), status: 202)
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let page = try Page<WebhookTag>(call)
        var search = Inbox.Search(limit: page.limit + 1)
        search.before = page.before
        search.state = try call.choice("state")
        search.source = call.query("source")
        search.topic = call.query("topic")
        search.subject = try call.optionalID("orderId")
        if let text = call.query("correlationId") {
            guard let id = CorrelationID(text) else {
                throw Problem.invalid([
                    .init("correlationId", "is no correlation id", allowed: "1 to 128 visible ASCII characters")
                ])
            }
            search.correlationID = id
        }
        if let text = call.query("since") {
            guard let since = Timestamp.parse(text) else {
                throw Problem.invalid([
                    .init("since", "is no time", allowed: "RFC 3339, 2026-11-20T14:03:31Z")
                ])
            }
            search.since = since
        }
        return try page.answer(await inbox.deliveries(search), id: \.id, write: DeliveryJSON.summary)
    }
}
