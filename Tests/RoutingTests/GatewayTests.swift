import FoundationEssentials
import HTTPWire
import Kernel
import Routing
import Synchronization
import Testing

private struct Broken: Error {}

private struct NotNow: RetryClassified {
    let seconds: Double?
    var retryVerdict: RetryVerdict { .notNow(retryAfterSeconds: seconds) }
    var operatorMessage: String { "secret" }
}

private struct Wrong: RetryClassified {
    var retryVerdict: RetryVerdict { .wrong }
    var operatorMessage: String { "secret" }
}

@Suite struct GatewayTests {
    /// What the closures of the gateway were told.
    final class Ledger: Sendable {
        let lines = Mutex<[String]>([])
        func note(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    let ledger = Ledger()

    private func respond(
        to request: HTTPRequest, limits: Route.Limits = .init(), access: Route.Access = .open,
        _ handle: @escaping Route.Handler
    ) async throws -> HTTPResponse {
        let route = Route(
            request.method == .head ? .get : .post, "/things/{id}", "A test", tag: "Test", access: access,
            limits: limits, handle: handle)
        let identities = Identities { UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)) }
        let gateway = try Gateway(
            routes: [route], identities: identities,
            authenticate: { request, access in
                if access == .operators, request.fields["x-api-key"] != "key" {
                    throw Problem.unauthorized("API key required")
                }
            },
            onError: { error, _, route in
                ledger.note("\(type(of: error)) \(route) \(CorrelationID.current?.text ?? "")")
            },
            observe: { ledger.note("\($0.method) \($0.route) \($0.status) \($0.bytes)") })
        return await gateway.respond(to: request)
    }

    private func body(_ response: HTTPResponse) throws -> JSONValue {
        try JSON.decode(JSONValue.self, from: response.bodyBytes ?? [])
    }

    private let post = HTTPRequest(method: .post, path: "/things/7", fields: ["x-correlation-id": "from-client"])

    @Test func keepsTheClientsCorrelationID() async throws {
        let response = try await respond(to: post) { call in
            #expect(CorrelationID.current?.text == "from-client")
            #expect(call.pathParameters == ["id": "7"])
            return .text("abc")
        }
        #expect(response.fields["x-correlation-id"] == "from-client")
        #expect(response.fields["x-request-id"] == "from-client")
        #expect(ledger.all == ["POST /things/{id} 200 3"])
    }

    @Test(arguments: [nil, "", "has space", String(repeating: "a", count: 129), "caf\u{E9}"])
    func makesACorrelationIDWhereNoneIsUsable(_ sent: String?) async throws {
        var request = post
        request.fields["x-correlation-id"] = sent
        let response = try await respond(to: request) { _ in .text("") }
        #expect(response.fields["x-correlation-id"] == "01020304-0506-0708-090a-0b0c0d0e0f10")
    }

    @Test func addsSecurityFieldsButNotOverTheHandlers() async throws {
        let response = try await respond(to: post) { _ in
            HTTPResponse(fields: ["Cache-Control": "max-age=60"])
        }
        #expect(response.fields["x-content-type-options"] == "nosniff")
        #expect(response.fields.values("cache-control") == ["max-age=60"])
        #expect(response.fields["x-frame-options"] == "DENY")
    }

    @Test func asksForAccessBeforeAnythingElse() async throws {
        var request = post
        request.body = HTTPBody(lengthBytes: 1_000_000) {
            Issue.record("read before access was checked"); return nil
        }
        let refused = try await respond(to: request, access: .operators) { _ in .text("") }
        #expect(refused.status == 401)
        #expect(try body(refused)["detail"] == "API key required")
        var keyed = post
        keyed.fields["x-api-key"] = "key"
        #expect(try await respond(to: keyed, access: .operators) { _ in .text("") }.status == 200)
    }

