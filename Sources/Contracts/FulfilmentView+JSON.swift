package import Kernel

extension FulfilmentView {
    /// On the wire.
    package var json: JSONValue {
        [
            "id": .string(id.description), "state": .string(state.rawValue),
            "shopifyFulfillmentId": JSONValue(vendorID: shopifyFulfillmentID),
            "trackingNumber": JSONValue(trackingNumber),
            "trackingCompany": JSONValue(trackingCompany), "trackingUrl": JSONValue(trackingURL),
            "createdAt": JSONValue(createdAt), "updatedAt": JSONValue(updatedAt),
            "attention": Attention.json(attention),
        ]
    }
}
