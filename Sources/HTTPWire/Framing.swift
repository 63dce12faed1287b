/// Everything the fields decide about one connection: body, host, persistence, expectation. One place, one order.
///
/// The fields are noted as they come, so that a head is gone through once.
struct Framing: Hashable, Sendable {
    private var hostCount = 0
    private var host: String?
    private var lengthCount = 0
    private var length: String?
    private var codingCount = 0
    private var coding: String?
    private var expectationCount = 0
    private var expectation: String?
    private var asksToClose = false
    private var asksToStay = false

    mutating func note(_ field: HTTPFields.Field) {
        switch field.name {
        case "host":
            hostCount += 1
            host = field.value
        case "content-length":
            lengthCount += 1
            length = field.value
        case "transfer-encoding":
            codingCount += 1
            coding = field.value
        case "expect":
            expectationCount += 1
            expectation = field.value
        case "connection": noteConnection(field.value)
        default: break
        }
    }

    private mutating func noteConnection(_ value: String) {
        for option in TokenList(value) {
            if option == "close" { asksToClose = true }
            if option == "keep-alive" { asksToStay = true }
        }
    }

    /// RFC 9112 §9.3: `close` wins; 1.1 persists by default, 1.0 when it asks for it.
    func isPersistent(minorVersion: Int) -> Bool {
        !asksToClose && (minorVersion >= 1 || asksToStay)
    }

    /// RFC 9112 §3.2: HTTP/1.1 needs exactly one Host; more than one or an invalid one is 400 in any version.
    /// - Parameter known: a host that is valid; takes this one when it is, too.
    func checkHost(minorVersion: Int, known: inout String?) throws(RequestFault) {
        guard hostCount <= 1 else { throw .malformed("More than one Host.") }
        guard let host else {
            guard minorVersion == 0 else { throw .malformed("HTTP/1.1 needs a Host field.") }
            return
        }
        if host == known { return }
        guard HostGrammar.isValid(host) else { throw .malformed("Host is not a host and port.") }
        known = host
    }

    /// How long the body is (RFC 9112 §6.3). What two readers could understand differently is refused.
    func body(minorVersion: Int) throws(RequestFault) -> BodyFraming {
        if let coding {
            // §6.1: a 1.0 client cannot know chunked; treat as faulty framing. §6.3 rule 3: both is an attack.
            guard minorVersion >= 1 else { throw .malformed("Transfer-Encoding needs HTTP/1.1.") }
            guard lengthCount == 0 else {
                throw .malformed("Content-Length and Transfer-Encoding exclude each other.")
            }
            guard codingCount == 1 else { throw .malformed("More than one Transfer-Encoding.") }
            try Self.checkCoding(coding)
            return .chunked
        }
        guard let length else { return .none }
        // §6.3 rule 5 would allow equal repeats; no honest client sends them.
        guard lengthCount == 1 else { throw .malformed("More than one Content-Length.") }
        guard let bytes = WireNumber.decimal(length) else { throw .malformed("Content-Length is not a whole number.") }
        return bytes == 0 ? .none : .length(bytes)
    }

    private static func checkCoding(_ value: String) throws(RequestFault) {
        if value == "chunked" { return }
        let names = value.split(separator: ",", omittingEmptySubsequences: false).map { TokenList.trimmed($0) }
        if names.count == 1, names[0].lowercased() == "chunked" { return }
        let isList = names.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Octets.isTokenCharacter) }
        let lowered = names.map { $0.lowercased() }
        // §6.1: an unknown coding is 501; §6.3 rule 4.2: chunked not last (or twice) is 400.
        if isList, lowered.last == "chunked", lowered.filter({ $0 == "chunked" }).count == 1 {
            throw RequestFault(
                status: 501, code: "coding-not-implemented", detail: "The only Transfer-Encoding served is chunked.")
        }
        throw .malformed("Transfer-Encoding must be exactly: chunked.")
    }

    /// RFC 9110 §10.1.1: only `100-continue` is defined, others are 417; a 1.0 client's is ignored.
    func expectsContinue(minorVersion: Int) throws(RequestFault) -> Bool {
        guard minorVersion >= 1, let expectation else { return false }
        guard expectationCount == 1, expectation.lowercased() == "100-continue" else {
            throw RequestFault(
                status: 417, code: "expectation-failed", detail: "The only expectation met is 100-continue.")
        }
        return true
    }
}
