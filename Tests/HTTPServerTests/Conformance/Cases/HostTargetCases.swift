extension ConformanceCase {
    /// RFC 9110 §7.2 and RFC 9112 §3.2.
    static let host: [ConformanceCase] = hostAccepted + hostRefused

    /// The forms of RFC 9112 §3.2.1 to §3.2.4.
    static let target: [ConformanceCase] = targetAccepted + targetRefused

    private static func withHost(_ value: String) -> String { head("GET / HTTP/1.1", "Host: \(value)") }

    private static let hostAccepted: [ConformanceCase] = [
        .answered("a name and a port", "RFC 9110 §7.2", withHost("shop.example:8080")),
        .answered("a name in capitals", "RFC 3986 §3.2.2", withHost("SHOP.Example")),
        .answered("a name with a dot at its end", "RFC 3986 §3.2.2", withHost("shop.example.")),
        .answered("a name with an underscore", "RFC 3986 §3.2.2", withHost("my_shop")),
        .answered("a name with a comma", "RFC 3986 §3.2.2", withHost("a,b")),
        .answered("a name with sub-delimiters", "RFC 3986 §3.2.2", withHost("a;b=c!d")),
        .answered("a name with an escape", "RFC 3986 §3.2.2", withHost("%61")),
        .answered("an empty port", "RFC 3986 §3.2.3", withHost("a:")),
        .answered("an IPv4 address", "RFC 3986 §3.2.2", withHost("127.0.0.1:3000")),
        .answered("an IPv6 address", "RFC 3986 §3.2.2", withHost("[::1]")),
        .answered("an IPv6 address and a port", "RFC 3986 §3.2.2", withHost("[2001:db8::ff:1]:443")),
        .answered("an IPv6 address with an IPv4 tail", "RFC 3986 §3.2.2", withHost("[::ffff:127.0.0.1]")),
        .answered("blanks around it", "RFC 9112 §5.1", withHost(" \t a \t ")),
        .answered(
            "a handler sees it", "RFC 9110 §7.2", head("GET /host HTTP/1.1", "hOST: b.example"), [200],
            [.body("b.example")]),
    ]

    private static let hostRefused: [ConformanceCase] =
        [
            .refused("none in HTTP/1.1", "RFC 9112 §3.2", head("GET / HTTP/1.1")),
            .refused("none in HTTP/1.1, other fields", "RFC 9112 §3.2", head("GET / HTTP/1.1", "X-Host: a")),
            .refused("none in HTTP/1.2", "RFC 9112 §3.2", head("GET / HTTP/1.2")),
            .refused("two of them", "RFC 9112 §3.2", head("GET / HTTP/1.1", "Host: a", "Host: b")),
            .refused("two equal ones", "RFC 9112 §3.2", head("GET / HTTP/1.1", "Host: a", "Host: a")),
            .refused("two in HTTP/1.0", "RFC 9112 §3.2", head("GET / HTTP/1.0", "Host: a", "Host: b")),
            .refused(
                "two, far apart and in other cases", "RFC 9112 §3.2",
                head("GET / HTTP/1.1", "HOST: a", "X: y", "host: a")),
            .refused("an empty one", "RFC 9110 §4.2.1", head("GET / HTTP/1.1", "Host:")),
            .refused("a blank one", "RFC 9110 §4.2.1", head("GET / HTTP/1.1", "Host:  \t")),
            .refused("an invalid one in HTTP/1.0", "RFC 9112 §3.2", head("GET / HTTP/1.0", "Host: a b")),
        ] + invalidHosts.map { .refused("the value \($0.name)", "RFC 9112 §3.2", withHost($0.value)) }

    private static let invalidHosts: [(name: String, value: String)] = [
        ("user@a", "user@a"), ("user:pass@a", "user:pass@a"), ("@a", "@a"), ("a?b", "a?b"), ("a/b", "a/b"),
        ("a/", "a/"), ("a#b", "a#b"), ("a:b", "a:b"), ("a:80:80", "a:80:80"), ("a:-1", "a:-1"), ("a:+80", "a:+80"),
        ("a: 80", "a: 80"), ("a :80", "a :80"), ("a:99999", "a:99999"),
        ("a:8080808080808080808080", "a:8080808080808080808080"),
        (":80", ":80"), ("a b", "a b"), ("a with a tab", "a\tb"), ("http://a", "http://a"), ("a backslash", "a\\b"),
        ("<a>", "<a>"), ("quoted", "\"a\""), ("a|b", "a|b"), ("a^b", "a^b"), ("{a}", "{a}"), ("a%", "a%"),
        ("a%zz", "a%zz"),
        ("a%4", "a%4"), ("[::1", "[::1"), ("::1", "::1"), ("[]", "[]"), ("[::1]x", "[::1]x"), ("[::g]", "[::g]"),
        ("[1:2:3]", "[1:2:3]"), ("[1::2::3]", "[1::2::3]"), ("[12345::]", "[12345::]"), ("[::1]:x", "[::1]:x"),
        ("[::ffff:999.0.0.1]", "[::ffff:999.0.0.1]"), ("a[::1]", "a[::1]"), ("UTF-8", "caf\u{C3}\u{A9}"),
        ("with 0xA0", "a\u{A0}"),
    ]

    private static let targetAccepted: [ConformanceCase] = [
        .answered(
            "absolute-form", "RFC 9112 §3.2.2", head("GET http://a/ HTTP/1.1", "Host: a"), [200],
            [.body("Hello, world!")]),
        .answered(
            "absolute-form wins over Host", "RFC 9112 §3.2.2", head("GET http://b.example:81/host HTTP/1.1", "Host: a"),
            [200], [.body("b.example:81")]),
        .answered("absolute-form with https", "RFC 9112 §3.2.2", head("GET https://a/ HTTP/1.1", "Host: a")),
        .answered(
            "absolute-form with the scheme in capitals", "RFC 3986 §3.1", head("GET HTTP://a/ HTTP/1.1", "Host: a")),
        .answered("absolute-form without a path", "RFC 9110 §4.2.3", head("GET http://a HTTP/1.1", "Host: a")),
        .answered(
            "absolute-form with a query and no path", "RFC 9112 §3.2.2", head("GET http://a?b HTTP/1.1", "Host: a")),
        .answered(
            "absolute-form with an IPv6 address", "RFC 9112 §3.2.2", head("GET http://[::1]:80/ HTTP/1.1", "Host: a")),
        .answered("absolute-form in HTTP/1.0", "RFC 9112 §3.2.2", head("GET http://a/ HTTP/1.0"), ending: .closes),
        .answered(
            "OPTIONS *", "RFC 9110 §9.3.7", head("OPTIONS * HTTP/1.1", "Host: a"), [200, 204], [.hasField("allow")]),
        .answered(
            "OPTIONS for a URL without a path", "RFC 9112 §3.2.4", head("OPTIONS http://a HTTP/1.1", "Host: a"),
            [200, 204], [.hasField("allow")]),
        .answered("two slashes are another path", "RFC 3986 §6.2.2", head("GET // HTTP/1.1", "Host: a"), [404]),
        .answered("a URL in the path", "RFC 9112 §3.2.1", head("GET /http://a/ HTTP/1.1", "Host: a"), [404]),
        .answered(
            "an at sign in the path", "RFC 3986 §3.3", head("GET /items/@a HTTP/1.1", "Host: a"), [200], [.body("@a")]),
    ]

    private static let targetRefused: [ConformanceCase] = [
        .refused("absolute-form in HTTP/1.1 without Host", "RFC 9112 §3.2", head("GET http://a/ HTTP/1.1")),
        .refused("absolute-form with two Hosts", "RFC 9112 §3.2", head("GET http://a/ HTTP/1.1", "Host: a", "Host: a")),
        .refused("absolute-form with an invalid Host", "RFC 9112 §3.2", head("GET http://a/ HTTP/1.1", "Host: a/b")),
        .refused("absolute-form without a host", "RFC 9110 §4.2.1", head("GET http:/// HTTP/1.1", "Host: a")),
        .refused(
            "absolute-form with nothing behind the scheme", "RFC 9110 §4.2.1", head("GET http:// HTTP/1.1", "Host: a")),
        .refused("absolute-form with only a port", "RFC 9110 §4.2.1", head("GET http://:80/ HTTP/1.1", "Host: a")),
        .refused("absolute-form with one slash", "RFC 9110 §4.2.1", head("GET http:/a HTTP/1.1", "Host: a")),
        .refused(
            "absolute-form with user information", "RFC 9110 §4.2.4", head("GET http://user@a/ HTTP/1.1", "Host: a"),
            level: .should),
        .refused("absolute-form with an invalid port", "RFC 9112 §3.2.2", head("GET http://a:b/ HTTP/1.1", "Host: a")),
        .refused("absolute-form with a backslash", "RFC 9112 §3.2.2", head("GET http://a\\b/ HTTP/1.1", "Host: a")),
        .refused("absolute-form with a fragment", "RFC 9112 §3.2", head("GET http://a/#b HTTP/1.1", "Host: a")),
        .refused("another scheme", "RFC 9112 §3.2.2", head("GET ftp://a/ HTTP/1.1", "Host: a"), [400, 421]),
        .refused(
            "a scheme without an authority", "RFC 9112 §3.2", head("GET mailto:a HTTP/1.1", "Host: a"), [400, 421]),
        .refused("authority-form for GET", "RFC 9112 §3.2.3", head("GET a:80 HTTP/1.1", "Host: a")),
        .refused("CONNECT", "RFC 9110 §9.3.6", head("CONNECT a:80 HTTP/1.1", "Host: a:80"), [400, 405, 501]),
        .refused("CONNECT with a path", "RFC 9112 §3.2.3", head("CONNECT / HTTP/1.1", "Host: a"), [400, 405, 501]),
        .refused("* for GET", "RFC 9112 §3.2.4", head("GET * HTTP/1.1", "Host: a")),
        .refused("* for POST", "RFC 9112 §3.2.4", head("POST * HTTP/1.1", "Host: a", "Content-Length: 0")),
        .refused("** for OPTIONS", "RFC 9112 §3.2.4", head("OPTIONS ** HTTP/1.1", "Host: a")),
        .refused("a relative path", "RFC 9112 §3.2", head("GET index.html HTTP/1.1", "Host: a")),
        .refused("only a query", "RFC 9112 §3.2", head("GET ?a HTTP/1.1", "Host: a")),
        .refused("a dot as target", "RFC 9112 §3.2", head("GET ./ HTTP/1.1", "Host: a")),
        .refused("a fragment", "RFC 9112 §3.2", head("GET /#a HTTP/1.1", "Host: a")),
        .refused("a fragment behind a query", "RFC 9112 §3.2", head("GET /?a#b HTTP/1.1", "Host: a")),
    ]
}
