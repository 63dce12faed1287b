import Cryptography
import HTTPWire

/// Signs a body the way its vendor does.
struct ReplaySigner: Sendable {
    let shopifySecret: String
    let simplyPrintSecret: String
    let sendcloudSecret: String
    let shopDomain: String

    /// The header fields of one delivery.
    /// - Parameter deliveryID: Shopify's identity of the delivery.
    func fields(for payload: ReplayPayload, deliveryID: String) -> HTTPFields {
        var fields: HTTPFields = ["content-type": "application/json"]
        switch payload.vendor {
        case .shopify:
            fields["x-shopify-topic"] = payload.topic
            fields["x-shopify-webhook-id"] = deliveryID
            fields["x-shopify-shop-domain"] = shopDomain
            fields["x-shopify-hmac-sha256"] = Base64.encode(code(payload.body, shopifySecret))
        case .simplyprint:
            fields["x-sp-secret"] = simplyPrintSecret
        case .sendcloud:
            fields["sendcloud-signature"] = Hex.encode(code(payload.body, sendcloudSecret))
        }
        return fields
    }

    private func code(_ body: [UInt8], _ secret: String) -> [UInt8] {
        HMACSHA256.authenticationCode(for: body, key: Array(secret.utf8))
    }
}
