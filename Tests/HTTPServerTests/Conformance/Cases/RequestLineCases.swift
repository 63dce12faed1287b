extension ConformanceCase {
    /// RFC 9112 §2.2, §2.3 and §3.
    static let requestLine: [ConformanceCase] = requestLineAccepted + requestLineRefused + versionRefused

    private static let requestLineAccepted: [ConformanceCase] = [
        .answered("a GET", "RFC 9112 §3", get(), [200], [.body("Hello, world!")]),
        .answered("HTTP/1.0 without Host", "RFC 9112 §3.2", head("GET / HTTP/1.0"), ending: .closes),
        .answered("one empty line before", "RFC 9112 §2.2", "\r\n\(get())", level: .should),
        .answered("two empty lines before", "RFC 9112 §2.2", "\r\n\r\n\(get())", level: .should),
        .exchange(
            "an empty line between two requests", "RFC 9112 §2.2",
            [.send("\(post("Content-Length: 5", body: "hello"))\r\n\(get())")], [[200], [200]], .stays,
            [.body("5")], level: .should),
        .answered("HTTP/1.2 is served as 1.1", "RFC 9110 §2.5", head("GET / HTTP/1.2", "Host: a")),
        .answered("HTTP/1.9 is served as 1.1", "RFC 9110 §2.5", head("GET / HTTP/1.9", "Host: a")),
        .exchange("byte by byte", "RFC 9112 §2.2", [.drip(get("X-Test: 1"))], [[200]], .stays),
        .exchange(
            "split between CR and LF", "RFC 9112 §2.2",
            [.send("GET / HTTP/1.1\r"), .send("\nHost: a\r"), .send("\n\r"), .send("\n")], [[200]], .stays),
        .answered(
            "a method in lower case is another method", "RFC 9110 §9.1", head("get / HTTP/1.1", "Host: a"), [501]),
        .answered("an unknown method", "RFC 9110 §9.1", head("BREW / HTTP/1.1", "Host: a"), [501]),
        .answered(
            "a method of every token character", "RFC 9110 §5.6.2", head("!#$%&'*+-.^_`|~09aZ / HTTP/1.1", "Host: a"),
            [501]),
        .answered("a method that starts with a known one", "RFC 9110 §9.1", head("GETX / HTTP/1.1", "Host: a"), [501]),
        .answered("a query", "RFC 9112 §3.2.1", head("GET /?a=b&c HTTP/1.1", "Host: a")),
        .answered("a question mark in the query", "RFC 3986 §3.4", head("GET /?a?b HTTP/1.1", "Host: a")),
        .answered("an empty query", "RFC 3986 §3.4", head("GET /? HTTP/1.1", "Host: a")),
    ]

    private static let requestLineRefused: [ConformanceCase] = [
        .refused("lines that end with LF", "RFC 9112 §2.2", "GET / HTTP/1.1\nHost: a\n\n", level: .should),
        .refused(
            "a request line that ends with LF", "RFC 9112 §2.2", "GET / HTTP/1.1\nHost: a\r\n\r\n", level: .should),
        .refused("a request line that ends with CR", "RFC 9112 §2.2", "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        .refused("a request line that ends with CR CR LF", "RFC 9112 §2.2", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
        .refused("a bare CR in the target", "RFC 9112 §2.2", head("GET /a\rb HTTP/1.1", "Host: a")),
        .refused("a bare CR in place of a space", "RFC 9112 §3", head("GET\r/ HTTP/1.1", "Host: a")),
        .refused("a NUL in the method", "RFC 9112 §3", head("GE\u{0}T / HTTP/1.1", "Host: a")),
        .refused("a NUL in the target", "RFC 9112 §3", head("GET /\u{0} HTTP/1.1", "Host: a")),
        .refused("a NUL behind the version", "RFC 9112 §3", head("GET / HTTP/1.1\u{0}", "Host: a")),
        .refused("a tab before the target", "RFC 9112 §3", head("GET\t/ HTTP/1.1", "Host: a"), level: .should),
        .refused("a tab before the version", "RFC 9112 §3", head("GET /\tHTTP/1.1", "Host: a"), level: .should),
        .refused(
            "a vertical tab before the target", "RFC 9112 §3", head("GET\u{B}/ HTTP/1.1", "Host: a"), level: .should),
        .refused(
            "a form feed before the version", "RFC 9112 §3", head("GET /\u{C}HTTP/1.1", "Host: a"), level: .should),
        .refused("two spaces before the target", "RFC 9112 §3", head("GET  / HTTP/1.1", "Host: a"), level: .should),
        .refused("two spaces before the version", "RFC 9112 §3", head("GET /  HTTP/1.1", "Host: a"), level: .should),
        .refused("a space behind the version", "RFC 9112 §3", head("GET / HTTP/1.1 ", "Host: a"), level: .should),
        .refused("a space before the method", "RFC 9112 §3", head(" GET / HTTP/1.1", "Host: a"), level: .should),
        .refused("a tab behind the version", "RFC 9112 §3", head("GET / HTTP/1.1\t", "Host: a"), level: .should),
        .refused("no target", "RFC 9112 §3", head("GET HTTP/1.1", "Host: a")),
        .refused("an empty target", "RFC 9112 §3", head("GET  HTTP/1.1", "Host: a")),
        .refused("no method", "RFC 9112 §3", head("/ HTTP/1.1", "Host: a")),
        .refused("an empty method", "RFC 9112 §3", head(" / HTTP/1.1", "Host: a")),
        .refused("a space in the target", "RFC 9112 §3", head("GET /a b HTTP/1.1", "Host: a")),
        .refused("a version inside the target", "RFC 9112 §3", head("GET / HTTP/1.1 HTTP/1.1", "Host: a")),
        .refused("a parenthesis in the method", "RFC 9110 §9.1", head("G(T / HTTP/1.1", "Host: a")),
        .refused("a colon in the method", "RFC 9110 §9.1", head("GET: / HTTP/1.1", "Host: a")),
        .refused("a slash in the method", "RFC 9110 §9.1", head("GET/ / HTTP/1.1", "Host: a")),
        .refused("a quote in the method", "RFC 9110 §9.1", head("\"GET\" / HTTP/1.1", "Host: a")),
        .refused("a byte above 127 in the method", "RFC 9110 §9.1", head("G\u{C9}T / HTTP/1.1", "Host: a")),
        .refused("a no-break space between the words", "RFC 9112 §3", head("GET\u{A0}/\u{A0}HTTP/1.1", "Host: a")),
        .refused("a next-line byte between the words", "RFC 9112 §3", head("GET\u{85}/\u{85}HTTP/1.1", "Host: a")),
        .refused("a DEL in the target", "RFC 9112 §3.2", head("GET /\u{7F} HTTP/1.1", "Host: a")),
        .refused("an escape byte in the target", "RFC 9112 §3.2", head("GET /\u{1B}[2J HTTP/1.1", "Host: a")),
        .refused("many empty lines before", "RFC 9112 §2.2", "\r\n\r\n\r\n\r\n\(get())", level: .should),
        .refused("a bare LF before", "RFC 9112 §2.2", "\n\(get())", level: .should),
        .refused("a line of a space before", "RFC 9112 §2.2", " \r\n\(get())"),
        .refused("a field line in place of the request line", "RFC 9112 §3", "Host: a\r\n\(get())"),
        .refused("an answer in place of a request", "RFC 9112 §3", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ]

    private static let versionRefused: [ConformanceCase] = [
        .refused("HTTP/0.9's simple request", "RFC 9112 §3", "GET /\r\n"),
        .refused("an empty version", "RFC 9112 §3", "GET / \r\n"),
        .refused("the version in lower case", "RFC 9112 §2.3", head("GET / http/1.1", "Host: a")),
        .refused("the version in mixed case", "RFC 9112 §2.3", head("GET / Http/1.1", "Host: a")),
        .refused("no minor version", "RFC 9112 §2.3", head("GET / HTTP/1", "Host: a")),
        .refused("an empty minor version", "RFC 9112 §2.3", head("GET / HTTP/1.", "Host: a")),
        .refused("a minor version of two digits", "RFC 9112 §2.3", head("GET / HTTP/1.10", "Host: a")),
        .refused("a major version of two digits", "RFC 9112 §2.3", head("GET / HTTP/01.1", "Host: a")),
        .refused("a letter behind the version", "RFC 9112 §2.3", head("GET / HTTP/1.1x", "Host: a")),
        .refused("a third version number", "RFC 9112 §2.3", head("GET / HTTP/1.1.1", "Host: a")),
        .refused("a comma in the version", "RFC 9112 §2.3", head("GET / HTTP/1,1", "Host: a")),
        .refused("no slash in the version", "RFC 9112 §2.3", head("GET / HTTP1.1", "Host: a")),
        .refused("two slashes in the version", "RFC 9112 §2.3", head("GET / HTTP//1.1", "Host: a")),
        .refused("a signed minor version", "RFC 9112 §2.3", head("GET / HTTP/1.+1", "Host: a")),
        .refused("a letter as minor version", "RFC 9112 §2.3", head("GET / HTTP/1.x", "Host: a")),
        .refused("a superscript as minor version", "RFC 9112 §2.3", head("GET / HTTP/1.\u{B9}", "Host: a")),
        .refused("another protocol's name", "RFC 9112 §2.3", head("GET / HTTPS/1.1", "Host: a"), [400, 505]),
        .refused(
            "a prefix before the protocol's name", "RFC 9112 §2.3", head("GET / XHTTP/1.1", "Host: a"), [400, 505]),
        .refused("a protocol like HTTP", "RFC 9112 §2.3", head("GET / ICY/1.1", "Host: a"), [400, 505]),
        .refused("HTTP/2.0", "RFC 9110 §15.6.6", head("GET / HTTP/2.0", "Host: a"), [505], level: .should),
        .refused("HTTP/3.0", "RFC 9110 §15.6.6", head("GET / HTTP/3.0", "Host: a"), [505], level: .should),
        .refused("HTTP/0.9 spelt out", "RFC 9110 §15.6.6", head("GET / HTTP/0.9", "Host: a"), [505], level: .should),
        .refused("HTTP/9.9", "RFC 9110 §15.6.6", head("GET / HTTP/9.9", "Host: a"), [505], level: .should),
    ]
}
