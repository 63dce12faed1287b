import FoundationEssentials
import HTTPWire
import Testing

@testable import Forma3DSandbox

@Suite struct ParcelOfficeTests {
    private let now = Date(timeIntervalSince1970: 1_795_000_000)

    private func office(_ change: (inout ParcelSettings) -> Void = { _ in }) -> ParcelOffice {
        var settings = ParcelSettings()
        change(&settings)
        return ParcelOffice(settings: settings, pace: Pace(1), publicURL: "http://127.0.0.1:1/sendcloud/api/v2")
    }

    private static let form: JSONNode = [
        "name": "Testa Koper", "address": "Voorbeeldstraat", "house_number": "12", "city": "Gent",
        "postal_code": "9000", "country": "BE", "request_label": true, "shipment": ["id": 2077],
        "weight": "1.250", "order_number": "#1001", "external_reference": "ref-1",
    ]

    private func form(_ changes: JSONNode) -> JSONNode {
        var form = Self.form
        for member in changes.members ?? [] { form[member.name] = member.value }
        return form
    }

    private func post(
        _ office: inout ParcelOffice, _ parcel: JSONNode, verbose: Bool = false
    ) -> (status: Int, body: JSONNode) {
        let answer = office.answer(
            request(
                .post, "parcels", query: verbose ? [("errors", "verbose-carrier")] : [], body: ["parcel": parcel]),
            at: now)
        return (answer.status.code, JSONNode.parse(answer.bodyBytes ?? []) ?? .null)
    }

    @Test func aParcelComesWithItsLabelAndDayFirstDates() throws {
        var office = office()
        let (status, body) = post(&office, Self.form)
        #expect(status == 200)
        let parcel = try #require(body["parcel"])
        #expect(parcel["status"] == ["id": 1000, "message": "Ready to send"])
        #expect(parcel.at("label", "normal_printer")?.array?.count == 4)
        #expect(parcel.at("label", "label_printer")?.string?.hasPrefix("http://127.0.0.1:1/sendcloud/api/v2/") == true)
        #expect(parcel["date_created"]?.string == "18-11-2026 13:26:40" || parcel["date_created"]?.string?.count == 19)
        #expect(parcel["date_created"]?.string?.split(separator: "-").last?.count == 13)
        #expect(parcel["weight"] == "1.250")
        #expect(parcel["external_reference"] == "ref-1")
        #expect(parcel["tracking_number"]?.string?.isEmpty == false)
        let id = try #require(parcel["id"]?.integer)
        let label = office.answer(request(.get, "labels/label_printer/\(id)"), at: now)
        #expect(label.bodyBytes?.starts(with: Array("%PDF-".utf8)) == true)
    }

    @Test func withoutALabelItIsAnEmptyObject() {
        var office = office()
        let (_, body) = post(&office, form(["request_label": false]))
        #expect(body.at("parcel", "label") == [:])
        #expect(body.at("parcel", "status", "id") == 999)
    }

    @Test(
        arguments: [
            (["house_number": nil], "house_number: 'This field may not be null.'"),
            (["house_number": ""], "house_number: 'This field cannot be blank.'"),
            (["weight": "heavy"], "weight: 'A valid number is required.'"),
            (["weight": "0.000"], "weight: 'Ensure this value is greater than or equal to 0.001.'"),
            (["city": ""], "city: 'This field cannot be blank.'"),
            (["country": "XX"], "country: 'Invalid country code.'"),
            (["shipment": nil], "shipment: 'This field is required.'"),
            (["shipment": ["id": 5]], "shipment: 'Invalid shipping method.'"),
            (["country": "CH", "shipment": ["id": 3302]], "parcel_items: 'This field is required.'"),
            (["sender_address": 99], "sender_address: 'Sender address does not exist.'"),
        ] as [(JSONNode, String)])
    func badFieldsAreNamed(_ changes: JSONNode, _ message: String) {
        var office = office()
        let (status, body) = post(&office, form(changes))
        #expect(status == 400)
        #expect(body.at("error", "message")?.string?.hasPrefix(message) == true)
        #expect(body.at("error", "code") == 400)
        #expect(body.at("error", "request") == "api/v2/parcels")
        #expect(office.parcels.isEmpty)
    }

    @Test func anEmptyHouseNumberIsSplitOffTheAddress() {
        var office = office()
        let (status, body) = post(&office, form(["address": "Lange Straat 12A", "house_number": ""]))
        #expect(status == 200)
        #expect(body.at("parcel", "address_divided") == ["street": "Lange Straat", "house_number": "12A"])
    }

