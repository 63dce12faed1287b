import Routing
import Testing

@Suite struct TrustedProxiesTests {
    @Test(arguments: [
        ("loopback", "127.0.0.1", true), ("loopback", "127.9.9.9", true), ("loopback", "::1", true),
        ("loopback", "::ffff:127.0.0.1", true), ("loopback", "128.0.0.1", false), ("loopback", "::2", false),
        ("private", "10.255.0.1", true), ("private", "172.31.0.1", true), ("private", "172.32.0.1", false),
        ("private", "192.168.1.1", true), ("private", "fd00::1", true), ("private", "fe80::1", true),
        ("private", "127.0.0.1", false), ("private", "8.8.8.8", false), ("private", "2001:db8::1", false),
        ("10.1.0.0/16", "10.1.255.255", true), ("10.1.0.0/16", "10.2.0.0", false), ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "10.1.2.4", false), ("10.1.2.3/32", "10.1.2.4", false), ("128.0.0.0/1", "200.1.1.1", true),
        ("128.0.0.0/1", "1.1.1.1", false), ("2001:db8::/48", "2001:db8:0:ffff::1", true),
        ("2001:db8::/48", "2001:db8:1::1", false), ("2001:db8::/64", "2001:db8::1", true),
        ("2001:db8::/65", "2001:db8:0:0:8000::", false), (" Loopback , PRIVATE,", "10.0.0.1", true),
        ("none", "127.0.0.1", false), ("loopback", "not an address", false),
    ])
    func contains(_ list: String, _ address: String, _ isTrusted: Bool) throws {
        #expect(try TrustedProxies(parsing: list).trusts(peerAddress: address) == isTrusted)
    }

    @Test func aUnixSocketIsTrustedByNameOnly() throws {
        #expect(try TrustedProxies(parsing: "loopback, unix").trusts(peerAddress: nil))
        #expect(!TrustedProxies.loopback.trusts(peerAddress: nil))
        #expect(try !TrustedProxies(parsing: "private").trusts(peerAddress: nil))
    }

    @Test(arguments: [
        ("", "names nothing"), (" , ", "names nothing"), ("traefik", "is neither a word nor an IP address"),
        ("10.0.0.0/33", "has no prefix length from 1 to 32"), ("::1/129", "has no prefix length from 1 to 128"),
        ("10.0.0.0/", "has no prefix length"), ("10.0.0.0/+8", "has no prefix length"),
        ("10.0.0.0/8/8", "has no prefix length"), ("0.0.0.0/0", "would trust everybody"),
        ("::/0", "would trust everybody"), ("10.0.0.1/8", "has bits set beyond its prefix length"),
        ("none, loopback", "has `none` beside other entries"), ("loopback, 1.2.3", "number 2"),
        ("[::1]", "is neither a word nor an IP address"),
        (Array(repeating: "loopback", count: 65).joined(separator: ","), "more than 64"),
    ])
    func saysWhatIsWrong(_ list: String, _ reason: String) {
        let error = #expect(throws: TrustedProxies.Malformed.self) {
            try TrustedProxies(parsing: list, field: "PROXIES")
        }
        #expect(error?.field == "PROXIES")
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
        #expect(error?.allowed.contains("10.1.0.0/16") == true)
    }
}
