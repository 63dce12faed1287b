import FoundationEssentials
import Kernel

/// A parcel.
struct OfficeParcel: Sendable {
    let id: Int64
    /// The request as it came.
    let form: JSONNode
    let externalReference: String?
    let orderNumber: String?
    var labelRequested: Bool
    var method: ShippingMethods.Method?
    var statusID: Int64
    var trackingNumber: String
    var errors: JSONNode?
    let createdAt: Date
    var updatedAt: Date
    var announcedAt: Date?
    var labelFrom: Date?
    let uuid: String

    var hasLabel: Bool { labelFrom != nil }

    var isCancelled: Bool {
        [ParcelStatuses.cancelled, ParcelStatuses.cancellationRequested, 1_998, 2_001].contains(statusID)
    }
}

/// The parcel office: parcels, labels, statuses. A pure value; time and identities come in.
struct ParcelOffice: Sendable {
    struct Hook: Sendable {
        let action: String
        let body: [UInt8]
    }

    enum Event: Sendable {
        case announced(parcelID: Int64)
        case report(parcelID: Int64)
        case move(parcelID: Int64, statusID: Int64)
        case settleCancel(parcelID: Int64, statusID: Int64)

        var parcelID: Int64 {
            switch self {
            case .announced(let id), .report(let id), .move(let id, _), .settleCancel(let id, _): id
            }
        }
    }

    var settings: ParcelSettings
    var pace: Pace
    /// Where labels are fetched from, `http://127.0.0.1:4010/sendcloud/api/v2`.
    var publicURL: String
    private let identities: Identities
    var parcels: [Int64: OfficeParcel] = [:]
    var sequence: [Int64] = []
    /// Every reference ever used: unique for ever, also after cancelling.
    var references: [String: Int64] = [:]
    var outgoing: [Hook] = []
    var agenda = Agenda<Event>()
    /// The next parcels are refused by their carrier with these words.
    var failuresToCome: [String] = []
    var webhookURL: String?
    var webhookActive = true
    private var counter: Int64 = 8_293_793

    init(settings: ParcelSettings, pace: Pace, publicURL: String, identities: Identities = .system) {
        self.settings = settings
        self.pace = pace
        self.publicURL = publicURL
        self.identities = identities
    }

    // MARK: Time

    var nextDue: Date? { agenda.nextDue }

    mutating func advance(to now: Date) {
        while let (due, event) = agenda.popDue(at: now) {
            switch event {
            case .announced(let id):
                announce(id, at: due)
                report(id, at: due)
            case .report(let id): report(id, at: due)
            case .move(let id, let statusID), .settleCancel(let id, let statusID):
                setStatus(id, statusID, at: due)
            }
        }
    }

    /// Sets a status and reports it. - Returns: false for an unknown parcel.
    @discardableResult
    mutating func setStatus(_ id: Int64, _ statusID: Int64, at now: Date) -> Bool {
        guard parcels[id] != nil else { return false }
        parcels[id]?.statusID = statusID
        parcels[id]?.updatedAt = now
        report(id, at: now)
        return true
    }

    private mutating func report(_ id: Int64, at now: Date) {
        guard webhookActive, let parcel = parcels[id] else { return }
        let seconds = now.timeIntervalSince1970
        let stamp = settings.hookSeconds ? Int64(seconds) : Int64(seconds * 1_000)
        let body: JSONNode = [
            "action": "parcel_status_changed", "timestamp": .integer(stamp),
            "carrier_status_change_timestamp": .integer(stamp), "parcel": node(of: parcel),
        ]
        outgoing.append(Hook(action: "parcel_status_changed", body: body.bytes()))
    }

    mutating func takeOutgoing() -> [Hook] {
        defer { outgoing = [] }
        return outgoing
    }

    // MARK: Making

