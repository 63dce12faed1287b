/// An `http` or `https` address of a vendor or of our own: scheme, host, port and path; no user, query or fragment.
struct VendorURL: Hashable, Sendable {
    let isPlainHTTP: Bool
    /// Lower case, an IPv6 address without its brackets.
    let host: String
    /// Without a slash at the end.
    let text: String

    /// Nil when it is not such an address (RFC 3986 §3, the part of it that a base URL needs).
    init?(_ text: String) {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains(where: { "?#@{}<>\"\\^`|".contains($0) })
        else { return nil }
        let lower = text.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else { return nil }
        let authority = lower.dropFirst(scheme.count).prefix { $0 != "/" }
        guard let (host, port) = Self.split(authority), port.map({ (1...65_535).contains($0) }) ?? true else {
            return nil
        }
        isPlainHTTP = scheme == "http://"
        self.host = host
        var base = scheme + authority + text.dropFirst(scheme.count + authority.count)
        while base.hasSuffix("/") { base.removeLast() }
        self.text = base
    }

    /// 127.0.0.0/8, `::1` and `localhost`: plain http stays on this machine.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && HostName.isIPv4(host))
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard !host.isEmpty, host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
            if rest.isEmpty { return (String(host), nil) }
            guard rest.hasPrefix(":"), let port = number(rest.dropFirst()) else { return nil }
            return (String(host), port)
        }
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first.map(String.init), HostName.isValid(host) else { return nil }
        guard parts.count == 2 else { return (host, nil) }
        guard let port = number(parts[1]) else { return nil }
        return (host, port)
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}

/// Host names by RFC 1123 §2.1: labels of letters, digits and hyphens, up to 253 characters; container names may hold
/// underscores as well.
enum HostName {
    static func isValid(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { ($0.isLetter && $0.isASCII) || ($0.isNumber && $0.isASCII) || "-_".contains($0) }
        }
    }

    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && (Int(part) ?? 256) < 256
            }
    }
}
