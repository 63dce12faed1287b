/// What Sendcloud refuses in `POST /parcels` (contracts §2.2).
enum ParcelValidation {
    struct Complaint: Hashable, Sendable {
        let field: String
        let text: String
    }

    private static let blank = "This field cannot be blank."
    private static let required = "This field is required."

    static func complaints(of parcel: JSONNode) -> [Complaint] {
        var found: [Complaint] = []
        for field in ["name", "address", "city", "postal_code", "country"] {
            if parcel[field]?.text == nil {
                found.append(.init(field: field, text: required))
            } else if parcel[field]?.text?.isEmpty == true {
                found.append(.init(field: field, text: blank))
            }
        }
        let country = parcel["country"]?.string ?? ""
        if !country.isEmpty, !CountryNames.isKnown(country) {
            found.append(.init(field: "country", text: "Invalid country code."))
        }
        if let complaint = houseNumber(of: parcel) { found.append(complaint) }
        if ["US", "CA", "IT", "AU"].contains(country), country != "IT",
            (parcel["country_state"] ?? parcel["to_state"])?.string?.isEmpty ?? true
        {
            found.append(.init(field: "country_state", text: required))
        }
        found += label(of: parcel, country: country)
        if let reference = parcel["external_reference"], !reference.isNull, reference.text?.isEmpty ?? true {
            found.append(.init(field: "external_reference", text: blank))
        }
        if let quantity = parcel["quantity"], !(1...20).contains(quantity.lenientInteger ?? 0) {
            found.append(.init(field: "quantity", text: "Ensure this value is between 1 and 20."))
        }
        return found
    }

    /// Null is an error; empty or absent makes Sendcloud split the address, and what cannot be split is one.
    private static func houseNumber(of parcel: JSONNode) -> Complaint? {
        let given = parcel["house_number"]
        if given?.isNull == true { return .init(field: "house_number", text: "This field may not be null.") }
        if let text = given?.text, !text.isEmpty {
            return text.count > 20
                ? .init(field: "house_number", text: "Ensure this field has no more than 20 characters.") : nil
        }
        let address = parcel["address"]?.string ?? ""
        return divided(address) == nil ? .init(field: "house_number", text: blank) : nil
    }

    /// `Stadhuisplein 10` → street and number; nil when no word after the first starts with a digit.
    static func divided(_ address: String) -> (street: String, houseNumber: String)? {
        let words = address.split(separator: " ")
        guard let index = words.indices.dropFirst().first(where: { words[$0].first?.isNumber == true }) else {
            return nil
        }
        return (words[..<index].joined(separator: " "), words[index...].joined(separator: " "))
    }

    private static func label(of parcel: JSONNode, country: String) -> [Complaint] {
        var found: [Complaint] = []
        if let weight = parcel["weight"], !weight.isNull {
            if let grams = Kilograms.grams(weight) {
                if grams < 1 {
                    found.append(
                        .init(field: "weight", text: "Ensure this value is greater than or equal to 0.001."))
                }
            } else {
                found.append(.init(field: "weight", text: "A valid number is required."))
            }
        }
        if let sender = parcel["sender_address"], !sender.isNull, sender.lenientInteger != ShippingMethods.senderID {
            found.append(.init(field: "sender_address", text: "Sender address does not exist."))
        }
        guard parcel["request_label"]?.bool == true else { return found }
        guard let methodID = parcel["shipment"]?["id"]?.lenientInteger else {
            return found + [.init(field: "shipment", text: required)]
        }
        guard let method = ShippingMethods.method(methodID) else {
            return found + [.init(field: "shipment", text: "Invalid shipping method.")]
        }
        if !country.isEmpty, CountryNames.isKnown(country), !method.countries.contains(country) {
            found.append(
                .init(field: "non_field_errors", text: "The shipping method is not available for this country"))
        }
        if let grams = Kilograms.grams(parcel["weight"]), grams > method.maximumGrams {
            found.append(
                .init(field: "weight", text: "The weight is higher than the maximum of the shipping method."))
        }
        if CountryNames.needsCustoms(country) { found += customs(of: parcel) }
        return found
    }

    private static func customs(of parcel: JSONNode) -> [Complaint] {
        guard let items = parcel["parcel_items"]?.array, !items.isEmpty else {
            return [.init(field: "parcel_items", text: required)]
        }
        var found: [Complaint] = []
        for field in ["hs_code", "weight", "quantity", "description", "value"]
        where items.contains(where: { $0[field]?.text?.isEmpty ?? true }) {
            found.append(.init(field: "parcel_items", text: "\(field): \(required)"))
        }
        let information = parcel["customs_information"]
        if (parcel["customs_invoice_nr"] ?? information?["customs_invoice_nr"])?.text?.isEmpty ?? true {
            found.append(.init(field: "customs_invoice_nr", text: required))
        }
        if (parcel["customs_shipment_type"] ?? information?["customs_shipment_type"])?.lenientInteger == nil {
            found.append(.init(field: "customs_shipment_type", text: required))
        }
        return found
    }
}
