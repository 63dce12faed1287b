package import FoundationEssentials
import Kernel

/// What Sendcloud reported. Deliveries come up to ten times and out of order.
package struct SendcloudEvent: Hashable, Sendable {
    /// `parcel_status_changed`, …
    package var action: String
    package var at: Date?
    /// For `parcel_status_changed` only.
    package var parcel: Parcel?

    package init(action: String, at: Date?, parcel: Parcel?) {
        self.action = action
        self.at = at
        self.parcel = parcel
    }

    /// - Throws: `DecodingError` when the body is no JSON object, or the parcel it is about has no id or status.
    package static func decode(_ body: [UInt8]) throws -> SendcloudEvent {
        try JSON.decode(Wire.self, from: body).event
    }

    private struct Wire: Decodable {
        var event: SendcloudEvent

        init(from decoder: any Decoder) throws {
            let object = try decoder.looseObject()
            // `integration_credentials` comes without an action and holds keys: nothing of it is kept.
            let action = object.filledText("action") ?? ""
            event = SendcloudEvent(
                action: action, at: object.integer("timestamp").flatMap(SendcloudDate.fromUnix), parcel: nil)
            guard action == "parcel_status_changed" else { return }
            event.parcel = try object.decode(WireParcel.self, forKey: "parcel").parcel
        }
    }
}
