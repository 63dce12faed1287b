extension ConformanceCase {
    /// RFC 9110 §7.8: nothing here switches protocols on a plain route.
    static let upgrade: [ConformanceCase] = [
        .answered(
            "h2c", "RFC 9113 §3.1",
            get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"), [200],
            [.body("Hello, world!")]),
        .answered(
            "h2c with a body", "RFC 9110 §7.8",
            post("Connection: Upgrade", "Upgrade: h2c", "Content-Length: 5", body: "hello"), [200], [.body("5")]),
        .answered("an unknown protocol", "RFC 9110 §7.8", get("Connection: Upgrade", "Upgrade: tea/1")),
        .answered("TLS/1.0", "RFC 9110 §7.8", get("Connection: Upgrade", "Upgrade: TLS/1.0")),
        .answered("Upgrade without Connection", "RFC 9110 §7.8", get("Upgrade: websocket")),
        .answered(
            "websocket where none is", "RFC 6455 §4.2",
            get(
                "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), [200, 400, 426], ending: .either),
        .answered(
            "an upgrade in HTTP/1.0", "RFC 9110 §7.8", head("GET / HTTP/1.0", "Connection: Upgrade", "Upgrade: h2c"),
            ending: .closes),
        .answered(
            "an upgrade and close", "RFC 9110 §7.8", get("Connection: Upgrade, close", "Upgrade: h2c"), ending: .closes),
    ]

    /// RFC 9110 §6 and RFC 9112 §4, §6.
    static let response: [ConformanceCase] = [
        .answered("Date is an IMF-fixdate", "RFC 9110 §6.6.1", get(), [200], [.dateIsIMFFixdate]),
        .answered(
            "an error has a Date", "RFC 9110 §6.6.1", "BAD\r\n\r\n", [400], [.dateIsIMFFixdate], ending: .closes,
            level: .should),
        .answered("Server tells no version", "RFC 9110 §10.2.4", get(), [200], [.serverTellsNoVersion], level: .should),
        .answered(
            "an error's Server tells no version", "RFC 9110 §10.2.4", "BAD\r\n\r\n", [400], [.serverTellsNoVersion],
            ending: .closes, level: .should),
        .answered(
            "a length and no coding", "RFC 9112 §6.3", get(), [200],
            [.field("content-length", "13"), .lacksField("transfer-encoding"), .hasField("content-type")]),
        .answered(
            "204 has neither length nor body", "RFC 9110 §8.6", head("DELETE /items/1 HTTP/1.1", "Host: a"), [204],
            [.lacksField("content-length"), .lacksField("transfer-encoding"), .body("")]),
        .answered(
            "a stream is chunked for 1.1", "RFC 9112 §7.1", head("GET /stream HTTP/1.1", "Host: a"), [200],
            [.field("transfer-encoding", "chunked"), .lacksField("content-length"), .body("one two three")]),
        .exchange(
            "a stream is not chunked for 1.0", "RFC 9112 §6.1",
            [.send(head("GET /stream HTTP/1.0", "Connection: keep-alive")), .finish], [[200]], .closes,
            [.lacksField("transfer-encoding"), .field("connection", "close"), .body("one two three")]),
        .answered(
            "HEAD of a stream", "RFC 9110 §9.3.2", head("HEAD /stream HTTP/1.1", "Host: a"), [200],
            [.lacksField("content-length")], heads: 1),
        .answered(
            "an error is a problem document", "RFC 9457 §3", head("GET /nothing HTTP/1.1", "Host: a"), [404],
            [.field("content-type", "application/problem+json"), .hasField("x-request-id")]),
        .answered(
            "a fault is a problem document", "RFC 9457 §3", "BAD\r\n\r\n", [400],
            [.field("content-type", "application/problem+json"), .hasField("x-request-id")], ending: .closes),
        .answered(
            "a handler's error tells nothing", "RFC 9110 §15.6.1", head("GET /broken HTTP/1.1", "Host: a"), [500],
            [.field("content-type", "application/problem+json")]),
        .answered(
            "a handler cannot split the answer", "RFC 9110 §5.5", head("GET /split HTTP/1.1", "Host: a"), [500],
            [.lacksField("x-smuggled")], ending: .closes),
        .answered(
            "an empty body has a length", "RFC 9112 §6.3", head("GET /fields HTTP/1.1", "Host: a"), [200],
            [.field("content-length", "0")]),
    ]

    /// What comes from strangers, broken clients and other protocols.
    static let robust: [ConformanceCase] = [
        .refused("HTTP/2's preface", "RFC 9113 §3.4", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505]),
        .refused(
            "a TLS ClientHello", "RFC 8446 §4.1.2",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}\(String(repeating: "\u{AA}", count: 32))"),
        .exchange("a TLS ClientHello, its first byte", "RFC 8446 §5.1", [.send("\u{16}"), .finish], [[400]], .closes),
        .refused("an SSH banner", "RFC 4253 §4.2", "SSH-2.0-OpenSSH_9.2\r\n"),
        .refused("SMTP", "RFC 5321 §4.1.1", "EHLO a.example\r\n"),
        .refused("SOCKS 5", "RFC 1928 §3", "\u{5}\u{1}\u{0}"),
        .refused("NULs", "RFC 9112 §3", String(repeating: "\u{0}", count: 1_024)),
        .refused("64 KiB of 0xFF", "RFC 9112 §3", String(repeating: "\u{FF}", count: 65_536)),
        .refused("letters without an end", "RFC 9112 §3", String(repeating: "A", count: 65_536), [400, 414, 501]),
        .refused("an XML document", "RFC 9112 §3", "<?xml version=\"1.0\"?>\r\n<a/>\r\n"),
        .refused("a bare CR at the front", "RFC 9112 §2.2", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .exchange("a client that says nothing", "RFC 9112 §9.5", [.finish], [], .closes),
        .exchange(
            "a client that ends inside the request line", "RFC 9112 §8", [.send("GET / HT"), .finish], [], .closes),
        .exchange(
            "a client that ends inside the fields", "RFC 9112 §8", [.send("GET / HTTP/1.1\r\nHost: a\r\n"), .finish],
            [], .closes),
        .exchange("a client that ends behind an empty line", "RFC 9112 §2.2", [.send("\r\n"), .finish], [], .closes),
    ]
}
