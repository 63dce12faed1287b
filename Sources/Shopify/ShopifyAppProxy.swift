import Cryptography
package import FoundationEssentials

/// The proof that a request came through the shop's App Proxy: the storefront's pages call us under the shop's own host,
/// and Shopify signs what it passes on
/// (https://shopify.dev/docs/apps/build/online-store/app-proxies/authenticate-app-proxies).
package enum ShopifyAppProxy {
    /// Parameters that Shopify adds; a page cannot choose them.
    package static let parameters: Set<String> = [
        "shop", "path_prefix", "timestamp", "signature", "logged_in_customer_id",
    ]
    /// How far its clock and ours may be apart, as in Shopify's own library: a signed address is no ticket for ever.
    package static let toleranceSeconds = 90.0

    package enum Verdict: Hashable, Sendable {
        case genuine
        /// A sentence for the log, never for the caller.
        case refused(String)
    }

    /// - Parameters:
    ///   - query: names and values, percent-decoded, in any order.
    ///   - secrets: client secrets of the app, several while one is being replaced.
    ///   - shopDomain: the one shop that is served; nil serves any that the secret signs for.
    package static func judge(
        query: [(name: String, value: String)], secrets: [String], shopDomain: String?, now: Date
    ) -> Verdict {
        let secrets = secrets.filter { !$0.isEmpty }
        guard !secrets.isEmpty else { return .refused("SHOPIFY_CLIENT_SECRET is not set") }
        guard let signature = single("signature", query), let claimed = hexadecimal(signature) else {
            return .refused("there is not one signature of 64 hex digits")
        }
        // Signed or not, two answers to who asks and when are none.
        guard let shop = single("shop", query), let timestamp = single("timestamp", query).flatMap(seconds) else {
            return .refused("there is not one shop and one timestamp")
        }
        let messages = messages(query.filter { $0.name != "signature" })
        var isGenuine = false
        for secret in secrets {
            for message in messages {
                let expected = HMACSHA256.authenticationCode(for: message, key: Array(secret.utf8))
                if ConstantTime.isEqual(claimed, expected) { isGenuine = true }
            }
        }
        guard isGenuine else { return .refused("the signature is not the app's") }
        if let shopDomain, shop.lowercased() != shopDomain.lowercased() { return .refused("it is another shop's") }
        guard abs(now.timeIntervalSince1970 - timestamp) <= toleranceSeconds else {
            return .refused("it was signed more than \(Int(toleranceSeconds)) s ago or ahead")
        }
        return .genuine
    }

    /// What is signed: `name=value` of every other parameter, sorted, without anything in between; several values of one
    /// name joined by commas. The documentation sorts the pairs and Shopify's JavaScript library the names, which differ
    /// where one name begins another; both are the app's word.
    private static func messages(_ query: [(name: String, value: String)]) -> [[UInt8]] {
        var values: [String: [String]] = [:]
        for pair in query { values[pair.name, default: []].append(pair.value) }
        let pairs = values.map { (name: $0.key, text: "\($0.key)=\($0.value.joined(separator: ","))") }
        let byPair = pairs.map { Array($0.text.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 }
        let byName = pairs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.flatMap {
            Array($0.text.utf8)
        }
        return byPair == byName ? [byPair] : [byPair, byName]
    }

    private static func single(_ name: String, _ query: [(name: String, value: String)]) -> String? {
        let found = query.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }

    private static func seconds(_ text: String) -> Double? {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Double(text)
    }

    private static func hexadecimal(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 2 * SHA256.lengthBytes else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
