import HTTPServer
import HTTPWire
import Routing
import TestKit
import Testing

/// A server with one WebSocket route, `/ws`.
enum WebSocketFixture {
    static func run(
        _ change: (inout WebSocketSettings) -> Void = { _ in },
        handler: @escaping WebSocket.Handler = echo, _ body: (Fixture) async throws -> Void
    ) async throws {
        var settings = WebSocketSettings(allowedOrigins: nil)
        // A busy machine may stop for seconds: only the tests that are about a time-out may run into one.
        settings.limits.timing.closeTimeoutSeconds = 60
        settings.limits.timing.closeGraceSeconds = 60
        change(&settings)
        let agreed = settings
        let route = Fixture.route(.get, "/ws") { call in call.webSocket(agreed, handler: handler) }
        try await Fixture.run(routes: [route], body)
    }

    @Sendable static func echo(_ socket: WebSocket) async throws {
        while let message = try await socket.receive() { try await socket.send(message) }
    }
}

/// Messages over a real socket.
@Suite struct WebSocketTests {
    @Test func messagesAreEchoed() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            client.send(.text, Array("Grüße".utf8))
            _ = try await client.frames(1)
            client.send(RawClient.frame(.binary, [0, 255]) + RawClient.text("") + RawClient.text("b"))
            #expect(try await client.frames(4) == [.text("Grüße"), .binary([0, 255]), .text(""), .text("b")])
        }
    }

    @Test func framesBehindTheHandshakeAreNotLost() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket(rest: RawClient.text("early"))
            #expect(try await client.frames(1) == [.text("early")])
        }
    }

    @Test func aPipelinedHandshakeComesAfterTheAnswersBefore() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            client.send(Array((RawClient.handshake + "\r\n").utf8) + RawClient.text("x"))
            try await client.wait(for: "101 Switching")
            #expect(client.text.contains("\r\n\r\nhelloHTTP/1.1 101 "))
            try await eventually("the echo arrives") {
                client.poll()
                return client.received.suffix(3) == [0x81, 1, 0x78]
            }
        }
    }

    @Test func bytesMayComeOneByOne() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            for byte in RawClient.text("slow") {
                client.send([byte])
                await Task.yield()
            }
            #expect(try await client.frames(1) == [.text("slow")])
            for byte in RawClient.frame(.ping, [0x70]) { client.send([byte]) }
            #expect(try await client.frames(2).last == .pong("p"))
        }
    }

    @Test func fragmentsAreJoinedAndPingsBetweenThemAnswered() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            client.send(.text, Array("one ".utf8), isFinal: false)
            client.send(.ping, Array("?".utf8))
            client.send(.continuation, Array("two ".utf8), isFinal: false)
            client.send(.continuation, Array("three".utf8))
            #expect(try await client.frames(2) == [.pong("?"), .text("one two three")])
        }
    }

    @Test func longMessagesAreSentInFrames() async throws {
        try await WebSocketFixture.run({ $0.limits.sentFrameBytesMaximum = 4 }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            client.send(.text, Array("12345678".utf8))
            #expect(
                try await client.frames(2) == [
                    ServerFrame(opcode: 1, isFinal: false, payload: Array("1234".utf8)),
                    ServerFrame(opcode: 0, payload: Array("5678".utf8)),
                ])
        }
    }

    @Test func aMegabyteComesBack() async throws {
        let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try await WebSocketFixture.run({ $0.limits.sentFrameBytesMaximum = 2_000_000 }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            client.send(.binary, large)
            #expect(try await client.frames(1) == [.binary(large)])
        }
    }

    @Test func deflatedMessagesAreEchoedDeflated() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket("Sec-WebSocket-Extensions: permessage-deflate\r\n")
            #expect(client.text.contains("sec-websocket-extensions: permessage-deflate; server_max_window_bits=12"))
            let text = String(repeating: "forty-two ", count: 500)
            var deflater = try Deflater(format: .raw(windowBits: 15))
            var inflater = try Inflater(format: .raw(windowBits: 12))
            for round in 1...3 {
                var compressed: [UInt8] = []
                try deflater.compress(Array(text.utf8)[...], flush: .sync, into: &compressed)
                client.send(.text, compressed.dropLast(4), isCompressed: true)
                let frame = try await client.frames(round)[round - 1]
                #expect(frame.isCompressed)
                #expect(frame.payload.count < 200)
                var output: [UInt8] = []
                _ = try inflater.inflate(
                    (frame.payload + [0, 0, 0xFF, 0xFF])[...], into: &output, outputBytesMaximum: 10_000)
                #expect(String(decoding: output, as: UTF8.self) == text)
            }
        }
    }

    @Test func whatIsNoHandshakeIsAnsweredAndTheConnectionStays() async throws {
        try await WebSocketFixture.run({ $0.allowedOrigins = ["https://a.example"] }) { fixture in
            let client = try fixture.client()
            client.send("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n")
            client.send(RawClient.handshake + "Origin: https://b.example\r\n\r\n")
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            let answers = try await client.answers(3)
            #expect(answers.map(\.status) == [426, 403, 200])
            #expect(answers[0]["sec-websocket-version"] == "13")
            #expect(answers[0]["upgrade"] == "websocket")
        }
    }

    @Test func http10DoesNotUpgrade() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            client.send(RawClient.handshake.replacing("HTTP/1.1", with: "HTTP/1.0") + "\r\n")
            #expect(try await client.answer().status == 426)
        }
    }

    /// More than fits anywhere: what is unread waits its turn, and nothing is lost or out of order.
    @Test func aFloodComesBackInOrder() async throws {
        try await WebSocketFixture.run({ $0.limits.waitingCountMaximum = 7 }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            let texts = (0..<3_000).map { "\($0)" }
            client.send(texts.flatMap { RawClient.text($0) })
            #expect(try await client.frames(3_000) == texts.map { .text($0) })
        }
    }

    /// The calls of a handler that runs elsewhere than on the loop.
    @Test func handlersMayRunAnywhere() async throws {
        try await WebSocketFixture.run(handler: { try await Self.echoElsewhere($0) }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            let texts = (0..<200).map { "message \($0)" }
            client.send(texts.flatMap { RawClient.text($0) })
            #expect(try await client.frames(200) == texts.map { .text($0) })
        }
    }

    @concurrent private static func echoElsewhere(_ socket: WebSocket) async throws {
        // On the default pool: a task without the loop's preference.
        try await Task.detached { while let message = try await socket.receive() { try await socket.send(message) } }
            .value
    }

    @Test func aCancelledReceiveLosesNothing() async throws {
        let log = EventLog()
        try await WebSocketFixture.run(handler: { socket in
            let first = await withTaskGroup(of: String.self) { group in
                group.addTask {
                    do { return "\(String(describing: try await socket.receive()))" } catch {
                        return "\(type(of: error))"
                    }
                }
                group.cancelAll()
                return await group.next() ?? ""
            }
            log.note(first)
            while let message = try await socket.receive() { try await socket.send(message) }
        }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            try await eventually("the wait is cut short") { log.contains("CancellationError") }
            client.send(.text, [0x61])
            #expect(try await client.frames(1) == [.text("a")])
        }
    }
}
