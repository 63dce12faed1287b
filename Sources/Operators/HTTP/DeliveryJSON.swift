import Inbox
import Kernel
import Routing

/// Webhooks on the wire.
enum DeliveryJSON {
    private static let head: [Schema.Property] = [
        .init("id", .format("uuid")), .init("source", .string), .init("topic", .string),
        .init("state", .oneOf(DeliveryView.State.allCases.map(\.rawValue))),
        .init("reason", .nullable(.string), "why it failed"),
        .init("orderId", .nullable(.format("uuid"))), .init("correlationId", .string),
        .init("receivedAt", .format("date-time")), .init("processedAt", .nullable(.format("date-time"))),
        .init("isErased", .boolean),
        .init("isSynthetic", .boolean, "made here, because the vendor's own was lost"),
        .init("replays", .integer, "how often an operator had it processed once more"),
    ]

    static let summarySchema = Schema.object(name: "Webhook", head)

    static let schema = Schema.object(
        name: "WebhookDetail",
        head + [
            .init("dedupeKey", .string),
            .init(
                "headers",
                .array(.object(name: "WebhookHeader", [.init("name", .string), .init("value", .string)])),
                "without signatures and credentials"),
            .init("bodyBytes", .integer, "0 once erased"),
            .init(
                "preview", .nullable(.string),
                "the body as JSON, personal data masked, the first \(previewMaximum) characters"),
        ])

    /// Characters of a body that are shown.
    static let previewMaximum = 16_384

    static func summary(_ delivery: DeliveryView) -> JSONValue { .object(members(delivery)) }

    static func write(_ delivery: DeliveryDetail) -> JSONValue {
        var members = members(delivery.view)
        members["dedupeKey"] = .string(delivery.dedupeKey)
        members["headers"] = .array(
            delivery.headers.map { header in
                ["name": .string(header.name), "value": .string(PersonalDataMask.mask(header.value))]
            })
        members["bodyBytes"] = .integer(Int64(delivery.bodyBytes))
        members["preview"] = JSONValue(delivery.body.flatMap(preview))
        return .object(members)
    }

    /// Nil for what is no JSON: nothing can be masked in it.
    private static func preview(_ body: [UInt8]) -> String? {
        guard let value = try? JSON.decode(JSONValue.self, from: body),
            let text = try? JSON.text(PersonalDataMask.mask(value))
        else { return nil }
        return String(text.prefix(previewMaximum))
    }

    private static func members(_ delivery: DeliveryView) -> [String: JSONValue] {
        [
            "id": .string(delivery.id.description), "source": .string(delivery.source),
            "topic": .string(delivery.topic), "state": .string(delivery.state.rawValue),
            "reason": JSONValue(delivery.note.map(PersonalDataMask.mask)), "orderId": JSONValue(delivery.subject),
            "correlationId": .string(delivery.correlationID.text), "receivedAt": JSONValue(delivery.receivedAt),
            "processedAt": JSONValue(delivery.processedAt), "isErased": .bool(delivery.isErased),
            "isSynthetic": .bool(delivery.isSynthetic), "replays": .integer(Int64(delivery.replays)),
        ]
    }
}