    mutating func create(_ form: JSONNode, at now: Date) -> OfficeParcel {
        counter += 1
        let wantsLabel = form["request_label"]?.bool ?? false
        let isAsynchronous = form["request_label_async"]?.bool ?? false
        let reference = form["external_reference"]?.text
        let parcel = OfficeParcel(
            id: counter, form: form, externalReference: reference, orderNumber: form["order_number"]?.text,
            labelRequested: wantsLabel || isAsynchronous,
            method: form["shipment"]?["id"]?.lenientInteger.flatMap(ShippingMethods.method),
            statusID: wantsLabel || isAsynchronous ? ParcelStatuses.announcing : ParcelStatuses.noLabel,
            trackingNumber: "", createdAt: now, updatedAt: now, uuid: identities.uuid().uuidString.lowercased())
        parcels[parcel.id] = parcel
        sequence.append(parcel.id)
        if let reference { references[reference] = parcel.id }
        if !failuresToCome.isEmpty || settings.announcementError != nil, parcel.labelRequested {
            let words = failuresToCome.isEmpty ? settings.announcementError : failuresToCome.removeFirst()
            fail(parcel.id, words ?? "Announcement failed", at: now)
        } else if isAsynchronous {
            agenda.add(.announced(parcelID: parcel.id), at: pace.date(settings.readySeconds * 3, after: now))
        } else if wantsLabel {
            announce(parcel.id, at: now)
            agenda.add(.report(parcelID: parcel.id), at: pace.date(settings.readySeconds, after: now))
        }
        return parcels[parcel.id] ?? parcel
    }

    private mutating func fail(_ id: Int64, _ words: String, at now: Date) {
        parcels[id]?.statusID = ParcelStatuses.announcementFailed
        parcels[id]?.errors = ["non_field_errors": [.string(words)]]
        agenda.add(.report(parcelID: id), at: pace.date(settings.readySeconds, after: now))
    }

    mutating func announce(_ id: Int64, at now: Date) {
        guard var parcel = parcels[id], !parcel.hasLabel else { return }
        parcel.statusID = ParcelStatuses.readyToSend
        parcel.announcedAt = now
        parcel.updatedAt = now
        parcel.labelFrom = pace.date(settings.labelDelaySeconds, after: now)
        parcel.labelRequested = true
        let isTest = parcel.method?.id == ShippingMethods.unstampedLetterID
        parcel.trackingNumber = isTest ? "" : "3SSBX\(id)"
        parcels[id] = parcel
        guard settings.moves, !isTest else { return }
        agenda.add(
            .move(parcelID: id, statusID: ParcelStatuses.toSorting),
            at: pace.date(settings.sortingSeconds, after: now))
        agenda.add(
            .move(parcelID: id, statusID: ParcelStatuses.delivered),
            at: pace.date(settings.deliveredSeconds, after: now))
    }

    // MARK: Cancelling

    /// - Returns: HTTP status and body; nil for an unknown parcel.
    mutating func cancel(_ id: Int64, at now: Date) -> (status: Int, body: JSONNode)? {
        guard let parcel = parcels[id] else { return nil }
        if parcel.isCancelled {
            return (400, ["status": "failed", "message": "This shipment is already being cancelled."])
        }
        switch parcel.statusID {
        case ParcelStatuses.announcementFailed:
            return (410, ["status": "failed", "message": "The announcement of this parcel failed."])
        case ParcelStatuses.noLabel:
            setStatus(id, ParcelStatuses.cancelled, at: now)
            return (200, ["status": "deleted", "message": "Parcel has been deleted"])
        case ParcelStatuses.readyToSend, ParcelStatuses.announcing, 1:
            return cancelAnnounced(id, at: now)
        default:
            let words = "Shipped parcels, or parcels being shipped, can no longer be cancelled."
            return (400, ["status": "failed", "message": .string(words)])
        }
    }

    private mutating func cancelAnnounced(_ id: Int64, at now: Date) -> (status: Int, body: JSONNode) {
        agenda.removeAll { $0.parcelID == id }
        guard settings.cancelling != .immediate else {
            setStatus(id, ParcelStatuses.cancelled, at: now)
            return (200, ["status": "cancelled", "message": "Parcel has been cancelled"])
        }
        setStatus(id, ParcelStatuses.cancellationRequested, at: now)
        let outcome =
            settings.cancelling == .queued ? ParcelStatuses.cancelled : ParcelStatuses.cancellationFailed
        agenda.add(
            .settleCancel(parcelID: id, statusID: outcome), at: pace.date(settings.cancelSeconds, after: now))
        return (202, ["status": "queued", "message": "Parcel cancellation has been queued"])
    }

