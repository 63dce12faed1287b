import FoundationEssentials
import Kernel
import Sendcloud
import TestKit
import Testing

private func parcel(_ id: Int64, status: Int = 1000, more: String = "") -> String {
    """
    {"id":\(id),"name":"Testa Koper","postal_code":"9000","country":{"iso_2":"BE","name":"Belgium"},
     "status":{"id":\(status),"message":"Ready to send"},"tracking_number":"3STEST",
     "tracking_url":"https://t.example/3STEST",
     "carrier":{"code":"postnl"},"weight":"1.250","order_number":"#1053","external_reference":"shipment 1-1",
     "label":{"normal_printer":["https://x.example/a4"],"label_printer":"https://x.example/a6"}\(more)}
    """
}

@Suite(.timeLimit(.minutes(5))) struct SendcloudClientTests {
    @Test func theKeysGoAsBasicCredentials() async throws {
        try await StandIn.with({ _ in .json("{\"user\":{}}") }) { standIn in
            try await standIn.sendcloud.user()
            #expect(standIn.server.received[0].target == "/api/v2/user")
            #expect(standIn.server.received[0].fields["authorization"] == "Basic cHVibGljOnNlY3JldA==")
        }
    }

    @Test func aParcelIsAskedForWithItsLabelAndReference() async throws {
        try await StandIn.with({ _ in .json("{\"parcel\":\(parcel(41))}") }) { standIn in
            let made = try await standIn.sendcloud.createParcel(
                .sample(items: [
                    .init(
                        description: "Base", quantity: 2, weightKilograms: "0.500", value: "39.90", sku: "GF-1",
                        hsCode: nil, originCountry: "BE")
                ]))
            #expect(made.id == 41)
            #expect(made.status == .labelMade)
            #expect(made.carrierCode == "postnl")
            #expect(made.labelURL == "https://x.example/a6")
            #expect(made.externalReference == "shipment 1-1")
            #expect(made.country == "BE")
            let received = standIn.server.received[0]
            #expect(received.target == "/api/v2/parcels?errors=verbose-carrier")
            let asked = try JSON.decode(JSONValue.self, from: received.body)["parcel"]
            #expect(asked?["request_label"] == true)
            #expect(asked?["shipment"] == ["id": 8])
            #expect(asked?["weight"] == "1.250")
            #expect(asked?["house_number"] == "12")
            #expect(asked?["external_reference"] == "shipment 1-1")
            #expect(asked?["sender_address"] == 7)
            #expect(asked?["company_name"] == nil)
            #expect(asked?["total_order_value_currency"] == "EUR")
            #expect(
                asked?["parcel_items"] == [
                    [
                        "description": "Base", "quantity": 2, "weight": "0.500",
                        "value": .decimal(try #require(Decimal(string: "39.90"))), "sku": "GF-1",
                        "origin_country": "BE",
                    ]
                ])
        }
    }

    @Test(arguments: [
        "{\"parcel\":\(parcel(41, status: 1002))}",
        "{\"parcel\":\(parcel(41, more: ",\"errors\":{\"telephone\":[\"needs a number\"]}"))}",
        "{\"parcel\":\(parcel(41, more: ",\"errors\":{\"telephone\":\"needs a number\"}"))}",
        "{\"parcels\":[],\"failed_parcels\":[{\"parcel\":{},\"errors\":{\"telephone\":[\"needs a number\"]}}]}",
    ])
    func aRefusalWithHTTP200IsARefusal(body: String) async throws {
        let failure = try await OnceOnly.sendcloud.failure { _ in .json(body) }
        #expect(failure.kind == .rejected)
        #expect(!failure.mayHaveHappened)
        #expect(["telephone: needs a number", "Ready to send"].contains(failure.message))
    }

    @Test func aListWhereOneParcelWasPromisedIsRead() async throws {
        try await StandIn.with({ _ in .json("{\"parcel\":[\(parcel(41))]}") }) { standIn in
            let found = try await standIn.sendcloud.parcel(id: 41)
            #expect(found.id == 41)
        }
    }

    @Test func anEmptyErrorsObjectIsNone() async throws {
        try await StandIn.with({ _ in .json("{\"parcel\":\(parcel(41, more: ",\"errors\":{}"))}") }) { standIn in
            let found = try await standIn.sendcloud.createParcel(.sample()).id
            #expect(found == 41)
        }
    }

    @Test func badFieldsAreRejectedWithSendcloudsWords() async throws {
        let failure = try await OnceOnly.sendcloud.failure { _ in
            .json(
                "{\"error\":{\"code\":400,\"request\":\"api/v2/parcels\","
                    + "\"message\":\"house_number: 'This field cannot be blank.'\"}}",
                status: 400)
        }
        #expect(failure.kind == .rejected)
        #expect(failure.message == "400: house_number: 'This field cannot be blank.'")
        #expect(failure.retryVerdict == .rejected)
    }

    @Test func theBuyersAddressIsNotInTheFailure() async throws {
        let failure = try await OnceOnly.sendcloud.failure { _ in
            .json("{\"error\":{\"message\":\"The domain of\\ntesta.koper@example.com is bad\"}}", status: 400)
        }
        #expect(failure.message == "400: The domain of [e-mail] is bad")
    }

    @Test(arguments: [400, 409])
    func aUsedReferenceIsAConflict(status: Int) async throws {
        let failure = try await OnceOnly.sendcloud.failure { _ in
            .json("{\"error\":{\"message\":\"external_reference: must be unique\"}}", status: status)
        }
        #expect(failure.kind == .conflict)
    }

    @Test func parcelsAreFoundByReferenceOverAllPages() async throws {
        let box = try await StandIn.with({ request in
            let isFirst = !request.target.contains("cursor")
            let host = request.fields["host"] ?? ""
            let next =
                isFirst ? "\"http://\(host)/api/v2/parcels?cursor=two\"" : "\"http://evil.example/api/v2/parcels\""
            return .json(
                "{\"next\":\(next),\"previous\":null,"
                    + "\"parcels\":[\(parcel(isFirst ? 1 : 2)),\(parcel(9).replacing("shipment 1-1", with: "other"))]}"
            )
        }) { standIn in
            (
                try await standIn.sendcloud.parcels(externalReference: "shipment 1-1"),
                standIn.server.received.map(\.target)
            )
        }
        #expect(box.0.map(\.id) == [1, 2])
        #expect(box.1 == ["/api/v2/parcels?external_reference=shipment%201-1", "/api/v2/parcels?cursor=two"])
    }

    @Test func anUnknownParcelIsNotFound() async throws {
        try await StandIn.with({ _ in
            .json("{\"error\":{\"code\":404,\"message\":\"No Parcel matches the given query.\"}}", status: 404)
        }) { standIn in
            let failure = try await vendorFailure { _ = try await standIn.sendcloud.parcel(id: 5) }
            #expect(failure.kind == .notFound)
        }
    }

    @Test(arguments: [
        (200, "{\"status\":\"cancelled\",\"message\":\"x\"}", CancelOutcome.cancelled),
        (200, "{\"status\":\"deleted\",\"message\":\"x\"}", .cancelled), (202, "{\"status\":\"queued\"}", .queued),
        (410, "{}", .cancelled),
        (400, "{\"status\":\"failed\",\"message\":\"This shipment is already being cancelled.\"}", .queued),
        (
            400, "{\"status\":\"failed\",\"message\":\"Shipped parcels can no longer be cancelled.\"}",
            .refused(message: "Shipped parcels can no longer be cancelled.")
        ),
    ])
    func cancellingTellsWhatBecameOfIt(status: Int, body: String, outcome: CancelOutcome) async throws {
        try await StandIn.with({ _ in .json(body, status: status) }) { standIn in
            let found = try await standIn.sendcloud.cancelParcel(id: 5)
            #expect(found == outcome)
            #expect(standIn.server.received[0].target == "/api/v2/parcels/5/cancel")
        }
    }

    @Test func theLabelIsFetchedWhereSendcloudSaysButOnlyFromItsOwnHost() async throws {
        try await StandIn.with({ _ in
            .answer(status: 200, fields: ["content-type": "application/pdf"], body: Array("%PDF-1.4 label".utf8))
        }) { standIn in
            let own = standIn.server.url + "/api/v2/labels/label_printer/41?hash=x"
            for url in [
                own, "https://evil.example/label", standIn.server.url.replacing("://", with: "://x@") + "/l", nil, "",
            ] {
                let pdf = try await standIn.sendcloud.labelPDF(parcelID: 41, url: url)
                #expect(pdf.starts(with: Array("%PDF".utf8)))
            }
            #expect(
                standIn.server.received.map(\.target)
                    == ["/api/v2/labels/label_printer/41?hash=x"]
                    + Array(repeating: "/api/v2/parcels/41/documents/label", count: 4))
            #expect(standIn.server.received.allSatisfy { $0.fields["authorization"] != nil })
        }
    }

    @Test(arguments: [
        (404, "{\"message\":\"not ready\"}", VendorFailure.Kind.notFound), (200, "{}", .broken), (200, "", .broken),
    ])
    func aLabelThatIsNoneIsAFailure(status: Int, body: String, kind: VendorFailure.Kind) async throws {
        try await StandIn.with({ _ in .json(body, status: status) }) { standIn in
            let failure = try await vendorFailure { _ = try await standIn.sendcloud.labelPDF(parcelID: 1, url: nil) }
            #expect(failure.kind == kind)
        }
    }

    @Test func methodsAndSendersAreListed() async throws {
        try await StandIn.with({ request in
            request.target.hasSuffix("shipping_methods")
                ? .json(
                    "{\"shipping_methods\":[{\"id\":8,\"name\":\"Unstamped letter\","
                        + "\"carrier\":\"sendcloud\",\"price\":0}]}"
                )
                : .json("{\"sender_addresses\":[{\"id\":7},{\"id\":\"9\"}]}")
        }) { standIn in
            let methods = try await standIn.sendcloud.shippingMethods()
            #expect(methods == [ShippingMethod(id: 8, name: "Unstamped letter", carrier: "sendcloud")])
            let found = try await standIn.sendcloud.senderAddresses()
            #expect(found == [7, 9])
        }
    }

    @Test(arguments: [
        "{\"id\":\"3\",\"status\":{\"id\":\"1\",\"message\":null},\"label\":{},\"carrier\":null,"
            + "\"external_reference\":\"null\",\"tracking_number\":\"\"}",
        "{\"id\":3,\"status\":{\"id\":1},\"label\":null,\"weight\":1.25,\"country\":\"NL\",\"to_service_point\":{}}",
    ])
    func oddParcelsAreRead(body: String) async throws {
        try await StandIn.with({ _ in .json("{\"parcel\":\(body)}") }) { standIn in
            let parcel = try await standIn.sendcloud.parcel(id: 3)
            #expect(parcel.id == 3)
            #expect(parcel.status == .labelMade)
            #expect(parcel.externalReference == nil)
            #expect(parcel.trackingNumber == nil)
            #expect(parcel.labelURL == nil)
        }
    }
}

