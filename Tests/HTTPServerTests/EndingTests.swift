import EventLoop
import HTTPServer
import HTTPWire
import Logging
import Routing
import TestKit
import Testing

/// Clients that go, servers that stop.
@Suite struct EndingTests {
    @Test(arguments: [true, false])
    func aClientThatGoesCancelsItsHandler(_ resets: Bool) async throws {
        try await Fixture.run({ $0.clientGoneGraceSeconds = 0.02 }) { fixture in
            var client: RawClient? = try fixture.client()
            if resets { client?.resetOnClose() }
            client?.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
            try await eventually("the handler is at work") { fixture.log.contains("started") }
            client = nil
            try await eventually("the handler is cancelled") { fixture.log.contains("cancelled") }
            try await eventually("it is seen as the client's doing") { fixture.log.contains("GET /wait 499") }
        }
    }

    @Test func aClientThatGoesWhileItsBodyIsReadFailsTheRead() async throws {
        try await Fixture.run { fixture in
            var client: RawClient? = try fixture.client()
            client?.resetOnClose()
            client?.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
            client = nil
            // Cancelled or told that the body is incomplete, whichever is first; never left waiting.
            try await eventually("the handler ends") { fixture.log.all.contains { $0.hasPrefix("POST /echo 4") } }
        }
    }

    @Test func drainFinishesWhatIsInFlight() async throws {
        let gate = Gate()
        let log = EventLog()
        let route = Fixture.route(.get, "/gated") { _ in
            log.note("started")
            await gate.wait()
            return .text("finished")
        }
        let fixture = try Fixture(routes: [route])
        let idle = try fixture.client()
        idle.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try await idle.answer()
        let busy = try fixture.client()
        busy.send("GET /gated HTTP/1.1\r\nHost: a\r\n\r\n")
        try await eventually("the handler is at work") { log.contains("started") }
        async let drained: Void = fixture.server.drain(within: .seconds(10))
        try await idle.waitForEnd()
        #expect(!idle.wasReset)
        try await eventually("no new connections") { (try? fixture.client()) == nil }
        busy.poll()
        #expect(!busy.hasEnded)
        gate.open()
        try await busy.waitForEnd()
        let answer = try await busy.answer()
        #expect(answer.body == "finished")
        #expect(answer["connection"] == "close")
        await drained
        fixture.loop.shutDown()
    }

    @Test func drainForcesAtTheDeadline() async throws {
        let fixture = try Fixture()
        let client = try fixture.client()
        client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        try await eventually("the handler is at work") { fixture.log.contains("started") }
        await fixture.server.drain(within: .milliseconds(50))
        #expect(fixture.log.contains("cancelled"))
        try await client.waitForEnd()
        fixture.loop.shutDown()
    }

    @Test func drainTwiceAndWithoutAStartIsFine() async throws {
        let fixture = try Fixture()
        async let first: Void = fixture.server.drain(within: .seconds(1))
        async let second: Void = fixture.server.drain(within: .seconds(1))
        _ = await (first, second)
        await fixture.server.drain(within: .seconds(1))
        fixture.loop.shutDown()
        let loop = EventLoop(name: "unused", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let unused = HTTPServer(
            configuration: HTTPServerConfiguration(), loop: loop, logger: Logger(label: "test")
        ) { _ in .text("") }
        await unused.drain(within: .seconds(1))
        loop.shutDown()
    }

    @Test func aTakenPortIsSaid() async throws {
        try await Fixture.run { fixture in
            var configuration = HTTPServerConfiguration()
            configuration.port = fixture.port
            let server = HTTPServer(
                configuration: configuration, loop: fixture.loop, logger: Logger(label: "test")
            ) { _ in .text("") }
            let error = #expect(throws: HTTPServerError.self) { _ = try server.start() }
            #expect(error?.description.contains("in use") == true)
            for host in ["nowhere", "300.1.1.1", ""] {
                configuration.host = host
                let wrong = HTTPServer(
                    configuration: configuration, loop: fixture.loop, logger: Logger(label: "test")
                ) { _ in .text("") }
                #expect(throws: HTTPServerError.self) { _ = try wrong.start() }
            }
        }
    }
}
