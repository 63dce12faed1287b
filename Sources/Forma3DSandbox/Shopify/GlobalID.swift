/// `gid://shopify/Order/6198424240428`.
enum GlobalID {
    static func text(_ type: String, _ id: Int64) -> String { "gid://shopify/\(type)/\(id)" }

    /// The digits of a gid of that type; nil for another type, 0, or anything that is no gid.
    static func parse(_ text: String?, _ type: String) -> Int64? {
        guard let text, text.hasPrefix("gid://shopify/\(type)/"), let slash = text.lastIndex(of: "/") else {
            return nil
        }
        let digits = text[text.index(after: slash)...].prefix { $0 != "?" }
        guard let id = Int64(wireDigits: digits), id > 0 else { return nil }
        return id
    }

    /// As recorded for `gid://shopify/FulfillmentOrder/0`.
    static let invalid = GraphQLFieldError(message: "invalid id", extensions: ["code": "RESOURCE_NOT_FOUND"])
}
