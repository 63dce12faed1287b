import HTTPServer
import HTTPWire
import Routing
import TestKit
import Testing

@Suite struct ServingTests {
    @Test func answersAndKeepsTheConnection() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            for count in 1...3 {
                client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
                let answers = try await client.answers(count)
                #expect(answers.count == count)
                #expect(answers[count - 1].status == 200)
                #expect(answers[count - 1].body == "hello")
                #expect(answers[count - 1]["connection"] == nil)
                #expect(answers[count - 1]["date"]?.hasSuffix(" GMT") == true)
                #expect(answers[count - 1]["server"] == nil)
            }
            #expect(!client.hasEnded)
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            let bodies = (0..<200).map { "body \($0)" }
            client.send(
                bodies.map { "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \($0.utf8.count)\r\n\r\n\($0)" }
                    .joined())
            #expect(try await client.answers(200).map(\.body) == bodies)
        }
    }

    @Test func takesAChunkedUpload() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            client.send("6;note=1\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            let answers = try await client.answers(2)
            #expect(answers.map(\.body) == ["hello world", "hello"])
        }
    }

    @Test func takesARequestByteByByte() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            for byte in "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello".utf8 { client.send([byte]) }
            #expect(try await client.answer().body == "hello")
        }
    }

    @Test func takesAndGivesAMegabyte() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            let body = String(repeating: "0123456789abcdef", count: 65_536)
            // Sent from a task of its own: the server answers only when it has all, but its window is smaller.
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
            #expect(try await client.answer().body == body)
        }
    }

    @Test func headIsGetWithoutBody() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            client.send("HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
            let answers = try await client.answers(3, toHead: true)
            #expect(answers.map(\.status) == [200, 200, 404])
            #expect(answers[0]["content-length"] == "5")
            #expect(answers[1]["transfer-encoding"] == "chunked")
            #expect(client.text.hasSuffix("\r\n\r\n"))
            #expect(!client.text.contains("hello"))
        }
    }

    @Test func streamsInChunks() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.wait(for: "\r\n\r\n4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n")
            client.send("GET /known-stream HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.wait(for: "content-length: 5\r\n")
            try await client.wait(for: "\r\n\r\n12345")
        }
    }

    @Test func aStreamThatIsTooShortIsCutOff() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("GET /short-stream HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.waitForEnd()
            #expect(client.wasReset)
        }
    }

    @Test func speaksHTTP10() async throws {
        try await Fixture.run { fixture in
            let closing = try fixture.client()
            closing.send("GET /hello HTTP/1.0\r\n\r\n")
            try await closing.waitForEnd()
            #expect(closing.text.contains("connection: close"))
            let staying = try fixture.client()
            staying.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await staying.answer()["connection"] == "keep-alive")
            staying.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            try await staying.waitForEnd()
            #expect(staying.text.hasSuffix("connection: close\r\n\r\none two three"))
        }
    }

    @Test(arguments: ["close", "Close", "x, close"])
    func closesWhenAsked(_ option: String) async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: \(option)\r\n\r\n")
            try await client.waitForEnd()
            #expect(try await client.answer()["connection"] == "close")
            #expect(!client.wasReset)
        }
    }

    @Test func anotherRequestMayFollowAHalfClose() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            client.finishSending()
            try await client.waitForEnd()
            #expect(Answer.all(in: client.received, withoutBodies: false).map(\.body) == ["hello", "hello"])
        }
    }

    @Test func servesTwoHundredConnectionsAtOnce() async throws {
        try await Fixture.run { fixture in
            let clients = try (0..<200).map { _ in try fixture.client() }
            for round in 1...3 {
                for (number, client) in clients.enumerated() {
                    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n\(100 + number)")
                }
                for (number, client) in clients.enumerated() {
                    #expect(try await client.answers(round)[round - 1].body == "\(100 + number)")
                }
            }
        }
    }

    @Test func endsAConnectionAfterItsShareOfRequests() async throws {
        try await Fixture.run({ $0.requestsPerConnectionMaximum = 2 }) { fixture in
            let client = try fixture.client()
            client.send(String(repeating: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", count: 3))
            try await client.waitForEnd()
            let answers = Answer.all(in: client.received, withoutBodies: false)
            #expect(answers.map { $0["connection"] } == [nil, "close"])
        }
    }

    @Test func anOptionsForTheServerIsAnswered() async throws {
        try await Fixture.run { fixture in
            let client = try fixture.client()
            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 204)
            #expect(answer["allow"] == "GET, HEAD, OPTIONS, POST")
            #expect(answer["content-length"] == nil)
        }
    }
}
