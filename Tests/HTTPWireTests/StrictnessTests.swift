import HTTPWire
import Testing

/// What is refused, and with which status (contracts: http.md §4 rows 2 to 8).
@Suite struct StrictnessTests {
    @Test(arguments: [
        // Request line (RFC 9112 §3).
        ("GET  / HTTP/1.1", 400), ("GET /  HTTP/1.1", 400), ("GET\t/\tHTTP/1.1", 400), (" GET / HTTP/1.1", 400),
        ("GET / HTTP/1.1 ", 400), ("GET /", 400), ("GET", 400), ("GET / http/1.1", 400), ("GET / HTTP/1.10", 400),
        ("GET / HTTP/1.x", 400), ("GET / HTTP/1", 400), ("GET / HTTPS/1.1", 400), ("GET / HTTP/01.1", 400),
        ("GET /a b HTTP/1.1", 400), ("GET /\u{7F} HTTP/1.1", 400), ("GET /\u{E9} HTTP/1.1", 400),
        ("G@T / HTTP/1.1", 400), ("GET /#a HTTP/1.1", 400), ("GET /\\ HTTP/1.1", 400), ("GET /<a> HTTP/1.1", 400),
        ("GET a HTTP/1.1", 400), ("GET * HTTP/1.1", 400), ("GET a:80 HTTP/1.1", 400), ("GET ftp://a/ HTTP/1.1", 400),
        ("GET http:/// HTTP/1.1", 400), ("GET http://u@a/ HTTP/1.1", 400),
        ("GET / HTTP/2.0", 505), ("PRI * HTTP/2.0", 505), ("GET / HTTP/0.9", 505), ("GET / HTTP/3.1", 505),
        ("CONNECT a:80 HTTP/1.1", 501), ("TRACE / HTTP/1.1", 501),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH / HTTP/1.1", 501),
    ])
    func refusesRequestLine(_ line: String, _ status: Int) {
        #expect(Outcome.of("\(line)\r\nHost: a\r\n\r\n").fault?.status == status)
    }

    @Test(arguments: [
        "a", "a.example", "a:80", "a:", "127.0.0.1:1", "[::1]", "[::1]:443", "[2001:db8::1]", "[::ffff:1.2.3.4]",
        "[1:2:3:4:5:6:7:8]", "[1::]", "a,b", "a_b", "%41", "xn--bcher-kva.example", "a:65535",
    ])
    func acceptsHost(_ host: String) {
        #expect(Outcome.of("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").heads.count == 1)
    }

    @Test(arguments: [
        "", "user@a", "a?b", "a/b", "a#b", "a:b", "a:80:80", "[::1", "::1", "[::1]x", "[1::2::3]", "[12345::]", "[g::]",
        "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[::1.2.3.256]", "[::01.2.3.4]", "a b", "a\\b", "%4", "%zz", ":80",
        "a:65536", "a:123456", "[]", "[v1.a]", "\"a\"", "<a>",
    ])
    func refusesHost(_ host: String) {
        #expect(Outcome.of("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").fault?.status == 400)
    }

    @Test(arguments: [
        ("", 400), ("Host: a\r\nHost: a", 400), ("Host: a\r\nhost: b", 400), ("Host : a", 400), ("Host: a\r\nX", 400),
        ("Host: a\r\n: x", 400), ("Host: a\r\nX Y: z", 400), ("Host: a\r\nX\t: z", 400), ("Host: a\r\n\tX: z", 400),
        ("Host: a\r\nX: a\r\n b", 400), ("Host: a\r\nX: a\u{0}b", 400), ("Host: a\r\nX: a\u{1}b", 400),
        ("Host: a\r\nX: a\u{7F}b", 400), ("Host: a\r\nX: a\rb", 400), ("Host: a\r\nX: a\nY: b", 400),
        ("Host: a\r\nX\u{A0}: b", 400), ("Host: a\r\n(x): b", 400), ("Host: a\r\nExpect: 200-ok", 417),
        ("Host: a\r\nExpect: 100-continue, x", 417),
    ])
    func refusesFields(_ fields: String, _ status: Int) {
        let block = fields.isEmpty ? "" : fields + "\r\n"
        #expect(Outcome.of("GET / HTTP/1.1\r\n\(block)\r\n").fault?.status == status)
    }