@Suite struct SendcloudValueTests {
    @Test(arguments: [
        (999, ParcelStatus.pending), (1001, .pending), (1002, .failed), (1000, .labelMade), (1, .labelMade),
        (13, .labelMade),
        (15, .problem), (22, .inTransit), (3, .inTransit), (62_990, .inTransit), (7, .inTransit), (5, .inTransit),
        (6, .inTransit), (62_989, .inTransit), (91, .inTransit), (92, .inTransit), (4, .inTransit),
        (62_994, .inTransit),
        (62_993, .inTransit), (62_995, .inTransit), (12, .pickup), (8, .problem), (11, .delivered), (93, .delivered),
        (80, .problem), (62_991, .problem), (62_992, .problem), (62_996, .problem), (62_997, .problem),
        (1999, .cancelling), (2001, .cancelling), (1998, .cancelled), (2000, .cancelled), (94, .unknown),
        (1337, .unknown),
        (10, .unknown), (18, .unknown), (0, .unknown), (-1, .unknown),
    ])
    func everyStatusHasItsMeaning(id: Int, status: ParcelStatus) {
        #expect(ParcelStatus.classify(id) == status)
    }

    @Test func theIDDecidesAndTheTextHelpsOnlyWhereItIsUnknown() {
        #expect(ParcelStatus(id: 3, message: "Ready to send") == .inTransit)
        #expect(ParcelStatus(id: 0, message: "Ready to send") == .labelMade)
        #expect(ParcelStatus(id: 0, message: "DELIVERED") == .delivered)
    }

    @Test(
        arguments: [
            ("11-03-2019 14:35:10", 1_552_314_910), ("01-02-2020 00:00:00", 1_580_515_200),
            ("2019-02-03T06:48:07", 1_549_176_487), ("2019-02-03T06:48:07Z", 1_549_176_487),
            ("2019-02-03T07:48:07+01:00", 1_549_176_487), ("31-02-2020 00:00:00", nil), ("13-13-2020 00:00:00", nil),
            ("2020-02-01", nil), ("1-2-2020 00:00:00", nil), ("", nil), ("x", nil),
        ] as [(String, Double?)])
    func datesAreReadDayFirst(text: String, seconds: Double?) {
        #expect(SendcloudDate.parse(text)?.timeIntervalSince1970 == seconds)
    }
}
