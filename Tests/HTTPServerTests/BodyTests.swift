import HTTPServer
import HTTPWire
import Routing
import TestKit
import Testing

/// Bodies that are waited for, refused, dropped or broken.
@Suite struct BodyTests {
    @Test func continueIsSentWhenTheHandlerReads() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            try await client.wait(for: "HTTP/1.1 100 Continue\r\n\r\n")
            client.send("hello")
            #expect(try await client.answer().body == "hello")
            #expect(!client.hasEnded)
        }
    }

    @Test func aRefusedBodyGetsNoContinue() async throws {
        try await Fixture.run { fixture in
            for path in ["/small", "/nothing", "/unread"] {
                let client = try fixture.client()
                client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n")
                try await client.waitForEnd()
                #expect(!client.text.contains("100 Continue"))
                #expect(try await client.answer()["connection"] == "close")
            }
        }
    }

    @Test func aBodyThatIsThereAlreadyNeedsNoContinue() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi")
            #expect(try await client.answer().body == "hi")
            #expect(!client.text.contains("100 Continue"))
        }
    }

    @Test func tooLargeIsRefusedBeforeTheBodyComes() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 10737418240\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 413)
            #expect(answer["content-type"] == "application/problem+json")
            #expect(answer["connection"] == "close")
            try await client.waitForEnd()
        }
    }

    @Test func aChunkedBodyIsRefusedWhenItPassesTheLimit() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n")
            #expect(try await client.answer().status == 413)
            // The rest is dropped and the connection lives on.
            client.send("3\r\nabc\r\n0\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answers(2)[1].body == "hello")
        }
    }

    @Test func anUnreadBodyIsDroppedAndTheConnectionLivesOn() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            let body = String(repeating: "x", count: 200_000)
            client.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answers(2).map(\.body) == ["not read", "hello"])
        }
    }

    @Test func anUnreadBodyThatIsTooLongEndsTheConnection() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.body == "not read")
            #expect(answer["connection"] == "close")
            // Lingering: what was on its way does not turn the close into a reset.
            client.send(String(repeating: "x", count: 300_000))
            client.finishSending()
            try await client.waitForEnd()
            #expect(!client.wasReset)
        }
    }

    @Test func aBrokenBodyIsABadRequest() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX")
            let answer = try await client.answer()
            #expect(answer.status == 400)
            #expect(answer["connection"] == "close")
            try await client.waitForEnd()
        }
    }

    @Test func aBodyCutOffIsABadRequest() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
            client.finishSending()
            try await client.waitForEnd()
            #expect(try await client.answer().status == 400)
        }
    }

    @Test func aBodyThatStopsTimesOut() async throws {
        try await Fixture.run({ $0.bodyIdleTimeoutSeconds = 0.05 }) { fixture in
            let client = try fixture.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
            #expect(try await client.answer().status == 408)
            try await client.waitForEnd()
        }
    }

    @Test func aBodyThatTricklesTimesOut() async throws {
        try await Fixture.run({
            $0.bodyRateGraceSeconds = 0.1
            $0.bodyBytesPerSecondMinimum = 1_000
        }) { fixture in
            let client = try fixture.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n")
            try await eventually("the server has enough of it") {
                client.send("x")
                client.poll()
                return client.text.contains(" 408 ")
            }
        }
    }

    @Test func aSlowHandlerHoldsTheClientBack() async throws {
        let log = EventLog()
        let route = Fixture.route(.post, "/one-piece", limits: .init(bodyBytes: 1 << 30)) { call in
            _ = try await call.request.body.nextPiece()
            log.note("one")
            try await Task.sleep(for: .seconds(30))
            return .text("")
        }
        try await Fixture.run(routes: [route]) { fixture in
            let client = try fixture.client()
            // Its data fills every buffer, so that a FIN behind it would never be seen.
            client.resetOnClose()
            client.send("POST /one-piece HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nx")
            try await eventually("the handler has its piece") { log.contains("one") }
            // The server's buffer and the kernel's fill; then nothing more is taken.
            var taken = 0
            try await eventually("the socket is full") {
                let now = client.sendWhatFits([UInt8](repeating: 1, count: 1 << 20))
                taken += now
                return now == 0
            }
            #expect(taken < 64 << 20)
        }
    }
}
