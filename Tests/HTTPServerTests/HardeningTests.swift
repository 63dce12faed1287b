import HTTPServer
import HTTPWire
import Routing
import TestKit
import Testing

/// What attackers and broken clients do.
@Suite struct HardeningTests {
    /// Each is one request; were it understood in another way, the rest would be a second one and get an answer.
    @Test(arguments: [
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n",
        "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\n\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\n\r\n",
        "GET /hello\r\n\r\n",
        "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ])
    func smuggledRequestsAreNotAnswered(_ attack: String) async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send(attack + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.waitForEnd()
            let answers = Answer.all(in: client.received, withoutBodies: false)
            #expect(answers.count == 1)
            #expect(answers.first?.status == 400)
            #expect(answers.first?["connection"] == "close")
            #expect(answers.first?["content-type"] == "application/problem+json")
            #expect(answers.first?["x-request-id"]?.count == 36)
            #expect(!client.wasReset)
        }
    }

    @Test(arguments: [
        ("GET /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 65_536) + "\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n", 431),
        ("GET / HTTP/2.0\r\n", 505), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505), ("\u{16}\u{3}\u{1}", 400),
        ("CONNECT a:80 HTTP/1.1\r\n", 501), ("GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417),
    ])
    func limitsHaveTheirStatuses(_ request: String, _ status: Int) async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send(request)
            #expect(try await client.answer().status == status)
            client.finishSending()
            try await client.waitForEnd()
        }
    }

    @Test func aSlowHeadIsAnswered408() async throws {
        try await Fixture.run({
            $0.headTimeoutSeconds = 0.05
            $0.firstByteTimeoutSeconds = 0.05
        }) { fixture in
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost:")
            #expect(try await client.answer().status == 408)
            try await client.waitForEnd()
            // One that says nothing gets nothing.
            let silent = try fixture.client()
            try await silent.waitForEnd()
            #expect(silent.received.isEmpty)
        }
    }

    @Test func dripsDoNotExtendTheHeadsTime() async throws {
        try await Fixture.run({ $0.headTimeoutSeconds = 0.1 }) { fixture in
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n")
            try await eventually("the server has enough of it") {
                client.send("X: y\r\n")
                client.poll()
                return client.text.contains(" 408 ") || client.text.contains(" 431 ")
            }
            #expect(client.text.contains(" 408 "))
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await Fixture.run({ $0.idleTimeoutSeconds = 0.05 }) { fixture in
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.waitForEnd()
            #expect(try await client.answer().status == 200)
            #expect(!client.wasReset)
        }
    }

    @Test func aClientThatDoesNotReadIsCutOff() async throws {
        let log = EventLog()
        let route = Fixture.route(.get, "/endless") { _ in
            let held = AtItsEnd { log.note("ended") }
            return HTTPResponse(
                body: .stream(lengthBytes: nil) {
                    withExtendedLifetime(held) { log.note("pulled") }
                    return [UInt8](repeating: 1, count: 65_536)
                })
        }
        try await Fixture.run({ $0.writeStallTimeoutSeconds = 0.1 }, routes: [route]) { fixture in
            let client = try fixture.client()
            client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
            try await eventually("the stream is pulled") { log.contains("pulled") }
            try await eventually("the stream is given up") { log.contains("ended") }
            // Kernel buffers take some megabytes; the server itself holds back, and cuts who takes nothing.
            #expect(log.all.count < 2_000)
            try await client.waitForEnd()
            #expect(client.wasReset)
        }
    }

    @Test func tooManyConnectionsAreTold() async throws {
        try await Fixture.run({ $0.connectionsMaximum = 2 }) { fixture in
            // Both are at work, so neither can give way.
            let busy = [try fixture.client(), try fixture.client()]
            for client in busy { client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") }
            try await eventually("both are at work") { fixture.log.all.count == 2 }
            let third = try fixture.client()
            third.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await third.answer()
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "5")
            #expect(answer["connection"] == "close")
            third.finishSending()
            try await third.waitForEnd()
            #expect(!third.wasReset)
        }
    }

    @Test func whoOnlyWaitsGivesWay() async throws {
        try await Fixture.run({
            $0.connectionsMaximum = 2
            $0.giveWayAfterSeconds = 0
        }) { fixture in
            let idle = try fixture.client()
            idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await idle.answer().status == 200)
            let slow = try fixture.client()
            slow.send("GET /hello HTTP/1.1\r\nHo")
            // Who has waited longest gives way, and nobody else.
            let third = try fixture.client()
            third.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await third.answer().body == "hello")
            try await idle.waitForEnd()
            #expect(!idle.wasReset)
            slow.send("st: a\r\n\r\n")
            #expect(try await slow.answer().body == "hello")
        }
    }

    @Test func anAddressHasItsShareUnlessItIsAProxy() async throws {
        for isProxy in [false, true] {
            try await Fixture.run({
                $0.connectionsPerAddressMaximum = 1
                $0.isTrustedProxy = { _ in isProxy }
            }) { fixture in
                let first = try fixture.client()
                first.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await first.answer().status == 200)
                let second = try fixture.client()
                second.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await second.answer().status == (isProxy ? 200 : 503))
            }
        }
    }

    @Test func aHandlerThatTakesTooLongIsCancelled() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "5")
            // The connection is as good as before.
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answers(2)[1].body == "hello")
        }
    }

    @Test func aHandlerThatIgnoresItsCancellationIsAnsweredFor() async throws {
        let release = Gate()
        let route = Fixture.route(.get, "/deaf", limits: .init(handlerSeconds: 0.02)) { _ in
            await release.wait()
            return .text("overdue")
        }
        try await Fixture.run({ $0.handlerGraceSeconds = 0.02 }, routes: [route]) { fixture in
            let client = try fixture.client()
            client.send("GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.waitForEnd()
            #expect(try await client.answer().status == 503)
            release.open()
            try await eventually("the handler ends") { fixture.log.contains("GET /deaf 200") }
            #expect(!client.text.contains("overdue"))
        }
    }

    @Test func aHandlersBadFieldDoesNotSplitTheAnswer() async throws {
        let route = Fixture.route(.get, "/split") { _ in HTTPResponse(fields: ["x": "a\r\nset-cookie: b"]) }
        try await Fixture.run(routes: [route]) { fixture in
            let client = try fixture.client()
            client.send("GET /split HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.waitForEnd()
            #expect(try await client.answer().status == 500)
            #expect(!client.text.contains("set-cookie"))
        }
    }

    @Test func randomBytesNeverHurt() async throws {
        try await Fixture.run { fixture in
            var generator = SystemRandomNumberGenerator()
            let words = [
                "GET ", "/", " HTTP/1.1", "\r\n", "\n", "Host: a", ":", "Content-Length: ", "5", "\u{0}", "chunked",
            ]
            for _ in 0..<100 {
                let client = try fixture.client()
                client.send((0..<20).compactMap { _ in words.randomElement(using: &generator) }.joined())
                client.send((0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) })
                client.finishSending()
                try await client.waitForEnd()
            }
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.answer().status == 200)
        }
    }
}

/// Tells when the last reference to what holds it is gone.
private final class AtItsEnd: Sendable {
    private let tell: @Sendable () -> Void
    init(_ tell: @escaping @Sendable () -> Void) { self.tell = tell }
    deinit { tell() }
}
