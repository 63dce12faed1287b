extension ConformanceCase {
    /// RFC 9110 §15.5.14, §15.5.15; RFC 6585 §5; RFC 9112 §3: what is too much, and its status.
    static let limits: [ConformanceCase] = [
        .answered(
            "a target of 8,000 bytes", "RFC 9112 §3",
            head("GET /?\(String(repeating: "a", count: 7_998)) HTTP/1.1", "Host: a"), level: .should),
        .refused(
            "a target of 16 KiB", "RFC 9110 §15.5.15",
            head("GET /\(String(repeating: "a", count: 16_384)) HTTP/1.1", "Host: a"), [414]),
        .refused(
            "a query of 64 KiB", "RFC 9110 §15.5.15",
            head("GET /?\(String(repeating: "a", count: 65_536)) HTTP/1.1", "Host: a"), [414]),
        .refused(
            "an absolute target of 16 KiB", "RFC 9110 §15.5.15",
            head("GET http://a/\(String(repeating: "a", count: 16_384)) HTTP/1.1", "Host: a"), [414]),
        .refused(
            "a request line without an end", "RFC 9110 §15.5.15", "GET /\(String(repeating: "a", count: 262_144))",
            [414]),
        .answered(
            "a field of 31 KiB", "RFC 6585 §5", get("X-Test: \(String(repeating: "a", count: 31_744))"), level: .should),
        .refused("a field of 64 KiB", "RFC 6585 §5", get("X-Test: \(String(repeating: "a", count: 65_536))"), [431]),
        .refused(
            "a field name of 64 KiB", "RFC 6585 §5", get("\(String(repeating: "a", count: 65_536)): 1"), [400, 431]),
        .refused(
            "a field without an end", "RFC 6585 §5",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 262_144))", [431]),
        .refused(
            "fields of 900 KB in all", "RFC 6585 §5",
            get(String(repeating: "X-Test: \(String(repeating: "a", count: 890))\r\n", count: 1_000)), [431]),
        .answered(
            "100 fields", "RFC 6585 §5", get(Array(repeating: "X: y", count: 99).joined(separator: "\r\n")),
            level: .should),
        .refused(
            "101 fields", "RFC 6585 §5", get(Array(repeating: "X: y", count: 100).joined(separator: "\r\n")), [431],
            level: .should),
        .refused(
            "10,000 fields", "RFC 6585 §5", get(Array(repeating: "X: y", count: 10_000).joined(separator: "\r\n")),
            [431]),
        .refused(
            "a Host of 300 bytes", "RFC 9110 §7.2",
            head("GET / HTTP/1.1", "Host: \(String(repeating: "a", count: 300))"), level: .should),
        .answered(
            "a body of 1 MiB", "RFC 9110 §15.5.14",
            post("Content-Length: 1048576", body: String(repeating: "a", count: 1_048_576)), [200], [.body("1048576")]),
        .answered(
            "one byte more is refused before it comes", "RFC 9110 §15.5.14", post("Content-Length: 1048577"), [413],
            [.field("connection", "close")], ending: .closes),
        .answered(
            "10 GiB are refused before they come", "RFC 9110 §15.5.14", post("Content-Length: 10737418240"), [413],
            [.field("connection", "close")], ending: .closes),
        .answered(
            "2^63 - 1 bytes are refused", "RFC 9110 §15.5.14", post("Content-Length: 9223372036854775807"), [400, 413],
            [.field("connection", "close")], ending: .closes),
        .answered(
            "10 GiB to a path that is not there", "RFC 9112 §9.3",
            head("POST /nothing HTTP/1.1", "Host: a", "Content-Length: 10737418240"), [404, 413], ending: .closes),
        .exchange(
            "a chunked body over 1 MiB", "RFC 9110 §15.5.14",
            [.send(chunked("100001\r\n\(String(repeating: "a", count: 1_048_577))\r\n0\r\n\r\n"))], [[413]], .either),
        .exchange(
            "many chunks over 1 MiB", "RFC 9110 §15.5.14",
            [.send(chunked(String(repeating: "10000\r\n\(String(repeating: "a", count: 65_536))\r\n", count: 17)))],
            [[413]], .closes),
        .exchange(
            "a chunk of 1 TiB that comes", "RFC 9110 §15.5.14",
            [.send(chunked("10000000000\r\n\(String(repeating: "a", count: 1_500_000))"))], [[400, 413]], .closes,
            transports: [.tcp]),
        .exchange(
            "a chunk of 1 TiB is refused before it comes", "RFC 9110 §15.5.14", [.send(chunked("10000000000\r\n"))],
            [[400, 413]], .closes, level: .should, transports: [.tcp]),

        .answered(
            "a path of 1,000 segments", "RFC 9110 §4.1",
            head("GET \(String(repeating: "/a", count: 1_000)) HTTP/1.1", "Host: a"), [404]),
        .answered(
            "a query of 1,000 members", "RFC 9110 §4.1",
            head("GET /?\(String(repeating: "a=b&", count: 1_000)) HTTP/1.1", "Host: a")),
    ]
}
