import Cryptography
import FoundationEssentials
import Routing
import Shopify
import Testing

/// Requests that Shopify passes on from the storefront.
@Suite struct AppProxyTests {
    private typealias Pair = (name: String, value: String)
    private static let moment = 1_317_327_555.0

    /// The documentation's own example: secret `hush`, `extra=1&extra=2`.
    private static let documented: [Pair] = [
        ("extra", "1"), ("extra", "2"), ("shop", "shop-name.myshopify.com"), ("logged_in_customer_id", "1"),
        ("path_prefix", "/apps/awesome_reviews"), ("timestamp", "1317327555"),
        ("signature", "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb"),
    ]

    private func judge(
        _ query: [Pair], secrets: [String] = ["hush"], shop: String? = "shop-name.myshopify.com",
        at seconds: Double = moment
    ) -> Bool {
        ShopifyAppProxy.judge(
            query: query, secrets: secrets, shopDomain: shop, now: Date(timeIntervalSince1970: seconds)) == .genuine
    }

    private func changed(_ change: (inout [Pair]) -> Void) -> [Pair] {
        var query = Self.documented
        change(&query)
        return query
    }

    @Test func theDocumentedRequestIsGenuine() {
        #expect(judge(Self.documented))
        #expect(
            judge(Self.documented.reversed().map { $0.name == "extra" ? ($0.name, $0.value == "1" ? "2" : "1") : $0 }))
        #expect(judge(Self.documented, secrets: ["new", "hush"]), "while a secret is being replaced")
        #expect(judge(Self.documented, shop: "Shop-Name.myshopify.com"))
        #expect(judge(Self.documented, shop: nil))
        #expect(judge(changed { $0[6].value = $0[6].value.uppercased() }))
    }

    /// Reckoned by Python's `hmac` over what its `urlencode` wrote: letters beyond ASCII, spaces as plus signs, an empty
    /// value and signs that queries are made of.
    @Test func aQueryIsSignedAsItIsMeant() {
        let query =
            "clearanceMillimetres=1%2C0%2C1%2C0&drawerDepthMillimetres=254.5&drawerWidthMillimetres=371"
            + "&engraving=Gr%C3%B6%C3%9Fe+%26+Ma%C3%9F+%3D+100%25%2B+%E2%9C%93&logged_in_customer_id="
            + "&path_prefix=%2Fapps%2Fplates&shop=shop-name.myshopify.com&timestamp=1317327555"
        let signature = "60c88cd625147827331274f7af31a647e8f02c44a22725b60a41792b5436ae0d"
        #expect(judge(QueryString.pairs(of: "\(query)&signature=\(signature)")))
        #expect(judge(QueryString.pairs(of: "signature=\(signature)&\(query.replacing("+", with: "%20"))")))
        #expect(!judge(QueryString.pairs(of: "\(query.replacing("254.5", with: "254.50"))&signature=\(signature)")))
    }

    @Test func whateverIsChangedIsRefused() {
        #expect(!judge(changed { $0[0].value = "2" }), "another value")
        #expect(!judge(changed { $0.swapAt(0, 1) }), "repeated values the other way round")
        #expect(!judge(changed { $0.remove(at: 0) }), "one value less")
        #expect(!judge(changed { $0.append(("width", "1")) }), "one parameter more")
        #expect(!judge(changed { $0.remove(at: 6) }), "no signature")
        #expect(!judge(changed { $0.append($0[6]) }), "two signatures")
        #expect(!judge(changed { $0[6].value.removeLast() }), "half a byte less")
        #expect(!judge(changed { $0[6].value = "g" + $0[6].value.dropFirst() }), "no hex digit")
        #expect(!judge(changed { $0[6].value = "" }))
        #expect(!judge(Self.documented, secrets: ["other"]))
        #expect(!judge(Self.documented, secrets: []))
        #expect(!judge(Self.documented, secrets: [""]), "an empty secret signs nothing")
        #expect(!judge(Self.documented, shop: "another.myshopify.com"))
    }

    @Test(arguments: [(-90.0, true), (-91, false), (90, true), (91, false), (86_400, false)])
    func itIsGoodForAMoment(afterSeconds: Double, isGood: Bool) {
        #expect(judge(Self.documented, at: Self.moment + afterSeconds) == isGood)
    }

    @Test func whoAsksAndWhenIsSaidOnce() {
        for name in ["shop", "timestamp"] {
            var query = Self.documented.filter { $0.name != "signature" }
            query.append((name, name == "shop" ? "shop-name.myshopify.com" : "1317327555"))
            #expect(!judge(query + [("signature", Self.sign(query))]), "\(name) twice, rightly signed")
            let without = query.filter { $0.name != name }
            #expect(!judge(without + [("signature", Self.sign(without))]), "no \(name), rightly signed")
        }
    }

    /// Where one name begins another, the order of pairs and that of names differ.
    @Test func bothOrdersOfTheVendorAreUnderstood() {
        let query: [Pair] = [
            ("a", "1"), ("a1", "2"), ("shop", "shop-name.myshopify.com"), ("timestamp", "1317327555"),
        ]
        for message in [
            "a1=2a=1shop=shop-name.myshopify.comtimestamp=1317327555",
            "a=1a1=2shop=shop-name.myshopify.comtimestamp=1317327555",
        ] {
            #expect(judge(query + [("signature", Self.sign(message))]))
        }
        #expect(!judge(query + [("signature", Self.sign("a=2a1=1shop=shop-name.myshopify.comtimestamp=1317327555"))]))
    }

    private static func sign(_ query: [Pair]) -> String {
        let values = Dictionary(grouping: query, by: \.name).mapValues { $0.map(\.value).joined(separator: ",") }
        return sign(values.map { "\($0.key)=\($0.value)" }.sorted().joined())
    }

    private static func sign(_ message: String) -> String {
        HMACSHA256.authenticationCode(for: Array(message.utf8), key: Array("hush".utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
