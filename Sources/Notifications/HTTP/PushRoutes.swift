import HTTPWire
import Kernel
package import Routing

/// Push messages over REST: what a browser needs to subscribe and to leave.
package struct PushRoutes: Sendable {
    private let subscriptions: PushSubscriptions

    package init(subscriptions: PushSubscriptions) {
        self.subscriptions = subscriptions
    }

    private static let subscriptionSchema = Schema.object(
        name: "PushSubscription",
        [
            .init("endpoint", .string, "an https URL of the browser's push service"),
            .init("expirationTime", .nullable(.number), required: false, "not used"),
            .init(
                "keys",
                .object(
                    name: "PushSubscriptionKeys",
                    [
                        .init("p256dh", .string, "base64url of 65 bytes"),
                        .init("auth", .string, "base64url of 16 bytes"),
                    ])),
        ])

    /// As `PushSubscription.toJSON()` gives it.
    private struct Body: Decodable {
        struct Keys: Decodable {
            let p256dh: String
            let auth: String
        }
        let endpoint: String
        let keys: Keys
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/api/v1/push/key", "Show the key that browsers subscribe with", tag: "Push messages",
                access: .operators, returns: .object(name: "PushKey", [.init("key", .string, "base64url of 65 bytes")]),
                problems: [404],
                handle: { _ in
                    .json(try JSON.encode(["key": JSONValue.string(try subscriptions.publicKey())]))
                }),
            Route(
                .post, "/api/v1/push/subscriptions", "Subscribe a browser; again gives the same id",
                tag: "Push messages", access: .operators, takes: Self.subscriptionSchema,
                returns: .object(name: "PushSubscriptionId", [.init("id", .format("uuid"))]), status: 201,
                problems: [400, 404, 409, 415, 422],
                handle: { call in
                    let body = try await call.decode(Body.self)
                    let id = try await subscriptions.subscribe(
                        endpoint: body.endpoint, key: body.keys.p256dh, authentication: body.keys.auth)
                    return .json(try JSON.encode(["id": JSONValue(id)]), status: 201)
                }),
            // By id, not by endpoint: an endpoint is a capability and must not stand in a path or query that is logged.
            Route(
                .delete, "/api/v1/push/subscriptions/{id}", "Unsubscribe a browser", tag: "Push messages",
                access: .operators, status: 204, problems: [404],
                handle: { call in
                    try await subscriptions.unsubscribe(call.id("id"))
                    return HTTPResponse(status: 204)
                }),
        ]
    }
}
