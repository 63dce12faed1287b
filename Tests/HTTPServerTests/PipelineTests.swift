import EventLoop
import HTTPServer
import HTTPWire
import Routing
import TestKit
import Testing

/// Many requests at once: their order, their ends, and everybody else's turn.
@Suite struct PipelineTests {
    private static let now = Route(.get, "/now", "A test route", tag: "Test", access: .open) { (_: Call) throws in
        .text("now")
    }

    private func pipeline(_ path: String, _ count: Int) -> String {
        String(repeating: "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n", count: count)
    }

    /// With and without a task: more than one turn serves, and the client has finished sending.
    @Test(arguments: ["/hello", "/now"], [1, 400, 3_000])
    func aClientThatHasFinishedSendingGetsEveryAnswer(_ path: String, _ count: Int) async throws {
        try await Fixture.run(routes: [Self.now], replying: true) { fixture in
            let client = try fixture.client()
            client.send(pipeline(path, count))
            client.finishSending()
            try await client.waitForEnd(within: .seconds(30))
            #expect(!client.wasReset)
            #expect(Answer.all(in: client.received, withoutBodies: false).count == count)
        }
    }

    /// A reader so slow that answers wait in the server and the kernel when its FIN comes.
    @Test func aLateFinishDestroysNoAnswer() async throws {
        try await Fixture.run(routes: [Self.now], replying: true) { fixture in
            let client = try fixture.client()
            client.shrinkReceiveBuffer()
            client.send(pipeline("/now", 180) + "GET /now HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            try await eventually("the first answers have come") { client.bytesWaiting > 0 }
            client.finishSending()
            try await client.waitForEnd(within: .seconds(30))
            #expect(!client.wasReset)
            #expect(Answer.all(in: client.received, withoutBodies: false).count == 181)
        }
    }

    /// Twenty clients keep the server busy with pipelines that never end; another one's requests are answered between
    /// theirs. With unfair turns it waited until the flood was over.
    @Test(arguments: ["/hello", "/now"])
    func pipelinesOfSomeDoNotStarveOthers(_ path: String) async throws {
        try await Fixture.run(routes: [Self.now], replying: true) { fixture in
            let flood = try (0..<20).map { _ in try fixture.client() }
            let batch = Array(pipeline(path, 400).utf8)
            let normal = try fixture.client()
            for round in 1...20 {
                for client in flood {
                    _ = client.sendWhatFits(batch)
                    client.forget()
                }
                normal.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                try await eventually(within: .seconds(5), "the normal client's answer \(round)") {
                    for client in flood {
                        _ = client.sendWhatFits(batch)
                        client.forget()
                    }
                    normal.poll()
                    return Answer.all(in: normal.received, withoutBodies: false).count == round
                }
            }
            for client in flood { client.resetOnClose() }
        }
    }

    @Test func aDrainAnswersWhatHasBeenRead() async throws {
        let gate = Gate()
        let gated = Fixture.route(.get, "/gated") { _ in
            await gate.wait()
            return .text("first")
        }
        let fixture = try Fixture(routes: [gated, Self.now], replying: true)
        let client = try fixture.client()
        client.send("GET /gated HTTP/1.1\r\nHost: a\r\n\r\n" + pipeline("/now", 3))
        try await eventually("its handler is at work") { gate.isWaited }
        async let drained: Void = fixture.server.drain(within: .seconds(10))
        try await eventually("the drain has begun: no new connections") { (try? fixture.client()) == nil }
        gate.open()
        try await client.waitForEnd()
        // The answer that is made after the drain began says that it is the last.
        let answers = try await client.answers(1)
        #expect(answers.last?["connection"] == "close")
        await drained
        fixture.loop.shutDown()
    }
}