    @Test(arguments: [("400", 400), ("409", 409), ("200", 200)])
    func aReferenceIsUniqueForEver(_ setting: String, _ expected: Int) throws {
        var office = office()
        #expect(office.settings.apply(["duplicateReference": .string(setting)]).isEmpty)
        let first = try #require(post(&office, Self.form).body.at("parcel", "id")?.integer)
        _ = office.cancel(first, at: now)
        let (status, body) = post(&office, Self.form)
        #expect(status == expected)
        if expected == 200 { #expect(body.at("parcel", "id")?.integer == first) }
        #expect(office.parcels.count == 1)
    }

    @Test func statusesMoveByThemselvesAndAreReportedInMilliseconds() throws {
        var office = office()
        let id = try #require(post(&office, Self.form).body.at("parcel", "id")?.integer)
        office.advance(to: now.addingTimeInterval(1_000))
        #expect(office.parcels[id]?.statusID == 11)
        let bodies = office.takeOutgoing().compactMap { JSONNode.parse($0.body) }
        #expect(bodies.map { $0.at("parcel", "status", "id") } == [1000, 3, 11])
        #expect((bodies.first?["timestamp"]?.integer ?? 0) > 100_000_000_000)
    }

    @Test func cancellingHasItsOutcomes() throws {
        var office = office()
        let plain = try #require(post(&office, form(["request_label": false])).body.at("parcel", "id")?.integer)
        #expect(office.cancel(plain, at: now)?.body["status"] == "deleted")
        let ready = try #require(
            post(&office, form(["external_reference": "ref-2"])).body.at("parcel", "id")?.integer)
        #expect(office.cancel(ready, at: now)?.status == 200)
        #expect(office.cancel(ready, at: now)?.status == 400)
        let shipped = try #require(
            post(&office, form(["external_reference": "ref-3"])).body.at("parcel", "id")?.integer)
        office.setStatus(shipped, 3, at: now)
        #expect(office.cancel(shipped, at: now)?.body["status"] == "failed")
        #expect(office.cancel(1, at: now) == nil)
        office.settings.cancelling = .failing
        let queued = try #require(
            post(&office, form(["external_reference": "ref-4"])).body.at("parcel", "id")?.integer)
        #expect(office.cancel(queued, at: now)?.status == 202)
        office.advance(to: now.addingTimeInterval(61))
        #expect(office.parcels[queued]?.statusID == 94)
    }

    @Test func aRefusalByTheCarrierIs200WithErrorsOnlyWhenVerbose() {
        var office = office()
        office.failuresToCome = ["PostNL says no", "PostNL says no"]
        let verbose = post(&office, Self.form, verbose: true)
        #expect(verbose.status == 200)
        #expect(verbose.body.at("parcel", "status", "id") == 1002)
        #expect(verbose.body.at("parcel", "errors", "non_field_errors") == ["PostNL says no"])
        #expect(verbose.body.at("parcel", "label") == [:])
        let plain = post(&office, form(["external_reference": "ref-2"]))
        #expect(plain.status == 400)
        #expect(plain.body.at("error", "message") == "non_field_errors: 'PostNL says no'")
        #expect(office.parcels.count == 1)
    }

    @Test func labelsCanBeLate() throws {
        var office = office { $0.labelDelaySeconds = 10 }
        let id = try #require(post(&office, Self.form).body.at("parcel", "id")?.integer)
        #expect(office.answer(request(.get, "parcels/\(id)/documents/label"), at: now).status == 404)
        let later = office.answer(request(.get, "parcels/\(id)/documents/label"), at: now.addingTimeInterval(11))
        #expect(later.status == 200)
    }

    @Test func parcelsAreFilteredAndPaged() throws {
        var office = office()
        for index in 0..<120 { _ = post(&office, form(["external_reference": .string("r\(index)")])) }
        let one = office.answer(request(.get, "parcels", query: [("external_reference", "r7")]), at: now)
        let found = JSONNode.parse(one.bodyBytes ?? [])
        #expect(found?["parcels"]?.array?.count == 1)
        #expect(found?["next"] == .some(.null))
        let page = JSONNode.parse(office.answer(request(.get, "parcels"), at: now).bodyBytes ?? [])
        let next = try #require(page?["next"]?.string)
        let mark = try #require(next.split(separator: "cursor=").last).replacing("%3D", with: "=")
        let rest = office.answer(request(.get, "parcels", query: [("cursor", String(mark))]), at: now)
        #expect(JSONNode.parse(rest.bodyBytes ?? [])?["parcels"]?.array?.count == 20)
        #expect(office.answer(request(.get, "parcels", query: [("cursor", "x")]), at: now).status == 404)
    }

    @Test func theLabelIsAPDFWithAnExactTable() throws {
        let bytes = LabelPDF.document(lines: ["A (b) \\ é"], isA6: true)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("%PDF-1.4"))
        #expect(text.hasSuffix("%%EOF\n"))
        let start = try #require(text.split(separator: "startxref\n").last?.prefix { $0.isNumber })
        let offset = try #require(Int(start))
        #expect(bytes[offset...].starts(with: Array("xref".utf8)))
    }

    @Test func kilogramsAreExact() {
        #expect(Kilograms.grams("1.250") == 1_250)
        #expect(Kilograms.grams(.number("0.5")) == 500)
        #expect(Kilograms.grams("1.2505") == nil)
        #expect(Kilograms.grams("-1") == nil)
        #expect(Kilograms.text(grams: 42) == "0.042")
    }
}