    @Test func keepsObsoleteTextAndEmptyValues() throws {
        let head = try #require(Outcome.of("GET / HTTP/1.1\r\nHost: a\r\nX: \u{E9}\r\nY:\r\n\r\n").heads.first)
        #expect(head.fields["x"] == "\u{E9}")
        #expect(head.fields["y"] == "")
    }

    @Test(arguments: [
        ("Content-Length: +5", 400), ("Content-Length: -5", 400), ("Content-Length: 5,5", 400),
        ("Content-Length: 5\r\nContent-Length: 5", 400), ("Content-Length: 5\r\nContent-Length: 6", 400),
        ("Content-Length:", 400), ("Content-Length: 0x5", 400), ("Content-Length: 5 5", 400),
        ("Content-Length: 5_0", 400), ("Content-Length: 1e3", 400), ("Content-Length: \u{665}", 400),
        ("Content-Length: 9223372036854775808", 400), ("Content-Length: 99999999999999999999", 400),
        ("Content-Length: 00000000000000000005", 400), ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", 400), ("Transfer-Encoding: identity", 400),
        ("Transfer-Encoding: chunked, identity", 400), ("Transfer-Encoding: chunked, chunked", 400),
        ("Transfer-Encoding: ,chunked", 400), ("Transfer-Encoding:", 400), ("Transfer-Encoding: chunked;q=1", 400),
        ("Transfer-Encoding: xchunked", 400), ("Transfer-Encoding: \u{B}chunked", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400), ("Transfer-Encoding: gzip", 400),
        ("Transfer-Encoding: \"chunked\"", 400), ("Transfer-Encoding: gzip, chunked", 501),
        ("Transfer-Encoding: identity, chunked", 501),
    ])
    func refusesFraming(_ fields: String, _ status: Int) {
        #expect(Outcome.of("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n").fault?.status == status)
    }

    @Test func acceptsOnlyHonestFraming() {
        func framing(_ fields: String) -> BodyFraming? {
            Outcome.of("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n").heads.first?.framing
        }
        #expect(framing("Content-Length: 0") == BodyFraming.none)
        #expect(framing("Content-Length: 007") == .length(7))
        #expect(framing("Content-Length: 9223372036854775807") == .length(.max))
        #expect(framing("Transfer-Encoding: CHUNKED ") == .chunked)
        #expect(Outcome.of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").fault?.status == 400)
    }

    @Test(arguments: [
        "g\r\n", "\r\n", "+5\r\nhello\r\n", "-1\r\n", "0x5\r\nhello\r\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n",
        "5\nhello\r\n", "5\r\nhello\n", "5\r\nhelloX\r\n", "5\r\nhello\rX", "5\r\nhell\r\n0\r\n\r\n",
        "5 x\r\nhello\r\n",
        "5;a\u{1}\r\nhello\r\n", "10000000000000000\r\n", "ffffffffffffffff\r\n", "00000000000000005\r\nhello\r\n",
        "0\r\nX : y\r\n\r\n", "0\r\n X: y\r\n\r\n", "0\r\nX: \u{0}\r\n\r\n", "0\r\nX\r\n\r\n", "0\r\nX: y\n\r\n",
        "0\n\n",
        "0;\u{A}\r\n\r\n",
    ])
    func refusesChunks(_ body: String) {
        #expect(
            Outcome.of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)").fault?.status == 400)
    }

    @Test func readsChunksWithExtensionsAndTrailers() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body in [
            "5\r\nhello\r\n0\r\n\r\n", "005;x\r\nhello\r\n0;y=\"z\"\r\nA: b\r\nC: d\r\n\r\n",
            "5 ; x=1\r\nhello\r\n00\r\n\r\n",
        ] {
            let outcome = Outcome.of(head + body)
            #expect(outcome.bodies == [Array("hello".utf8)] && outcome.ends == 1 && outcome.fault == nil, "\(body)")
        }
    }
}
