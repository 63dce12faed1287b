import FoundationEssentials
import HTTPWire
import Kernel

/// Sendcloud v2's endpoints.
extension ParcelOffice {
    static let pageSize = 100
    static let identifiersMaximum = 100

    mutating func answer(_ request: VendorRequest, at now: Date) -> HTTPResponse {
        let path = request.segments.joined(separator: "/")
        switch (request.method, request.segments.first ?? "", request.segments.count) {
        case (.post, "parcels", 1): return post(request, at: now)
        case (.put, "parcels", 1): return put(request, at: now)
        case (.get, "parcels", 1): return list(request)
        case (.get, "parcels", 2) where path == "parcels/statuses":
            return .json(
                .array(ParcelStatuses.all.map { ["id": .integer($0.id), "message": .string($0.message)] }))
        case (.get, "parcels", 2):
            guard let parcel = parcel(request.segments[1]) else { return noParcel(request) }
            return .json(["parcel": node(of: parcel)])
        case (.post, "parcels", 3) where request.segments[2] == "cancel":
            guard let id = Int64(wireDigits: request.segments[1]), let outcome = cancel(id, at: now) else {
                return noParcel(request)
            }
            return .json(outcome.body, status: outcome.status)
        case (.get, "parcels", 4) where request.segments[2] == "documents":
            return document(request, at: now)
        case (.get, "label", _), (.get, "labels", _), (.post, "labels", 1): return labels(request, at: now)
        case (.get, "shipping_methods", 1): return methods(request)
        case (.get, "shipping_methods", 2):
            guard let method = Int64(wireDigits: request.segments[1]).flatMap(ShippingMethods.method) else {
                return Self.error(404, "Not found.", request)
            }
            return .json(["shipping_method": ShippingMethods.node(method)])
        case (.get, "user", 1):
            return .json([
                "user": [
                    "address": "Werfstraat 10", "city": "Gent", "company_logo": nil, "company_name": "Forma3D",
                    "email": "sender@example.com", "postal_code": "9000",
                    "registered": "01-01-2026 10:00:00", "telephone": "+3290000000", "username": "Sandbox Sender",
                ]
            ])
        case (.get, "user", 3) where path == "user/addresses/sender":
            return .json(["sender_addresses": [ShippingMethods.sender]])
        case (.get, "tracking", 2): return tracking(request)
        case (_, "integrations", _): return integrations(request)
        default: return Self.error(404, "Not found.", request)
        }
    }

    static func error(_ code: Int, _ message: String, _ request: VendorRequest) -> HTTPResponse {
        .json(
            [
                "error": [
                    "code": .integer(code),
                    "request": .string("api/v2/" + request.segments.joined(separator: "/")),
                    "message": .string(message),
                ]
            ], status: code)
    }

    private func noParcel(_ request: VendorRequest) -> HTTPResponse {
        Self.error(404, "No Parcel matches the given query.", request)
    }

    private func parcel(_ text: String) -> OfficeParcel? { Int64(wireDigits: text).flatMap { parcels[$0] } }

    // MARK: Making and changing

    private mutating func post(_ request: VendorRequest, at now: Date) -> HTTPResponse {
        guard let body = request.bodyNode, body.members != nil else {
            return Self.error(400, "JSON parse error", request)
        }
        let isList = body["parcels"]?.array != nil
        let forms = body["parcels"]?.array ?? body["parcel"].map { [$0] } ?? []
        guard !forms.isEmpty else { return Self.error(400, "parcel: 'This field is required.'", request) }
        for form in forms {
            let complaints = ParcelValidation.complaints(of: form)
            guard complaints.isEmpty else {
                let words = complaints.map { "\($0.field): '\($0.text)'" }.joined(separator: ", ")
                return Self.error(400, words, request)
            }
            if let answer = duplicate(form, request) { return answer }
        }
        let references = forms.compactMap { $0["external_reference"]?.text }
        guard Set(references).count == references.count else {
            return Self.error(400, Self.duplicateWords, request)
        }
        let isVerbose = request.parameter("errors")?.hasPrefix("verbose") ?? false
        let made = forms.map { create($0, at: now) }
        if !isVerbose, let failed = made.first(where: { $0.statusID == ParcelStatuses.announcementFailed }) {
            return refuse(made, because: failed, request)
        }
        guard isList else { return .json(["parcel": made.first.map(node(of:)) ?? nil]) }
        let good = made.filter { $0.errors == nil }
        var answer: JSONNode = ["parcels": .array(good.map(node(of:)))]
        if isVerbose {
            answer["failed_parcels"] = .array(
                made.filter { $0.errors != nil }.map { ["parcel": $0.form, "errors": $0.errors ?? [:]] })
        }
        return .json(answer)
    }

