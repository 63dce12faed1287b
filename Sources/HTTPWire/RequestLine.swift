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

    /// - Parameter range: the line without its CRLF.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestFault) {
        guard let firstSpace = bytes.firstIndex(of: Octets.space, in: range), range.count >= 9 else { throw Self.shape }
        let version = (range.upperBound - 8)..<range.upperBound
        let lastSpace = version.lowerBound - 1
        guard firstSpace < lastSpace, bytes[lastSpace] == Octets.space else { throw Self.shapeFault(bytes, range) }
        minorVersion = try Self.version(bytes, version)
        method = try Self.method(bytes, range.lowerBound..<firstSpace)
        let target = (firstSpace + 1)..<lastSpace
        guard !target.isEmpty, bytes.firstIndex(of: Octets.space, in: target) == nil else {
            throw .malformed("The request target must be one word; write a space as %20.")
        }
        (path, query, authority) = try Self.target(bytes, target, method: method)
    }

    private static let shape = RequestFault.malformed(
        "The request line must be: method, one space, target, one space, HTTP/1.1.")

    /// Three words of which the last is no version: said so, since old clients (HTTP/0.9) and typing errors look so.
    private static func shapeFault(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RequestFault {
        var spaces = 0
        for index in range where bytes[index] == Octets.space { spaces += 1 }
        return spaces == 2 ? .malformed("The request line must end with HTTP/1.1.") : shape
    }

    private static func method(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestFault) -> HTTPMethod {
        if range.count == 3, bytes[range.lowerBound] == UInt8(ascii: "G"),
            bytes[range.lowerBound + 1] == UInt8(ascii: "E"), bytes[range.lowerBound + 2] == UInt8(ascii: "T")
        {
            return .get
        }
        guard !range.isEmpty else { throw .malformed("The method is not a token.") }
        for index in range where !Octets.isTokenCharacter(bytes[index]) {
            throw .malformed("The method is not a token.")
        }
        // RFC 9112 §3: a method longer than any implemented is 501. CONNECT would open a tunnel and TRACE echo
        // credentials (RFC 9110 §9.3.6, §9.3.8): an origin server has no use for either.
        let method = HTTPMethod(bytes.text(range))
        if range.count > methodBytesMaximum || method.name == "CONNECT" || method.name == "TRACE" {
            throw RequestFault(status: 501, code: "method-not-implemented", detail: "This method is not implemented.")
        }
        return method
    }

    /// `HTTP/` DIGIT `.` DIGIT, case-sensitive (RFC 9112 §2.3). A later minor is served as 1.1 (RFC 9110 §2.5).
    private static func version(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(RequestFault) -> Int {
        let start = range.lowerBound
        guard bytes[start] == UInt8(ascii: "H"), bytes[start + 1] == UInt8(ascii: "T"),
            bytes[start + 2] == UInt8(ascii: "T"), bytes[start + 3] == UInt8(ascii: "P"),
            bytes[start + 4] == UInt8(ascii: "/"), Octets.isDigit(bytes[start + 5]),
            bytes[start + 6] == UInt8(ascii: "."), Octets.isDigit(bytes[start + 7])
        else { throw .malformed("The request line must end with HTTP/1.1.") }
        guard bytes[start + 5] == UInt8(ascii: "1") else {
            throw RequestFault(
                status: 505, code: "version-not-supported", detail: "This server speaks HTTP/1.1 and HTTP/1.0.")
        }
        return bytes[start + 7] == UInt8(ascii: "0") ? 0 : 1
    }

    private static func target(
        _ bytes: Span<UInt8>, _ range: Range<Int>, method: HTTPMethod
    ) throws(RequestFault) -> (String, String?, String?) {
        if bytes[range.lowerBound] == UInt8(ascii: "/") {
            let (path, query) = try originForm(bytes, range)
            return (path, query, nil)
        }
        if range.count == 1, bytes[range.lowerBound] == UInt8(ascii: "*") {
            guard method == .options else { throw .malformed("The target * is for OPTIONS only.") }
            return ("*", nil, nil)
        }
        guard let start = afterScheme(bytes, range) else {
            throw .malformed("The request target must start with / or be a whole http URL.")
        }
        var end = start
        while end < range.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
        guard HostGrammar.isValid(bytes, start..<end) else {
            throw .malformed("The URL in the request line has no host.")
        }
        let authority = bytes.text(start..<end)
        // RFC 9112 §3.2.4: OPTIONS for a URL without path and query means the whole server.
        if end == range.upperBound { return (method == .options ? "*" : "/", nil, authority) }
        let (path, query) = try originForm(bytes, end..<range.upperBound)
        return (path.isEmpty ? "/" : path, query, authority)
    }

    private static func afterScheme(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for scheme in ["http://", "https://"] as [StaticString] where range.count > scheme.utf8CodeUnitCount {
            let end = range.lowerBound + scheme.utf8CodeUnitCount
            if bytes.equalsIgnoringCase(scheme, in: range.lowerBound..<end) { return end }
        }
        return nil
    }

    private static func originForm(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(RequestFault) -> (String, String?) {
        var end = range.lowerBound
        while end < range.upperBound, Octets.isPath(bytes[end]) { end += 1 }
        let path = bytes.text(range.lowerBound..<end)
        guard end < range.upperBound else { return (path, nil) }
        guard bytes[end] == UInt8(ascii: "?") else {
            throw .malformed("The path holds a character that must be percent-encoded.")
        }
        for index in (end + 1)..<range.upperBound where !Octets.isQuery(bytes[index]) {
            throw .malformed("The query holds a character that must be percent-encoded.")
        }
        return (path, bytes.text((end + 1)..<range.upperBound))
    }
}
