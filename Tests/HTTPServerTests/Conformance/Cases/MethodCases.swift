extension ConformanceCase {
    /// RFC 9110 §9.
    static let methods: [ConformanceCase] = [
        .exchange(
            "HEAD has GET's fields and no body", "RFC 9110 §9.3.2",
            [.send("\(head("HEAD / HTTP/1.1", "Host: a"))\(get())")], [[200], [200]], .stays,
            [.field("content-length", "13"), .sameFieldsAsSecond], heads: 1),
        .exchange(
            "HEAD of JSON", "RFC 9110 §9.3.2",
            [.send("\(head("HEAD /json HTTP/1.1", "Host: a"))\(head("GET /json HTTP/1.1", "Host: a"))")],
            [[200], [200]], .stays, [.sameFieldsAsSecond], heads: 1),
        .answered(
            "HEAD of what is not there", "RFC 9110 §9.3.2", head("HEAD /nothing HTTP/1.1", "Host: a"), [404], heads: 1),
        .answered(
            "HEAD where only POST is", "RFC 9110 §15.5.6", head("HEAD /echo HTTP/1.1", "Host: a"), [405],
            [.list("allow", has: "POST")], heads: 1),
        .answered("HEAD in HTTP/1.0", "RFC 9110 §9.3.2", head("HEAD / HTTP/1.0"), ending: .closes, heads: 1),
        .answered(
            "POST where only GET is", "RFC 9110 §15.5.6", head("POST / HTTP/1.1", "Host: a", "Content-Length: 0"),
            [405], [.list("allow", has: "GET"), .list("allow", has: "HEAD")]),
        .answered(
            "GET where only POST is", "RFC 9110 §15.5.6", head("GET /echo HTTP/1.1", "Host: a"), [405],
            [.list("allow", has: "POST")]),
        .answered(
            "PUT where only GET is", "RFC 9110 §15.5.6", head("PUT / HTTP/1.1", "Host: a", "Content-Length: 0"), [405],
            [.hasField("allow")]),
        .answered(
            "DELETE where only GET is", "RFC 9110 §15.5.6", head("DELETE / HTTP/1.1", "Host: a"), [405],
            [.hasField("allow")]),
        .answered(
            "PATCH where only GET is", "RFC 9110 §15.5.6", head("PATCH / HTTP/1.1", "Host: a", "Content-Length: 0"),
            [405], [.hasField("allow")]),
        .answered(
            "PUT", "RFC 9110 §9.3.4", "\(head("PUT /items/1 HTTP/1.1", "Host: a", "Content-Length: 2"))ab", [204],
            [.body("")]),
        .answered("DELETE", "RFC 9110 §9.3.5", head("DELETE /items/1 HTTP/1.1", "Host: a"), [204], [.body("")]),
        .answered(
            "OPTIONS", "RFC 9110 §9.3.7", head("OPTIONS / HTTP/1.1", "Host: a"), [200, 204],
            [.list("allow", has: "GET"), .list("allow", has: "OPTIONS")]),
        .answered(
            "OPTIONS with a body", "RFC 9110 §9.3.7",
            "\(head("OPTIONS /echo HTTP/1.1", "Host: a", "Content-Length: 2"))ab", [200, 204],
            [.list("allow", has: "POST")]),
        .answered(
            "OPTIONS of what is not there", "RFC 9110 §9.3.7", head("OPTIONS /nothing HTTP/1.1", "Host: a"), [404]),
        .refused("TRACE", "RFC 9110 §9.3.8", head("TRACE / HTTP/1.1", "Host: a", "Cookie: secret"), [405, 501]),
        .refused("TRACE *", "RFC 9110 §9.3.8", head("TRACE * HTTP/1.1", "Host: a"), [400, 405, 501]),
        .answered("PROPFIND", "RFC 9110 §15.6.2", head("PROPFIND / HTTP/1.1", "Host: a"), [501]),
        .answered("M-SEARCH", "RFC 9110 §15.6.2", head("M-SEARCH / HTTP/1.1", "Host: a"), [501]),
        .answered(
            "an unknown method where nothing is", "RFC 9110 §9.1", head("BREW /nothing HTTP/1.1", "Host: a"),
            [404, 501]),
        .answered(
            "an unknown method with a body", "RFC 9110 §9.1",
            "\(head("BREW /echo HTTP/1.1", "Host: a", "Content-Length: 2"))ab", [501]),
        .refused(
            "a method of 100 letters", "RFC 9112 §3",
            head("\(String(repeating: "A", count: 100)) / HTTP/1.1", "Host: a"), [400, 501], level: .should),
        .refused(
            "a method of 9,000 letters", "RFC 9112 §3",
            head("\(String(repeating: "A", count: 9_000)) / HTTP/1.1", "Host: a"), [400, 414, 501], level: .should),
        .answered(
            "DELETE with a body that nobody reads", "RFC 9110 §9.3.5",
            "\(head("DELETE /items/1 HTTP/1.1", "Host: a", "Content-Length: 2"))ab", [204]),
    ]

    /// RFC 9110 §10.1.1.
    static let expect: [ConformanceCase] = [
        .exchange(
            "100-continue, the body when asked for", "RFC 9110 §10.1.1",
            [.send(post("Expect: 100-continue", "Content-Length: 5")), .awaitContinue, .send("hello")], [[200]], .stays,
            [.body("5")]),
        .exchange(
            "100-continue for a chunked body", "RFC 9110 §10.1.1",
            [
                .send(post("Expect: 100-continue", "Transfer-Encoding: chunked")), .awaitContinue,
                .send("5\r\nhello\r\n0\r\n\r\n"),
            ], [[200]], .stays, [.body("5")]),
        .exchange(
            "100-Continue in other cases", "RFC 9110 §10.1.1",
            [.send(post("Expect: 100-Continue", "Content-Length: 5")), .awaitContinue, .send("hello")], [[200]], .stays,
            [.body("5")]),
        .answered(
            "the body sent at once", "RFC 9110 §10.1.1",
            post("Expect: 100-continue", "Content-Length: 5", body: "hello"), [200], [.body("5")]),
        .answered("no body announced", "RFC 9110 §10.1.1", get("Expect: 100-continue"), [200], [.noContinue]),
        .answered(
            "a body of no bytes", "RFC 9110 §10.1.1", post("Expect: 100-continue", "Content-Length: 0"), [200],
            [.noContinue, .body("0")]),
        .answered(
            "HTTP/1.0", "RFC 9110 §10.1.1",
            "\(head("POST /echo HTTP/1.0", "Expect: 100-continue", "Content-Length: 5"))hello", [200],
            [.noContinue, .body("5")], ending: .closes),
        .answered(
            "a body too large is refused without a 100", "RFC 9110 §10.1.1",
            post("Expect: 100-continue", "Content-Length: 10000000"), [413, 417],
            [.noContinue, .field("connection", "close")], ending: .closes),
        // Whether the body will come now is anybody's guess: the server has to close.
        .exchange(
            "nothing at the path: refused without a 100", "RFC 9110 §10.1.1",
            [
                .send(head("POST /nothing HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 5")),
                .awaitAnswers(1),
            ], [[404]], .closes, [.noContinue, .field("connection", "close")]),
        .exchange(
            "no such method here: refused without a 100", "RFC 9110 §10.1.1",
            [
                .send(head("POST / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 5")),
                .awaitAnswers(1),
            ], [[405]], .closes, [.noContinue, .field("connection", "close")]),
        .refused("another expectation", "RFC 9110 §10.1.1", get("Expect: a-pony"), [417], level: .should),
        .refused(
            "100-continue and another", "RFC 9110 §10.1.1", post("Expect: 100-continue, a-pony", "Content-Length: 0"),
            [417], level: .should),
        .refused(
            "an expectation with a parameter", "RFC 9110 §10.1.1", get("Expect: 100-continue;a=b"), [417],
            level: .should),
    ]
}
