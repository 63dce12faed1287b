import Foundation
import Routing
import Testing

@testable import Forma3D

@Suite struct EdgeSettingsTests {
    private func load(_ environment: [String: String]) throws -> EdgeSettings {
        try Settings.load(environment: environment, isRoot: false) { _ in throw CocoaError(.fileNoSuchFile) }.edge
    }

    @Test func theDefaultsTrustThisMachineAndGiveNothingAway() throws {
        let settings = try load([:])
        #expect(settings.trustedProxies == .loopback)
        #expect(settings.crossOrigin == nil)
        #expect(settings.strictTransportSecuritySeconds == 0)
        #expect(settings.gzip && !settings.logsClientAddresses)
        #expect(settings.socket == nil && settings.drainPauseSeconds == 2)
    }

    @Test func everyOneCanBeSet() throws {
        let settings = try load([
            "TRUSTED_PROXIES": "private, unix", "CORS_ORIGINS": "https://shop.example, http://localhost:5173",
            "HSTS_SECONDS": "31536000", "GZIP": "false", "LOG_CLIENT_ADDRESSES": "true",
            "APP_SOCKET": "/run/forma3d/http.sock", "DRAIN_PAUSE_SECONDS": "6.5",
        ])
        #expect(settings.trustedProxies.trusts(peerAddress: "172.18.0.2"))
        #expect(settings.trustedProxies.trusts(peerAddress: nil))
        #expect(!settings.trustedProxies.trusts(peerAddress: "127.0.0.1"))
        #expect(settings.crossOrigin?.allows(origin: "http://localhost:5173") == true)
        #expect(settings.strictTransportSecuritySeconds == 31_536_000)
        #expect(!settings.gzip && settings.logsClientAddresses)
        #expect(settings.socket == "/run/forma3d/http.sock" && settings.drainPauseSeconds == 6.5)
    }

    @Test(arguments: [
        ("TRUSTED_PROXIES", "traefik", "neither a word nor an IP address"),
        ("TRUSTED_PROXIES", "0.0.0.0/0", "everybody"),
        ("CORS_ORIGINS", "shop.example", "no origin"), ("CORS_ORIGINS", "*, https://shop.example", "no origin"),
        ("CORS_ORIGINS", ",", "names nothing"), ("HSTS_SECONDS", "-1", "cannot be used as it is"),
        ("GZIP", "maybe", "cannot be used as it is"),
        ("LOG_CLIENT_ADDRESSES", "2", "cannot be used as it is"), ("APP_SOCKET", "run/http.sock", "no path"),
        ("APP_SOCKET", "/" + String(repeating: "a", count: 107), "no path"),
        ("DRAIN_PAUSE_SECONDS", "61", "cannot be used as it is"),
    ])
    func aMistakeIsNamedWithWhatIsAllowed(_ name: String, _ value: String, _ reason: String) throws {
        let error = try #require(throws: SettingsError.self) { try load([name: value]) }
        #expect(error.problems.map(\.variable) == [name])
        let problem = try #require(error.problems.first)
        #expect("\(problem)".contains(reason), "\(problem)")
        #expect(!"\(problem)".contains("aaaa"))
    }
}
