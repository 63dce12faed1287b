import Kernel

/// A parcel as Sendcloud has it.
package struct Parcel: Codable, Hashable, Sendable {
    package var id: Int64
    package var externalReference: String?
    package var orderNumber: String?
    package var statusID: Int
    package var statusMessage: String
    package var trackingNumber: String?
    package var trackingURL: String?
    /// `postnl`.
    package var carrierCode: String?
    /// Needs our credentials; never for a browser or a customer.
    package var labelURL: String?
    /// Kilograms, as Sendcloud writes it.
    package var weightKilograms: String?
    package var name: String?
    package var postalCode: String?
    /// ISO 3166 alpha-2.
    package var country: String?

    package init(
        id: Int64, externalReference: String?, orderNumber: String?, statusID: Int, statusMessage: String,
        trackingNumber: String?, trackingURL: String?, carrierCode: String?, labelURL: String?,
        weightKilograms: String?, name: String?, postalCode: String?, country: String?
    ) {
        self.id = id
        self.externalReference = externalReference
        self.orderNumber = orderNumber
        self.statusID = statusID
        self.statusMessage = statusMessage
        self.trackingNumber = trackingNumber
        self.trackingURL = trackingURL
        self.carrierCode = carrierCode
        self.labelURL = labelURL
        self.weightKilograms = weightKilograms
        self.name = name
        self.postalCode = postalCode
        self.country = country
    }

    package var status: ParcelStatus { ParcelStatus(id: statusID, message: statusMessage) }
}

/// A parcel as the wire has it: id and status demanded, all else tolerant.
struct WireParcel: Decodable {
    var parcel: Parcel
    /// Of `errors=verbose-carrier`: what the carrier or Sendcloud refused.
    var errorText: String?

    init(from decoder: any Decoder) throws {
        let object = try decoder.looseObject()
        let id = try object.requireInteger("id")
        guard let status = object.object("status"), let statusID = status.integer("id").flatMap({ Int(exactly: $0) })
        else { throw object.unreadable("status", "has no id") }
        // The documentation's own examples hold the text "null".
        let reference = object.filledText("external_reference").flatMap { $0 == "null" ? nil : $0 }
        let label = object.object("label")
        let carrier = object.object("carrier")
        parcel = Parcel(
            id: id, externalReference: reference, orderNumber: object.filledText("order_number"), statusID: statusID,
            statusMessage: status.text("message") ?? "", trackingNumber: object.filledText("tracking_number"),
            trackingURL: object.filledText("tracking_url"),
            carrierCode: carrier?.filledText("code") ?? object.filledText("carrier"),
            labelURL: label?.filledText("label_printer") ?? label?.firstText("normal_printer"),
            weightKilograms: object.filledText("weight"), name: object.filledText("name"),
            postalCode: object.filledText("postal_code"),
            country: object.object("country")?.filledText("iso_2") ?? object.filledText("country"))
        errorText = object.has("errors") ? ErrorText.words(object, "errors") : nil
    }
}

extension LooseObject {
    fileprivate func firstText(_ key: LooseKey) -> String? {
        (try? decode([String].self, forKey: key))?.first { !$0.isEmpty } ?? filledText(key)
    }
}

/// Sendcloud's words for what is wrong.
enum ErrorText {
    /// Out of an error body: `{"error":{"message":…}}`, `{"message":…}` or `{"errors":…}`.
    static func of(_ body: [UInt8]) -> String? {
        guard let value = try? JSON.decode(JSONValue.self, from: body) else { return nil }
        return [value["error"]?["message"], value["error"], value["message"], value["errors"]].lazy
            .compactMap { $0.flatMap(words) }.first
    }

    static func words(_ object: LooseObject, _ key: LooseKey) -> String? {
        (try? object.decode(JSONValue.self, forKey: key)).flatMap(words)
    }

    /// A text, a list of them, or texts by field; nil when there is no word in it.
    static func words(_ value: JSONValue) -> String? {
        let text: String =
            switch value {
            case .string(let text): text
            case .array(let list): list.compactMap { words($0) }.joined(separator: "; ")
            case .object(let fields):
                fields.sorted { $0.key < $1.key }.compactMap { field in
                    words(field.value).map { "\(field.key): \($0)" }
                }.joined(separator: "; ")
            default: ""
            }
        return text.isEmpty ? nil : text
    }
}
