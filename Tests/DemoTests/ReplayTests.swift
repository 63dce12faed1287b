import HTTPWire
import Kernel
import Testing

@testable import Forma3DDemo

@Suite struct ReplayTests {
    private func payloads(_ file: String, _ text: String) -> [ReplayPayload] {
        ReplayPayload.payloads(file: file, bytes: Array(text.utf8), vendor: nil, topic: nil)
    }

    @Test(arguments: [
        ("a.json", #"{"id":1,"line_items":[]}"#, "shopify", "orders/create"),
        ("a.json", #"{"id":1,"line_items":[],"cancelled_at":"2026-01-01T00:00:00Z"}"#, "shopify", "orders/cancelled"),
        ("a.json", #"{"id":1,"line_items":[],"cancelled_at":null}"#, "shopify", "orders/create"),
        ("a.json", #"{"id":1}"#, "shopify", "orders/delete"),
        ("a.json", #"{"order_edit":{"order_id":1}}"#, "shopify", "orders/edited"),
        ("a.json", #"{"id":1,"order_id":2,"refund_line_items":[]}"#, "shopify", "refunds/create"),
        ("a.json", #"{"webhook_id":1,"event":"job.done"}"#, "simplyprint", "orders/delete"),
        ("a.json", #"{"action":"parcel_status_changed","timestamp":1,"parcel":{}}"#, "sendcloud", "orders/delete"),
        ("sendcloud/x.json", "{}", "sendcloud", "orders/delete"),
        ("x.json", "not json", "shopify", "orders/delete"),
    ])
    func vendorAndTopicAreTold(_ file: String, _ text: String, _ vendor: String, _ topic: String) {
        let payload = payloads(file, text).first
        #expect(payload?.vendor.rawValue == vendor && payload?.topic == topic)
    }

    @Test func aBodyGoesOutByteForByte() {
        let text = "{ \"id\" : 12345678901234567 , \"line_items\" : [ ] }\n"
        let payload = payloads("a.json", text).first
        #expect(payload?.body == Array(text.utf8) && payload?.shopifyOrderID == "12345678901234567")
    }

    @Test func aListOfOrdersBecomesOneDeliveryEach() {
        let all = payloads("a.json", #"{"orders":[{"id":1,"line_items":[]},{"id":2,"line_items":[]}]}"#)
        #expect(all.map(\.file) == ["a.json[0]", "a.json[1]"] && all.map(\.shopifyOrderID) == ["1", "2"])
    }

    /// The vector of Shopify's documentation of webhooks, key `hush`.
    @Test func bodiesAreSignedAsTheVendorSigns() {
        let signer = ReplaySigner(
            shopifySecret: "hush", simplyPrintSecret: "word", sendcloudSecret: "hush", shopDomain: "x.myshopify.com")
        let body = #"{"id":820982911946154508}"#
        let fields = signer.fields(for: payloads("shopify/a.json", body)[0], deliveryID: "d")
        #expect(fields["x-shopify-hmac-sha256"] == "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I=")
        #expect(fields["x-shopify-topic"] == "orders/delete" && fields["x-shopify-webhook-id"] == "d")
        #expect(signer.fields(for: payloads("simplyprint/a.json", body)[0], deliveryID: "d")["x-sp-secret"] == "word")
        let signature = signer.fields(for: payloads("sendcloud/a.json", body)[0], deliveryID: "d")[
            "sendcloud-signature"]
        #expect(signature?.count == 64 && signature?.hasPrefix("a81bebb1917b45f07589") == true)
    }
}
