import EventLoop
import HTTPServer
import HTTPWire
import Routing
import TestKit
import Testing

/// How a WebSocket ends (RFC 6455 §7).
@Suite struct WebSocketEndTests {
    @Test func thePeersCloseIsEchoedAndTheServerClosesFirst() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket(rest: RawClient.closeFrame(4321))
            try await client.waitForEnd()
            #expect(client.frames == [.close(4321)])
            #expect(!client.wasReset)
        }
    }

    @Test func anEmptyCloseIsEchoedEmpty() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket(rest: RawClient.frame(.close))
            try await client.waitForEnd()
            #expect(client.frames == [ServerFrame(opcode: 8, payload: [])])
        }
    }

    @Test func whatCameBeforeTheCloseIsAnsweredFirst() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket(
                rest: RawClient.text("a") + RawClient.text("b") + RawClient.closeFrame(1000) + RawClient.text("late"))
            try await client.waitForEnd()
            #expect(client.frames == [.text("a"), .text("b"), .close(1000)])
        }
    }

    @Test func aHandlerThatDoesNotAnswerDoesNotHoldTheClose() async throws {
        let gate = Gate()
        try await WebSocketFixture.run({ $0.limits.timing.closeGraceSeconds = 0.05 }) { _ in
            await gate.wait()
        } _: { fixture in
            let client = try fixture.client()
            try await client.openWebSocket(rest: RawClient.text("a") + RawClient.closeFrame(1000))
            try await client.waitForEnd()
            #expect(client.frames == [.close(1000)])
            gate.open()
        }
    }

    struct Broken: Error {}

    @Test(arguments: [1000, 1011, 4001] as [UInt16])
    func theHandlerCloses(_ code: UInt16) async throws {
        let log = EventLog()
        try await WebSocketFixture.run(handler: { socket in
            switch code {
            case 1000: return
            case 1011: throw Broken()
            default: await socket.close(code: WebSocketCloseCode(code), reason: "enough")
            }
            log.note("then \(String(describing: try await socket.receive()))")
            do { try await socket.send("more") } catch { log.note("\(error)") }
        }) { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            let frames = try await client.frames(1)
            #expect(frames == [.close(code, code == 4001 ? "enough" : "")])
            // What comes until the peer's close frame is dropped.
            client.send(RawClient.text("crossing") + RawClient.closeFrame(code))
            try await client.waitForEnd()
            #expect(!client.wasReset)
            #expect(client.frames.count == 1)
            if code == 4001 {
                try await eventually("the handler is told") { log.all == ["then nil", "closed"] }
            }
        }
    }

    @Test func aPeerThatDoesNotCloseIsCut() async throws {
        try await WebSocketFixture.run({ $0.limits.timing.closeTimeoutSeconds = 0.05 }) { _ in
        } _: { fixture in
            let client = try fixture.client()
            try await client.openWebSocket()
            try await client.waitForEnd()
            #expect(client.frames == [.close(1000)])
            #expect(client.wasReset)
        }
    }

    @Test(
        arguments: [
            ([0x83, 0x80, 0, 0, 0, 0], 1002), ([0x81, 0x01, 0x61], 1002), ([0x81, 0x81, 0, 0, 0, 0, 0xFF], 1007),
            ([0x82, 0xFE, 0x10, 0x00, 0, 0, 0, 0], 1009), ([0x88, 0x81, 0, 0, 0, 0, 0], 1002),
        ] as [([UInt8], UInt16)])
    func faultsAreToldAndEndIt(_ bytes: [UInt8], _ code: UInt16) async throws {
        let log = EventLog()
        try await WebSocketFixture.run({ $0.limits.frameBytesMaximum = 1_000 }) { socket in
            do {
                while try await socket.receive() != nil {}
                log.note("ended")
            } catch {
                log.note("\(error)")
            }
        } _: { fixture in
            let client = try fixture.client()
            try await client.openWebSocket(rest: bytes + RawClient.text("not read"))
            try await client.waitForEnd()
            #expect(client.frames.map(\.closeCode) == [code])
            #expect(!client.wasReset)
            try await eventually("the handler learns of it") { log.all == ["lost"] }
        }
    }

    @Test func whatCameBeforeAFaultIsAnsweredFirst() async throws {
        try await WebSocketFixture.run { fixture in
            let client = try fixture.client()
            try await client.openWebSocket(rest: RawClient.text("a") + [0x83, 0x80, 0, 0, 0, 0] + RawClient.text("b"))
            try await client.waitForEnd()
            #expect(client.frames.count == 2)
            #expect(client.frames.first == .text("a"))
            #expect(client.frames.last?.closeCode == 1002)
            #expect(!client.wasReset)
        }
    }

    @Test(arguments: [true, false])
    func aPeerThatHasShutItsSideIsStillAnswered(_ closes: Bool) async throws {
        let log = EventLog()
        try await WebSocketFixture.run(handler: { socket in
            do {
                while let message = try await socket.receive() {
                    // Not at once: the end of the input is seen before the answer.
                    for _ in 0..<20 { await Task.yield() }
                    try await socket.send(message)
                }
                log.note("ended")
            } catch {
                log.note("\(error)")
            }
        }) { fixture in
            let client = try fixture.client()
            client.send(Array((RawClient.handshake + "\r\n").utf8) + RawClient.text("a") + RawClient.text("b"))
            if closes { client.send(RawClient.closeFrame(1000)) }
            client.finishSending()
            try await client.waitForEnd()
            #expect(client.frames == [.text("a"), .text("b")] + (closes ? [.close(1000)] : []))
            try await eventually("the handler knows") { log.all == [closes ? "ended" : "lost"] }
        }
    }

    @Test(arguments: [true, false])
    func aPeerThatGoesEndsTheHandler(_ resets: Bool) async throws {
        let log = EventLog()
        try await WebSocketFixture.run(handler: { socket in
            log.note("open")
            do { _ = try await socket.receive() } catch { log.note("\(error)") }
            do { try await socket.send("anybody?") } catch { log.note("\(error)") }
        }) { fixture in
            var client: RawClient? = try fixture.client()
            try await client?.openWebSocket()
            if resets { client?.resetOnClose() }
            client = nil
            try await eventually("the handler learns of it: \(log.all)") { log.all == ["open", "lost", "lost"] }
        }
    }

    @Test func drainingSaysGoingAway() async throws {
        let log = EventLog()
        let route = Fixture.route(.get, "/ws") { call in
            call.webSocket(WebSocketSettings(allowedOrigins: nil)) { socket in
                log.note("open")
                while try await socket.receive() != nil {}
                log.note("ended")
            }
        }
        let fixture = try Fixture(routes: [route])
        let client = try fixture.client()
        try await client.openWebSocket()
        try await eventually("the handler is at work") { log.contains("open") }
        async let drained: Void = fixture.server.drain(within: .seconds(10))
        #expect(try await client.frames(1).first?.closeCode == 1001)
        client.send(RawClient.closeFrame(1001))
        try await client.waitForEnd()
        #expect(!client.wasReset)
        await drained
        #expect(log.all == ["open", "ended"])
        fixture.loop.shutDown()
    }

    @Test func drainingDoesNotWaitForEverForAPeer() async throws {
        var settings = WebSocketSettings(allowedOrigins: nil)
        settings.limits.timing.closeTimeoutSeconds = 60
        let patient = settings
        let route = Fixture.route(.get, "/ws") { $0.webSocket(patient, handler: WebSocketFixture.echo) }
        let fixture = try Fixture(routes: [route])
        let client = try fixture.client()
        try await client.openWebSocket()
        await fixture.server.drain(within: .milliseconds(50))
        try await client.waitForEnd()
        #expect(client.wasReset)
        fixture.loop.shutDown()
    }
}
