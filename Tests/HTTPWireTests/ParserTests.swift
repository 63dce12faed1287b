import HTTPWire
import Testing

/// What a whole input comes to: heads, bodies put together, and the fault that ended it.
struct Outcome: Hashable {
    var heads: [RequestHead] = []
    var bodies: [[UInt8]] = []
    var ends = 0
    var fault: RequestFault?

    static func of(_ input: [UInt8], piecesOf size: Int, limits: RequestLimits = RequestLimits()) -> Outcome {
        var parser = RequestParser(limits: limits)
        var outcome = Outcome()
        var index = 0
        while true {
            switch parser.next() {
            case .needMore:
                guard index < input.count else { return outcome }
                let end = min(index + size, input.count)
                parser.receive(input[index..<end])
                index = end
            case .head(let head):
                outcome.heads.append(head)
                outcome.bodies.append([])
            case .body(let piece): outcome.bodies[outcome.bodies.count - 1] += piece
            case .end: outcome.ends += 1
            case .fault(let fault):
                outcome.fault = fault
                return outcome
            }
        }
    }

    static func of(_ text: String, limits: RequestLimits = RequestLimits()) -> Outcome {
        of(Array(text.utf8), piecesOf: Int.max / 2, limits: limits)
    }
}

@Suite struct ParserTests {
    /// An upload's buffer stayed with its connection: 58 kB for each of ten thousand that only waited.
    @Test func nothingIsHeldBetweenRequests() {
        var parser = RequestParser()
        var spare: [UInt8] = []
        let body = [UInt8](repeating: 1, count: 60_000)
        for _ in 0..<3 {
            parser.lend(&spare)
            parser.receive(Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n".utf8)[...])
            parser.receive(body[...])
            while parser.next() != .end {}
            #expect(parser.bufferedBytes == 0)
            parser.settle(&spare)
            #expect(parser.heldBytes == 0)
        }
        // What waits for its rest holds about its own size, whatever came before.
        parser.lend(&spare)
        parser.receive(Array("GET / HTTP/1.1\r\nHo".utf8)[...])
        #expect(parser.next() == .needMore)
        parser.settle(&spare)
        #expect(parser.heldBytes < 1_024)
    }

    @Test func readsARequestWithFieldsAndBody() throws {
        let outcome = Outcome.of(
            "POST /a/b%20c?x=1&y HTTP/1.1\r\nHost: shop.example:8080\r\nX-One:  two \t\r\nContent-Length: 3\r\n\r\nabc")
        let head = try #require(outcome.heads.first)
        #expect(head.method == .post)
        #expect(head.path == "/a/b%20c")
        #expect(head.query == "x=1&y")
        #expect(head.fields["x-one"] == "two")
        #expect(head.framing == .length(3))
        #expect(head.isPersistent)
        #expect(outcome.bodies == [Array("abc".utf8)])
        #expect(outcome.ends == 1)
    }

    @Test func anAbsoluteTargetWinsOverHost() throws {
        let outcome = Outcome.of("GET HTTP://b.example:81?q HTTP/1.1\r\nHost: a.example\r\n\r\n")
        let head = try #require(outcome.heads.first)
        #expect(head.path == "/")
        #expect(head.query == "q")
        #expect(head.fields.values("host") == ["b.example:81"])
        let options = try #require(Outcome.of("OPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n").heads.first)
        #expect(options.path == "*")
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true), ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: CLOSE\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true), ("GET / HTTP/1.0\r\n\r\n", false),
        ("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true),
        ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false),
        ("GET / HTTP/1.9\r\nHost: a\r\n\r\n", true),
    ])
    func persistsAsTheConnectionFieldSays(_ text: String, _ isPersistent: Bool) {
        #expect(Outcome.of(text).heads.map(\.isPersistent) == [isPersistent])
    }

    @Test func aBodylessRequestExpectsNoContinue() {
        let empty = Outcome.of("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n")
        #expect(empty.heads.map(\.expectsContinue) == [false])
        let full = Outcome.of("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n")
        #expect(full.heads.map(\.expectsContinue) == [true])
        let old = Outcome.of("PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        #expect(old.heads.map(\.expectsContinue) == [false])
    }

    @Test func skipsTwoEmptyLinesBeforeARequestAndNotMore() {
        let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(Outcome.of("\r\n\r\n" + request).heads.count == 1)
        #expect(Outcome.of("\r\n\r\n\r\n" + request).fault?.status == 400)
        #expect(Outcome.of("\n" + request).fault?.status == 400)
    }

    /// The promise of the parser: how the bytes are split changes nothing, neither for good input nor for bad.
    @Test(arguments: Corpus.all)
    func everySplitGivesTheSame(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = Outcome.of(bytes, piecesOf: bytes.count)
        for size in 1...7 { #expect(Outcome.of(bytes, piecesOf: size) == whole, "in pieces of \(size)") }
        for split in 1..<bytes.count {
            var parser = RequestParser()
            var heads = 0
            var body: [UInt8] = []
            var fault: RequestFault?
            for part in [bytes[..<split], bytes[split...]] {
                parser.receive(part)
                reading: while true {
                    switch parser.next() {
                    case .needMore: break reading
                    case .head: heads += 1
                    case .body(let piece): body += piece
                    case .end: break
                    case .fault(let found):
                        fault = found
                        break reading
                    }
                }
            }
            #expect(heads == whole.heads.count && fault == whole.fault, "split at \(split)")
            #expect(body == whole.bodies.flatMap(\.self), "split at \(split)")
        }
    }

    @Test func aFaultIsForEver() {
        var parser = RequestParser()
        parser.receive(Array("BAD\r\n".utf8)[...])
        guard case .fault(let first) = parser.next() else { return #expect(Bool(false), "BAD is no request") }
        parser.receive(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...])
        #expect(parser.next() == .fault(first))
    }

    @Test func garbageIsRefusedBeforeItsLineEnds() {
        // A TLS ClientHello has no line feed to wait for.
        #expect(Outcome.of([0x16, 0x03, 0x01, 0x02], piecesOf: 1).fault?.status == 400)
    }
}

/// Inputs for the split property: good ones, bad ones, and both after one another.
enum Corpus {
    static let good = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET /a?b HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\nA\r\n0123456789\r\n"
            + "0\r\nX-Sum: 1\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
    ]
    static let bad = [
        "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
        "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent Length: 1\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ]
    static let all = good + bad + [good[2] + bad[0], good[3] + bad[3]]
}
