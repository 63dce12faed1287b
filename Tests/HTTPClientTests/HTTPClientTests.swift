import HTTPClient
import HTTPWire
import Logging
import TestKit
import Testing

private func makeClient(_ change: (inout HTTPClient.Configuration) -> Void = { _ in }) -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    change(&configuration)
    return HTTPClient(configuration: configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

private func failure(
    _ client: HTTPClient, _ request: HTTPClientRequest, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> HTTPClientError {
    do throws(HTTPClientError) {
        let response = try await client.send(request)
        Issue.record("answered \(response.status.code)", sourceLocation: sourceLocation)
        throw HTTPClientError(kind: .closed, mayHaveBeenSent: false, detail: "answered")
    } catch {
        return error
    }
}

@Suite(.timeLimit(.minutes(5))) struct HTTPClientTests {
    @Test func methodFieldsAndBodyArriveAsGivenAndTheAnswerComesBack() async throws {
        let server = try ScriptedServer { _ in
            .answer(status: 201, fields: ["X-One": "1", "Set-Cookie": "a=b"], body: Array("done".utf8))
        }
        defer { server.stop() }
        let client = makeClient { $0.userAgent = "Tester/1" }
        let response = try await client.send(
            HTTPClientRequest(
                method: .post, url: "\(server.url)/a/b?c=d", fields: ["x-key": "k", "x-empty": ""],
                body: Array("{}".utf8)))
        #expect(response.status == 201)
        #expect(response.fields["x-one"] == "1")
        #expect(response.body == Array("done".utf8))
        let received = try #require(server.received.first)
        #expect(received.method == "POST")
        #expect(received.target == "/a/b?c=d")
        #expect(received.fields["x-key"] == "k")
        #expect(received.fields["x-empty"] == "")
        #expect(received.fields["user-agent"] == "Tester/1")
        // libcurl's own additions are unwanted: it would call a body a form and wait for 100 Continue.
        #expect(received.fields["content-type"] == nil)
        #expect(received.fields["expect"] == nil)
        #expect(received.body == Array("{}".utf8))
        await client.close()
    }

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
    func everyMethodKeepsItsName(method: String) async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        let client = makeClient()
        let response = try await client.send(HTTPClientRequest(method: HTTPMethod(method), url: server.url + "/"))
        #expect(response.status == 200)
        #expect(server.received.map(\.method) == [method])
        await client.close()
    }

    @Test func aLargeBodyGoesAndComesWhole() async throws {
        let server = try ScriptedServer { .answer(status: 200, fields: [:], body: $0.body.reversed()) }
        defer { server.stop() }
        let client = makeClient()
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await client.send(HTTPClientRequest(method: .put, url: server.url, body: body))
        #expect(response.body == body.reversed())
        await client.close()
    }

    @Test func connectionsAreKeptAndUsedAgain() async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        let client = makeClient()
        for _ in 0..<5 { _ = try await client.send(HTTPClientRequest(method: .get, url: server.url)) }
        #expect(server.received.map(\.connection) == [0, 0, 0, 0, 0])
        _ = try await client.send(HTTPClientRequest(method: .post, url: server.url, neverResend: true))
        #expect(server.received.last?.connection == 1)
        await client.close()
    }

    @Test func manyCallsAtOnceShareTheAllowedConnections() async throws {
        let server = try ScriptedServer { .answer(status: 200, fields: [:], body: $0.body) }
        defer { server.stop() }
        let client = makeClient { $0.connectionsPerHostMaximum = 4 }
        let url = server.url
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let body = Array("\(number)".utf8)
                    let response = try await client.send(HTTPClientRequest(method: .post, url: url, body: body))
                    return response.body == body
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(server.received.count == 200)
        #expect(server.connectionCount <= 4)
        await client.close()
    }

    @Test func aRedirectIsAnAnswerAndNotFollowed() async throws {
        let server = try ScriptedServer { _ in
            .answer(status: 302, fields: ["location": "http://127.0.0.1:1/elsewhere"], body: [])
        }
        defer { server.stop() }
        let client = makeClient()
        let response = try await client.send(HTTPClientRequest(method: .get, url: server.url))
        #expect(response.status == 302)
        #expect(server.received.count == 1)
        await client.close()
    }

    @Test func fieldsOfAnInterimAnswerAreNotOfTheFinalOne() async throws {
        let server = try ScriptedServer { _ in
            .raw(
                "HTTP/1.1 103 Early Hints\r\nlink: </style.css>\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-last:  yes \r\n\r\nok")
        }
        defer { server.stop() }
        let client = makeClient()
        let response = try await client.send(HTTPClientRequest(method: .get, url: server.url))
        #expect(response.status == 200)
        #expect(response.fields["link"] == nil)
        #expect(response.fields["x-last"] == "yes")
        await client.close()
    }
}

