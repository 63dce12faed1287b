import HTTPWire
package import Jobs
import Kernel
package import Routing

/// The log of events as a feed: every committed event once, in an order that never changes.
package struct EventRoutes: Sendable {
    private let feed: EventFeed

    package init(feed: EventFeed) {
        self.feed = feed
    }

    /// Below every proxy's own patience.
    private static let waitSecondsMaximum = 30

    package var routes: [Route] {
        [
            Route(
                .get, "/api/v1/events", "Read the log of events, or wait for the next", tag: "Events",
                access: .operators,
                parameters: [
                    .init("after", "a cursor of an earlier answer; without it from the beginning"),
                    .init("limit", "1 to 500, default 100", .integer),
                    .init("waitSeconds", "0 to 30, default 0: how long to wait for the first", .integer),
                ],
                returns: .object(
                    name: "EventList",
                    [
                        .init(
                            "items",
                            .array(
                                .object(
                                    name: "LoggedEvent",
                                    [
                                        .init("cursor", .string), .init("name", .string),
                                        .init("subject", .format("uuid"), "the order, or zeros"),
                                        .init("version", .integer, "dense for each subject"),
                                        .init("data", .any), .init("correlationId", .string),
                                        .init("source", .string), .init("at", .format("date-time")),
                                    ]))),
                        .init("nextCursor", .string, "what to ask for next; the same when nothing came"),
                    ]), problems: [422], handle: list)
        ]
    }

    private func list(_ call: Call) async throws -> HTTPResponse {
        let limit = try call.integer("limit", in: 1...500, default: 100)
        let wait = try call.integer("waitSeconds", in: 0...Self.waitSecondsMaximum, default: 0)
        var cursor = EventCursor.start
        if let text = call.query("after") {
            guard let given = EventCursor(text) else {
                throw Problem.invalid([.init("after", "is no cursor", allowed: "a cursor of an earlier answer")])
            }
            cursor = given
        }
        let entries = try await feed.read(after: cursor, limit: limit, waitSeconds: Double(wait))
        let next = entries.last?.cursor ?? cursor
        return .json(
            try JSON.encode(
                JSONValue.object([
                    "items": .array(try entries.map(Self.write)), "nextCursor": .string(next.description),
                ])))
    }

    private static func write(_ entry: EventFeed.Entry) throws -> JSONValue {
        [
            "cursor": .string(entry.cursor.description), "name": .string(entry.event.name),
            "subject": .string(entry.subject.description), "version": .integer(entry.event.version),
            "data": try JSON.decode(JSONValue.self, from: entry.event.data),
            "correlationId": .string(entry.event.correlationID.text), "source": .string(entry.event.source),
            "at": JSONValue(entry.event.at),
        ]
    }
}
