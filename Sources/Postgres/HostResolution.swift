import CPostgres
import Glibc

/// Host names looked up before libpq is asked to connect: its own look-up blocks without a deadline (DESIGN §4).
enum HostResolution {
    /// One host of the URI with its port, as libpq reads them.
    struct Target: Hashable, Sendable {
        let host: String
        let port: String
        /// Unix sockets and empty hosts are libpq's own business.
        var isName: Bool { !host.isEmpty && !host.hasPrefix("/") && !host.hasPrefix("@") }
    }

    /// Keywords that send libpq to addresses; the names stay, because certificates are checked against them.
    /// Empty when there is nothing to look up.
    static func parameters(
        for url: PostgresURL, wakeUp: WakeUp, until deadline: ContinuousClock.Instant, isInterrupted: () -> Bool
    ) throws(PostgresError) -> [(String, String)] {
        let targets = try targets(of: url)
        guard targets.contains(where: \.isName) else { return [] }
        var addresses: [[String]] = []
        for target in targets {
            guard target.isName else {
                addresses.append([""])
                continue
            }
            let host = target.host
            let answer = try BlockingThread.call(
                "pg-resolve", wakeUp: wakeUp, until: deadline, isInterrupted: isInterrupted
            ) { lookUp(host) }
            // A host that is not known now must not hide the others; libpq reports it when it was the last.
            addresses.append(answer ?? [])
        }
        let pairs = combine(targets, addresses)
        guard !pairs.isEmpty else {
            throw PostgresError(kind: .unreachable, message: "the name of the database's host cannot be resolved")
        }
        return [
            ("host", pairs.map(\.target.host).joined(separator: ",")),
            ("hostaddr", pairs.map(\.address).joined(separator: ",")),
            ("port", pairs.map(\.target.port).joined(separator: ",")),
        ]
    }

    static func combine(_ targets: [Target], _ addresses: [[String]]) -> [(target: Target, address: String)] {
        zip(targets, addresses).flatMap { target, addresses in addresses.map { (target, $0) } }
    }

    /// The hosts of the URI; empty when it names addresses itself.
    /// - Throws: `PostgresError` when libpq does not understand the URI.
    static func targets(of url: PostgresURL) throws(PostgresError) -> [Target] {
        let values = Dictionary(
            try url.options().map { ($0.keyword, $0.value) }, uniquingKeysWith: { _, last in last })
        guard values["hostaddr"] == nil, let hosts = values["host"] else { return [] }
        return targets(hosts: hosts, ports: values["port"] ?? "")
    }

    static func targets(hosts: String, ports: String) -> [Target] {
        let hosts = hosts.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        let ports = ports.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        return hosts.enumerated().map { position, host in
            Target(host: host, port: ports.count == 1 ? ports[0] : position < ports.count ? ports[position] : "")
        }
    }

    /// Blocks. Numeric addresses in the resolver's order, none when the name is not known.
    private static func lookUp(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        var code = getaddrinfo(host, nil, &hints, &list)
        if code != 0 {
            // In a network without any address but loopback, ADDRCONFIG hides `localhost` on some systems.
            hints.ai_flags = 0
            code = getaddrinfo(host, nil, &hints, &list)
        }
        guard code == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        // SAFETY: the resolver's linked list, ended by NULL, freed above after the walk.
        var entry = list
        while let current = entry {
            var text = [CChar](repeating: 0, count: 1025)
            let length = socklen_t(text.count)
            let named = getnameinfo(
                current.pointee.ai_addr, current.pointee.ai_addrlen, &text, length, nil, 0, NI_NUMERICHOST)
            if named == 0 {
                let address = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
                if !address.isEmpty, !addresses.contains(address) { addresses.append(address) }
            }
            entry = current.pointee.ai_next
        }
        return addresses
    }
}
