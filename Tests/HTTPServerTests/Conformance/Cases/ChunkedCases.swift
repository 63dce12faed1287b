extension ConformanceCase {
    /// RFC 9112 §7.1, what is to be understood.
    static let chunkedAccepted: [ConformanceCase] = [
        .answered("no chunk but the last", "RFC 9112 §7.1", chunked("0\r\n\r\n"), [200], [.body("0")]),
        .answered(
            "several chunks", "RFC 9112 §7.1", chunked("5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n"), [200],
            [.body("11")]),
        .answered("a size in capitals", "RFC 9112 §7.1", chunked("A\r\n0123456789\r\n0\r\n\r\n"), [200], [.body("10")]),
        .answered(
            "a size in small letters", "RFC 9112 §7.1", chunked("a\r\n0123456789\r\n0\r\n\r\n"), [200], [.body("10")]),
        .answered("zeros before a size", "RFC 9112 §7.1", chunked("0005\r\nhello\r\n000\r\n\r\n"), [200], [.body("5")]),
        .answered(
            "a size of 16 digits", "RFC 9112 §7.1", chunked("0000000000000005\r\nhello\r\n0\r\n\r\n"), [200],
            [.body("5")]),
        .answered("CRLF inside the data", "RFC 9112 §7.1", chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"), [200], [.body("4")]),
        .answered(
            "data that looks like a last chunk", "RFC 9112 §7.1", chunked("7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"), [200],
            [.body("7")]),
        .answered(
            "data that looks like a request", "RFC 9112 §7.1",
            chunked("1e\r\nGET /bad HTTP/1.1\r\nHost: a\r\n\r\n\r\n0\r\n\r\n"), [200], [.body("30")]),
        .answered("an extension", "RFC 9112 §7.1.1", chunked("5;a\r\nhello\r\n0\r\n\r\n"), [200], [.body("5")]),
        .answered(
            "an extension with a value", "RFC 9112 §7.1.1", chunked("5;a=b\r\nhello\r\n0;c=d\r\n\r\n"), [200],
            [.body("5")]),
        .answered(
            "an extension with a quoted value", "RFC 9112 §7.1.1", chunked("5;a=\"b;\\\" c\"\r\nhello\r\n0\r\n\r\n"),
            [200], [.body("5")]),
        .answered(
            "extensions with blanks", "RFC 9112 §7.1.1", chunked("5 ; a = b ;c\r\nhello\r\n0\r\n\r\n"), [200],
            [.body("5")]),
        .answered("a trailer", "RFC 9112 §7.1.2", chunked("5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"), [200], [.body("5")]),
        .answered(
            "a trailer of two fields", "RFC 9112 §7.1.2", chunked("0\r\nX-Sum: 1\r\nX-Other:2\r\n\r\n"), [200],
            [.body("0")]),
        .answered(
            "a Content-Length in the trailer means nothing", "RFC 9110 §6.5.1",
            chunked("0\r\nContent-Length: 50\r\n\r\n"), [200, 400], ending: .either),
        .answered(
            "a Transfer-Encoding in the trailer means nothing", "RFC 9110 §6.5.1",
            chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"), [200, 400], ending: .either),
        .answered(
            "a Host in the trailer means nothing", "RFC 9110 §6.5.1", chunked("0\r\nHost: b\r\n\r\n"), [200, 400],
            ending: .either),
        .answered(
            "a chunk of 1 MiB", "RFC 9112 §7.1",
            chunked("100000\r\n\(String(repeating: "a", count: 1_048_576))\r\n0\r\n\r\n"), [200], [.body("1048576")]),
        .answered(
            "1,000 chunks of one byte", "RFC 9112 §7.1",
            chunked("\(String(repeating: "1\r\na\r\n", count: 1_000))0\r\n\r\n"), [200], [.body("1000")]),
        .exchange(
            "the next request behind the last chunk", "RFC 9112 §7.1",
            [.send("\(chunked("5\r\nhello\r\n0\r\n\r\n"))\(get())")], [[200], [200]], .stays, [.body("5")]),
        .exchange(
            "the next request behind a trailer", "RFC 9112 §7.1.2",
            [.send("\(chunked("0\r\nX-Sum: 1\r\n\r\n"))\(get())")], [[200], [200]], .stays, [.body("0")]),
        .exchange(
            "byte by byte", "RFC 9112 §2.2", [.drip(chunked("5;a=b\r\nhello\r\na\r\n0123456789\r\n0\r\nX: y\r\n\r\n"))],
            [[200]], .stays, [.body("15")]),
        .exchange(
            "split inside every part", "RFC 9112 §2.2",
            [
                .send(chunked("1")), .send("0\r"), .send("\n01234567"), .send("89abcdef\r"), .send("\n0"),
                .send("\r\n"), .send("\r"), .send("\n"),
            ], [[200]], .stays, [.body("16")]),
        .exchange(
            "the end comes later", "RFC 9112 §7.1", [.send(chunked("5\r\nhello\r\n0\r\n")), .send("\r\n")], [[200]],
            .stays, [.body("5")]),
        .exchange(
            "the client finishes inside a chunk of 2^63 - 1", "RFC 9112 §8",
            [.send(chunked("7fffffffffffffff\r\nhello")), .finish], [[400, 413]], .closes),
        .exchange(
            "the client finishes inside a chunk", "RFC 9112 §8", [.send(chunked("5\r\nhe")), .finish], [[400]], .closes),
        .exchange(
            "the client finishes before the last chunk", "RFC 9112 §8", [.send(chunked("5\r\nhello\r\n")), .finish],
            [[400]], .closes),
        .exchange(
            "the client finishes before the last empty line", "RFC 9112 §8",
            [.send(chunked("5\r\nhello\r\n0\r\n")), .finish], [[400]], .closes),
        .answered(
            "a body that nobody reads", "RFC 9112 §7.1",
            "\(head("POST /nothing HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"))5\r\nhello\r\n0\r\n\r\n", [404]),
    ]

    /// What two readers could understand differently.
    static let chunkedRefused: [ConformanceCase] =
        [
            .refused("data longer than its size", "RFC 9112 §7.1", chunked("5\r\nhello!\r\n0\r\n\r\n")),
            .refused("data shorter than its size", "RFC 9112 §7.1", chunked("6\r\nhello\r\n0\r\n\r\n")),
            .refused("other bytes behind the data", "RFC 9112 §7.1", chunked("5\r\nhelloXY0\r\n\r\n")),
            .refused("no line end behind the data", "RFC 9112 §7.1", chunked("5\r\nhello0\r\n\r\n")),
            .refused("LF behind the data", "RFC 9112 §7.1", chunked("5\r\nhello\n0\r\n\r\n")),
            .refused("CR behind the data", "RFC 9112 §7.1", chunked("5\r\nhello\r0\r\n\r\n")),
            .refused("LF CR behind the data", "RFC 9112 §7.1", chunked("5\r\nhello\n\r0\r\n\r\n")),
            .refused("CR CR LF behind the data", "RFC 9112 §7.1", chunked("5\r\nhello\r\r\n0\r\n\r\n")),
            .refused("LF behind the size", "RFC 9112 §7.1", chunked("5\nhello\r\n0\r\n\r\n")),
            .refused("CR behind the size", "RFC 9112 §7.1", chunked("5\rhello\r\n0\r\n\r\n")),
            .refused("CR CR LF behind the size", "RFC 9112 §7.1", chunked("5\r\r\nhello\r\n0\r\n\r\n")),
            .refused("LF behind the last size", "RFC 9112 §7.1", chunked("0\n\r\n")),
            .refused("LF LF at the end", "RFC 9112 §7.1", chunked("0\n\n")),
            .refused("LF as the last line", "RFC 9112 §7.1", chunked("0\r\n\n")),
            .refused("other bytes behind the last size", "RFC 9112 §7.1", chunked("0\r\nXY\r\n\r\n")),
            .refused("CR and other bytes as the last line", "RFC 9112 §7.1", chunked("0\r\n\rX\r\n\r\n")),
            .refused("no size line at all", "RFC 9112 §7.1", chunked("hello\r\n0\r\n\r\n")),
            .refused("LF inside an extension", "RFC 9112 §7.1.1", chunked("5;a\nhello\r\n0\r\n\r\n")),
            .refused("LF inside an extension, then a size", "RFC 9112 §7.1.1", chunked("2;\n00\r\n0\r\n\r\n")),
            .refused("CR inside an extension", "RFC 9112 §7.1.1", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")),
            .refused("a NUL inside an extension", "RFC 9112 §7.1.1", chunked("5;a\u{0}\r\nhello\r\n0\r\n\r\n")),
            .refused("an extension without a semicolon", "RFC 9112 §7.1.1", chunked("5 a\r\nhello\r\n0\r\n\r\n")),
            .refused("an extension without a size", "RFC 9112 §7.1", chunked(";a\r\nhello\r\n0\r\n\r\n")),
            .refused(
                "an extension without a name", "RFC 9112 §7.1.1", chunked("5;\r\nhello\r\n0\r\n\r\n"), level: .should),
            .refused(
                "an extension whose name is no token", "RFC 9112 §7.1.1", chunked("5;a[b\r\nhello\r\n0\r\n\r\n"),
                level: .should),
            .refused(
                "an extension with a quote that does not end", "RFC 9112 §7.1.1",
                chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n"), level: .should),
            .refused(
                "an extension of 300 bytes", "RFC 9112 §7.1.1",
                chunked("5;\(String(repeating: "a", count: 300))\r\nhello\r\n0\r\n\r\n"), level: .should),
            .refused(
                "an extension of 256 KiB", "RFC 9112 §7.1.1",
                chunked("5;\(String(repeating: "a", count: 262_144))\r\nhello\r\n0\r\n\r\n")),
            .refused(
                "an extension of 256 KiB on the last chunk", "RFC 9112 §7.1.1",
                chunked("5\r\nhello\r\n0;\(String(repeating: "a", count: 262_144))\r\n\r\n")),
            .refused(
                "extensions of 50 KiB in all", "RFC 9112 §7.1.1",
                chunked(
                    "\(String(repeating: "1;\(String(repeating: "a", count: 200))\r\nx\r\n", count: 250))0\r\n\r\n"),
                level: .should),
        ] + sizesRefused + trailersRefused + unreadRefused

    private static let sizesRefused: [ConformanceCase] = [
        ("nothing", ""), ("-5", "-5"), ("+5", "+5"), ("-0", "-0"), ("0x5", "0x5"), ("5h", "5h"), ("g", "g"),
        ("5_0", "5_0"), ("5,0", "5,0"), ("5.", "5."), ("a blank before", " 5"), ("a tab before", "\t5"),
        ("a blank behind", "5 "), ("a tab behind", "5\t"), ("a vertical tab behind", "5\u{B}"),
        ("0xA0 behind", "5\u{A0}"), ("a NUL behind", "5\u{0}"), ("in quotes", "\"5\""), ("two numbers", "5 5"),
        ("superscript five", "\u{B2}"), ("a full-width five", "\u{EF}\u{BC}\u{95}"), ("17 digits", "00000000000000005"),
        ("20,000 zeros before", "\(String(repeating: "0", count: 20_000))5"),
        ("2^63", "8000000000000000"), ("2^64 - 1", "ffffffffffffffff"),
        ("2^64 + 5", "10000000000000005"), ("2^128 + 5", "100000000000000000000000000000005"),
        ("a chunk size of 40 digits", "\(String(repeating: "f", count: 40))"),
    ].map { (name: String, value: String) in
        .refused(
            "the size \(name)", "RFC 9112 §7.1", chunked("\(value)\r\nhello\r\n0\r\n\r\n"))
    }

    private static let trailersRefused: [ConformanceCase] = [
        .refused("a trailer with a space before the colon", "RFC 9112 §5.1", chunked("0\r\nX-Sum : 1\r\n\r\n")),
        .refused("a trailer without a colon", "RFC 9112 §5", chunked("0\r\nX-Sum\r\n\r\n")),
        .refused("a trailer without a name", "RFC 9112 §5", chunked("0\r\n: 1\r\n\r\n")),
        .refused("a folded trailer", "RFC 9112 §5.2", chunked("0\r\nX-Sum: 1\r\n 2\r\n\r\n")),
        .refused("a trailer that starts with a blank", "RFC 9112 §5.2", chunked("0\r\n X-Sum: 1\r\n\r\n")),
        .refused("a trailer with a NUL", "RFC 9110 §5.5", chunked("0\r\nX-Sum: \u{0}\r\n\r\n")),
        .refused("a trailer with a bare CR", "RFC 9112 §2.2", chunked("0\r\nX-Sum: a\rb\r\n\r\n")),
        .refused("a trailer that ends with LF", "RFC 9112 §2.2", chunked("0\r\nX-Sum: 1\n\r\n"), level: .should),
        .refused("a trailer that ends with LF LF", "RFC 9112 §2.2", chunked("0\r\nX-Sum: 1\n\n"), level: .should),
        .refused("a trailer with a name that is no token", "RFC 9110 §5.6.2", chunked("0\r\nX(Sum: 1\r\n\r\n")),
        .refused("a request in place of the trailer", "RFC 9112 §7.1.2", "\(chunked("0\r\n"))\(get())"),
        .refused(
            "a trailer of 64 KiB", "RFC 9112 §7.1.2",
            chunked("0\r\nX: \(String(repeating: "a", count: 65_536))\r\n\r\n"), [400, 431], level: .should),
        .refused(
            "a trailer of 2,000 fields", "RFC 9112 §7.1.2",
            chunked("0\r\n\(String(repeating: "X: y\r\n", count: 2_000))\r\n"), [400, 431], level: .should),
    ]

    /// The handler does not read the body: its answer is on the way, but nothing behind the fault may be served.
    private static let unreadRefused: [ConformanceCase] = [
        ("5\r\nhelloXY0\r\n\r\n", "other bytes behind the data"), ("x\r\n\r\n", "a size that is none"),
        ("5\nhello\r\n0\r\n\r\n", "LF behind the size"),
        ("0\r\nX Y: 1\r\n\r\n", "a trailer that is none"),
        ("5;\(String(repeating: "a", count: 262_144))\r\nhello\r\n0\r\n\r\n", "an extension of 256 KiB"),
    ].map { (coded: String, name: String) in
        .exchange(
            "unread, \(name)", "RFC 9112 §7.1", [.send("\(get("Transfer-Encoding: chunked"))\(coded)")], [[200, 400]],
            .closes)
    }
}
