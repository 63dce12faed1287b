import GridFlock
import HTTPWire
import Kernel
import TestKit
import Testing

/// What a page of the shop may ask, and how often.
@Suite(.timeLimit(.minutes(5))) struct StorefrontTests {
    private static let quote = "/storefront/gridflock/quote"
    private static let preview = "/storefront/gridflock/preview.svg"
    private static let drawer = [("drawerWidthMillimetres", "371"), ("drawerDepthMillimetres", "254")]

    @Test func aCustomerIsToldThePriceAndTheParts() async throws {
        try await PlateAPI.with { api in
            let answer = try await api.send(.get, api.signed(Self.quote, Self.drawer))
            #expect(answer.status == 200)
            #expect(answer.json["partCount"] == 4 && answer.json["price"]?["currency"] == "EUR")
            let picture = try await api.send(.get, api.signed(Self.preview, Self.drawer))
            #expect(picture.status == 200 && picture.fields["content-type"] == "image/svg+xml")
            let posted = try await api.send(
                .post, api.signed(Self.quote), #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254}"#)
            #expect(posted.status == 200 && posted.json == answer.json)
            #expect(posted.fields["cache-control"] == "no-store")
            // The operator's own figures stay with the operator.
            for secret in ["grams", "minutes", "bed", "rate", "volume"] {
                #expect(!answer.text.lowercased().contains(secret), "\(secret)")
            }
            let whole = try await api.send(
                .post, "/api/v1/gridflock/quotes", #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254}"#)
            #expect(whole.json["price"] == answer.json["price"] && whole.json["digest"] == answer.json["digest"])
        }
    }

    @Test func nobodyElseMayAsk() async throws {
        try await PlateAPI.with { api in
            for path in [Self.quote, Self.preview] {
                #expect(try await api.send(.get, path).status == 401)
                let forged = try await api.send(.get, api.signed(path, Self.drawer, secret: "guessed"))
                #expect(forged.status == 401)
                #expect(!forged.text.contains("secret") && !forged.text.contains("SHOPIFY"))
                let changed = api.signed(path, Self.drawer).replacing("371", with: "372")
                #expect(try await api.send(.get, changed).status == 401)
                let old = api.signed(path, Self.drawer)
                api.clock.pass(91)
                #expect(try await api.send(.get, old).status == 401)
                #expect(try await api.send(.get, api.signed(path, Self.drawer)).status == 200)
            }
            #expect(try await api.send(.post, Self.quote, "{}").status == 401)
        }
    }

    @Test func aWishIsRefusedByNameHereToo() async throws {
        try await PlateAPI.with { api in
            let small = try await api.send(
                .get, api.signed(Self.quote, [("drawerWidthMillimetres", "1"), ("drawerDepthMillimetres", "254")]))
            #expect(small.status == 422 && small.json["fields"]?[0]?["nearest"] == "21")
            let nan = try await api.send(
                .get, api.signed(Self.quote, [("drawerWidthMillimetres", "nan"), ("drawerDepthMillimetres", "254")]))
            #expect(nan.status == 422 && nan.json["field"] == "drawerWidthMillimetres")
            // The bed is the operator's.
            let own = try await api.send(.get, api.signed(Self.quote, Self.drawer + [("printer", "prusa-mini")]))
            #expect(own.status == 422 && own.json["field"] == "printer")
            let posted = try await api.send(
                .post, api.signed(Self.quote),
                #"{"drawerWidthMillimetres":371,"drawerDepthMillimetres":254,"bedWidthMillimetres":900}"#)
            #expect(posted.status == 422 && posted.json["field"] == "bedWidthMillimetres")
            let twice = try await api.send(
                .get, api.signed(Self.quote, Self.drawer) + "&drawerWidthMillimetres=372")
            #expect(twice.status == 401, "not signed so")
        }
    }

    @Test func theSameWishIsAnsweredFromTheCache() async throws {
        try await PlateAPI.with { api in
            for path in [Self.quote, Self.preview] {
                let first = try await api.send(.get, api.signed(path, Self.drawer))
                let tag = try #require(first.fields["etag"])
                #expect(first.fields["cache-control"] == "public, max-age=60")
                api.clock.pass(10)
                let again = try await api.send(
                    .get, api.signed(path, Self.drawer), fields: ["if-none-match": tag])
                #expect(again.status == 304 && again.bytes.isEmpty)
                let head = try await api.send(.head, api.signed(path, Self.drawer))
                #expect(head.status == 200 && head.fields["etag"] == tag)
            }
        }
    }

    @Test func oneVisitorAndAllTogetherMayAskSoOften() async throws {
        var limits = GridFlockLimits()
        limits.storefrontPerClientPerMinute = 3
        limits.storefrontPerMinute = 5
        try await PlateAPI.with(limits) { api in
            func ask(_ visitor: String) async throws -> PlateAPI.Answer {
                try await api.send(
                    .get, api.signed(Self.quote, Self.drawer),
                    fields: ["x-forwarded-for": "\(visitor), 203.0.113.9"])
            }
            for _ in 0..<3 { #expect(try await ask("192.0.2.1").status == 200) }
            let refused = try await ask("192.0.2.1")
            #expect(refused.status == 429 && refused.fields["retry-after"] == "20")
            #expect(refused.json["code"] == "too-many-requests")
            // What a visitor puts before its own address says nothing.
            #expect(try await ask("198.51.100.7, 192.0.2.1").status == 429)
            for _ in 0..<2 {
                let answer = try await ask("192.0.2.2")
                #expect(answer.status == 200, "\(answer.text)")
            }
            #expect(try await ask("192.0.2.3").status == 429, "all together")
            // Who cannot sign uses nothing up.
            for _ in 0..<10 { #expect(try await api.send(.get, Self.quote).status == 401) }
            api.clock.pass(20)
            #expect(try await ask("192.0.2.1").status == 200)
        }
    }

    /// Each pair is one visitor to us, whatever is written before, behind or beside the address.
    @Test(arguments: [
        ("192.0.2.1, 203.0.113.9", "192.0.2.1:4711, 203.0.113.9"),
        ("192.0.2.1, 203.0.113.9", "1.1.1.1, 192.0.2.1, 203.0.113.9, 10.0.0.7"),
        ("2001:db8:1:2::1, 203.0.113.9", "2001:db8:1:2:ffff::9, 203.0.113.9"),
        ("2001:db8:1:2::1, 203.0.113.9", "[2001:db8:1:2::5]:443, 203.0.113.9"),
        ("203.0.113.9", "nonsense, 203.0.113.9"),
        (
            "192.0.2.1, 203.0.113.9",
            String(repeating: "198.51.100.9, ", count: 2_000) + "192.0.2.1, 203.0.113.9"
        ),
        ("203.0.113.9, 203.0.113.9", "8.8.8.8, 203.0.113.9, 203.0.113.9"),
    ])
    func aVisitorIsKnownByTheHopBeforeShopify(one: String, other: String) async throws {
        var limits = GridFlockLimits()
        limits.storefrontPerClientPerMinute = 1
        try await PlateAPI.with(limits) { api in
            func ask(_ chain: String) async throws -> Int {
                try await api.send(
                    .get, api.signed(Self.quote, Self.drawer), fields: ["x-forwarded-for": chain]
                ).status
            }
            let first = try await ask(one)
            #expect(first == 200)
            #expect(try await ask(other) == 429)
            #expect(try await ask("198.51.100.1, 203.0.113.9") == 200, "another visitor")
            #expect(try await ask("2001:db8:1:3::1, 203.0.113.9") == 200, "another network")
        }
    }

    /// The printer is the operator's business, in pictures and refusals as well.
    @Test func nothingIsToldOfTheBed() async throws {
        try await PlateAPI.with(bedMillimetres: 60) { api in
            let picture = try await api.send(.get, api.signed(Self.preview, Self.drawer))
            #expect(picture.status == 200 && picture.text.contains("<svg"))
            #expect(!picture.text.lowercased().contains("bed") && !picture.text.contains("60 × 60"))
            let wishes: [[(String, String)]] = [
                Self.drawer + [("fillerX", "dynamic"), ("fillerMinimumXMillimetres", "42")],
                [("drawerWidthMillimetres", "254"), ("drawerDepthMillimetres", "371")]
                    + [("fillerY", "dynamic"), ("fillerMinimumYMillimetres", "42")],
                [("drawerWidthMillimetres", "3000"), ("drawerDepthMillimetres", "3000")],
            ]
            var refused: Set<String> = []
            for wish in wishes {
                for path in [Self.quote, Self.preview] {
                    let answer = try await api.send(.get, api.signed(path, wish))
                    #expect(!answer.text.lowercased().contains("bed"), "\(answer.text)")
                    #expect(answer.status == 422, "\(answer.text)")
                    for item in answer.json["fields"]?.array ?? [] {
                        refused.insert(item["field"]?.string ?? "")
                        #expect(item["allowed"] == nil && item["nearest"] == nil, "they would tell the bed")
                    }
                }
            }
            #expect(refused == ["drawerWidthMillimetres", "drawerDepthMillimetres"])
            let adjusted = try await api.send(
                .get, api.signed(Self.quote, Self.drawer + [("edgeAdjustMillimetres", "5")]))
            #expect(adjusted.status == 422 && adjusted.json["field"] == "edgeAdjustMillimetres")
        }
    }
}
