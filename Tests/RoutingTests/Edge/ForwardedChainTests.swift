import HTTPWire
import Routing
import Testing

@Suite struct ForwardedChainTests {
    private func trusted(_ list: String = "loopback, 10.0.0.0/8") throws -> TrustedProxies {
        try TrustedProxies(parsing: list)
    }

    private func chain(_ pairs: [(String, String)], peer: String? = "127.0.0.1") throws -> ForwardedChain {
        ForwardedChain(peerAddress: peer, fields: HTTPFields(pairs), trusted: try trusted())
    }

    @Test(arguments: [
        // The right-most hop that is not trusted; what stands left of it may be made up.
        (["203.0.113.7"], "203.0.113.7"), (["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
        (["1.1.1.1, 203.0.113.7, 10.0.0.9"], "203.0.113.7"), (["1.1.1.1", "203.0.113.7", "10.0.0.9"], "203.0.113.7"),
        (["127.0.0.1, 203.0.113.7"], "203.0.113.7"), (["10.0.0.8,10.0.0.9"], "10.0.0.8"),
        (["2001:db8::7"], "2001:db8::7"), (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["203.0.113.7:4711"], "203.0.113.7"),
        (["::ffff:203.0.113.7"], "203.0.113.7"), (["garbage, 203.0.113.7"], "203.0.113.7"),
        // Garbage where it counts: the peer is all that is known.
        (["203.0.113.7, garbage"], "127.0.0.1"), (["203.0.113.7,"], "127.0.0.1"), ([""], "127.0.0.1"),
        (["203.0.113.7, , 10.0.0.9"], "127.0.0.1"), (["999.1.1.1"], "127.0.0.1"), (["[::1"], "127.0.0.1"),
        (["203.0.113.7:99999999"], "127.0.0.1"), (["<script>"], "127.0.0.1"),
        // Who is hidden is represented by who is known.
        (["unknown"], "127.0.0.1"), (["unknown, 10.0.0.9"], "10.0.0.9"),
    ])
    func theClientOfXForwardedFor(_ lines: [String], _ client: String) throws {
        #expect(try chain(lines.map { ("X-Forwarded-For", $0) }).clientAddress == client)
    }

    @Test(arguments: [
        // RFC 7239 §4 and §6.
        ("for=\"_gazonk\"", "127.0.0.1"), ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
        ("for=192.0.2.43, for=198.51.100.17", "198.51.100.17"), ("for=192.0.2.43,for=10.0.0.9", "192.0.2.43"),
        ("for=192.0.2.43, for=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17"),
        ("for=_hidden, for=10.0.0.9", "10.0.0.9"), ("for=_SEVKISEK, for=198.51.100.17:_x", "127.0.0.1"),
        ("for=\"198.51.100.17:_port\"", "198.51.100.17"), ("for=unknown", "127.0.0.1"),
        ("for=\"unknown:80\"", "127.0.0.1"),
        ("for=\"192.0.2.4\\3\"", "192.0.2.43"), ("proto=https", "127.0.0.1"), (";;for=192.0.2.43;;", "192.0.2.43"),
        (", for=192.0.2.43 ,", "192.0.2.43"),
        // Outside the grammar.
        ("for=[2001:db8::1]", "127.0.0.1"), ("for=\"192.0.2.43", "127.0.0.1"),
        ("for=192.0.2.43;for=1.1.1.1", "127.0.0.1"),
        ("for = 192.0.2.43", "127.0.0.1"), ("192.0.2.43", "127.0.0.1"), ("for=", "127.0.0.1"), ("", "127.0.0.1"),
        ("for=\"2001:db8::1\"", "127.0.0.1"), ("for=\"[192.0.2.43]\"", "127.0.0.1"),
        ("for=\"x, for=192.0.2.43", "127.0.0.1"), ("for=\"\\", "127.0.0.1"),
        ("for=192.0.2.43 proto=https", "127.0.0.1"),
    ])
    func theClientOfForwarded(_ line: String, _ client: String) throws {
        #expect(try chain([("Forwarded", line)]).clientAddress == client)
    }

    @Test func linesOfForwardedAreOneList() throws {
        let found = try chain([
            ("Forwarded", "for=192.0.2.43;proto=https;host=\"shop.example:8443\""),
            ("Forwarded", "for=10.0.0.9;proto=http;host=inner"),
        ])
        #expect(found.clientAddress == "192.0.2.43")
        #expect(found.scheme == .https)
        #expect(found.host == "shop.example:8443")
    }

    @Test(arguments: [
        (["https"], ["203.0.113.7"], HTTPScheme.https), (["wss"], ["203.0.113.7"], .https),
        (["ws"], ["203.0.113.7"], .http),
        (["HTTPS"], ["203.0.113.7"], .https), (["http"], ["203.0.113.7"], .http), (["gopher"], ["203.0.113.7"], .http),
        ([], ["203.0.113.7"], .http), ([""], ["203.0.113.7"], .http),
        // The client's own "https" in front of what the proxy adds.
        (["https, http"], ["1.1.1.1, 203.0.113.7"], .http), (["https", "http"], ["203.0.113.7"], .http),
        // One value for a way of two hops.
        (["https"], ["203.0.113.7, 10.0.0.9"], .https), (["https, http"], ["203.0.113.7, 10.0.0.9"], .https),
    ])
    func theScheme(_ protos: [String], _ hops: [String], _ scheme: HTTPScheme) throws {
        let pairs = protos.map { ("X-Forwarded-Proto", $0) } + hops.map { ("X-Forwarded-For", $0) }
        #expect(try chain(pairs).scheme == scheme)
    }

    @Test(arguments: [
        ("shop.example", "shop.example"), ("shop.example:8443", "shop.example:8443"), ("[::1]:80", "[::1]:80"),
        ("a b", nil), ("evil/path", nil), ("user@host", nil), ("", nil), (String(repeating: "a", count: 300), nil),
    ])
    func theHost(_ written: String, _ host: String?) throws {
        #expect(try chain([("X-Forwarded-Host", written)]).host == host)
    }

    @Test func theRealAddressCountsWhereThereIsNoList() throws {
        #expect(try chain([("X-Real-IP", "203.0.113.7")]).clientAddress == "203.0.113.7")
        #expect(
            try chain([("X-Real-IP", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.7")]).clientAddress == "203.0.113.7")
        #expect(try chain([("X-Real-IP", "1.1.1.1"), ("X-Real-IP", "2.2.2.2")]).clientAddress == "127.0.0.1")
    }

    /// Traefik passes a client's `Forwarded` on; its own word stands in `X-Forwarded-For`.
    @Test func forwardedDoesNotCountBesideTheOthers() throws {
        let found = try chain([("Forwarded", "for=1.1.1.1;proto=https"), ("X-Forwarded-For", "203.0.113.7")])
        #expect(found.clientAddress == "203.0.113.7")
        #expect(found.scheme == .http)
    }

    @Test func onlySoManyHopsAreLookedAt() throws {
        let way = ["203.0.113.7"] + (1...40).map { "10.0.0.\($0)" }
        #expect(try chain([("X-Forwarded-For", way.joined(separator: ", "))]).clientAddress == "10.0.0.9")
        let short = ["203.0.113.7"] + (1...31).map { "10.0.0.\($0)" }
        #expect(try chain([("X-Forwarded-For", short.joined(separator: ", "))]).clientAddress == "203.0.113.7")
    }

    // MARK: The request

    @Test func aStrangersFieldsAreTakenAway() throws {
        let request = HTTPRequest(
            method: .get, path: "/",
            fields: [
                "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Real-IP": "127.0.0.1",
                "Forwarded": "for=127.0.0.1", "X-Forwarded-Port": "1", "X-Other": "stays",
            ],
            peerAddress: "203.0.113.7")
        let known = request.identified(trusting: try trusted())
        #expect(known.clientAddress == "203.0.113.7")
        #expect(known.scheme == .http)
        #expect(known.forwardedHost == nil)
        #expect(known.isForwarded)
        #expect(known.fields.fields.map(\.name) == ["x-other"])
    }

    @Test func aTrustedPeersFieldsStay() throws {
        let request = HTTPRequest(
            method: .get, path: "/", fields: ["X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"],
            peerAddress: "10.0.0.1")
        let known = request.identified(trusting: try trusted())
        #expect(known.clientAddress == "203.0.113.7")
        #expect(known.peerAddress == "10.0.0.1")
        #expect(known.scheme == .https)
        #expect(known.fields["x-forwarded-for"] == "203.0.113.7")
    }

    @Test func withoutFieldsThePeerIsTheClient() throws {
        let request = HTTPRequest(method: .get, path: "/", fields: ["X-Forward": "1"], peerAddress: "10.0.0.1")
        let known = request.identified(trusting: try trusted())
        #expect(known.clientAddress == "10.0.0.1")
        #expect(!known.isForwarded)
        #expect(known.fields["x-forward"] == "1")
    }

    @Test func noBytesBreakIt() throws {
        var generator = SeededGenerator(seed: 11)
        let alphabet = Array("for=proto;,\"\\[]:._1029af unknown\t".utf8)
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for name in ["Forwarded", "X-Forwarded-For"] {
                let address = try chain([(name, text)]).clientAddress
                #expect(address.flatMap { NetworkAddress($0) } != nil, "\(name): \(text)")
            }
        }
    }
}
