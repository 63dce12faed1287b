extension ConformanceCase {
    /// RFC 9112 §6.1 and §6.3: what decides that a body is chunked.
    static let transferEncoding: [ConformanceCase] = codingsAccepted + codingsRefused

    private static let empty = "0\r\n\r\n"

    private static let codingsAccepted: [ConformanceCase] = [
        .answered("chunked", "RFC 9112 §7.1", chunked("5\r\nhello\r\n0\r\n\r\n"), [200], [.body("5")]),
        .answered("CHUNKED", "RFC 9112 §7", post("Transfer-Encoding: CHUNKED", body: empty), [200], [.body("0")]),
        .answered(
            "Chunked with blanks around", "RFC 9112 §5.1", post("Transfer-Encoding: \tChunked \t", body: empty), [200],
            [.body("0")]),
        .answered(
            "the name in other cases", "RFC 9110 §5.1", post("tRANSFER-eNCODING: chunked", body: empty), [200],
            [.body("0")]),
        .answered(
            "for a GET that reads nothing", "RFC 9112 §6.3",
            "\(get("Transfer-Encoding: chunked"))5\r\nhello\r\n\(empty)", [200], [.body("Hello, world!")]),
        .answered(
            "TE is not Transfer-Encoding", "RFC 9110 §10.1.4", post("TE: chunked", "Connection: TE"), [200],
            [.body("0")]),
        .answered(
            "Transfer_Encoding means nothing", "RFC 9110 §5.1", post("Transfer_Encoding: chunked"), [200], [.body("0")]),
        .answered(
            "Content-Encoding: chunked means nothing", "RFC 9110 §8.4", post("Content-Encoding: chunked"), [200, 415]),
    ]

    private static let codingsRefused: [ConformanceCase] =
        [
            .refused(
                "in HTTP/1.0", "RFC 9112 §6.1", "\(head("POST /echo HTTP/1.0", "Transfer-Encoding: chunked"))\(empty)",
                level: .should),
            .refused(
                "in HTTP/1.0 with keep-alive", "RFC 9112 §6.1",
                "\(head("POST /echo HTTP/1.0", "Connection: keep-alive", "Transfer-Encoding: chunked"))\(empty)"),
            .refused(
                "chunked in two lines", "RFC 9112 §6.1",
                post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body: empty)),
            .refused(
                "chunked and identity in two lines", "RFC 9112 §6.1",
                post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body: empty), [400, 501]),
            .refused(
                "identity and chunked in two lines", "RFC 9112 §6.1",
                post("Transfer-Encoding: identity", "Transfer-Encoding: chunked", body: empty), [400, 501]),
            .refused(
                "chunked and an unknown one in two lines", "RFC 9112 §6.1",
                post("Transfer-Encoding: chunked", "Transfer-encoding: cow", body: empty), [400, 501]),
            .refused("a space before the colon", "RFC 9112 §5.1", post("Transfer-Encoding : chunked", body: empty)),
            .refused("a tab before the colon", "RFC 9112 §5.1", post("Transfer-Encoding\t: chunked", body: empty)),
            .refused("0xA0 before the colon", "RFC 9110 §5.6.2", post("Transfer-Encoding\u{A0}: chunked", body: empty)),
            .refused("a blank before the name", "RFC 9112 §5.2", post(" Transfer-Encoding: chunked", body: empty)),
            .refused("folded", "RFC 9112 §5.2", post("Transfer-Encoding:", " chunked", body: empty)),
            .refused(
                "folded behind the coding", "RFC 9112 §5.2",
                post("Transfer-Encoding: chunked", " , identity", body: empty)),
            .refused(
                "hidden behind a bare LF", "RFC 9112 §2.2", post("X: y\nTransfer-Encoding: chunked", body: empty),
                level: .should),
            .refused("hidden behind a bare CR", "RFC 9112 §2.2", post("X: y\rTransfer-Encoding: chunked", body: empty)),
        ]
        + codingValues.map { (name: String, value: String) in
            .refused(
                "the value \(name)", "RFC 9112 §6.1", post("Transfer-Encoding: \(value)", body: empty), [400, 501])
        }

    private static let codingValues: [(String, String)] = [
        ("identity", "identity"), ("gzip", "gzip"), ("gzip, chunked", "gzip, chunked"),
        ("chunked, gzip", "chunked, gzip"),
        ("identity, chunked", "identity, chunked"), ("chunked, identity", "chunked, identity"),
        ("chunked, chunked", "chunked, chunked"), ("chunked chunked", "chunked chunked"), ("xchunked", "xchunked"),
        ("chunkedx", "chunkedx"), ("chunke", "chunke"), ("ch unked", "ch unked"), ("chunked;a=b", "chunked;a=b"),
        ("chunked;", "chunked;"), ("in quotes", "\"chunked\""), ("in apostrophes", "'chunked'"),
        ("a comma behind", "chunked,"),
        ("a comma before", ",chunked"), ("a comma and a blank before", ", chunked"), ("nothing", ""), ("blanks", " \t"),
        ("a colon before", ": chunked"),
        ("a vertical tab before", "\u{B}chunked"), ("a form feed behind", "chunked\u{C}"),
        ("a NUL behind", "chunked\u{0}"),
        ("0xA0 behind", "chunked\u{A0}"), ("0x85 before", "\u{85}chunked"), ("0xFF before", "\u{FF}chunked"),
        ("a UTF-8 look-alike", "\u{D1}\u{81}hunked"),
        ("cow", "cow"), ("chunked with a slash", "chunked/1"), ("[chunked]", "[chunked]"),
    ]
}
