/// Whose word about the client counts: the networks of the proxies in front of us.
///
/// Written as a list such as `loopback, 10.1.0.0/16, 2001:db8::/48`. The words are `loopback`, `private` (RFC 1918, RFC 4193
/// and link-local addresses), `unix` (whoever can open our unix socket) and, alone, `none`.
package struct TrustedProxies: Hashable, Sendable {
    /// An entry that cannot be taken, for the operator.
    package struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        package let field: String
        package let reason: String
        package let allowed: String

        package var description: String { "\(field) \(reason); allowed: \(allowed)" }
    }

    package static let allowed =
        "loopback, private, unix, addresses and networks such as 10.1.0.0/16 or 2001:db8::/48, separated by commas; or none"
    package static let entriesMaximum = 64

    package static let none = TrustedProxies(networks: [], trustsUnixPeers: false)
    package static let loopback = TrustedProxies(networks: Network.loopback, trustsUnixPeers: false)

    private let networks: [Network]
    private let trustsUnixPeers: Bool

    private init(networks: [Network], trustsUnixPeers: Bool) {
        self.networks = networks
        self.trustsUnixPeers = trustsUnixPeers
    }

    /// - Parameter field: the name of the setting, for the error.
    package init(parsing text: String, field: String = "TRUSTED_PROXIES") throws(Malformed) {
        var networks: [Network] = []
        var trustsUnixPeers = false
        let entries = text.split(separator: ",").map(Self.trimmed).filter { !$0.isEmpty }
        func malformed(_ reason: String) -> Malformed { Malformed(field: field, reason: reason, allowed: Self.allowed) }
        guard !entries.isEmpty else { throw malformed("names nothing") }
        guard entries.count <= Self.entriesMaximum else {
            throw malformed("has more than \(Self.entriesMaximum) entries")
        }
        for (index, entry) in entries.enumerated() {
            switch entry.lowercased() {
            case "none" where entries.count == 1: break
            case "none": throw malformed("has `none` beside other entries")
            case "loopback": networks += Network.loopback
            case "private": networks += Network.privateUse
            case "unix": trustsUnixPeers = true
            default:
                switch Network.parse(entry) {
                case .success(let network): networks.append(network)
                case .failure(let refusal): throw malformed("has an entry (number \(index + 1)) that \(refusal.reason)")
                }
            }
        }
        self.init(networks: networks, trustsUnixPeers: trustsUnixPeers)
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    /// - Parameter peerAddress: nil for a unix socket.
    package func trusts(peerAddress: String?) -> Bool {
        guard let peerAddress else { return trustsUnixPeers }
        guard !networks.isEmpty, let address = NetworkAddress(peerAddress) else { return false }
        return contains(address)
    }

    private static func trimmed(_ entry: Substring) -> Substring {
        var rest = entry
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return rest
    }
}

/// `address/prefix`, in the 128-bit space of `NetworkAddress`.
private struct Network: Hashable, Sendable {
    struct Refusal: Error {
        let reason: String
    }

    private let high: UInt64
    private let low: UInt64
    private let highMask: UInt64
    private let lowMask: UInt64

    private init(_ address: NetworkAddress, prefixBits: Int) {
        highMask = Self.mask(prefixBits)
        lowMask = Self.mask(prefixBits - 64)
        high = address.high & highMask
        low = address.low & lowMask
    }

    static let loopback = ["127.0.0.0/8", "::1/128"].compactMap { try? parse($0[...]).get() }
    static let privateUse = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10",
    ].compactMap { try? parse($0[...]).get() }

    static func parse(_ text: Substring) -> Result<Network, Refusal> {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = NetworkAddress(parts[0]) else {
            return .failure(Refusal(reason: "is neither a word nor an IP address"))
        }
        let isWrittenAsVersion4 = !parts[0].utf8.contains(UInt8(ascii: ":"))
        let bitsMaximum = isWrittenAsVersion4 ? 32 : 128
        guard parts.count == 2 else { return .success(Network(address, prefixBits: 128)) }
        guard let bits = NetworkAddress.decimal(Array(parts[1].utf8)[...], digitsMaximum: 3), bits <= bitsMaximum else {
            return .failure(Refusal(reason: "has no prefix length from 1 to \(bitsMaximum)"))
        }
        // With everybody trusted, whatever a stranger writes about himself would count.
        guard bits > 0 else { return .failure(Refusal(reason: "would trust everybody")) }
        let network = Network(address, prefixBits: isWrittenAsVersion4 ? bits + 96 : bits)
        guard network.high == address.high, network.low == address.low else {
            return .failure(Refusal(reason: "has bits set beyond its prefix length"))
        }
        return .success(network)
    }

    func contains(_ address: NetworkAddress) -> Bool {
        address.high & highMask == high && address.low & lowMask == low
    }

    private static func mask(_ bits: Int) -> UInt64 {
        // Swift's smart shifts: 64 or more give 0.
        bits <= 0 ? 0 : UInt64.max << max(0, 64 - bits)
    }
}
