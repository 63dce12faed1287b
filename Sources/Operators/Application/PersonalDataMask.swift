package import Kernel

/// Hides what may be about a person before an operator sees a stored body or payload.
///
/// By name of the member, not by its value: a rule that anybody can check. What is hidden is hidden whole, with
/// everything below it. Beside that, any text that holds an e-mail address is hidden.
package enum PersonalDataMask {
    package static let hidden = "•••"

    /// Parts of a member's name, in lower case and without `_` and `-`.
    private static let telling = [
        "email", "mail", "phone", "address", "street", "housenumber", "city", "zip", "postal", "postcode", "province",
        "firstname", "lastname", "fullname", "customer", "company", "contact", "recipient", "latitude", "longitude",
        "browserip", "clientip", "useragent", "note", "token", "secret", "password", "hmac", "signature", "cookie",
        "authorization", "apikey", "cartid", "landingsite", "referringsite", "orderstatusurl", "properties", "label",
    ]
    /// Whole names that are too short to look for inside others.
    private static let exact: Set<String> = ["name", "to", "from", "ip", "clientdetails"]

    package static func mask(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        (name, isTelling(name) && !isEmpty(value) ? .string(hidden) : mask(value))
                    }))
        case .array(let elements): .array(elements.map(mask))
        case .string(let text): .string(mask(text))
        default: value
        }
    }

    /// Words with an `@` in them go, the others stay.
    package static func mask(_ text: String) -> String {
        guard text.contains("@") else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.contains("@") ? hidden : String(word)
        }.joined(separator: " ")
    }

    private static func isTelling(_ name: String) -> Bool {
        let plain = name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
        return exact.contains(plain) || telling.contains { plain.contains($0) }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .string(""): true
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
