import Cryptography
import FoundationEssentials
import HTTPWire
import Sendcloud
import Shopify
import SimplyPrint
import Testing

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct ShopifyWebhookTests {
    private let body = bytes("{\"id\":820982911946154508}")
    private let signature = "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I="

    @Test func aSignatureWithTheSecretIsGenuine() {
        #expect(ShopifyWebhook.isGenuine(body: body, signature: signature, secrets: ["hush"]))
        #expect(
            ShopifyWebhook.isGenuine(
                body: bytes("{}"), signature: "UFwgrGBPZilFtmKh8TqcovA78LGYb1BdWu9I4Q2oyRg=", secrets: ["hush"]))
    }

    @Test func anyOfTheSecretsWillDo() {
        #expect(ShopifyWebhook.isGenuine(body: body, signature: signature, secrets: ["new", "hush", "other"]))
        #expect(!ShopifyWebhook.isGenuine(body: body, signature: signature, secrets: ["new", "other"]))
        #expect(!ShopifyWebhook.isGenuine(body: body, signature: signature, secrets: []))
    }

    @Test func everyFlippedBitOfTheBodyIsNoticed() {
        for index in body.indices {
            var changed = body
            changed[index] ^= 1
            #expect(!ShopifyWebhook.isGenuine(body: changed, signature: signature, secrets: ["hush"]))
        }
        #expect(!ShopifyWebhook.isGenuine(body: body + [0x0A], signature: signature, secrets: ["hush"]))
    }

    @Test(arguments: [nil, "", "=", "qBvr", "not base64", "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I"])
    func aMissingOrMutilatedSignatureIsNot(signature: String?) {
        #expect(!ShopifyWebhook.isGenuine(body: body, signature: signature, secrets: ["hush"]))
    }

    @Test func anEmptySecretOrBodyProvesNothing() {
        let withEmptyKey = Base64.encode(HMACSHA256.authenticationCode(for: body, key: []))
        #expect(!ShopifyWebhook.isGenuine(body: body, signature: withEmptyKey, secrets: [""]))
        let ofNothing = Base64.encode(HMACSHA256.authenticationCode(for: [], key: bytes("hush")))
        #expect(!ShopifyWebhook.isGenuine(body: [], signature: ofNothing, secrets: ["hush"]))
    }

    @Test(arguments: [
        ("orders/create", ShopifyTopic.order), ("ORDERS/PAID", .order), ("orders/cancelled", .order),
        ("orders/edited", .orderEdited), ("orders/delete", .orderDeleted), ("refunds/create", .refund),
        ("fulfillments/update", .fulfilment), ("fulfillment_orders/moved", .fulfilmentOrder),
        ("fulfillment_holds/added", .fulfilmentOrder), ("customers/redact", .compliance), ("shop/redact", .compliance),
        ("app/uninstalled", .app), ("products/update", .unknown), ("", .unknown), ("orders/update", .unknown),
    ])
    func topicsAreTold(topic: String, kind: ShopifyTopic) {
        #expect(ShopifyTopic.classify(topic) == kind)
    }

    @Test(arguments: [
        ("{\"order_edit\":{\"id\":1,\"order_id\":820982911946154508}}", 820_982_911_946_154_508 as Int64?),
        ("{\"id\":5,\"order_id\":7,\"refund_line_items\":[]}", 7), ("{\"id\":5,\"order_id\":\"7\"}", 7),
        ("{\"id\":9007199254740993}", 9_007_199_254_740_993),
        ("{\"id\":1,\"admin_graphql_api_id\":\"gid://shopify/Refund/1\"}", nil),
        ("{\"id\":1,\"myshopify_domain\":\"x.myshopify.com\"}", nil),
        ("{\"fulfillment_order\":{\"id\":\"gid://shopify/FulfillmentOrder/1\"}}", nil), ("{}", nil), ("[]", nil),
        ("", nil), ("{\"id\":1e400}", nil), ("{\"id\":99999999999999999999}", nil),
    ])
    func theReferencedOrderIsFound(body: String, id: Int64?) {
        #expect(ShopifyReferencedOrder.decode(bytes(body)) == id)
    }
}

@Suite struct SimplyPrintWebhookTests {
    @Test(arguments: ["X-SP-Secret", "x-sp-token", "X-Sp-Secret"])
    func theSecretIsTakenFromEitherHeader(name: String) {
        let fields = HTTPFields([(name, "s3cret")])
        #expect(SimplyPrintWebhook.isGenuine(fields: fields, secrets: ["old", "s3cret"]))
        #expect(!SimplyPrintWebhook.isGenuine(fields: fields, secrets: ["other"]))
    }

    @Test func nothingProvesNothing() {
        #expect(!SimplyPrintWebhook.isGenuine(fields: [:], secrets: ["s3cret"]))
        #expect(!SimplyPrintWebhook.isGenuine(fields: ["x-sp-secret": ""], secrets: [""]))
        #expect(!SimplyPrintWebhook.isGenuine(fields: ["x-simplyprint-signature": "s3cret"], secrets: ["s3cret"]))
        #expect(!SimplyPrintWebhook.isGenuine(fields: ["x-sp-secret": "s3cret"], secrets: []))
    }