@Suite(.timeLimit(.minutes(5))) struct HTTPClientFailureTests {
    @Test func aRefusedConnectionHasSentNothing() async throws {
        let server = try ScriptedServer { _ in .hangUp }
        server.stop()
        let client = makeClient()
        let url = server.url
        // The port is closed a moment after the server was told to stop.
        try await eventually("the port to be closed") {
            let error = try await failure(client, HTTPClientRequest(method: .post, url: url, body: [1]))
            return error.kind == .refused && !error.mayHaveBeenSent
        }
        await client.close()
    }

    @Test func silenceEndsAtTheDeadlineAndMayHaveBeenSent() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let client = makeClient()
        let error = try await failure(
            client, HTTPClientRequest(method: .post, url: server.url, body: [1], timeoutSeconds: 0.2))
        #expect(error.kind == .timedOut)
        #expect(error.mayHaveBeenSent)
        await client.close()
    }

    @Test func waitingForAFreeConnectionCountsAgainstTheDeadlineAndHasSentNothing() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let client = makeClient { $0.connectionsPerHostMaximum = 1 }
        let url = server.url
        async let first = failure(client, HTTPClientRequest(method: .get, url: url, timeoutSeconds: 20))
        try await eventually("the one connection to be taken") { server.received.count == 1 }
        let second = try await failure(client, HTTPClientRequest(method: .post, url: url, timeoutSeconds: 0.2))
        #expect(second.kind == .heldUp)
        #expect(!second.mayHaveBeenSent)
        await client.close()
        #expect(try await first.kind == .closed)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly half",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nonly half",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "",
    ])
    func halfAnAnswerIsABrokenLink(answer: String) async throws {
        let server = try ScriptedServer { _ in .raw(answer) }
        defer { server.stop() }
        let client = makeClient()
        let error = try await failure(client, HTTPClientRequest(method: .post, url: server.url, neverResend: true))
        #expect(error.kind == .brokenLink)
        #expect(error.mayHaveBeenSent)
        #expect(server.received.count == 1)
        await client.close()
    }

    @Test(arguments: [true, false])
    func anAnswerAboveTheLimitIsRefusedWhetherAnnouncedOrNot(isAnnounced: Bool) async throws {
        let body = String(repeating: "x", count: 5_000)
        let server = try ScriptedServer { _ in
            isAnnounced ? .json(body) : .raw("HTTP/1.1 200 OK\r\n\r\n" + body)
        }
        defer { server.stop() }
        let client = makeClient()
        let error = try await failure(
            client, HTTPClientRequest(method: .get, url: server.url, responseLimitBytes: 4_999))
        #expect(error.kind == .responseTooLarge)
        let whole = try await client.send(
            HTTPClientRequest(method: .get, url: server.url, responseLimitBytes: 5_000))
        #expect(whole.body.count == 5_000)
        await client.close()
    }

    @Test func anEndlessHeadIsRefused() async throws {
        let lines = (0..<3_000).map { "x-\($0): \(String(repeating: "y", count: 40))\r\n" }.joined()
        let server = try ScriptedServer { _ in .raw("HTTP/1.1 200 OK\r\n" + lines + "\r\n") }
        defer { server.stop() }
        let client = makeClient()
        let error = try await failure(client, HTTPClientRequest(method: .get, url: server.url))
        #expect(error.kind == .responseTooLarge)
        await client.close()
    }

    /// The danger `neverResend` is for: a kept connection that dies with our request on it. libcurl sends again by
    /// itself, and the far side may have acted both times.
    @Test func aDeadKeptConnectionIsResentOnByLibcurlUnlessForbidden() async throws {
        let server = try ScriptedServer { request in
            request.method == "POST" ? .hangUp : .json("{}")
        }
        defer { server.stop() }
        let client = makeClient()
        _ = try await client.send(HTTPClientRequest(method: .get, url: server.url))
        let careless = try await failure(client, HTTPClientRequest(method: .post, url: server.url, body: [1]))
        #expect(careless.kind == .brokenLink)
        #expect(server.received.map(\.method) == ["GET", "POST", "POST"], "libcurl resends on a kept connection")

        _ = try await client.send(HTTPClientRequest(method: .get, url: server.url))
        let before = server.received.count
        let careful = try await failure(
            client, HTTPClientRequest(method: .post, url: server.url, body: [1], neverResend: true))
        #expect(careful.kind == .brokenLink)
        #expect(careful.mayHaveBeenSent)
        #expect(server.received.count == before + 1)
        await client.close()
    }

    @Test func aServerWithoutTLSIsATLSFailureThatHasSentNothing() async throws {
        let server = try ScriptedServer { _ in .raw("this is no TLS\r\n\r\n") }
        defer { server.stop() }
        let client = makeClient()
        let error = try await failure(
            client,
            HTTPClientRequest(
                method: .post, url: "https://127.0.0.1:\(server.port)/?key=secret", body: [1], timeoutSeconds: 5))
        #expect([.tls, .timedOut, .brokenLink].contains(error.kind))
        #expect(!error.mayHaveBeenSent)
        #expect(!error.detail.contains("secret"))
        await client.close()
    }

    @Test(arguments: [
        "", "/relative", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http:///path", "http://a b/",
        "http://127.0.0.1/ä", "https://127.0.0.1/\r\nx: y", "gopher://127.0.0.1:1/", "http://127.0.0.1:99999/",
    ])
    func anAddressThatIsNotPlainHTTPIsNotSent(url: String) async throws {
        let client = makeClient()
        let error = try await failure(client, HTTPClientRequest(method: .get, url: url))
        #expect(error.kind == .invalidURL)
        #expect(!error.mayHaveBeenSent)
        await client.close()
    }

    @Test func aLineBreakCannotStartAFieldOfItsOwn() async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        let client = makeClient()
        let requests = [
            HTTPClientRequest(method: .get, url: server.url, fields: ["x-a": "b\r\nx-evil: 1"]),
            HTTPClientRequest(method: .get, url: server.url, fields: ["x-a\r\nx-evil": "1"]),
            HTTPClientRequest(method: HTTPMethod("GET / HTTP/1.1\r\nx-evil: 1\r\n\r\n"), url: server.url),
        ]
        for request in requests {
            let error = try await failure(client, request)
            #expect(error.kind == .invalidURL)
            #expect(!error.mayHaveBeenSent)
        }
        #expect(server.received.isEmpty)
        await client.close()
    }
}

