/// The shipping methods and sender addresses of the account.
enum ShippingMethods {
    struct Method: Sendable {
        let id: Int64
        let name: String
        let carrier: String
        let maximumGrams: Int64
        let price: String
        let countries: [String]
    }

    /// The free test method: no carrier is asked, so nothing can be tracked (contracts §2.1).
    static let unstampedLetterID: Int64 = 8
    static let defaultID: Int64 = 2_077

    static let all = [
        Method(
            id: 8, name: "Unstamped letter", carrier: "sendcloud", maximumGrams: 10_000, price: "0",
            countries: ["BE", "NL", "DE", "FR", "ES", "IT", "LU", "AT", "GB", "CH"]),
        Method(
            id: 2_077, name: "bpost @home 0-30kg", carrier: "bpost", maximumGrams: 30_000, price: "6.10",
            countries: ["BE", "NL", "DE", "FR", "ES", "IT", "LU", "AT", "IE", "PT", "DK", "SE", "PL"]),
        Method(
            id: 1_345, name: "PostNL Standard 0-23kg", carrier: "postnl", maximumGrams: 23_000, price: "6.75",
            countries: ["NL", "BE", "DE"]),
        Method(
            id: 3_302, name: "DHL Parcel Connect 0-31kg", carrier: "dhl", maximumGrams: 31_000, price: "12.40",
            countries: ["BE", "NL", "DE", "FR", "ES", "IT", "AT", "LU", "GB", "CH", "NO", "US"]),
    ]

    static func method(_ id: Int64) -> Method? { all.first { $0.id == id } }

    static func node(_ method: Method) -> JSONNode {
        [
            "id": .integer(method.id), "name": .string(method.name), "carrier": .string(method.carrier),
            "min_weight": "0.001", "max_weight": .string(Kilograms.text(grams: method.maximumGrams)),
            "service_point_input": "none", "price": 0,
            "countries": .array(
                method.countries.enumerated().map { index, code in
                    var country = CountryNames.node(code)
                    country["id"] = .integer(index + 1)
                    country["price"] = .number(method.price)
                    country["lead_time_hours"] = 24
                    country["price_breakdown"] = [
                        ["type": "price_without_insurance", "label": "Label", "value": .number(method.price)]
                    ]
                    return country
                }),
        ]
    }

    static let senderID: Int64 = 1

    static let sender: JSONNode = [
        "id": 1, "company_name": "Forma3D", "contact_name": "Sandbox Sender", "email": "sender@example.com",
        "telephone": "+3290000000", "street": "Werfstraat", "house_number": "10", "postal_box": "",
        "postal_code": "9000", "city": "Gent", "country": "BE", "country_state": nil, "vat_number": "BE0000000000",
        "eori_number": "BE0000000000", "label": "Workshop", "brand_id": 1, "signature_full_name": "",
        "signature_initials": "",
    ]
}

/// Weights as Sendcloud writes them: kilograms with three decimals.
enum Kilograms {
    static func text(grams: Int64) -> String {
        let rest = String(grams % 1_000)
        return "\(grams / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// Grams of `"1.250"`; numbers are accepted too. Nil for anything else; more than three decimals are refused.
    static func grams(_ node: JSONNode?) -> Int64? {
        guard let text = node?.text, text.utf8.count <= 12 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int64(wireDigits: parts[0]), whole >= 0 else { return nil }
        guard parts.count == 2 else { return whole * 1_000 }
        guard (1...3).contains(parts[1].utf8.count),
            let fraction = Int64(wireDigits: parts[1] + String(repeating: "0", count: 3 - parts[1].utf8.count)),
            fraction >= 0
        else { return nil }
        return whole * 1_000 + fraction
    }
}
