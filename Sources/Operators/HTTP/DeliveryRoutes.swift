import HTTPWire
package import Inbox
import Kernel
package import Routing

/// What became of the vendors' webhooks: what came in under one correlation id, and what nobody could make sense of,
/// which can be tried again once the cause is mended.
package struct DeliveryRoutes: Sendable {
    private let inbox: Inbox

    package init(inbox: Inbox) {
        self.inbox = inbox
    }

    /// Webhooks one request puts back at most; the next request takes the rest.
    private static let retryMaximum = 10_000

    package var routes: [Route] { [listing, retryOne, retryAll] }

    private var listing: Route {
        Route(
            .get, "/api/v1/webhooks", "List webhooks that failed, or those of one correlation id", tag: "Webhooks",
            access: .operators,
            parameters: [
                .init("correlationId", "only this one's, in whatever state"),
                .init("limit", "1 to 200, default 50", .integer),
            ],
            returns: .object(
                name: "WebhookList",
                [
                    .init(
                        "items",
                        .array(
                            .object(
                                name: "Webhook",
                                [
                                    .init("id", .format("uuid")), .init("source", .string), .init("topic", .string),
                                    .init("state", .oneOf(["received", "processed", "failed"])),
                                    .init("reason", .nullable(.string), "why it failed"),
                                    .init("orderId", .nullable(.format("uuid"))), .init("correlationId", .string),
                                    .init("receivedAt", .format("date-time")), .init("isErased", .boolean),
                                ]))), .init("nextCursor", .nullable(.string)),
                ]), problems: [422], handle: list)
    }

    private var retryOne: Route {
        Route(
            .post, "/api/v1/webhooks/{id}/retry", "Process one failed webhook again", tag: "Webhooks",
            access: .operators, returns: Self.retried, status: 202, problems: [404, 409],
            handle: { call in
                switch try await inbox.retry(call.id("id")) {
                case .queued: return try Self.answer(1)
                case .unknown: throw Problem.notFound("There is no webhook with this id; old ones are pruned.")
                case .notFailed: throw Problem.conflict("This webhook has not failed, so there is nothing to retry.")
                case .erased:
                    throw Problem.conflict("The body of this webhook was erased, so it cannot be processed again.")
                }
            })
    }

    private var retryAll: Route {
        Route(
            .post, "/api/v1/webhooks/retry", "Process every failed webhook again", tag: "Webhooks", access: .operators,
            returns: Self.retried, status: 202,
            handle: { _ in try Self.answer(await inbox.retryFailed(limit: Self.retryMaximum)) })
    }

    private static let retried = Schema.object(name: "Retried", [.init("retried", .integer)])

    private static func answer(_ count: Int) throws -> HTTPResponse {
        .json(try JSON.encode(JSONValue.object(["retried": .integer(Int64(count))])), status: 202)
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let limit = try call.integer("limit", in: 1...200, default: 50)
        let deliveries: [DeliveryView]
        if let text = call.query("correlationId") {
            guard let id = CorrelationID(text) else {
                throw Problem.invalid([
                    .init("correlationId", "is no correlation id", allowed: "1 to 128 visible ASCII characters")
                ])
            }
            deliveries = try await inbox.deliveries(of: id)
        } else {
            deliveries = try await inbox.failedDeliveries(limit: limit)
        }
        return .json(
            try JSON.encode(
                JSONValue.object(["items": .array(deliveries.prefix(limit).map(Self.write)), "nextCursor": .null])))
    }

    private static func write(_ delivery: DeliveryView) -> JSONValue {
        [
            "id": .string(delivery.id.description), "source": .string(delivery.source),
            "topic": .string(delivery.topic),
            "state": .string(delivery.state.rawValue), "reason": JSONValue(delivery.note),
            "orderId": JSONValue(delivery.subject), "correlationId": .string(delivery.correlationID.text),
            "receivedAt": JSONValue(delivery.receivedAt), "isErased": .bool(delivery.isErased),
        ]
    }
}
