extension ConformanceCase {
    /// RFC 3986 §2 and §3.3, decoded once and after the split into segments.
    static let path: [ConformanceCase] =
        pathsAnswered
        + pathsRefused.map { name, path in
            .answered("refused: \(name)", "RFC 3986 §2", head("GET \(path) HTTP/1.1", "Host: a"), [400])
        }
        + charactersRefused.map { name, path in
            .refused("refused: \(name)", "RFC 3986 §3.3", head("GET \(path) HTTP/1.1", "Host: a"))
        } + queries

    private static func item(_ raw: String, _ name: String) -> ConformanceCase {
        .answered("/items/\(raw)", "RFC 3986 §3.3", head("GET /items/\(raw) HTTP/1.1", "Host: a"), [200], [.body(name)])
    }

    private static let pathsAnswered: [ConformanceCase] = [
        item("a%20b", "a b"), item("%61", "a"), item("a+b", "a+b"), item("a;b=c,d", "a;b=c,d"), item("a:b@c", "a:b@c"),
        item("%E2%82%AC", "\u{E2}\u{82}\u{AC}"), item("%e2%82%ac", "\u{E2}\u{82}\u{AC}"),
        item("%252e%252e", "%2e%2e"), item("%252F", "%2F"), item("...", "..."), item(".a", ".a"), item("a.", "a."),
        item("~", "~"), item("%7e", "~"), item("(a)!$'*", "(a)!$'*"), item("%25", "%"), item("%3F%23", "?#"),
        .answered("nothing there", "RFC 9110 §15.5.5", head("GET /nothing HTTP/1.1", "Host: a"), [404]),
        .answered(
            "a slash at the end is another path", "RFC 3986 §6.2.2", head("GET /json/ HTTP/1.1", "Host: a"), [404]),
        .answered("capitals are another path", "RFC 3986 §6.2.2.1", head("GET /JSON HTTP/1.1", "Host: a"), [404]),
        .answered(
            "an escaped letter is the same path", "RFC 3986 §6.2.2.2", head("GET /%6Ason HTTP/1.1", "Host: a"),
            level: .should),
        .answered("an empty parameter", "RFC 3986 §3.3", head("GET /items/ HTTP/1.1", "Host: a"), [404]),
        .answered("an empty segment", "RFC 3986 §3.3", head("GET /items//a HTTP/1.1", "Host: a"), [404]),
        .answered("a segment too many", "RFC 3986 §3.3", head("GET /items/a/b HTTP/1.1", "Host: a"), [404]),
    ]

    /// Well-formed requests for what nobody honest asks: 400, and the connection lives on.
    private static let pathsRefused: [(String, String)] = [
        ("an escaped NUL", "/items/%00"), ("an escaped NUL before an extension", "/items/a%00.html"),
        ("an escaped slash", "/items/a%2fb"), ("an escaped slash in capitals", "/items/a%2Fb"),
        ("an escaped backslash", "/items/a%5Cb"),
        ("two dots", "/.."), ("two dots at the front", "/../json"), ("two dots inside", "/items/../json"),
        ("two dots at the end", "/items/.."), ("a dot", "/."), ("a dot inside", "/./json"),
        ("escaped dots", "/%2e%2e/json"),
        ("escaped dots in capitals", "/items/%2E%2E"), ("half escaped dots", "/items/.%2e/json"),
        ("an escaped dot", "/%2e/json"), ("an escaped slash behind dots", "/..%2fetc%2fpasswd"),
        ("an overlong slash", "/items/%c0%af"), ("an overlong dot", "/items/%c0%ae%c0%ae"),
        ("an overlong slash of three bytes", "/items/%e0%80%af"), ("an overlong NUL", "/items/%c0%80"),
        ("0xFF", "/items/%ff"), ("a lone continuation byte", "/items/%80"), ("a cut sequence", "/items/%e2%82"),
        ("a surrogate", "/items/%ed%a0%80"),
        ("beyond Unicode", "/items/%f4%90%80%80"), ("a lone percent sign", "/items/%"), ("half an escape", "/items/%4"),
        ("an escape of other letters", "/items/%zz"), ("a signed escape", "/items/%+1"),
        ("a %u escape", "/items/%u0041"), ("an escaped CR LF", "/items/a%0d%0aX:%20y"),
        ("an escaped tab", "/items/%09"), ("an escaped DEL", "/items/%7f"),
    ]

    /// Bytes that may not stand in a target at all.
    private static let charactersRefused: [(String, String)] = [
        ("UTF-8", "/caf\u{C3}\u{A9}"), ("0xFF itself", "/\u{FF}"), ("a backslash", "/a\\b"),
        ("a less-than sign", "/<script>"), ("a quote", "/\"a\""), ("a brace", "/{a}"), ("a circumflex", "/a^b"),
        ("a backtick", "/a`b"), ("a NUL", "/a\u{0}"), ("a backslash at the front", "\\a"),
    ]

    private static let queries: [ConformanceCase] = [
        .answered(
            "a query is not decoded", "RFC 3986 §3.4", head("GET /query?a=%00%2F..&b=+ HTTP/1.1", "Host: a"), [200],
            [.body("a=%00%2F..&b=+")]),
        .answered(
            "slashes and colons in a query", "RFC 3986 §3.4", head("GET /query?u=http://a/b?c HTTP/1.1", "Host: a"),
            [200], [.body("u=http://a/b?c")]),
        .refused("a less-than sign in a query", "RFC 3986 §3.4", head("GET /query?<a> HTTP/1.1", "Host: a")),
        .refused("a quote in a query", "RFC 3986 §3.4", head("GET /query?\"a\" HTTP/1.1", "Host: a")),
        .refused("UTF-8 in a query", "RFC 3986 §3.4", head("GET /query?caf\u{C3}\u{A9} HTTP/1.1", "Host: a")),
        .refused("a space in a query", "RFC 9112 §3", head("GET /query?a b HTTP/1.1", "Host: a")),
    ]
}
