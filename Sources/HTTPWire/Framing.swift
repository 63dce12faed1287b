/// Everything the fields decide about one connection: body, host, persistence, expectation. One place, one order.
enum Framing {
    /// How long the body is (RFC 9112 §6.3). What two readers could understand differently is refused.
    static func body(of fields: HTTPFields, minorVersion: Int) throws(RequestFault) -> BodyFraming {
        let codings = fields.values("transfer-encoding")
        let lengths = fields.values("content-length")
        if !codings.isEmpty {
            // §6.1: a 1.0 client cannot know chunked; treat as faulty framing. §6.3 rule 3: both is an attack.
            guard minorVersion >= 1 else { throw .malformed("Transfer-Encoding needs HTTP/1.1.") }
            guard lengths.isEmpty else { throw .malformed("Content-Length and Transfer-Encoding exclude each other.") }
            return try coding(codings)
        }
        guard let length = lengths.first else { return .none }
        // §6.3 rule 5 would allow equal repeats; no honest client sends them.
        guard lengths.count == 1 else { throw .malformed("More than one Content-Length.") }
        guard let bytes = decimal(length) else { throw .malformed("Content-Length is not a whole number.") }
        return bytes == 0 ? .none : .length(bytes)
    }

    private static func coding(_ values: [String]) throws(RequestFault) -> BodyFraming {
        guard values.count == 1 else { throw .malformed("More than one Transfer-Encoding.") }
        let names = values[0].lowercased().split(separator: ",", omittingEmptySubsequences: false).map {
            String(decoding: FieldLine.trimmed(Array($0.utf8)[...]), as: UTF8.self)
        }
        if names == ["chunked"] { return .chunked }
        let isList = names.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Octets.isTokenCharacter) }
        // §6.1: an unknown coding is 501; §6.3 rule 4.2: chunked not last (or twice) is 400.
        if isList, names.last == "chunked", names.filter({ $0 == "chunked" }).count == 1 {
            throw RequestFault(
                status: 501, code: "coding-not-implemented", detail: "The only Transfer-Encoding served is chunked.")
        }
        throw .malformed("Transfer-Encoding must be exactly: chunked.")
    }

    /// Digits by hand: `Int("+5")` is 5 in Swift, and a sign, a blank or an overflow here has been a CVE elsewhere.
    static func decimal(_ text: String) -> Int? {
        guard (1...19).contains(text.utf8.count) else { return nil }
        var value = 0
        for byte in text.utf8 {
            guard Octets.isDigit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// RFC 9112 §3.2: HTTP/1.1 needs exactly one Host; more than one or an invalid one is 400 in any version.
    static func checkHost(_ fields: HTTPFields, line: RequestLine) throws(RequestFault) {
        let hosts = fields.values("host")
        guard hosts.count <= 1 else { throw .malformed("More than one Host.") }
        guard let host = hosts.first else {
            guard line.minorVersion == 0 else { throw .malformed("HTTP/1.1 needs a Host field.") }
            return
        }
        guard HostGrammar.isValid(host.utf8) else { throw .malformed("Host is not a host and port.") }
    }

    /// RFC 9112 §9.3: `close` wins; 1.1 persists by default, 1.0 when it asks for it.
    static func isPersistent(_ fields: HTTPFields, minorVersion: Int) -> Bool {
        var asksToStay = false
        for value in fields.values("connection") {
            for option in value.lowercased().split(separator: ",") {
                let name = String(decoding: FieldLine.trimmed(Array(option.utf8)[...]), as: UTF8.self)
                if name == "close" { return false }
                if name == "keep-alive" { asksToStay = true }
            }
        }
        return minorVersion >= 1 || asksToStay
    }

    /// RFC 9110 §10.1.1: only `100-continue` is defined, others are 417; a 1.0 client's is ignored.
    static func expectsContinue(_ fields: HTTPFields, minorVersion: Int) throws(RequestFault) -> Bool {
        guard minorVersion >= 1 else { return false }
        let expectations = fields.values("expect")
        guard let first = expectations.first else { return false }
        guard expectations.count == 1, first.lowercased() == "100-continue" else {
            throw RequestFault(
                status: 417, code: "expectation-failed", detail: "The only expectation met is 100-continue.")
        }
        return true
    }
}
