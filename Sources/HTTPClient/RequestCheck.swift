import HTTPWire

/// Refuses what must not go on a wire, before libcurl sees it.
enum RequestCheck {
    static let urlBytesMaximum = 8 * 1024

    /// A sentence without any part of the URL or a value; nil when the request may be sent.
    static func fault(in request: HTTPClientRequest) -> String? {
        let url = Array(request.url.utf8)
        guard url.count <= urlBytesMaximum else { return "the URL is longer than \(urlBytesMaximum) bytes" }
        guard url.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "the URL has a character that needs percent-encoding"
        }
        let lowercase = request.url.lowercased()
        guard lowercase.hasPrefix("http://") || lowercase.hasPrefix("https://") else {
            return "the URL is neither http nor https"
        }
        guard host(of: request.url)?.isEmpty == false else { return "the URL has no host" }
        guard isToken(request.method.name) else { return "the method is not a token" }
        for field in request.fields.fields {
            guard isToken(field.name) else { return "a field name is not a token" }
            // RFC 9110 §5.5: a line break in a value would start a field of its own.
            guard field.value.utf8.allSatisfy({ $0 != 0x0D && $0 != 0x0A && $0 != 0 }) else {
                return "the value of the field \(field.name) has a line break"
            }
        }
        return nil
    }

    /// A proxy of the environment has no way to this machine's own loopback.
    static func isLoopback(_ url: String) -> Bool {
        guard let host = host(of: url)?.lowercased() else { return false }
        return host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
    }

    /// Scheme, host and port of an absolute URL: what has connections of its own.
    static func origin(of url: String) -> String {
        guard let schemeEnd = url.firstRange(of: "://") else { return url }
        return url[..<schemeEnd.upperBound].lowercased()
            + url[schemeEnd.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }.lowercased()
    }

    /// The host of an absolute URL, without user information and port.
    static func host(of url: String) -> String? {
        guard let schemeEnd = url.firstRange(of: "://") else { return nil }
        let rest = url[schemeEnd.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let hostAndPort = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        if hostAndPort.hasPrefix("["), let end = hostAndPort.firstIndex(of: "]") {
            return String(hostAndPort[...end])
        }
        return String(hostAndPort.prefix { $0 != ":" })
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
