import HTTPWire
import Routing
import Testing

@Suite struct CrossOriginPolicyTests {
    @Test(arguments: [
        ("https://shop.example", "https://shop.example"), ("HTTPS://Shop.Example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"), ("http://shop.example:80", "http://shop.example"),
        ("http://localhost:5173", "http://localhost:5173"), ("https://[::1]:8443", "https://[::1]:8443"),
        ("https://shop.example:80", "https://shop.example:80"),
    ])
    func takesOriginsAsBrowsersWriteThem(_ written: String, _ sent: String) throws {
        #expect(try CrossOriginPolicy(origins: [written]).allows(origin: sent))
    }

    @Test(
        arguments: [
            [], ["shop.example"], ["https://"], ["https://shop.example/"], ["https://shop.example/path"], ["null"],
            ["https://*.example"], ["*", "https://shop.example"], ["ftp://shop.example"], ["https://user@shop.example"],
            ["https://shop.example:"], ["https://shop.example:99999"], ["https://a b"], [""],
            Array(repeating: "https://shop.example", count: 65),
        ] as [[String]])
    func refusesTheRest(_ origins: [String]) {
        let error = #expect(throws: CrossOriginPolicy.Malformed.self) { try CrossOriginPolicy(origins: origins) }
        #expect(error?.field == "CORS_ORIGINS")
        #expect(error?.allowed.contains("https://shop.example") == true)
    }

    @Test func credentialsNeverGoWithEveryOrigin() throws {
        #expect(throws: CrossOriginPolicy.Malformed.self) {
            try CrossOriginPolicy(origins: ["*"], allowsCredentials: true)
        }
        let policy = try CrossOriginPolicy(origins: ["https://shop.example"], allowsCredentials: true)
        var response = HTTPResponse()
        policy.addFields(
            to: &response,
            request: HTTPRequest(method: .get, path: "/", fields: ["Origin": "https://shop.example"]))
        #expect(response.fields["access-control-allow-credentials"] == "true")
    }

    @Test func theListIsSharedWithWebSockets() throws {
        #expect(
            try CrossOriginPolicy(origins: ["https://shop.example:443", "http://localhost:5173"]).listedOrigins
                == ["https://shop.example", "http://localhost:5173"])
        #expect(try CrossOriginPolicy(origins: ["*"]).listedOrigins == nil)
    }

    static let sockets: [(HTTPFields, Bool)] = [
        ([:], true), (["Host": "api.example", "Origin": "http://api.example"], true),
        (["Host": "api.example:80", "Origin": "http://api.example"], true),
        (["Host": "api.example:3000", "Origin": "http://api.example:3000"], true),
        (["Host": "api.example", "Origin": "https://shop.example"], true),
        (["Host": "api.example", "Origin": "https://evil.example"], false),
        (["Host": "api.example", "Origin": "null"], false),
        (["Host": "api.example", "Origin": "https://api.example"], false), (["Origin": "http://api.example"], false),
        (["Host": "api.example", "Origin": "http://api.example:3000"], false),
        (["Host": "api.example", "Origin": "http://api.example", "origin": "http://evil.example"], false),
        (["Host": "api.example", "Origin": ""], false),
    ]

    @Test(arguments: sockets)
    func aWebSocketIsOpenedFromOurPagesAndListedOnes(_ fields: HTTPFields, _ isAllowed: Bool) throws {
        let policy = try CrossOriginPolicy(origins: ["https://shop.example"])
        let request = HTTPRequest(method: .get, path: "/", fields: fields)
        #expect(WebSocketOrigin.isAllowed(request, policy: policy) == isAllowed)
    }

    @Test func behindAProxyOurPageIsWhatTheProxySays() {
        var request = HTTPRequest(
            method: .get, path: "/", fields: ["Host": "10.0.0.3:3000", "Origin": "https://api.example"])
        #expect(!WebSocketOrigin.isAllowed(request, policy: nil))
        request.forwarded = ForwardedClient(address: nil, scheme: .https, host: "api.example")
        #expect(WebSocketOrigin.isAllowed(request, policy: nil))
    }
}
