extension ConformanceCase {
    /// RFC 9110 §5 and RFC 9112 §5.
    static let headerSyntax: [ConformanceCase] = fieldsAccepted + fieldLinesRefused + fieldBytesRefused

    private static func value(_ line: String) -> String { head("GET /fields HTTP/1.1", "Host: a", line) }

    private static let fieldsAccepted: [ConformanceCase] = [
        .answered("no blank behind the colon", "RFC 9112 §5", value("X-Test:1"), [200], [.body("1")]),
        .answered(
            "blanks and tabs around a value", "RFC 9112 §5.1", value("X-Test: \t 1 2 \t "), [200], [.body("1 2")]),
        .answered("an empty value", "RFC 9110 §5.5", value("X-Test:"), [200], [.body("")]),
        .answered("a value of blanks", "RFC 9110 §5.5", value("X-Test:  \t "), [200], [.body("")]),
        .answered("a tab inside a value", "RFC 9110 §5.5", value("X-Test: a\tb"), [200], [.body("a\tb")]),
        .answered("colons inside a value", "RFC 9110 §5.5", value("X-Test: a:b: c"), [200], [.body("a:b: c")]),
        .answered(
            "UTF-8 in a value", "RFC 9110 §5.5", value("X-Test: caf\u{C3}\u{A9}"), [200], [.body("caf\u{C3}\u{A9}")]),
        .answered("a byte above 127 alone in a value", "RFC 9110 §5.5", get("X-Test: \u{FF}\u{80}"), level: .should),
        .answered("0xA0 around a value is data", "RFC 9110 §5.6.3", get("X-Test: \u{A0}1\u{85}")),
        .answered("a lone quote", "RFC 9110 §5.5", value("X-Test: \"a"), [200], [.body("\"a")]),
        .answered("a name in other cases", "RFC 9110 §5.1", value("x-TEST: 1"), [200], [.body("1")]),
        .answered("a name of every token character", "RFC 9110 §5.6.2", get("!#$%&'*+-.^_`|~09aZ: 1")),
        .answered("a name of one digit", "RFC 9110 §5.6.2", get("1: 1")),
        .answered(
            "a name that repeats", "RFC 9110 §5.3", value("X-Test: a\r\nX-Other: b\r\nX-Test: c"), [200], [.body("a|c")]
        ),
        .answered("a name with an underscore is another name", "RFC 9110 §5.1", value("X_Test: 1"), [200], [.body("")]),
        .answered("a value of 16 KiB", "RFC 9110 §5.4", get("X-Test: \(String(repeating: "a", count: 16_384))")),
        .exchange("byte by byte", "RFC 9112 §2.2", [.drip(value("X-Test: \t1 "))], [[200]], .stays, [.body("1")]),
    ]

    private static let fieldLinesRefused: [ConformanceCase] = [
        .refused("a space before the colon", "RFC 9112 §5.1", get("X-Test : 1")),
        .refused("a tab before the colon", "RFC 9112 §5.1", get("X-Test\t: 1")),
        .refused("a space before the colon of Host", "RFC 9112 §5.1", head("GET / HTTP/1.1", "Host : a")),
        .refused("0xA0 before the colon", "RFC 9110 §5.6.2", get("X-Test\u{A0}: 1")),
        .refused("0x85 before the colon", "RFC 9110 §5.6.2", get("X-Test\u{85}: 1")),
        .refused("a folded value", "RFC 9112 §5.2", get("X-Test: 1", " 2")),
        .refused("a value folded with a tab", "RFC 9112 §5.2", get("X-Test: 1", "\t2")),
        .refused("a value that is all fold", "RFC 9112 §5.2", get("X-Test:", " 1")),
        .refused("a fold of blanks", "RFC 9112 §5.2", get("X-Test: 1", "  ")),
        .refused("a folded Host", "RFC 9112 §5.2", head("GET / HTTP/1.1", "Host:", " a")),
        .refused("a blank before the first field", "RFC 9112 §2.2", head("GET / HTTP/1.1", " Host: a")),
        .refused("a tab before the first field", "RFC 9112 §2.2", head("GET / HTTP/1.1", "\tX: y", "Host: a")),
        .refused("a blank before a later field", "RFC 9112 §5.2", get(" X-Test: 1")),
        .refused("no colon", "RFC 9112 §5", get("X-Test")),
        .refused("no colon in the first line", "RFC 9112 §5", head("GET / HTTP/1.1", "Host a")),
        .refused("an empty name", "RFC 9112 §5", get(": 1")),
        .refused("only a colon", "RFC 9112 §5", get(":")),
        .refused(
            "a field line that ends with LF", "RFC 9112 §2.2", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", level: .should
        ),
        .refused("a field line that ends with CR", "RFC 9112 §2.2", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n"),
        .refused("a field line that ends with CR CR LF", "RFC 9112 §2.2", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
        .refused("a head that ends with LF LF", "RFC 9112 §2.2", "GET / HTTP/1.1\r\nHost: a\n\n", level: .should),
        .refused("a head that ends with CR LF LF", "RFC 9112 §2.2", "GET / HTTP/1.1\r\nHost: a\r\n\n", level: .should),
        .refused("a head that ends with CR LF CR CR LF", "RFC 9112 §2.2", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n"),
        .refused("a head that ends with CR and no LF", "RFC 9112 §2.2", "GET / HTTP/1.1\r\nHost: a\r\n\rX"),
        .refused("a request line among the fields", "RFC 9112 §5", "GET / HTTP/1.1\r\nHost: a\r\n\(get())"),
    ]

    private static let fieldBytesRefused: [ConformanceCase] =
        [
            .refused("a NUL in a value", "RFC 9110 §5.5", get("X-Test: a\u{0}b")),
            .refused("a NUL at the end of a value", "RFC 9110 §5.5", get("X-Test: a\u{0}")),
            .refused("a NUL in a name", "RFC 9110 §5.6.2", get("X-\u{0}Test: a")),
            .refused("a NUL in Host", "RFC 9110 §5.5", head("GET / HTTP/1.1", "Host: a\u{0}")),
            .refused("a bare CR in a value", "RFC 9112 §2.2", get("X-Test: a\rb")),
            .refused("a bare CR at the front of a value", "RFC 9112 §2.2", get("X-Test:\rb")),
            .refused("a bare CR that hides a field", "RFC 9112 §2.2", get("X-Test: a\rTransfer-Encoding: chunked")),
            .refused(
                "a bare LF that hides a field", "RFC 9112 §2.2", get("X-Test: a\nTransfer-Encoding: chunked"),
                level: .should),
            .refused("a byte above 127 in a name", "RFC 9110 §5.6.2", get("X-T\u{E9}st: 1")),
            .refused("a DEL in a name", "RFC 9110 §5.6.2", get("X-Test\u{7F}: 1")),
        ]
        + [0x01, 0x07, 0x08, 0x0B, 0x0C, 0x0E, 0x1B, 0x1F, 0x7F].map { (code: UInt8) in
            let byte = Character(Unicode.Scalar(code))
            return .refused(
                "the control byte \(code) in a value", "RFC 9110 §5.5", get("X-Test: a\(byte)b"), level: .should)
        }
        + "\"(),/;<=>?@[\\]{} ".map { (character: Character) in
            .refused("the character \(character) in a name", "RFC 9110 §5.6.2", get("X\(character)Y: 1"))
        }
}
