import Contracts
import Kernel
package import Routing

/// A shipment on the wire.
package enum ShipmentJSON {
    package static let schema = Schema.object(
        name: "Shipment",
        [
            .init("id", .format("uuid")), .init("orderId", .format("uuid")),
            .init("state", .oneOf(ShipmentState.allCases.map(\.rawValue))),
            .init("parcelId", .nullable(.string), "Sendcloud's, digits"), .init("carrier", .nullable(.string)),
            .init("trackingNumber", .nullable(.string)), .init("trackingUrl", .nullable(.string)),
            .init("weightGrams", .integer), .init("hasLabel", .boolean), .init("carrierStatus", .nullable(.string)),
            .init("createdAt", .format("date-time")), .init("updatedAt", .format("date-time")),
            .init("attention", .nullable(.attention)),
        ])
}
