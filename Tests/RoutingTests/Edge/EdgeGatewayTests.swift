import HTTPWire
import Kernel
import Routing
import Synchronization
import Testing

/// What the gateway does with the policy at its outer side.
@Suite struct EdgeGatewayTests {
    let observations = Observations()

    final class Observations: Sendable {
        let all = Mutex<[Gateway.Observation]>([])
        var last: Gateway.Observation? { all.withLock { $0.last } }
    }

    func gateway(_ edge: EdgePolicy, _ handle: @escaping Route.Handler) throws -> Gateway {
        try Gateway(
            routes: [
                Route(.get, "/thing", "A test", tag: "Test", access: .open, handle: handle),
                Route(.post, "/thing", "A test", tag: "Test", access: .open, handle: handle),
            ],
            edge: edge, authenticate: { _, _ in }, onError: { _, _, _ in },
            observe: { observation in observations.all.withLock { $0.append(observation) } })
    }

    @Test func tellsTheHandlerWhoAsks() async throws {
        var edge = EdgePolicy()
        edge.trustedProxies = .loopback
        let gateway = try gateway(edge) { call in
            .text("\(call.request.clientAddress ?? "") \(call.request.scheme) \(call.request.peerAddress ?? "")")
        }
        let fields: HTTPFields = ["X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"]
        let trusted = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: fields, peerAddress: "127.0.0.1"))
        #expect(trusted.bodyBytes == Array("203.0.113.7 https 127.0.0.1".utf8))
        #expect(observations.last?.clientAddress == "203.0.113.7")
        let stranger = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: fields, peerAddress: "192.0.2.1"))
        #expect(stranger.bodyBytes == Array("192.0.2.1 http 192.0.2.1".utf8))
    }

    @Test func aStrangersWordDoesNotReachTheHandler() async throws {
        let gateway = try gateway(EdgePolicy()) { call in
            .text(call.request.fields["x-forwarded-for"] ?? "none")
        }
        let response = await gateway.respond(
            to: HTTPRequest(
                method: .get, path: "/thing", fields: ["X-Forwarded-For": "127.0.0.1"], peerAddress: "127.0.0.1"))
        #expect(response.bodyBytes == Array("none".utf8))
    }

    // MARK: Traces

    @Test func aRequestOfATraceRunsInASpanOfItsOwn() async throws {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let gateway = try gateway(EdgePolicy()) { _ in
            let context = TraceContext.current
            return .text("\(context?.traceID ?? "") \(context?.parentSpanID ?? "")")
        }
        let response = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: ["Traceparent": parent]))
        #expect(response.bodyBytes == Array("0af7651916cd43dd8448eb211c80319c b7ad6b7169203331".utf8))
        #expect(response.fields["traceparent"] == nil)
        #expect(observations.last?.traceID == "0af7651916cd43dd8448eb211c80319c")
    }

    @Test func withoutATraceThereIsNone() async throws {
        let gateway = try gateway(EdgePolicy()) { _ in .text(TraceContext.current?.traceID ?? "none") }
        let response = await gateway.respond(
            to: HTTPRequest(method: .get, path: "/thing", fields: ["Traceparent": "nonsense"]))
        #expect(response.bodyBytes == Array("none".utf8))
        #expect(observations.last?.traceID == nil)
    }

    // MARK: Other origins

    private func crossOrigin(_ origins: [String] = ["https://shop.example"]) throws -> EdgePolicy {
        var edge = EdgePolicy()
        edge.crossOrigin = try CrossOriginPolicy(origins: origins)
        return edge
    }

    private func ask(
        _ edge: EdgePolicy, _ method: HTTPMethod = .get, _ fields: HTTPFields = [:], scheme: HTTPScheme = .http,
        body: String = "fine"
    ) async throws -> HTTPResponse {
        var edge = edge
        edge.trustedProxies = .loopback
        var fields = fields
        if scheme == .https { fields["x-forwarded-proto"] = "https" }
        let gateway = try gateway(edge) { _ in .text(body) }
        return await gateway.respond(
            to: HTTPRequest(method: method, path: "/thing", fields: fields, peerAddress: "127.0.0.1"))
    }

    private func permissions(_ response: HTTPResponse) -> [String] {
        response.fields.fields.map(\.name).filter { $0.hasPrefix("access-control-") }.sorted()
    }

    @Test func aPreflightIsAnsweredBeforeRouting() async throws {
        let fields: HTTPFields = ["Origin": "https://shop.example", "Access-Control-Request-Method": "DELETE"]
        let response = try await ask(crossOrigin(), .options, fields)
        #expect(response.status == 204)
        #expect(response.fields["access-control-allow-origin"] == "https://shop.example")
        #expect(response.fields["access-control-allow-methods"]?.contains("DELETE") == true)
        #expect(response.fields["access-control-allow-headers"]?.contains("x-api-key") == true)
        #expect(response.fields["access-control-max-age"] == "600")
        #expect(response.fields["access-control-allow-credentials"] == nil)
        #expect(response.fields["vary"]?.hasPrefix("origin") == true)
        #expect(response.fields["x-correlation-id"] != nil)
        #expect(observations.last?.route == "preflight")
    }

    @Test func aStrangersPreflightIsGrantedNothing() async throws {
        for origin in ["https://evil.example", "null", "https://shop.example.evil", "https://SHOP.example", ""] {
            let fields: HTTPFields = ["Origin": origin, "Access-Control-Request-Method": "DELETE"]
            let response = try await ask(crossOrigin(), .options, fields)
            #expect(response.status == 204)
            #expect(permissions(response).isEmpty, "\(origin)")
        }
    }

    @Test func withoutAPolicyOptionsIsOptions() async throws {
        let fields: HTTPFields = ["Origin": "https://shop.example", "Access-Control-Request-Method": "DELETE"]
        let response = try await ask(EdgePolicy(), .options, fields)
        #expect(response.fields["allow"] != nil)
        #expect(permissions(response).isEmpty)
        // OPTIONS without the asked-for method is no preflight.
        #expect(try await ask(crossOrigin(), .options, ["Origin": "https://shop.example"]).fields["allow"] != nil)
    }

    @Test func aListedPageMayReadAndAStrangerMayNot() async throws {
        let listed = try await ask(crossOrigin(), .get, ["Origin": "https://shop.example"])
        #expect(listed.fields["access-control-allow-origin"] == "https://shop.example")
        #expect(listed.fields["vary"] == "origin")
        let stranger = try await ask(crossOrigin(), .get, ["Origin": "https://evil.example"])
        #expect(stranger.status == 200)
        #expect(permissions(stranger).isEmpty)
        #expect(stranger.fields["vary"] == "origin")
        #expect(permissions(try await ask(crossOrigin())).isEmpty)
        let anyone = try await ask(crossOrigin(["*"]), .get, ["Origin": "https://evil.example"])
        #expect(anyone.fields["access-control-allow-origin"] == "*")
        #expect(anyone.fields["vary"] == nil)
    }

    // MARK: What browsers and caches are told

    @Test func strictTransportOverHTTPSOnly() async throws {
        var edge = EdgePolicy()
        edge.setStrictTransportSecurity(seconds: 31_536_000)
        let secure = try await ask(edge, scheme: .https)
        #expect(secure.fields["strict-transport-security"] == "max-age=31536000")
        #expect(try await ask(edge).fields["strict-transport-security"] == nil)
        edge.setStrictTransportSecurity(seconds: 0)
        #expect(try await ask(edge, scheme: .https).fields["strict-transport-security"] == nil)
    }

    @Test func compressesByPolicy() async throws {
        let body = String(repeating: "order ", count: 1_000)
        var edge = EdgePolicy()
        #expect(try await ask(edge, .get, ["accept-encoding": "gzip"], body: body).fields["content-encoding"] == nil)
        edge.contentCoding = ContentCoding()
        let coded = try await ask(edge, .get, ["accept-encoding": "gzip"], body: body)
        #expect(coded.fields["content-encoding"] == "gzip")
        #expect(observations.last?.bytes == coded.bodyBytes?.count)
        let head = try await ask(edge, .head, ["accept-encoding": "gzip"], body: body)
        #expect(head.fields["content-encoding"] == "gzip")
        #expect(head.bodyBytes == coded.bodyBytes)
    }
}
