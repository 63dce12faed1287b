package import HTTPWire

/// Who asks, when proxies stand in between: the way a request came, judged from our end.
///
/// The nearest proxy is the peer. Each trusted hop's word about the one before it is believed, and the right-most hop that
/// is not trusted is the client; what stands left of it, the client may have made up. Without a trusted peer nothing is
/// believed at all.
package struct ForwardedChain: Hashable, Sendable {
    /// Hops looked at, from our end; the last of them is the client if all are trusted.
    package static let hopsMaximum = 32

    /// The client's address; the peer's where the fields say nothing usable.
    package let clientAddress: String?
    package let scheme: HTTPScheme
    /// Nil where no proxy names one.
    package let host: String?

    /// - Parameters:
    ///   - peerAddress: nil for a unix socket.
    ///   - fields: the request's.
    package init(peerAddress: String?, fields: HTTPFields, trusted: TrustedProxies) {
        guard trusted.trusts(peerAddress: peerAddress) else {
            clientAddress = peerAddress
            scheme = .http
            host = nil
            return
        }
        let way = Self.way(fields)
        let client = Self.client(of: way, trusted: trusted)
        clientAddress = client.address ?? peerAddress
        scheme = Self.value(way.protos, hopsFromEnd: client.hopsFromEnd).flatMap(Self.scheme) ?? .http
        host = Self.value(way.hosts, hopsFromEnd: client.hopsFromEnd)
            .flatMap { HTTPRequest.isAuthority($0) ? $0 : nil }
    }

    // MARK: The fields

    private struct Way {
        /// From the client's end to ours.
        var hops: [Hop] = []
        var protos: [String] = []
        var hosts: [String] = []
    }

    private enum Hop {
        case address(NetworkAddress)
        /// `unknown`, or a name of the proxy's own making (RFC 7239 §6.2, §6.3).
        case hidden
        case garbage
    }

    /// One family is read, never both: `X-Forwarded-*`, which Traefik always writes, before `Forwarded`, which it passes
    /// on from whoever sent it.
    private static func way(_ fields: HTTPFields) -> Way {
        let hops = list(fields.values("x-forwarded-for"))
        let protos = list(fields.values("x-forwarded-proto"))
        let hosts = list(fields.values("x-forwarded-host"))
        let real = fields.values("x-real-ip")
        guard hops.isEmpty, protos.isEmpty, hosts.isEmpty, real.isEmpty else {
            let addresses = hops.isEmpty ? (real.count > 1 ? [""] : real) : hops
            return Way(hops: addresses.map(plainHop), protos: protos, hosts: hosts)
        }
        let lines = fields.values("forwarded")
        guard !lines.isEmpty else { return Way() }
        guard let elements = ForwardedField(lines)?.elements else { return Way(hops: [.garbage]) }
        return Way(
            hops: elements.map { $0.forwardedFor.map(node) ?? .hidden }, protos: elements.map { $0.proto ?? "" },
            hosts: elements.map { $0.host ?? "" })
    }

    private static func list(_ lines: [String]) -> [String] {
        lines.flatMap { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map { part in
                var rest = part.utf8[...]
                while let first = rest.first, first == 0x20 || first == 0x09 { rest = rest.dropFirst() }
                while let last = rest.last, last == 0x20 || last == 0x09 { rest = rest.dropLast() }
                return String(rest) ?? ""
            }
        }
    }

    // MARK: The walk

    private static func client(
        of way: Way, trusted: TrustedProxies
    ) -> (address: String?, hopsFromEnd: Int) {
        var nearest: (address: String?, hopsFromEnd: Int) = (nil, 0)
        for (index, hop) in way.hops.reversed().prefix(hopsMaximum).enumerated() {
            switch hop {
            case .garbage: return (nil, index)
            // Its proxy knows him and will not tell: the nearest known hop stands for him.
            case .hidden: return (nearest.address, index)
            case .address(let address):
                nearest = (address.description, index)
                guard trusted.contains(address) else { return nearest }
            }
        }
        return nearest
    }

    /// What the proxy that told of this hop told beside it. A proxy that writes one value over the whole list leaves
    /// fewer of them than hops: then the first is the nearest to it.
    private static func value(_ values: [String], hopsFromEnd: Int) -> String? {
        guard !values.isEmpty else { return nil }
        let value = values[max(0, values.count - 1 - hopsFromEnd)]
        return value.isEmpty ? nil : value
    }

    /// Traefik says `ws` and `wss` of a WebSocket's opening.
    private static func scheme(_ text: String) -> HTTPScheme? {
        switch text.lowercased() {
        case "https", "wss": .https
        case "http", "ws": .http
        default: nil
        }
    }

    // MARK: Nodes

    /// An address in `X-Forwarded-For`: bare, or as some proxies write it, with a port.
    private static func plainHop(_ text: String) -> Hop {
        if let address = NetworkAddress(text) { return .address(address) }
        return node(text)
    }

    /// `node = nodename [ ":" node-port ]` (RFC 7239 §6); an IPv6 address stands in brackets.
    private static func node(_ text: String) -> Hop {
        let name: Substring
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]"), isPort(text[text.index(after: close)...]),
                let address = NetworkAddress(text[text.index(after: text.startIndex)..<close]),
                text[..<close].contains(":")
            else { return .garbage }
            return .address(address)
        }
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        name = text[..<colon]
        guard isPort(text[colon...]) else { return .garbage }
        if name.lowercased() == "unknown" || isObfuscated(name) { return .hidden }
        return NetworkAddress(name).map(Hop.address) ?? .garbage
    }

    /// Nothing, or `":" ( 1*5DIGIT / obfport )`.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let port = text.dropFirst()
        guard text.first == ":" else { return false }
        return isObfuscated(port) || NetworkAddress.decimal(Array(port.utf8)[...], digitsMaximum: 5) != nil
    }

    /// `"_" 1*( ALPHA / DIGIT / "." / "_" / "-")`.
    private static func isObfuscated(_ text: Substring) -> Bool {
        guard (2...64).contains(text.utf8.count), text.utf8.first == UInt8(ascii: "_") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "._-".utf8.contains(byte)
            }
        }
    }
}