    @Test func refusesALargeBodyBeforeReadingIt() async throws {
        var request = post
        request.body = HTTPBody(lengthBytes: 11) {
            Issue.record("read though too large"); return nil
        }
        let response = try await respond(to: request, limits: .init(bodyBytes: 10)) { _ in
            Issue.record("handled though too large")
            return .text("")
        }
        #expect(response.status == 413)
        #expect(try body(response)["code"] == "body-too-large")
    }

    @Test(arguments: [
        (HTTPBody.Failure.tooLarge(limitBytes: 1), 413), (.incomplete, 400), (.timedOut, 408),
    ])
    func aBodyFailureIsTheClients(_ failure: HTTPBody.Failure, _ status: Int) async throws {
        let response = try await respond(to: post) { _ in throw failure }
        #expect(response.status.code == status)
        #expect(response.fields["content-type"] == "application/problem+json")
        #expect(ledger.all == ["POST /things/{id} \(status) \(response.bodyBytes?.count ?? 0)"])
    }

    @Test func aProblemIsTold() async throws {
        let response = try await respond(to: post) { _ in
            throw Problem.invalid([.init("sku", "is taken", allowed: "another")])
        }
        #expect(response.status == 422)
        let json = try body(response)
        #expect(json["code"] == "invalid-field")
        #expect(json["requestId"] == "from-client")
        #expect(json["field"] == "sku")
        #expect(json["fields"]?[0]?["allowed"] == "another")
    }

    @Test func anyOtherErrorIsHiddenAndReported() async throws {
        let response = try await respond(to: post) { _ in throw Broken() }
        #expect(response.status == 500)
        #expect(try body(response)["requestId"] == "from-client")
        #expect(try !JSON.text(body(response)).contains("Broken"))
        #expect(ledger.all.first == "Broken /things/{id} from-client")
        #expect(try await respond(to: post) { _ in throw Wrong() }.status == 500)
    }

    @Test(arguments: [(nil, "5"), (0.2, "1"), (7.1, "8"), (1e300, "3600"), (Double.nan, "5"), (-4, "1")])
    func whatCannotBeDoneNowIs503(_ seconds: Double?, _ retryAfter: String) async throws {
        let response = try await respond(to: post) { _ in throw NotNow(seconds: seconds) }
        #expect(response.status == 503)
        #expect(response.fields["retry-after"] == retryAfter)
        #expect(try !JSON.text(body(response)).contains("secret"))
        #expect(ledger.all.first == "NotNow /things/{id} from-client")
    }

    @Test func aHandlerHasItsTime() async throws {
        let response = try await respond(to: post, limits: .init(handlerSeconds: 0.02)) { _ in
            try await Task.sleep(for: .seconds(60))
            return .text("")
        }
        #expect(response.status == 503)
        #expect(try body(response)["code"] == "handler-timeout")
        #expect(response.fields["retry-after"] == "5")
    }

    @Test func tells404And405And501And400Apart() async throws {
        func answer(_ method: HTTPMethod, _ path: String) async throws -> HTTPResponse {
            try await respond(to: HTTPRequest(method: method, path: path)) { _ in .text("") }
        }
        #expect(try await answer(.post, "/nothing").status == 404)
        let wrong = try await answer(.put, "/things/7")
        #expect(wrong.status == 405)
        #expect(wrong.fields["allow"] == "OPTIONS, POST")
        #expect(try await answer(HTTPMethod("BREW"), "/things/7").status == 501)
        #expect(try await answer(.post, "/things/%2F").status == 400)
        #expect(ledger.all.contains("PUT unmatched 405 \(wrong.bodyBytes?.count ?? 0)"))
    }

    @Test(arguments: ["/things/7", "*"])
    func answersOptions(_ path: String) async throws {
        let response = try await respond(to: HTTPRequest(method: .options, path: path)) { _ in .text("") }
        #expect(response.status == 204)
        #expect(response.fields["allow"] == "OPTIONS, POST")
    }
}