    /// Without `errors=verbose` a refusal by the carrier is a 400 and nothing of the batch stays.
    private mutating func refuse(
        _ made: [OfficeParcel], because failed: OfficeParcel, _ request: VendorRequest
    ) -> HTTPResponse {
        for parcel in made {
            parcels[parcel.id] = nil
            sequence.removeAll { $0 == parcel.id }
            agenda.removeAll { $0.parcelID == parcel.id }
            if let reference = parcel.externalReference { references[reference] = nil }
        }
        let words = failed.errors?["non_field_errors"]?.array?.first?.string ?? "Announcement failed"
        return Self.error(400, "non_field_errors: '\(words)'", request)
    }

    private static let duplicateWords =
        "external_reference: 'parcel with this external reference already exists.'"

    private func duplicate(_ form: JSONNode, _ request: VendorRequest) -> HTTPResponse? {
        guard let reference = form["external_reference"]?.text, let known = references[reference] else { return nil }
        switch settings.duplicateReference {
        case .refused400: return Self.error(400, Self.duplicateWords, request)
        case .conflict409: return Self.error(409, Self.duplicateWords, request)
        case .existing200: return parcels[known].map { .json(["parcel": node(of: $0)]) }
        }
    }

    /// Asks for the label of a parcel that has none.
    private mutating func put(_ request: VendorRequest, at now: Date) -> HTTPResponse {
        guard let form = request.bodyNode?["parcel"], let id = form["id"]?.lenientInteger, let parcel = parcels[id]
        else { return noParcel(request) }
        guard !parcel.hasLabel else { return Self.error(400, "This parcel has already been announced", request) }
        if form["request_label"]?.bool == true {
            if let methodID = form["shipment"]?["id"]?.lenientInteger {
                parcels[id]?.method = ShippingMethods.method(methodID)
            }
            announce(id, at: now)
            agenda.add(.report(parcelID: id), at: pace.date(settings.readySeconds, after: now))
        }
        return .json(["parcel": parcels[id].map(node(of:)) ?? nil])
    }

    // MARK: Reading

    private func list(_ request: VendorRequest) -> HTTPResponse {
        var chosen = sequence.reversed().compactMap { parcels[$0] }
        if let text = request.parameter("external_reference") { chosen.removeAll { $0.externalReference != text } }
        if let text = request.parameter("order_number") { chosen.removeAll { $0.orderNumber != text } }
        if let text = request.parameter("tracking_number") { chosen.removeAll { $0.trackingNumber != text } }
        if let text = request.parameter("parcel_status") { chosen.removeAll { String($0.statusID) != text } }
        if let text = request.parameter("ids") {
            let ids = Set(
                text.split(separator: ",").prefix(Self.identifiersMaximum).compactMap { Int64(wireDigits: $0) })
            chosen.removeAll { !ids.contains($0.id) }
        }
        if let date = request.parameter("updated_after").flatMap(Timestamp.parse) {
            chosen.removeAll { $0.updatedAt < date }
        }
        if let date = request.parameter("announced_after").flatMap(Timestamp.parse) {
            chosen.removeAll { ($0.announcedAt ?? .distantPast) < date }
        }
        var start = 0
        if let cursor = request.parameter("cursor") {
            guard let bytes = Data(base64Encoded: cursor),
                let mark = QueryStringValue.of("p", in: String(decoding: bytes, as: UTF8.self)),
                let id = Int64(wireDigits: mark)
            else { return Self.error(404, "Invalid cursor", request) }
            start = chosen.firstIndex { $0.id < id } ?? chosen.count
        }
        let page = chosen.dropFirst(start).prefix(Self.pageSize)
        var next: JSONNode = .null
        if let last = page.last, chosen.last?.id != last.id {
            let cursor = Data("r=1&p=\(last.id)".utf8).base64EncodedString()
            let rest = request.query.filter { $0.name != "cursor" }.map { "\($0.name)=\($0.value)&" }.joined()
            next = .string("\(publicURL)/parcels?\(rest)cursor=\(cursor.replacing("=", with: "%3D"))")
        }
        return .json(["next": next, "previous": nil, "parcels": .array(page.map(node(of:)))])
    }

    private func methods(_ request: VendorRequest) -> HTTPResponse {
        let country = request.parameter("to_country")?.uppercased()
        let chosen = ShippingMethods.all.filter { method in country.map { method.countries.contains($0) } ?? true }
        return .json([
            "next": nil, "previous": nil, "shipping_methods": .array(chosen.map(ShippingMethods.node)),
        ])
    }

