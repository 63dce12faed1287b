import Routing
import Testing

@Suite struct NetworkAddressTests {
    @Test(arguments: [
        // RFC 5952 §4 and RFC 4291 §2.2.
        ("2001:0DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("ff01:0:0:0:0:0:0:101", "ff01::101"), ("0:0:0:0:0:FFFF:129.144.52.38", "129.144.52.38"),
        ("::ffff:10.0.0.1", "10.0.0.1"), ("10.0.0.1", "10.0.0.1"), ("255.255.255.255", "255.255.255.255"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("2001:0:0:1::1", "2001:0:0:1::1"),
    ])
    func readsAndWritesTheUsualForm(_ text: String, _ usual: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.description == usual)
        #expect(NetworkAddress(usual) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.-4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.+4",
        "0x1.2.3.4",
        "1.2.3.", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::1:", ":1::", "12345::", "g::",
        "::1%eth0",
        "[::1]", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4:80", "१.2.3.4",
        String(repeating: "1", count: 10_000), String(repeating: ":", count: 10_000),
    ])
    func refusesEverythingElse(_ text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            // Zero groups are the interesting ones.
            let groups = (0..<8).map { _ in
                Bool.random(using: &generator) ? 0 : UInt16.random(in: 0...9, using: &generator)
            }
            let long = groups.map { String($0, radix: 16) }.joined(separator: ":")
            let address = try #require(NetworkAddress(long))
            #expect(NetworkAddress(address.description) == address, "\(long)")
        }
    }
}

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
