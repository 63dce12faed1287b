/// Scheme, host and port of an absolute URL (RFC 6454): who gets our credentials.
struct URLOrigin: Hashable {
    let scheme: String
    let authority: String

    /// Nil for a relative URL, and for one with user information, which could disguise the host.
    init?(_ url: String) {
        guard let separator = url.firstRange(of: "://") else { return nil }
        scheme = url[..<separator.lowerBound].lowercased()
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }.lowercased()
        guard !scheme.isEmpty, !authority.isEmpty, !authority.contains("@") else { return nil }
        let defaultPort = scheme == "https" ? ":443" : scheme == "http" ? ":80" : ""
        self.authority =
            !defaultPort.isEmpty && authority.hasSuffix(defaultPort)
            ? String(authority.dropLast(defaultPort.count)) : authority
    }
}

/// Percent-encoding (RFC 3986 §2.1).
enum PercentEncoding {
    /// For a value in a query: all but the unreserved characters.
    static func query(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
