import Kernel

/// Shopify's global ids, `gid://shopify/Order/6198424240428`; the digits are the id used everywhere else.
enum ShopifyGID {
    static func make(_ kind: String, _ id: Int64) -> String {
        "gid://shopify/\(kind)/\(id)"
    }

    /// The digits at the end, a query after them ignored; nil when there are none.
    static func number(_ gid: String) -> Int64? {
        let path = gid.prefix { $0 != "?" }
        guard let last = path.split(separator: "/", omittingEmptySubsequences: false).last else { return nil }
        return Digits.integer(String(last))
    }
}
