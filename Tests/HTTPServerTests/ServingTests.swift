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
}
