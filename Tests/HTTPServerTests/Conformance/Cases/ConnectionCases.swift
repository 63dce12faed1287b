extension ConformanceCase {
    /// RFC 9110 §7.6.1 and RFC 9112 §9.
    static let connection: [ConformanceCase] = persistence + pipelining + endings

    private static let persistence: [ConformanceCase] = [
        .answered("HTTP/1.1 stays open", "RFC 9112 §9.3", get(), [200], [.lacksField("connection")]),
        .answered(
            "close", "RFC 9112 §9.6", get("Connection: close"), [200], [.field("connection", "close")], ending: .closes),
        .answered("Close", "RFC 9110 §7.6.1", get("Connection: Close"), ending: .closes),
        .answered("CLOSE", "RFC 9110 §7.6.1", get("Connection: CLOSE"), ending: .closes),
        .answered(
            "a list with close at its front", "RFC 9110 §7.6.1", get("Connection: close, x-test"), ending: .closes),
        .answered("a list with close at its end", "RFC 9110 §7.6.1", get("Connection: x-test,close"), ending: .closes),
        .answered(
            "a list with close and blanks", "RFC 9110 §7.6.1", get("Connection: x-test\t, \tclose\t,y"), ending: .closes
        ),
        .answered("a list with empty members", "RFC 9110 §5.6.1", get("Connection: ,, close ,"), ending: .closes),
        .answered(
            "close in the second of two lines", "RFC 9110 §5.3", get("Connection: x-test", "Connection: close"),
            ending: .closes),
        .answered("keep-alive and close", "RFC 9112 §9.3", get("Connection: keep-alive, close"), ending: .closes),
        .answered("closed is not close", "RFC 9110 §7.6.1", get("Connection: closed")),
        .answered("x-close is not close", "RFC 9110 §7.6.1", get("Connection: x-close")),
        .answered("keep-alive in HTTP/1.1", "RFC 9112 §9.3", get("Connection: keep-alive")),
        .answered("an empty Connection", "RFC 9110 §5.6.1", get("Connection:")),
        .answered("Keep-Alive alone means nothing", "RFC 9112 §9.3", get("Keep-Alive: timeout=0, max=0")),
        .answered("Proxy-Connection means nothing", "RFC 9112 §C.2.2", get("Proxy-Connection: close")),
        .answered("Connection: Host takes nothing away", "RFC 9110 §7.6.1", get("Connection: Host")),
        .answered(
            "HTTP/1.0 closes", "RFC 9112 §9.3", head("GET / HTTP/1.0", "Host: a"), [200],
            [.field("connection", "close")], ending: .closes),
        .answered(
            "HTTP/1.0 with keep-alive stays open", "RFC 9112 §9.3",
            head("GET / HTTP/1.0", "Host: a", "Connection: keep-alive"), [200],
            [.list("connection", has: "keep-alive")], level: .should),
        .answered(
            "HTTP/1.0 with Keep-Alive stays open", "RFC 9112 §9.3", head("GET / HTTP/1.0", "Connection: Keep-Alive"),
            level: .should),
        .answered(
            "HTTP/1.0 with keep-alive and close", "RFC 9112 §9.3",
            head("GET / HTTP/1.0", "Connection: keep-alive, close"), ending: .closes),
        .answered("after a 404", "RFC 9112 §9.3", head("GET /nothing HTTP/1.1", "Host: a"), [404]),
        .answered("after a 500", "RFC 9112 §9.3", head("GET /broken HTTP/1.1", "Host: a"), [500]),
        .answered(
            "close with a body", "RFC 9112 §9.6", post("Connection: close", "Content-Length: 5", body: "hello"), [200],
            [.body("5")], ending: .closes),
    ]

    private static let pipelining: [ConformanceCase] = [
        .exchange(
            "two requests at once", "RFC 9112 §9.3.2", [.send("\(get())\(head("GET /json HTTP/1.1", "Host: a"))")],
            [[200], [200]], .stays, [.body("Hello, world!"), .bodyOfAnswer(1, "{\"ok\":true}")]),
        .exchange(
            "200 requests in order", "RFC 9112 §9.3.2",
            [.send((0..<200).map { head("GET /items/\($0) HTTP/1.1", "Host: a") }.joined())],
            Array(repeating: [200], count: 200), .stays, (0..<200).map { .bodyOfAnswer($0, "\($0)") }),
        .exchange(
            "bodies and no bodies in turn", "RFC 9112 §9.3.2",
            [.send("\(post("Content-Length: 2", body: "ab"))\(get())\(chunked("3\r\nabc\r\n0\r\n\r\n"))\(get())")],
            [[200], [200], [200], [200]], .stays, [.body("2"), .bodyOfAnswer(2, "3")]),
        .exchange(
            "byte by byte", "RFC 9112 §9.3.2", [.drip("\(get())\(post("Content-Length: 2", body: "ab"))\(get())")],
            [[200], [200], [200]], .stays, [.bodyOfAnswer(1, "2")]),
        .exchange(
            "nothing behind a close is answered", "RFC 9112 §9.6",
            [.send("\(get())\(get("Connection: close"))\(get())")], [[200], [200]], .closes),
        .exchange(
            "answers before a fault are given, none behind it", "RFC 9112 §9.3.2",
            [.send("\(get())\(get("X : y"))\(get())")], [[200], [400]], .closes),
        .exchange(
            "a fault behind a body", "RFC 9112 §9.3.2",
            [.send("\(post("Content-Length: 2", body: "ab"))GET /\r\n\(get())")], [[200], [400]], .closes),
        .exchange(
            "one after the other", "RFC 9112 §9.3",
            [.send(get()), .awaitAnswers(1), .send(get()), .awaitAnswers(2), .send(get())], [[200], [200], [200]],
            .stays),
        .exchange(
            "a HEAD between two GETs", "RFC 9110 §9.3.2", [.send("\(head("HEAD / HTTP/1.1", "Host: a"))\(get())")],
            [[200], [200]], .stays, [.bodyOfAnswer(1, "Hello, world!")], heads: 1),
    ]

    private static let endings: [ConformanceCase] = [
        .exchange(
            "a client that finishes sending is answered", "RFC 9112 §9.6", [.send(get()), .finish], [[200]], .closes),
        .exchange(
            "a client that finishes behind two requests", "RFC 9112 §9.6", [.send("\(get())\(get())"), .finish],
            [[200], [200]], .closes),
        .exchange(
            "the error arrives though the client goes on sending", "RFC 9112 §9.6",
            [.send("GET / HTTP/1.1\r\nX : y\r\n\r\n"), .send(String(repeating: "a", count: 900_000))], [[400]], .closes,
            [.field("connection", "close")]),
        .exchange(
            "the last answer arrives though the client goes on sending", "RFC 9112 §9.6",
            [.send(get("Connection: close")), .send(String(repeating: "a", count: 900_000))], [[200]], .closes),
        .exchange(
            "a refused body that goes on coming", "RFC 9112 §9.6",
            [
                .send(head("POST /echo HTTP/1.1", "Host: a", "Content-Length: 100000000")),
                .send(String(repeating: "a", count: 900_000)),
            ], [[413]], .closes, [.field("connection", "close")]),
    ]
}