    private func tracking(_ request: VendorRequest) -> HTTPResponse {
        guard let parcel = parcels.values.first(where: { $0.trackingNumber == request.segments[1] }) else {
            return Self.error(404, "Not found.", request)
        }
        return .json([
            "statuses": [
                [
                    "carrier_update_timestamp": .string(VendorTime.utcOffset(parcel.updatedAt)),
                    "parcel_status_history_id": "1",
                    "parent_status": .string(ParcelStatuses.message(parcel.statusID)),
                    "carrier_code": .string(parcel.method?.carrier ?? ""),
                    "carrier_message": .string(ParcelStatuses.message(parcel.statusID)),
                ]
            ]
        ])
    }

    // MARK: Labels

    private func document(_ request: VendorRequest, at now: Date) -> HTTPResponse {
        guard let parcel = parcel(request.segments[1]) else { return noParcel(request) }
        guard request.segments[3] == "label", let from = parcel.labelFrom, now >= from else {
            return Self.error(404, "Not found.", request)
        }
        return Self.pdf([parcel], isA6: true)
    }

    private func labels(_ request: VendorRequest, at now: Date) -> HTTPResponse {
        if request.method == .post { return bulkLabel(request) }
        let isKind = ["normal_printer", "label_printer"].contains(request.segments.dropFirst().first ?? "")
        guard isKind else {
            guard let parcel = request.segments.dropFirst().first.flatMap({ parcel($0) }), parcel.hasLabel else {
                return Self.error(404, "Not found.", request)
            }
            return .json(["label": labelNode(of: parcel), "customs_declaration": [:]])
        }
        let ids = request.segments.count > 2 ? request.segments[2] : request.parameter("ids") ?? ""
        let wanted = ids.split(separator: ",").compactMap { parcel(String($0)) }
        guard !wanted.isEmpty, wanted.allSatisfy({ $0.labelFrom.map { now >= $0 } ?? false }) else {
            return Self.error(404, "Not found.", request)
        }
        return Self.pdf(wanted, isA6: request.segments[1] == "label_printer")
    }

    /// One set of addresses for several parcels.
    private func bulkLabel(_ request: VendorRequest) -> HTTPResponse {
        let given: [JSONNode] = request.bodyNode?["label"]?["parcels"]?.array ?? []
        let wanted: [Int64] = given.compactMap(\.lenientInteger)
        guard let first = wanted.first, let parcel = parcels[first], parcel.hasLabel else {
            return .json(["message": "No parcels found"], status: 400)
        }
        let ids = wanted.map { String($0) }.joined(separator: ",")
        let root = "\(publicURL)/labels/normal_printer?ids=\(ids)&start_from="
        let normal: [String] = (0...3).map { root + String($0) }
        let label: JSONNode = [
            "normal_printer": .strings(normal),
            "label_printer": .string("\(publicURL)/labels/label_printer?ids=\(ids)"),
        ]
        return .json(["label": label])
    }

    private static func pdf(_ parcels: [OfficeParcel], isA6: Bool) -> HTTPResponse {
        let lines = parcels.flatMap { parcel -> [String] in
            let form = parcel.form
            let place = [form["postal_code"]?.text, form["city"]?.string].compactMap { $0 }.joined(separator: " ")
            let address = [form["name"]?.string, form["address"]?.string, place, form["country"]?.string]
            return ["SANDBOX LABEL", parcel.method?.name ?? ""] + address.compactMap { $0 } + [parcel.trackingNumber]
        }
        return HTTPResponse(
            status: 200, fields: ["content-type": "application/pdf"],
            body: .bytes(LabelPDF.document(lines: lines, isA6: isA6)))
    }

    // MARK: Integration

    private mutating func integrations(_ request: VendorRequest) -> HTTPResponse {
        if request.method == .put || request.method == .patch, let body = request.bodyNode {
            if let url = body["webhook_url"]?.string { webhookURL = url.isEmpty ? nil : url }
            if let active = body["webhook_active"]?.bool { webhookActive = active }
        }
        let node: JSONNode = [
            "id": 1, "shop_name": "Forma3D", "shop_url": .string("https://\(SandboxCredentials.shopDomain)"),
            "system": "api", "failing_since": nil, "last_fetch": nil, "service_point_enabled": false,
            "service_point_carriers": [], "webhook_active": .bool(webhookActive), "webhook_url": .text(webhookURL),
        ]
        return .json(request.segments.count == 1 ? [node] : node)
    }
}

/// One value of a `name=value&…` text.
enum QueryStringValue {
    static func of(_ name: String, in text: String) -> String? {
        text.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }
}