@Suite(.timeLimit(.minutes(5))) struct HTTPClientLifeTests {
    @Test func cancellingTheTaskEndsTheExchange() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let client = makeClient()
        let url = server.url
        let error = try await withThrowingTaskGroup(of: HTTPClientError.self) { group in
            group.addTask { try await failure(client, HTTPClientRequest(method: .get, url: url)) }
            try await eventually("the request to arrive") { server.received.count == 1 }
            group.cancelAll()
            return try await group.next()
        }
        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == true)
        await client.close()
    }

    @Test func aTaskCancelledBeforehandSendsNothing() async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        let client = makeClient()
        let url = server.url
        let error = try await withThrowingTaskGroup(of: HTTPClientError.self) { group in
            group.cancelAll()
            group.addTask { try await failure(client, HTTPClientRequest(method: .get, url: url)) }
            return try await group.next()
        }
        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == false)
        #expect(server.received.isEmpty)
        await client.close()
    }

    @Test func closingFailsWhatIsInHandAndWhatComesAfter() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let client = makeClient()
        let url = server.url
        async let inHand = failure(client, HTTPClientRequest(method: .get, url: url))
        try await eventually("the request to arrive") { server.received.count == 1 }
        await client.close()
        let error = try await inHand
        #expect(error.kind == .closed)
        #expect(error.mayHaveBeenSent)
        let late = try await failure(client, HTTPClientRequest(method: .get, url: url))
        #expect(late.kind == .closed)
        #expect(!late.mayHaveBeenSent)
        await client.close()
    }

    @Test func aClientThatIsDroppedWithoutCloseStopsByItself() async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        for _ in 0..<20 {
            let client = makeClient()
            _ = try await client.send(HTTPClientRequest(method: .get, url: server.url))
        }
        #expect(server.received.count == 20)
    }
}
