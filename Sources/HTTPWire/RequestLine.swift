/// `method SP request-target SP HTTP-version` (RFC 9112 §3), nothing more lenient.
struct RequestLine: Equatable {
    var method: HTTPMethod
    var path: String
    var query: String?
    var minorVersion: Int
    /// From an absolute-form target, which wins over `Host` (RFC 9112 §3.2.2).
    var authority: String?

    /// Longer than any method that has been registered.
    static let methodBytesMaximum = 32

    /// - Parameter line: without its CRLF.
    init(_ line: ArraySlice<UInt8>) throws(RequestFault) {
        guard let firstSpace = line.firstIndex(of: Octets.space),
            let lastSpace = line.lastIndex(of: Octets.space), firstSpace < lastSpace
        else { throw .malformed("The request line must be: method, one space, target, one space, HTTP/1.1.") }
        minorVersion = try Self.version(line[(lastSpace + 1)...])
        method = try Self.method(line[..<firstSpace])
        let target = line[(firstSpace + 1)..<lastSpace]
        guard !target.isEmpty, !target.contains(Octets.space) else {
            throw .malformed("The request target must be one word; write a space as %20.")
        }
        (path, query, authority) = try Self.target(target, method: method)
    }

    private static func method(_ bytes: ArraySlice<UInt8>) throws(RequestFault) -> HTTPMethod {
        guard !bytes.isEmpty, bytes.allSatisfy(Octets.isTokenCharacter) else {
            throw .malformed("The method is not a token.")
        }
        let name = String(decoding: bytes, as: UTF8.self)
        // RFC 9112 §3: a method longer than any implemented is 501. CONNECT would open a tunnel and TRACE echo
        // credentials (RFC 9110 §9.3.6, §9.3.8): an origin server has no use for either.
        if bytes.count > methodBytesMaximum || name == "CONNECT" || name == "TRACE" {
            throw RequestFault(status: 501, code: "method-not-implemented", detail: "This method is not implemented.")
        }
        return HTTPMethod(name)
    }

    /// `HTTP/` DIGIT `.` DIGIT, case-sensitive (RFC 9112 §2.3). A later minor is served as 1.1 (RFC 9110 §2.5).
    private static func version(_ bytes: ArraySlice<UInt8>) throws(RequestFault) -> Int {
        let start = bytes.startIndex
        guard bytes.count == 8, bytes.prefix(5).elementsEqual("HTTP/".utf8), Octets.isDigit(bytes[start + 5]),
            bytes[start + 6] == UInt8(ascii: "."), Octets.isDigit(bytes[start + 7])
        else { throw .malformed("The request line must end with HTTP/1.1.") }
        guard bytes[start + 5] == UInt8(ascii: "1") else {
            throw RequestFault(
                status: 505, code: "version-not-supported", detail: "This server speaks HTTP/1.1 and HTTP/1.0.")
        }
        return bytes[start + 7] == UInt8(ascii: "0") ? 0 : 1
    }

    private static func target(
        _ target: ArraySlice<UInt8>, method: HTTPMethod
    ) throws(RequestFault) -> (String, String?, String?) {
        if target.first == UInt8(ascii: "/") {
            let (path, query) = try originForm(target)
            return (path, query, nil)
        }
        if target.elementsEqual("*".utf8) {
            guard method == .options else { throw .malformed("The target * is for OPTIONS only.") }
            return ("*", nil, nil)
        }
        guard let rest = afterScheme(target) else {
            throw .malformed("The request target must start with / or be a whole http URL.")
        }
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard HostGrammar.isValid(rest[..<end]) else { throw .malformed("The URL in the request line has no host.") }
        let authority = String(decoding: rest[..<end], as: UTF8.self)
        // RFC 9112 §3.2.4: OPTIONS for a URL without path and query means the whole server.
        if end == rest.endIndex { return (method == .options ? "*" : "/", nil, authority) }
        if rest[end] == UInt8(ascii: "?") {
            let (path, query) = try originForm([UInt8(ascii: "/")] + rest[end...])
            return (path, query, authority)
        }
        let (path, query) = try originForm(rest[end...])
        return (path, query, authority)
    }

    private static func afterScheme(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        for scheme in ["http://", "https://"] where target.count > scheme.utf8.count {
            if target.prefix(scheme.utf8.count).lazy.map(Octets.lowercased).elementsEqual(scheme.utf8) {
                return target.dropFirst(scheme.utf8.count)
            }
        }
        return nil
    }

    private static func originForm(_ target: ArraySlice<UInt8>) throws(RequestFault) -> (String, String?) {
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        guard target[..<end].allSatisfy(Octets.isPath) else {
            throw .malformed("The path holds a character that must be percent-encoded.")
        }
        let path = String(decoding: target[..<end], as: UTF8.self)
        guard end < target.endIndex else { return (path, nil) }
        guard target[(end + 1)...].allSatisfy(Octets.isQuery) else {
            throw .malformed("The query holds a character that must be percent-encoded.")
        }
        return (path, String(decoding: target[(end + 1)...], as: UTF8.self))
    }
}
