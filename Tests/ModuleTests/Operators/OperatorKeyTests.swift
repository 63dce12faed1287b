import HTTPWire
import Kernel
import Logging
import Operators
import Routing
import Testing

@Suite struct OperatorKeyTests {
    private let key = OperatorKey(
        key: "0123456789abcdef", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    private func isLetIn(_ fields: HTTPFields, peer: String?, trusting: TrustedProxies) -> Bool {
        let request = HTTPRequest(method: .get, path: "/metrics", fields: fields, peerAddress: peer)
        return (try? key.authenticate(request.identified(trusting: trusting), access: .loopbackOrOperators)) != nil
    }

    @Test(arguments: ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1", nil])
    func thisMachineNeedsNoKey(_ peer: String?) {
        #expect(isLetIn([:], peer: peer, trusting: .loopback))
    }

    @Test(arguments: ["192.0.2.1", "10.0.0.1", "::2", "1127.0.0.1"])
    func everybodyElseNeedsIt(_ peer: String) {
        #expect(!isLetIn([:], peer: peer, trusting: .loopback))
        #expect(isLetIn(["X-API-Key": "0123456789abcdef"], peer: peer, trusting: .loopback))
    }

    /// The world behind a proxy on this machine, whatever it writes about itself, believed or not.
    @Test(arguments: [
        ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"),
        ("Forwarded", "for=127.0.0.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "localhost"),
    ])
    func aProxyOnThisMachineIsNotThisMachine(_ name: String, _ value: String) {
        let fields = HTTPFields([(name, value)])
        for trusted in [TrustedProxies.loopback, .none] {
            #expect(!isLetIn(fields, peer: "127.0.0.1", trusting: trusted))
            #expect(!isLetIn(fields, peer: nil, trusting: trusted))
        }
    }
}
