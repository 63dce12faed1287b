extension ConformanceCase {
    /// RFC 9110 §8.6 and RFC 9112 §6.2, §6.3.
    static let contentLength: [ConformanceCase] = lengthsAccepted + lengthsRefused + lengthValuesRefused

    private static let lengthsAccepted: [ConformanceCase] = [
        .answered("a body of 5 bytes", "RFC 9112 §6.2", post("Content-Length: 5", body: "hello"), [200], [.body("5")]),
        .answered("a body of no bytes", "RFC 9112 §6.2", post("Content-Length: 0"), [200], [.body("0")]),
        .answered("no length, no body", "RFC 9112 §6.3", post(), [200], [.body("0")]),
        .answered(
            "blanks around the number", "RFC 9112 §5.1", post("Content-Length: \t5 \t", body: "hello"), [200],
            [.body("5")]),
        .answered(
            "the name in other cases", "RFC 9110 §5.1", post("cONTENT-lENGTH: 5", body: "hello"), [200], [.body("5")]),
        .answered(
            "a few zeros before it", "RFC 9110 §8.6", post("Content-Length: 0005", body: "hello"), [200], [.body("5")]),
        .answered(
            "in HTTP/1.0", "RFC 9112 §6.2", "\(head("POST /echo HTTP/1.0", "Content-Length: 5"))hello", [200],
            [.body("5")], ending: .closes),
        .answered(
            "a GET with a body that nobody reads", "RFC 9110 §9.3.1", "\(get("Content-Length: 5"))hello", [200],
            [.body("Hello, world!")]),
        .answered(
            "an unread body that looks like a request", "RFC 9112 §6.2",
            "\(get("Content-Length: 31"))GET /bad HTTP/1.1\r\nHost: a\r\n\r\n\u{20}", [200]),
        .answered(
            "a read body that looks like a request", "RFC 9112 §6.2",
            post("Content-Length: 30", body: "GET /bad HTTP/1.1\r\nHost: a\r\n\r\n"), [200], [.body("30")]),
        .answered(
            "a body to a path that is not there", "RFC 9112 §6.2",
            "\(head("POST /nothing HTTP/1.1", "Host: a", "Content-Length: 5"))hello", [404]),
        .answered(
            "a body to a method that is not allowed", "RFC 9112 §6.2",
            "\(head("POST / HTTP/1.1", "Host: a", "Content-Length: 5"))hello", [405]),
        .exchange(
            "bytes behind the body are the next request", "RFC 9112 §6.2",
            [.send("\(post("Content-Length: 5", body: "hello"))\(get())")], [[200], [200]], .stays,
            [.body("5"), .bodyOfAnswer(1, "Hello, world!")]),
        .exchange(
            "the body comes later", "RFC 9112 §6.2", [.send(post("Content-Length: 5")), .send("he"), .send("llo")],
            [[200]], .stays, [.body("5")]),
        .exchange(
            "byte by byte", "RFC 9112 §2.2", [.drip(post("Content-Length: 5", body: "hello"))], [[200]], .stays,
            [.body("5")]),
        .exchange(
            "the client finishes before the body does", "RFC 9112 §8",
            [.send(post("Content-Length: 5", body: "he")), .finish], [[400]], .closes),
        .answered(
            "every byte value in the body", "RFC 9112 §6",
            "\(head("POST /raw HTTP/1.1", "Host: a", "Content-Length: 256"))\(everyByte)", [200], [.body(everyByte)]),
        .answered("Content_Length means nothing", "RFC 9110 §5.1", post("Content_Length: 5"), [200], [.body("0")]),
    ]

    private static let everyByte = String(String.UnicodeScalarView((UInt8.min...UInt8.max).map { Unicode.Scalar($0) }))

    private static let lengthsRefused: [ConformanceCase] = [
        .refused("two different ones", "RFC 9112 §6.3", post("Content-Length: 5", "Content-Length: 6", body: "hello")),
        .refused("two equal ones", "RFC 9112 §6.3", post("Content-Length: 5", "Content-Length: 5", body: "hello")),
        .refused("zero and then another", "RFC 9112 §6.3", post("Content-Length: 0", "Content-Length: 44")),
        .refused(
            "two, the names in other cases", "RFC 9112 §6.3",
            post("content-length: 5", "CONTENT-LENGTH: 6", body: "hello")),
        .refused(
            "with Transfer-Encoding before it", "RFC 9112 §6.3",
            post("Transfer-Encoding: chunked", "Content-Length: 5", body: "0\r\n\r\n")),
        .refused(
            "with Transfer-Encoding behind it", "RFC 9112 §6.3",
            post("Content-Length: 5", "Transfer-Encoding: chunked", body: "0\r\n\r\n")),
        .refused(
            "zero with Transfer-Encoding", "RFC 9112 §6.3",
            post("Content-Length: 0", "Transfer-Encoding: chunked", body: "0\r\n\r\n")),
        .refused(
            "with Transfer-Encoding identity", "RFC 9112 §6.3",
            post("Content-Length: 5", "Transfer-Encoding: identity", body: "hello"), [400, 501]),
        .refused("a space before the colon", "RFC 9112 §5.1", post("Content-Length : 5", body: "hello")),
        .refused("folded", "RFC 9112 §5.2", post("Content-Length:", " 5", body: "hello")),
        .refused("an invalid one for a GET", "RFC 9112 §6.3", "\(get("Content-Length: x"))hello"),
        .refused("an invalid one in HTTP/1.0", "RFC 9112 §6.3", head("POST /echo HTTP/1.0", "Content-Length: -1")),
        .refused(
            "two in HTTP/1.0", "RFC 9112 §6.3",
            "\(head("POST /echo HTTP/1.0", "Content-Length: 5", "Content-Length: 6"))hello"),
    ]

    private static let lengthValuesRefused: [ConformanceCase] = [
        ("nothing", ""), ("blanks", " \t "), ("+5", "+5"), ("-5", "-5"), ("-0", "-0"), ("+0", "+0"), ("0x5", "0x5"),
        ("5_0", "5_0"), ("5.0", "5.0"), ("5e0", "5e0"), ("5 5", "5 5"), ("5 0", "5\t0"), ("5,5", "5,5"),
        ("5, 5", "5, 5"),
        ("5, 6", "5, 6"), ("a comma behind", "5,"), ("a comma before", ",5"), ("a semicolon behind", "5;"),
        ("in quotes", "\"5\""), ("a word", "five"), ("a letter behind", "5a"), ("superscript five", "\u{B2}"),
        ("an Arabic five", "\u{D9}\u{A5}"), ("a full-width five", "\u{EF}\u{BC}\u{95}"),
        ("a no-break space before", "\u{A0}5"),
        ("2^63", "9223372036854775808"), ("2^64", "18446744073709551616"), ("2^64 + 5", "18446744073709551621"),
        ("20 nines", "99999999999999999999"), ("20 digits of zeros", "00000000000000000005"),
        ("20,000 zeros before", "\(String(repeating: "0", count: 20_000))5"), ("chunked", "chunked"),
        ("a vertical tab before", "\u{B}5"),
        ("a NUL behind", "5\u{0}"), ("1,000", "1,000"),
    ].map { (name: String, value: String) in
        .refused("the value \(name)", "RFC 9110 §8.6", post("Content-Length: \(value)", body: "hello"))
    }
}
