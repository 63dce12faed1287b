package import Kernel

extension ShipmentView {
    /// On the wire.
    package var json: JSONValue {
        [
            "id": .string(id.description), "orderId": .string(orderID.description),
            "state": .string(state.rawValue), "parcelId": JSONValue(vendorID: parcelID),
            "carrier": JSONValue(carrierCode), "trackingNumber": JSONValue(trackingNumber),
            "trackingUrl": JSONValue(trackingURL), "weightGrams": .integer(Int64(weightGrams)),
            "hasLabel": .bool(hasLabel), "carrierStatus": JSONValue(carrierStatus),
            "createdAt": JSONValue(createdAt), "updatedAt": JSONValue(updatedAt),
            "attention": Attention.json(attention),
        ]
    }
}