    @Test func aJobsEventIsReadWithItsPrinterInOrBesideTheJob() throws {
        let inside = try SimplyPrintEvent.decode(
            bytes(
                """
                {"webhook_id":1,"event":"job.done","timestamp":1795000000,"data":{"job":{"id":77,"uid":"u-77",
                 "printer_id":5,"printer":{"id":"5","name":"Bed five"}}}}
                """))
        #expect(inside.name == "job.done")
        #expect(inside.at?.timeIntervalSince1970 == 1_795_000_000)
        #expect(inside.job == .init(id: 77, uid: "u-77", printerID: 5, printerName: "Bed five"))
        let beside = try SimplyPrintEvent.decode(
            bytes("{\"event\":\"job.failed\",\"data\":{\"job\":{\"id\":77},\"printer\":{\"id\":6,\"name\":\"Six\"}}}"))
        #expect(beside.job == .init(id: 77, uid: nil, printerID: 6, printerName: "Six"))
        let bare = try SimplyPrintEvent.decode(bytes("{\"event\":\"job.started\",\"data\":{\"job\":{\"uid\":\"u\"}}}"))
        #expect(bare.job == .init(id: nil, uid: "u", printerID: nil, printerName: nil))
    }

    @Test func aMaintenanceJobIsNoPrint() throws {
        let event = try SimplyPrintEvent.decode(
            bytes("{\"event\":\"maintenance.job_overdue\",\"timestamp\":1,\"data\":{\"job\":{\"id\":77}}}"))
        #expect(event.job == nil)
    }

    @Test(arguments: ["", "[]", "{}", "{\"event\":null}", "{\"event\":\"\"}", "nonsense"])
    func aBodyWithoutAnEventIsRefused(body: String) {
        #expect(throws: (any Error).self) { try SimplyPrintEvent.decode(bytes(body)) }
    }
}

@Suite struct SendcloudWebhookTests {
    @Test func theDocumentedVectorHolds() {
        let signature = "1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a"
        let body = bytes("{\"key\": \"value\"}")
        #expect(SendcloudWebhook.isGenuine(body: body, signature: signature, keys: ["x", "secretkey"]))
        #expect(SendcloudWebhook.isGenuine(body: body, signature: signature.uppercased(), keys: ["secretkey"]))
        #expect(
            !SendcloudWebhook.isGenuine(body: bytes("{\"key\":\"value\"}"), signature: signature, keys: ["secretkey"]))
        #expect(!SendcloudWebhook.isGenuine(body: body, signature: nil, keys: ["secretkey"]))
        #expect(!SendcloudWebhook.isGenuine(body: body, signature: "1eed", keys: ["secretkey"]))
        let withEmptyKey = Hex.encode(HMACSHA256.authenticationCode(for: body, key: []))
        #expect(!SendcloudWebhook.isGenuine(body: body, signature: withEmptyKey, keys: [""]))
    }

    @Test(arguments: [(1_525_271_885_993, 1_525_271_885.993), (1_525_271_885, 1_525_271_885.0), (123, 123)])
    func secondsAndMillisecondsAreToldApart(timestamp: Int, seconds: Double) throws {
        let event = try SendcloudEvent.decode(bytes("{\"action\":\"test_webhook\",\"timestamp\":\(timestamp)}"))
        #expect(event.at?.timeIntervalSince1970 == seconds)
        #expect(event.parcel == nil)
    }

    @Test func aParcelIsReadFromAStatusChangeOnly() throws {
        let parcel = "{\"id\":41,\"status\":{\"id\":\"11\",\"message\":\"Delivered\"}}"
        let change = try SendcloudEvent.decode(
            bytes("{\"action\":\"parcel_status_changed\",\"timestamp\":1795000000000,\"parcel\":\(parcel)}"))
        #expect(change.parcel?.id == 41)
        #expect(change.parcel?.status == .delivered)
        let other = try SendcloudEvent.decode(bytes("{\"action\":\"return_created\",\"parcel\":\(parcel)}"))
        #expect(other.parcel == nil)
        let keys = try SendcloudEvent.decode(bytes("{\"public_key\":\"a\",\"secret_key\":\"b\",\"integration_id\":1}"))
        #expect(keys.action == "")
    }

    @Test(arguments: [
        "{\"action\":\"parcel_status_changed\"}", "{\"action\":\"parcel_status_changed\",\"parcel\":{\"id\":1}}",
        "{\"action\":\"parcel_status_changed\",\"parcel\":{\"status\":{\"id\":1}}}", "[]", "",
    ])
    func aStatusChangeWithoutIDOrStatusIsRefused(body: String) {
        #expect(throws: (any Error).self) { try SendcloudEvent.decode(bytes(body)) }
    }
}
