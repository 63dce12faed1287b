/// The groups of the suite, in the order of the specification.
struct ConformanceGroup: Sendable {
    let name: String
    let cases: [ConformanceCase]

    static let all = [
        ConformanceGroup(name: "request-line", cases: ConformanceCase.requestLine),
        ConformanceGroup(name: "host-target", cases: ConformanceCase.host + ConformanceCase.target),
        ConformanceGroup(name: "header-syntax", cases: ConformanceCase.headerSyntax),
        ConformanceGroup(name: "content-length", cases: ConformanceCase.contentLength),
        ConformanceGroup(name: "transfer-encoding", cases: ConformanceCase.transferEncoding),
        ConformanceGroup(name: "chunked", cases: ConformanceCase.chunkedAccepted + ConformanceCase.chunkedRefused),
        ConformanceGroup(name: "connection", cases: ConformanceCase.connection),
        ConformanceGroup(name: "methods", cases: ConformanceCase.methods),
        ConformanceGroup(name: "expect", cases: ConformanceCase.expect),
        ConformanceGroup(name: "limits", cases: ConformanceCase.limits),
        ConformanceGroup(name: "path", cases: ConformanceCase.path),
        ConformanceGroup(name: "upgrade", cases: ConformanceCase.upgrade),
        ConformanceGroup(name: "response", cases: ConformanceCase.response),
        ConformanceGroup(name: "robust", cases: ConformanceCase.robust),
    ]
}