    // MARK: Views

    func node(of parcel: OfficeParcel) -> JSONNode {
        let form = parcel.form
        let address = form["address"]?.string ?? ""
        let given = form["house_number"]?.text ?? ""
        let divided = ParcelValidation.divided(address)
        let street = given.isEmpty ? divided?.street ?? address : address
        let number = given.isEmpty ? divided?.houseNumber ?? "" : given
        let state = form["country_state"] ?? form["to_state"] ?? nil
        var node: JSONNode = [
            "id": .integer(parcel.id), "name": .string(form["name"]?.string ?? ""),
            "company_name": .string(form["company_name"]?.string ?? ""), "contract": nil,
            "address": .string(given.isEmpty ? address : "\(address) \(given)"),
            "address_2": .string(form["address_2"]?.string ?? ""),
            "address_divided": ["street": .string(street), "house_number": .string(number)],
            "city": .string(form["city"]?.string ?? ""), "postal_code": .string(form["postal_code"]?.text ?? ""),
            "telephone": .string(form["telephone"]?.string ?? ""), "email": .string(form["email"]?.string ?? ""),
            "date_created": .string(VendorTime.dayFirst(parcel.createdAt)),
            "date_updated": .string(VendorTime.dayFirst(parcel.updatedAt)),
            "date_announced": .text(parcel.announcedAt.map(VendorTime.dayFirst)),
            "tracking_number": .string(parcel.trackingNumber),
            "weight": .string(Kilograms.text(grams: Kilograms.grams(form["weight"]) ?? 1_000)),
            "label": labelNode(of: parcel), "documents": documents(of: parcel), "customs_declaration": [:],
            "status": ParcelStatuses.node(parcel.statusID), "data": [:],
            "country": CountryNames.node(form["country"]?.string ?? ""), "to_state": state,
            "shipment": parcel.method.map { ["id": .integer($0.id), "name": .string($0.name)] } ?? nil,
            "carrier": ["code": .string(parcel.method?.carrier ?? "")], "is_return": false,
            "order_number": .string(parcel.orderNumber ?? ""), "parcel_items": form["parcel_items"] ?? [],
            "type": parcel.hasLabel ? "parcel" : nil, "reference": form["reference"] ?? "0",
            "external_reference": .text(parcel.externalReference), "external_order_id": .string(String(parcel.id)),
            "external_shipment_id": .string(parcel.orderNumber ?? ""), "colli_uuid": .string(parcel.uuid),
            "collo_nr": 0, "collo_count": 1, "shipment_uuid": .string(parcel.uuid), "to_service_point": nil,
            "total_insured_value": 0, "total_order_value": form["total_order_value"] ?? nil,
            "total_order_value_currency": form["total_order_value_currency"] ?? nil, "length": nil, "width": nil,
            "height": nil,
        ]
        if !parcel.trackingNumber.isEmpty {
            node["tracking_url"] = .string(
                "https://tracking.eu-central-1-0.sendcloud.sc/forward?carrier=\(parcel.method?.carrier ?? "")"
                    + "&code=\(parcel.trackingNumber)&verification=\((form["postal_code"]?.text ?? "").filter { $0.isASCII && $0.isLetter || $0.isNumber })"
            )
        }
        if let errors = parcel.errors { node["errors"] = errors }
        return node
    }

    /// Four A4 positions and one A6, or an empty object.
    func labelNode(of parcel: OfficeParcel) -> JSONNode {
        guard parcel.hasLabel else { return [:] }
        let root = "\(publicURL)/labels/normal_printer/\(parcel.id)?start_from="
        let normal: [String] = (0...3).map { root + String($0) }
        return [
            "normal_printer": .strings(normal),
            "label_printer": .string("\(publicURL)/labels/label_printer/\(parcel.id)"),
        ]
    }

    private func documents(of parcel: OfficeParcel) -> JSONNode {
        guard parcel.hasLabel else { return [] }
        return [
            [
                "type": "label", "size": "a6",
                "link": .string("\(publicURL)/parcels/\(parcel.id)/documents/label"),
            ]
        ]
    }
}
