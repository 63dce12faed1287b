import HTTPClient
import HTTPWire
import Kernel
import Logging
import Synchronization
import TestKit
import Testing

private final class HeardSigns: VendorSignListener {
    private let signs = Mutex<[VendorSign]>([])

    func hear(_ vendor: String, _ sign: VendorSign) { signs.withLock { $0.append(sign) } }
    var all: [VendorSign] { signs.withLock { $0 } }
}

private func client(
    _ server: ScriptedMailServer, security: SMTPClient.Security = .none, user: String? = nil
) -> SMTPClient {
    SMTPClient(
        configuration: .init(
            host: "127.0.0.1", port: server.port, security: security, user: user, password: user.map { _ in "secret" }),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
}

private func mail(_ body: String = "Hello\r\n") throws -> SMTPClient.Mail {
    SMTPClient.Mail(
        sender: try #require(MailAddress("forma3d@shop.example")),
        recipient: try #require(MailAddress("operator@example.com")),
        content: Array("Subject: Test\r\n\r\n\(body)".utf8))
}

private func mailFailure(
    of client: SMTPClient, timeoutSeconds: Double = 20, body: String = "Hello\r\n",
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> VendorFailure {
    let content = try mail(body)
    do throws(VendorFailure) {
        try await client.send(content, timeoutSeconds: timeoutSeconds)
    } catch {
        return error
    }
    Issue.record("the mail went", sourceLocation: sourceLocation)
    return VendorFailure(vendor: "", operation: "", kind: .malformed, mayHaveHappened: false, message: "")
}

@Suite(.timeLimit(.minutes(5))) struct SMTPClientTests {
    @Test func aMailArrivesAsItIs() async throws {
        let server = try ScriptedMailServer { _ in .usual }
        defer { server.stop() }
        let client = client(server)
        try await client.send(mail("Hello\r\n.hidden dot\r\n"), timeoutSeconds: 20)
        let expected = [
            "EHLO shop.example", "MAIL FROM:<forma3d@shop.example>", "RCPT TO:<operator@example.com>", "DATA",
        ]
        let commands = server.steps.compactMap { step -> String? in
            if case .command(let line) = step { line.replacing(" SIZE=37", with: "") } else { nil }
        }
        #expect(Array(commands.prefix(4)) == expected)
        // Dot-stuffed on the wire (RFC 5321 §4.5.2).
        #expect(server.contents == ["Subject: Test\r\n\r\nHello\r\n..hidden dot"])
        await client.close()
    }

    @Test func everyMailTellsHowTheServerIs() async throws {
        let server = try ScriptedMailServer { _ in .usual }
        let client = client(server)
        let heard = HeardSigns()
        try await VendorSigns.$listener.withValue(heard) {
            try await client.send(mail(), timeoutSeconds: 20)
            server.stop()
            #expect(try await mailFailure(of: client).sign == .down)
        }
        #expect(heard.all == [.answered, .down])
        await client.close()
    }

    @Test func aLoginIsSaidOnlyWhereItIsOffered() async throws {
        let server = try ScriptedMailServer(extensions: ["AUTH PLAIN LOGIN"]) { _ in .usual }
        defer { server.stop() }
        let client = client(server, user: "robot")
        try await client.send(mail(), timeoutSeconds: 20)
        #expect(server.steps.contains { $0.verb == "AUTH" })
        await client.close()
    }

    @Test func aRefusedLoginIsToldAsSuch() async throws {
        let server = try ScriptedMailServer(extensions: ["AUTH PLAIN"]) {
            $0.verb == "AUTH" ? .say(["535 5.7.8 no"]) : .usual
        }
        defer { server.stop() }
        let client = client(server, user: "robot")
        let failure = try await mailFailure(of: client)
        #expect(failure.kind == .unauthorized)
        #expect(!failure.mayHaveHappened)
        #expect(!failure.message.contains("secret"))
        await client.close()
    }

    @Test func withoutSTARTTLSNothingIsSaidToAServer() async throws {
        let server = try ScriptedMailServer(extensions: ["AUTH PLAIN LOGIN"]) { _ in .usual }
        defer { server.stop() }
        let client = client(server, security: .startTLS, user: "robot")
        let failure = try await mailFailure(of: client)
        #expect(failure.kind == .unreachable)
        #expect(!failure.mayHaveHappened)
        #expect(!server.steps.contains { ["AUTH", "MAIL"].contains($0.verb) })
        await client.close()
    }

    /// Where it is refused, and what that says (RFC 5321 §4.2.1): a 4xx comes again, a 5xx does not.
    @Test(arguments: ["", "EHLO", "MAIL", "RCPT", "DATA", "."], [451, 550])
    func aRefusalIsCertain(verb: String, status: Int) async throws {
        let server = try ScriptedMailServer { step in
            // A server that refuses EHLO is asked with HELO.
            let isHere = step.verb == verb || (verb == "EHLO" && step.verb == "HELO")
            return isHere ? .say(["\(status) 5.1.1 operator@example.com not here"]) : .usual
        }
        defer { server.stop() }
        let client = client(server)
        let failure = try await mailFailure(of: client)
        #expect(!failure.mayHaveHappened)
        #expect(failure.status == status)
        #expect(failure.kind == (status == 451 ? .rateLimited : .rejected))
        // The server's words help, an address in them is nobody's business.
        #expect(!failure.message.contains("@"))
        await client.close()
    }

    @Test(arguments: ["", "EHLO", "MAIL", "RCPT", "DATA"])
    func aConnectionThatBreaksBeforeTheContentHasDoneNothing(verb: String) async throws {
        let server = try ScriptedMailServer { $0.verb == verb ? .hangUp : .usual }
        defer { server.stop() }
        let client = client(server)
        let failure = try await mailFailure(of: client)
        #expect(!failure.mayHaveHappened)
        #expect(failure.retryVerdict == .notNow(retryAfterSeconds: nil))
        await client.close()
    }

    @Test func aConnectionThatBreaksAfterTheDotTellsNothing() async throws {
        let server = try ScriptedMailServer { $0.verb == "." ? .hangUp : .usual }
        defer { server.stop() }
        let client = client(server)
        let failure = try await mailFailure(of: client)
        #expect(failure.mayHaveHappened)
        #expect(failure.kind == .broken)
        #expect(server.contents.count == 1)
        await client.close()
    }

    @Test(arguments: [("DATA", false), (".", true)])
    func silenceEndsAtTheDeadline(verb: String, mayHaveHappened: Bool) async throws {
        let server = try ScriptedMailServer { $0.verb == verb ? .silence : .usual }
        defer { server.stop() }
        let client = client(server)
        let failure = try await mailFailure(of: client, timeoutSeconds: 0.3)
        #expect(failure.kind == .timedOut)
        #expect(failure.mayHaveHappened == mayHaveHappened)
        await client.close()
    }

    @Test func anAnswerIsNotHeldBackByASlowGoodbye() async throws {
        let server = try ScriptedMailServer { $0.verb == "QUIT" ? .silence : .usual }
        defer { server.stop() }
        let client = client(server)
        try await client.send(mail(), timeoutSeconds: 1_000)
        // Only now does the server go on: the answer was there before.
        try await eventually("the goodbye") { server.steps.contains { $0.verb == "QUIT" } }
        server.stop()
        await client.close()
    }

    @Test func aRefusedConnectionHasDoneNothing() async throws {
        let server = try ScriptedMailServer { _ in .hangUp }
        server.stop()
        let client = client(server)
        try await eventually("the port to be closed") {
            let failure = try await mailFailure(of: client)
            return failure.kind == .unreachable && !failure.mayHaveHappened
        }
        await client.close()
    }

    @Test func aGivenUpMailEnds() async throws {
        let server = try ScriptedMailServer { $0.verb == "MAIL" ? .silence : .usual }
        defer { server.stop() }
        let client = client(server)
        let failure = try await withThrowingTaskGroup(of: VendorFailure.self) { group in
            group.addTask { try await mailFailure(of: client, timeoutSeconds: 1_000) }
            try await eventually("the session") { server.steps.contains { $0.verb == "MAIL" } }
            group.cancelAll()
            return try #require(try await group.next())
        }
        #expect(!failure.mayHaveHappened)
        await client.close()
    }

    @Test func closingGivesUpWhatIsInHand() async throws {
        let server = try ScriptedMailServer { $0.verb == "." ? .silence : .usual }
        defer { server.stop() }
        let client = client(server)
        let failures = try await withThrowingTaskGroup(of: VendorFailure.self) { group in
            for _ in 0..<6 {
                group.addTask { try await mailFailure(of: client, timeoutSeconds: 1_000) }
            }
            try await eventually("four sessions") { server.contents.count == 4 }
            await client.close()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures.filter(\.mayHaveHappened).count == 4)
        let late = try await mailFailure(of: client)
        #expect(late.kind == .givenUp && late.sign == nil)
    }

    @Test func aMailTooLargeIsNotTried() async throws {
        let server = try ScriptedMailServer { _ in .usual }
        defer { server.stop() }
        let client = client(server)
        let line = String(repeating: "x", count: 70) + "\r\n"
        let failure = try await mailFailure(of: client, body: String(repeating: line, count: 1_000))
        #expect(failure.kind == .rejected)
        #expect(server.steps.isEmpty)
        await client.close()
    }

    @Test func aCheckLogsInAndSendsNothing() async throws {
        let server = try ScriptedMailServer(extensions: ["AUTH PLAIN"]) { _ in .usual }
        defer { server.stop() }
        let client = client(server, user: "robot")
        try await client.check(timeoutSeconds: 20)
        #expect(server.steps.contains { $0.verb == "AUTH" })
        #expect(!server.steps.contains { ["MAIL", "DATA"].contains($0.verb) })
        await client.close()
    }
}

@Suite struct PublicAddressTests {
    @Test(arguments: [
        "http://127.0.0.1", "http://localhost", "http://10.0.0.1", "http://172.16.0.1", "http://192.168.1.1",
        "http://169.254.169.254", "http://100.64.0.1", "http://0.0.0.0", "http://[::1]", "http://[::ffff:127.0.0.1]",
        "http://[fd00::1]", "http://[fe80::1]", "http://[64:ff9b::7f00:1]", "http://224.0.0.1", "http://2130706433",
    ])
    func aCallForThePublicInternetDoesNotReachThisNetwork(url: String) async throws {
        let server = try ScriptedServer { _ in .json("{}") }
        defer { server.stop() }
        let client = HTTPClient(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do throws(HTTPClientError) {
            _ = try await client.send(
                HTTPClientRequest(
                    method: .post, url: "\(url):\(server.port)/", timeoutSeconds: 5, publicAddressesOnly: true))
            Issue.record("answered")
        } catch {
            #expect(!error.mayHaveBeenSent)
            #expect([.refused, .unresolved].contains(error.kind), "\(error)")
        }
        #expect(server.received.isEmpty)
        await client.close()
    }
}
